"""
The population register, a file at a time and a batch of rows at a time.

A batch is one transaction together with how far the file has been read. Who resembles somebody
of the index is entered all the same, and the pair is queued: an import merges nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi import matching
from records.mpi.health_cards import parse_health_card
from records.mpi.identity import parse_id_card
from records.mpi.matching import Candidate, Facts
from records.mpi.models import HEALTH_CARD, ID_CARD, HealthCard, Patient, Roll
from records.mpi.permissions import may_register
from records.mpi.roll import File, Line, read_day, read_sex
from records.mpi.services.carding import enter_health_card
from records.mpi.services.pairing import keep_pair
from records.mpi.services.registering import (
    checked_address,
    checked_birth_date,
    checked_name,
    checked_phone,
    checked_sex,
)
from telemed.audit import services as audit
from telemed.core import publication, secrecy
from telemed.core.copying import copy_in
from telemed.core.errors import Conflict, DomainError, Invalid, require
from telemed.core.ids import rid_of
from telemed.core.intentions import Actor, require_intention
from telemed.core.names import read_name
from telemed.organisations.models import Organisation

FOUND = "id_taken"
ALIKE = """select p.id from unnest(%s::text[], %s::date[]) t(pinyin, day)
 cross join lateral (select id from mpi_patient p where p.pinyin = t.pinyin
 and p.birth_date = t.day order by id limit %s) p"""
PHONED = """select p.id from unnest(%s::text[]) t(phone) cross join lateral (
 select id from mpi_patient p where p.phone = t.phone order by id limit %s) p"""


@dataclass
class Refused:
    """A row that was not entered, and why."""

    row: int
    field: str
    why: str


@dataclass
class Batch:
    """What one batch did."""

    registered: list[Patient] = field(default_factory=list)
    known: int = 0
    queued: int = 0
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A row that is fit: the person, the numbers, and whom they may be."""

    row: int
    patient: Patient
    facts: Facts
    health_card: str


Find = Callable[[str], Organisation]
Groups = dict[Any, list[Patient]]


def open_roll(*, actor: Actor, file: File, organisation: Organisation) -> Roll:
    """The file by its content: a new one, or where an earlier import of it stopped."""
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    roll, new = Roll.objects.get_or_create(
        digest=file.digest, defaults={"organisation": organisation}
    )
    if new:
        audit.record(action="population.open", target=roll)
    return roll


def close_roll(*, actor: Actor, roll: Roll) -> None:
    """Its last row has been read."""
    require_intention()
    Roll.objects.filter(pk=roll.pk, finished_at=None).update(finished_at=timezone.now())
    audit.record(action="population.close", target=roll)


def enrol(
    *,
    actor: Actor,
    roll: Roll,
    lines: Sequence[Line],
    find_organisation: Find,
    before_commit: Callable[[Batch], None],
) -> Roll:
    """
    Enter a batch and move the file on; answers where it stands then.

    `before_commit` gets what was refused, to write it down: should that fail, nothing was done.
    Raises Conflict where another import of the same file has moved it on.
    """
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    kept = Roll.objects.select_for_update(no_key=True).get(pk=roll.pk)
    if kept.rows != roll.rows:
        raise Conflict(_("Another import of this file is under way."))
    batch = Batch()
    entries = [e for line in lines if (e := _read(line, batch, kept, find_organisation))]
    doubtful = _sort_out(batch, entries)
    _insert(batch.registered)
    for entry in entries:
        if entry.health_card and entry.patient.created_at:
            enter_health_card(actor=actor, patient=entry.patient, number=entry.health_card)
    for patient, candidate, said in doubtful:
        keep_pair(actor=actor, one=patient, other=candidate.patient, candidate=candidate, said=said)
    batch.queued = len(doubtful)
    kept.rows += len(lines)
    kept.registered += len(batch.registered)
    kept.known += batch.known
    kept.refused += len(batch.refused)
    kept.queued += batch.queued
    kept.save(update_fields=["rows", "registered", "known", "refused", "queued"])
    before_commit(batch)
    return kept


def _read(line: Line, batch: Batch, roll: Roll, find: Find) -> Entry | None:
    """The person of one row by the rules of every registration; what is wrong is noted."""
    if line.wrong:
        batch.refused.append(Refused(line.number, "", line.wrong))
        return None
    try:
        return _entry(line, roll, find)
    except DomainError as error:
        batch.refused.append(Refused(line.number, error.path, error.message))
        return None


def _entry(line: Line, roll: Roll, find: Find) -> Entry:
    given = line.fields
    if "\x00" in "".join(given.values()):
        raise Invalid(_("This row holds characters that are no text."))
    name = checked_name(given["name"])
    card = parse_id_card(given["id_card"]) if given.get("id_card", "").strip() else None
    birth_date = checked_birth_date(read_day(given.get("birth_date", "")), card)
    sex = checked_sex(read_sex(given.get("sex", "")), card)
    number = given.get("health_card", "").strip()
    place = given.get("organisation", "").strip()
    reading = read_name(name)
    patient = Patient(
        name=name,
        pinyin=reading.pinyin,
        initials=reading.initials,
        sex=sex,
        birth_date=birth_date,
        phone=checked_phone(given.get("phone", "")),
        address=checked_address(given.get("address", "")),
        managing_organisation=find(place) if place else roll.organisation,
    )
    if card:
        patient.id_card_hash = secrecy.keyed_hash(card.number, purpose=ID_CARD)
        patient.id_card_sealed = secrecy.encrypt(card.number, purpose=ID_CARD)
        patient.id_card_tail = card.number[-4:]
    health_card = parse_health_card(number) if number else ""
    return Entry(line.number, patient, matching.facts_of(patient), health_card)


