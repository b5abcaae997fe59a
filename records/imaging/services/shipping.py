"""Files that are announced before they come, so that others know what is still missing."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from records.imaging import purposes, queries
from records.imaging.events import ShipmentMoved
from records.imaging.models import PARTIAL_KEPT, Shipment, ShippedFile, Study
from records.imaging.services.keeping import require_upload
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.people.models import User

MOST_FILES = 20_000  # of one shipment


@dataclass(frozen=True)
class Coming:
    """A file that its sender is about to send."""

    key: str
    images: int
    size: int


def announce_files(
    *, actor: User, patient: Patient, about: UUID, coming: list[Coming], dropped: Collection[str]
) -> tuple[Shipment | None, dict[str, int]]:
    """
    Say what is coming, and what of it comes no more. Said again, it changes nothing.

    `about` the patient's own id, they are for the record and nothing else: who opens the study, and
    any case that takes it along, sees how far it is. Files join the shipment that is under way for
    the same thing, also after a reload or a day.
    Answers with it, and with what need not be sent: images by key, of files that came before.
    Raises Forbidden, NotFound or Conflict.
    """
    require_intention()
    require_upload(actor=actor, patient=patient)
    if about != patient.pk:
        purposes.get_purpose(actor, patient, about)
    mine = Shipment.objects.filter(user=actor, patient=patient, about=about)
    done = queries.kept_of(mine, [one.key for one in coming])
    coming = [one for one in coming if one.key not in done]
    shipment = _under_way(mine, begin=Shipment(user=actor, patient=patient, about=about), of=coming)
    if shipment is None:
        return None, done
    again = shipment.files.filter(key__in=[one.key for one in coming], came=0)
    again.update(came=None, received=0)  # it was refused, and is sent once more
    ShippedFile.objects.bulk_create(
        [
            ShippedFile(shipment=shipment, key=one.key, images=one.images, size=one.size)
            for one in coming
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    shipment.files.filter(key__in=list(dropped), came=None).delete()
    if shipment.files.count() > MOST_FILES:
        raise Conflict(_("At most {n} files at once.").format(n=MOST_FILES), path="files")
    _settle(shipment)
    return shipment, done


def note_piece(*, actor: User, shipment_id: UUID, key: str, received: int) -> None:
    """So much of a file is here: the shipment does not stand still."""
    require_intention()
    shipment = queries.get_shipment(actor, shipment_id, lock=True)
    file = shipment.files.filter(key=key, came=None).first()
    if file is None or shipment.ended_at:
        return
    file.received = min(received, file.size)
    file.save(update_fields=["received"])
    shipment.touched_at = timezone.now()
    shipment.save(update_fields=["touched_at"])


def note_file(
    *, actor: User, shipment_id: UUID, key: str, came: int, studies: Collection[UUID]
) -> None:
    """A file is here and was checked: so many images were kept of it. Twice is once."""
    require_intention()
    shipment = queries.get_shipment(actor, shipment_id, lock=True)
    file = shipment.files.filter(key=key).first()
    if file is None:  # dropped meanwhile, and came all the same
        return
    file.came, file.received = came, file.size
    file.save(update_fields=["came", "received"])
    brought = Study.objects.filter(pk__in=studies, patient__rid__in=shipment.patient.rids)
    new = brought.exclude(pk__in=shipment.studies.values("pk"))
    _settle(shipment, new=list(new))


def _under_way(
    mine: QuerySet[Shipment], *, begin: Shipment, of: Collection[Coming]
) -> Shipment | None:
    """The one that is under way, locked until the end of the intention; begun if files come."""
    known = mine.filter(ended_at=None).select_for_update(of=("self",), no_key=True)
    shipment = known.first()
    if shipment or not of:
        return shipment
    Shipment.objects.bulk_create([begin], ignore_conflicts=True)
    shipment = known.get()
    if shipment.pk == begin.pk:
        audit.record(action="shipment.begin", target=shipment, patient_id=shipment.patient_id)
        outbox.announce(ShipmentMoved(shipment_id=shipment.pk))
    return shipment


def _settle(shipment: Shipment, new: Collection[Study] = ()) -> None:
    """Where it stands now that something came, or is known to come no more."""
    ended = shipment.ended_at is None and not shipment.files.filter(came=None).exists()
    if new:
        shipment.studies.add(*new)
    shipment.touched_at = timezone.now()
    if ended:
        shipment.ended_at = shipment.touched_at
    shipment.save(update_fields=["touched_at", "ended_at"])
    if new or ended:
        outbox.announce(ShipmentMoved(shipment_id=shipment.pk))


def give_up_shipments(limit: int = 100) -> int:
    """Those to which nothing was added for so long; what came of them stays."""
    require_intention()
    now = timezone.now()
    old = Shipment.objects.filter(ended_at=None, touched_at__lt=now - PARTIAL_KEPT)
    free = old.select_for_update(skip_locked=True, of=("self",), no_key=True)
    given_up = list(free.order_by("touched_at")[:limit])
    for shipment in given_up:
        shipment.ended_at = now
        shipment.save(update_fields=["ended_at"])
        outbox.announce(ShipmentMoved(shipment_id=shipment.pk))
    return len(given_up)


def forget_shipments(limit: int = 100) -> int:
    """What ended so long ago that nobody goes on with it; the time line has kept the counts."""
    require_intention()
    old = Shipment.objects.filter(ended_at__lt=timezone.now() - PARTIAL_KEPT)
    chosen = list(old.order_by("ended_at").values_list("pk", flat=True)[:limit])
    Shipment.objects.filter(pk__in=chosen).delete()
    return len(chosen)
