"""Residents in bulk: up to a million, each with a number, a clinic and a resource."""

from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.utils import timezone

from records.consent.models import OPEN_ENDED, Basis
from records.mpi.models import ID_CARD, Patient
from telemed.audit import services as audit
from telemed.core import publication, secrecy
from telemed.core.copying import copy_in
from telemed.core.ids import rid_of
from telemed.core.intentions import require_intention
from telemed.core.names import Reading, read_name
from telemed.demo import crowd
from telemed.demo.crowd import Villager
from telemed.demo.models import PROVINCE, FillProgress
from telemed.organisations.models import Organisation

RESIDENTS, MOST = "residents", 1_000_000
CARE = "COPY care_access (org, patient, basis, until) FROM STDIN"


def begin_growing(*, residents: int) -> FillProgress | None:
    """From here it goes on, also after it was cut off; None while the province is not full."""
    require_intention()
    full = FillProgress.objects.filter(pk=PROVINCE, finished_at__isnull=False).exists()
    if not full:
        return None
    progress, _new = FillProgress.objects.get_or_create(pk=RESIDENTS, defaults={"total": residents})
    if residents > progress.total:
        progress.total, progress.finished_at = residents, None
        progress.save()
    return progress


def grow_chunk(*, size: int, residents: int) -> int:
    """The next residents of the rule; how many there are now. One grower at a time."""
    require_intention()
    progress = FillProgress.objects.select_for_update(no_key=True).get(pk=RESIDENTS)
    until = min(progress.done + size, residents)
    if until <= progress.done:
        return progress.done
    grown = _new(list(_grown(range(progress.done, until))))
    copy_in(grown)
    with connection.cursor() as cursor, cursor.copy(CARE) as copy:
        for one in grown:
            clinic = one.managing_organisation
            if clinic:
                copy.write_row((clinic.number, one.rid, Basis.TREATING, OPEN_ENDED))
    publication.publish_new(grown)
    progress.done = until
    progress.finished_at = timezone.now() if until >= progress.total else None
    progress.save(update_fields=["done", "finished_at"])
    audit.record(action="demo.grow", target=f"Patient/{len(grown)} by rule")
    return until


def _grown(numbers: range) -> Iterator[Patient]:
    """One for each clinic in turn, so that a few are spread over the whole province."""
    villages = crowd.villages()
    kind = Organisation.Kind.TOWNSHIP_CLINIC
    clinics = {clinic.number: clinic for clinic in Organisation.objects.filter(kind=kind)}
    for number in numbers:
        village = villages[number % len(villages)]
        if clinic := clinics.get(village.clinic.number):
            yield new_patient(crowd.villager(village, number // len(villages)), clinic)


def _new(grown: list[Patient]) -> list[Patient]:
    """Whoever has one of these numbers already stays as they are."""
    found = {one.id_card_hash: one for one in grown}
    known = Patient.objects.filter(id_card_hash__in=list(found))
    taken = set(known.values_list("id_card_hash", flat=True))
    return [one for card, one in found.items() if card not in taken]


def new_patient(person: Villager, clinic: Organisation) -> Patient:
    """As the register would make them, not written yet."""
    reading = _reading(person.name)
    patient = Patient(
        name=person.name,
        pinyin=reading.pinyin,
        initials=reading.initials,
        sex=Patient.Sex.MALE if person.male else Patient.Sex.FEMALE,
        birth_date=person.birth_date,
        id_card_sealed=secrecy.encrypt(person.id_card, purpose=ID_CARD),
        id_card_hash=secrecy.keyed_hash(person.id_card, purpose=ID_CARD),
        id_card_tail=person.id_card[-4:],
        phone=person.phone,
        address=person.address,
        managing_organisation=clinic,
    )
    patient.fhir_id, patient.rid = str(patient.pk), rid_of(patient.pk) or 0
    return patient


@cache
def _reading(name: str) -> Reading:
    """Fifty thousand names, a million people."""
    return read_name(name)
