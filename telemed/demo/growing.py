"""Residents in bulk: up to a million, each with a number, a clinic and a resource."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from records.consent.models import OPEN_ENDED, Basis
from records.fhir.store import keep_new
from records.mpi.fhir import ID_CARD_SYSTEM, PATIENT, RENDERED
from records.mpi.models import ID_CARD, Patient
from records.mpi.names import Reading, read_name
from telemed.audit import services as audit
from telemed.core import secrecy
from telemed.core.ids import new_id, rid_of
from telemed.core.intentions import require_intention
from telemed.core.publication import Json
from telemed.demo import crowd
from telemed.demo.crowd import Villager
from telemed.demo.models import PROVINCE, FillProgress
from telemed.organisations.models import Organisation

RESIDENTS, MOST = "residents", 1_000_000
PATIENTS = (
    "COPY mpi_patient (id, created_at, fhir_id, rid, received, name, pinyin, initials, sex,"
    " birth_date, id_card_sealed, id_card_hash, id_card_tail, phone, address,"
    " managing_organisation_id) FROM STDIN"
)
CARE = "COPY care_access (org, patient, basis, until) FROM STDIN"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Clinic:
    pk: UUID
    number: int
    name: str


@dataclass(frozen=True)
class Grown:
    """A resident who gets a row, with what the row needs beside the person."""

    pk: UUID
    rid: int
    person: Villager
    clinic: Clinic

    @property
    def sex(self) -> str:
        return Patient.Sex.MALE if self.person.male else Patient.Sex.FEMALE

    @property
    def tail(self) -> str:
        return self.person.id_card[-4:]


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
    progress = FillProgress.objects.select_for_update().get(pk=RESIDENTS)
    until = min(progress.done + size, residents)
    if until <= progress.done:
        return progress.done
    grown = _new(list(_grown(range(progress.done, until))))
    now = timezone.now()
    _copy(PATIENTS, (_patient(one, now) for one in grown))
    _copy(CARE, ((one.clinic.number, one.rid, Basis.TREATING, OPEN_ENDED) for one in grown))
    keep_new(PATIENT, ((str(one.pk), resource_of(one), None) for one in grown))
    progress.done = until
    progress.finished_at = now if until >= progress.total else None
    progress.save(update_fields=["done", "finished_at"])
    audit.record(action="demo.grow", target=f"Patient/{len(grown)} by rule")
    return until


def _grown(numbers: range) -> Iterator[Grown]:
    """One for each clinic in turn, so that a few are spread over the whole province."""
    villages, clinics = crowd.villages(), _clinics()
    for number in numbers:
        village = villages[number % len(villages)]
        clinic = clinics.get(village.clinic.number)
        if clinic is None:
            continue
        pk = new_id()
        person = crowd.villager(village, number // len(villages))
        yield Grown(pk, rid_of(pk) or 0, person, clinic)


def _new(grown: list[Grown]) -> list[Grown]:
    """Whoever has one of these numbers already stays as they are."""
    found = {secrecy.keyed_hash(one.person.id_card, purpose=ID_CARD): one for one in grown}
    known = Patient.objects.filter(id_card_hash__in=list(found))
    taken = set(known.values_list("id_card_hash", flat=True))
    return [one for card, one in found.items() if card not in taken]


def _clinics() -> dict[int, Clinic]:
    rows = Organisation.objects.filter(kind=Organisation.Kind.TOWNSHIP_CLINIC)
    return {
        number: Clinic(pk, number, name)
        for pk, number, name in rows.values_list("pk", "number", "name")
    }


def _patient(one: Grown, now: datetime) -> Row:
    person, reading = one.person, _reading(one.person.name)
    return (
        *(one.pk, now, str(one.pk), one.rid, False),
        *(person.name, reading.pinyin, reading.initials, one.sex, person.birth_date),
        secrecy.encrypt(person.id_card, purpose=ID_CARD),
        secrecy.keyed_hash(person.id_card, purpose=ID_CARD),
        *(one.tail, person.phone, person.address, one.clinic.pk),
    )


@cache
def _reading(name: str) -> Reading:
    """Fifty thousand names, a million people."""
    return read_name(name)


def resource_of(one: Grown) -> Json:
    """What PATIENT.build makes of such a row, without a model for each of a million."""
    person = one.person
    masked = {"extension": [{"url": RENDERED, "valueString": f"{'*' * 14}{one.tail}"}]}
    reference = f"Organization/{one.clinic.pk}"
    return {
        "id": str(one.pk),
        "active": True,
        "identifier": [{"use": "official", "system": ID_CARD_SYSTEM, "_value": masked}],
        "name": [{"use": "official", "text": person.name}],
        "telecom": [{"system": "phone", "value": person.phone}],
        "gender": str(one.sex),
        "birthDate": person.birth_date.isoformat(),
        "address": [{"text": person.address, "country": "CN"}],
        "managingOrganization": {"reference": reference, "display": one.clinic.name},
    }


def _copy(statement: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
