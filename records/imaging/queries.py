"""Reads that need a name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.imaging.models import (
    STANDS_STILL,
    Instance,
    PartialUpload,
    Series,
    Shipment,
    ShippedFile,
    Study,
)
from records.mpi.models import Patient
from telemed.core.errors import NotFound
from telemed.organisations.models import Organisation
from telemed.people.models import User

LATE = timedelta(seconds=60)  # between what a row says and the moment when others see it
# What an instance keeps of its header: enough to show it, nothing that names a person or a place.
SHOWN = [
    "rows",
    "columns",
    "samples",
    "photometric",
    "bits_stored",
    "signed",
    "spacing",
    "spacing_kind",
    "regions",
    "thickness",
    "orientation",
    "unit",
    "image_type",
    "frames",
    "why_not_shown",
    "attachment",  # what a clinic said of a photograph
    "waveform",  # of a recording, in place of all the others
    "document",  # of a PDF, likewise
]


def studies_of(actor: User, patient: Patient) -> QuerySet[Study]:
    """The studies of a person that this account may see, newest first."""
    mine = Study.objects.filter(patient__rid__in=patient.rids).select_related("organisation")
    counted = mine.annotate(series_count=Count("series"))
    return access.visible(actor, "read", counted).order_by(
        F("studied_at").desc(nulls_last=True), "-created_at"
    )


def changed_since(actor: User, patient: Patient, since: datetime) -> QuerySet[Study]:
    """Those of them that came or grew since then; a transaction may have been open a while."""
    changed = studies_of(actor, patient).filter(changed_at__gte=since - LATE)
    return changed.order_by("-changed_at")


def has_studies(patient: Patient) -> bool:
    """Whether any picture of this person is here."""
    return Study.objects.filter(patient__rid__in=patient.rids).exists()


def get_study(actor: User, study_id: UUID) -> Study:
    """One study the actor may see. Hidden and absent look the same."""
    studies = Study.objects.select_related("patient", "organisation")
    study = access.visible(actor, "read", studies).filter(pk=study_id).first()
    if study is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"ImagingStudy/{study_id}")
    return study


def get_instance(actor: User, instance_id: UUID) -> Instance:
    """One instance of a study the actor may see."""
    instances = Instance.objects.select_related("series").filter(pk=instance_id)
    seen = access.visible(actor, "read", instances, path="series__study__patient").first()
    if seen is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Instance/{instance_id}")
    return seen


def find_instance(instance_id: UUID) -> Instance | None:
    """One instance, for a caller that decides who may have it."""
    return Instance.objects.select_related("series").filter(pk=instance_id).first()


def documents_of(study: Study) -> list[Instance]:
    """The PDFs of a study, in the order in which they came."""
    found = Instance.objects.filter(series__study=study, facts__has_key="document")
    return list(found.order_by("number", "sop_uid"))


def unfinished_of(actor: User, patient: Patient) -> QuerySet[PartialUpload]:
    """What this account began to send for that person, the latest first."""
    mine = PartialUpload.objects.filter(user=actor, patient=patient, outcome__isnull=True)
    return mine.filter(received__gt=0).order_by("-touched_at")


def get_upload(actor: User, upload_id: UUID, *, lock: bool = False) -> PartialUpload:
    """One of the actor's own uploads in pieces."""
    mine = PartialUpload.objects.filter(user=actor, pk=upload_id).select_related("patient")
    upload = (mine.select_for_update(of=("self",), no_key=True) if lock else mine).first()
    if upload is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Upload/{upload_id}")
    return upload


def get_shipment(actor: User, shipment_id: UUID, *, lock: bool = False) -> Shipment:
    """One of the actor's own announced uploads."""
    mine = Shipment.objects.filter(user=actor, pk=shipment_id).select_related("patient")
    shipment = (mine.select_for_update(of=("self",), no_key=True) if lock else mine).first()
    if shipment is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Shipment/{shipment_id}")
    return shipment


def find_shipment(shipment_id: UUID) -> Shipment | None:
    """One announced upload, for a slice above that heard of it."""
    return Shipment.objects.select_related("user", "patient").filter(pk=shipment_id).first()