@dataclass
class Index:
    """Who may be meant by the rows of a batch: of the index, and of the batch before each row."""

    by_card: dict[str, Patient] = field(default_factory=dict)
    by_birth: dict[tuple[Any, ...], list[Patient]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_phone: dict[str, list[Patient]] = field(default_factory=lambda: defaultdict(list))
    held_cards: set[str] = field(default_factory=set)

    def add(self, patient: Patient) -> None:
        if patient.id_card_hash:
            self.by_card.setdefault(patient.id_card_hash, patient)
        self.by_birth[(patient.pinyin, patient.birth_date)].append(patient)
        if patient.phone:
            self.by_phone[patient.phone].append(patient)

    def near(self, facts: Facts) -> Iterable[Patient]:
        found = [*self.by_birth.get((facts.pinyin, facts.birth_date), ())[: matching.BLOCK]]
        if facts.phone:
            found += self.by_phone.get(facts.phone, ())[: matching.BLOCK]
        return {patient.pk: patient for patient in found}.values()


def _sort_out(batch: Batch, entries: list[Entry]) -> list[tuple[Patient, Candidate, str]]:
    """Whom the index has already, who is new, and which of the new resemble somebody."""
    index = _index_of(entries)
    doubtful = []
    for entry in entries:
        patient, facts = entry.patient, entry.facts
        hashed = _hash_of(entry)
        if hashed and hashed in index.held_cards:
            said = _("This health card belongs to another record; compare both first.")
            holder = index.by_card.get(facts.id_card_hash or "")
            if holder is None or not _is_same(facts, holder):
                batch.refused.append(Refused(entry.row, "health_card", said))
                continue
        holder = index.by_card.get(facts.id_card_hash or "")
        if holder and _is_same(facts, holder):
            batch.known += 1
            continue
        candidates = {c.patient.pk: (c, "") for c in _alike(facts, index)}
        if holder:  # a number has one holder: this row goes without, and people compare
            candidate = matching.compare(facts, holder)
            candidates[candidate.patient.pk] = (candidate, FOUND)
            patient.id_card_hash = patient.id_card_sealed = None
            patient.id_card_tail = ""
        if not patient.id_card_hash and any(_is_copy(c) for c, _said in candidates.values()):
            batch.known += 1
            continue
        patient.fhir_id = str(patient.pk)
        patient.rid = _rid(patient)
        patient.created_at = timezone.now()
        batch.registered.append(patient)
        index.add(patient)
        if hashed:
            index.held_cards.add(hashed)
        doubtful += [(patient, candidate, said) for candidate, said in candidates.values()]
    return doubtful


def _alike(facts: Facts, index: Index) -> Iterable[Candidate]:
    found = [matching.compare(facts, row) for row in index.near(facts)]
    return [c for c in found if c.grade != matching.Grade.UNLIKELY]


def _is_same(facts: Facts, holder: Patient) -> bool:
    """The holder of the number by name as well: nothing to do."""
    return facts.pinyin == holder.pinyin and facts.birth_date == holder.birth_date


def _is_copy(candidate: Candidate) -> bool:
    """Without a number there is nothing but all the rest being the same."""
    same = {"name_same", "birth_same", "phone_same", "address_same"}
    return same <= set(candidate.reasons) and "sex_differs" not in candidate.reasons


def _index_of(entries: list[Entry]) -> Index:
    """Three statements, however many rows."""
    cards = [e.facts.id_card_hash for e in entries if e.facts.id_card_hash]
    days = {(e.facts.pinyin, e.facts.birth_date) for e in entries}
    phones = sorted({e.facts.phone for e in entries if e.facts.phone})
    with connection.cursor() as cursor:
        names, births = [list(column) for column in zip(*days, strict=True)] or [[], []]
        cursor.execute(ALIKE, [names, births, matching.BLOCK])
        found = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(PHONED, [phones, matching.BLOCK])
        found |= {pk for (pk,) in cursor.fetchall()}
    index = Index()
    people = Patient.objects.select_related("merged_into")
    for patient in people.filter(Q(pk__in=found) | Q(id_card_hash__in=cards)).order_by("pk"):
        index.add(patient)
    hashes = [hashed for e in entries if (hashed := _hash_of(e))]
    held = HealthCard.objects.filter(active=True, number_hash__in=hashes)
    index.held_cards = set(held.values_list("number_hash", flat=True))
    return index


def _hash_of(entry: Entry) -> str:
    number = entry.health_card
    return secrecy.keyed_hash(number, purpose=HEALTH_CARD) if number else ""


def _rid(patient: Patient) -> int:
    return rid_of(patient.pk) or 0


def _insert(people: list[Patient]) -> None:
    """The rows, their trace, and what the world reads of them."""
    copy_in(people)
    audit.record_many(action="person.register", targets=people)
    publication.publish_new(people)