def count_files(study: Study, *, since: datetime) -> int:
    """How many files of a study came after a moment."""
    return Instance.objects.filter(series__study=study, created_at__gt=since).count()


def kept_of(shipments: QuerySet[Shipment], keys: Collection[str]) -> dict[str, int]:
    """Of which of these files something is kept, by key, and how many images that is."""
    kept = ShippedFile.objects.filter(shipment__in=shipments, key__in=keys, came__gt=0)
    return {key: came or 0 for key, came in kept.values_list("key", "came")}


@dataclass(frozen=True)
class Arriving:
    """How far images are: `here` of `expected`; what was refused is expected no more."""

    here: int
    expected: int
    share: int  # percent of the bytes
    since: datetime  # when the last came

    @property
    def stands_still(self) -> bool:
        return self.here < self.expected and self.minutes >= STANDS_STILL.total_seconds() // 60

    @property
    def hours(self) -> int:
        """The same in hours, once it is two or more."""
        return self.minutes // 60 if self.minutes >= 120 else 0

    @property
    def minutes(self) -> int:
        """For how long nothing has come."""
        return int((timezone.now() - self.since).total_seconds() // 60)


def arriving_for(about: UUID, studies: Collection[UUID] = ()) -> Arriving | None:
    """
    What is under way for something, all shipments together; None where nothing is. With the studies
    that it has already: they may have been begun for the record alone.
    """
    mine = Shipment.objects.filter(Q(about=about) | Q(studies__in=studies), ended_at=None)
    return _arriving(Q(shipment__in=mine.values("pk")))


def arriving_with(study: Study) -> Arriving | None:
    """What is under way together with images of that study."""
    return _arriving(Q(shipment__studies=study, shipment__ended_at=None))


def arrived_of(shipment: Shipment) -> Arriving | None:
    """The same of one shipment, also once it has ended; None where all of it was taken back."""
    return _arriving(Q(shipment=shipment))


def _arriving(which: Q) -> Arriving | None:
    found = ShippedFile.objects.filter(which).aggregate(
        here=Sum("came"),
        expected=Sum(Coalesce("came", "images")),
        received=Sum("received"),
        size=Sum("size"),
        since=Max("shipment__touched_at"),
    )
    if found["since"] is None:
        return None
    share = int(found["received"] * 100 // found["size"])
    return Arriving(found["here"] or 0, found["expected"], share, found["since"])


def whole_study(study_id: UUID, *, facts: bool = True) -> Study:
    """A study with its series and instances, in three statements; `facts` are most of the bytes."""
    rows = Instance.objects.order_by("number", "sop_uid")
    instances = Prefetch("instances", rows if facts else rows.defer("facts"))
    series = Prefetch(
        "series", Series.objects.order_by("number", "created_at").prefetch_related(instances)
    )
    studies = Study.objects.select_related("patient", "organisation", "uploaded_by")
    return studies.prefetch_related(series).get(pk=study_id)


def find_series(study_id: UUID, uid: str, *, still: tuple[datetime, datetime]) -> Series | None:
    """A series as it was between two moments; None where something came to it meanwhile."""
    begun, until = still[0] - LATE, still[1]
    came = Instance.objects.filter(series__study=study_id, series__series_uid=uid)
    if came.filter(created_at__gte=begun, created_at__lte=until).exists():
        return None
    then = Instance.objects.filter(created_at__lt=begun).order_by("number", "sop_uid")
    series = Series.objects.filter(study=study_id, series_uid=uid).select_related("study")
    return series.prefetch_related(Prefetch("instances", then)).first()


@dataclass(frozen=True)
class Receiver:
    """Whose pictures a command brings, and the institution that will own them."""

    patient: Patient
    organisation: Organisation


def get_receiver(patient_id: UUID, organisation_id: UUID | None) -> Receiver:
    """For the system itself: who runs a command may name any person."""
    patient = Patient.objects.select_related("managing_organisation").filter(pk=patient_id).first()
    if patient is None:
        raise NotFound(_("There is no such person."), path=f"Patient/{patient_id}")
    owner = patient.managing_organisation
    if organisation_id:
        owner = Organisation.objects.filter(pk=organisation_id).first()
    if owner is None:
        raise NotFound(_("Name the institution that owns the pictures."), path="organisation")
    return Receiver(patient, owner)
