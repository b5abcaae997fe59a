"""
Who may be the same person. Every point of a score has a reason that people can read.

Candidates are fetched by exact keys (ID number, phone, reading of the name with the birth date),
never by comparing everybody with everybody.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from records.mpi.identity import parse_id_card
from records.mpi.models import ID_CARD, HealthCard, Pair, Patient
from telemed.core import secrecy
from telemed.core.errors import Invalid
from telemed.core.names import read_name

Grade = Pair.Grade
KNOWN = (Patient.Sex.MALE, Patient.Sex.FEMALE)
POINTS = {
    "id_same": 50,
    "id_differs": -60,
    "card_same": 40,
    "name_same": 20,
    "name_sounds": 12,
    "name_differs": -12,
    "birth_same": 20,
    "birth_swapped": 10,
    "birth_differs": -20,
    "sex_differs": -20,
    "phone_same": 12,
    "address_same": 10,
    "mother_same": 10,
    "order_differs": -40,
}
PROBABLE, POSSIBLE = 45, 30
BLOCK = 50  # candidates of one key that are compared
CERTAIN_WHEN = {"id_same", "birth_same"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a person, registered or only typed."""

    pk: UUID | None = None
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    id_card_hash: str | None = None
    health_card_hash: str | None = None
    phone: str = ""
    address: str = ""
    mother_id: UUID | None = None
    birth_order: int | None = None
    pinyin: str = field(default="")


@dataclass(frozen=True)
class Candidate:
    patient: Patient
    score: int
    grade: Pair.Grade
    reasons: tuple[str, ...]


def facts_of(patient: Patient, id_card_hash: str | None = None) -> Facts:
    return Facts(
        pk=patient.pk,
        name=patient.name,
        sex=patient.sex,
        birth_date=patient.birth_date,
        id_card_hash=id_card_hash or patient.id_card_hash,
        phone=patient.phone,
        address=patient.address,
        mother_id=patient.mother_id,
        birth_order=patient.birth_order,
        pinyin=patient.pinyin,
    )


def typed(
    *,
    name: str = "",
    id_card: str = "",
    sex: str = "",
    birth_date: date | None = None,
    phone: str = "",
    address: str = "",
) -> Facts:
    """What somebody typed; a number that is none counts for nothing (the registration says so)."""
    number = None
    if id_card.strip():
        try:
            card = parse_id_card(id_card)
        except Invalid:
            pass
        else:
            number = secrecy.keyed_hash(card.number, purpose=ID_CARD)
            sex, birth_date = card.sex, card.birth_date
    name = " ".join(name.split())
    return Facts(
        name=name,
        sex=sex,
        birth_date=birth_date,
        id_card_hash=number,
        phone=phone.replace(" ", ""),
        address=" ".join(address.split()),
        pinyin=read_name(name).pinyin,
    )


def find_matches(person: Patient | Facts) -> list[Candidate]:
    """Those who may be this person, the likeliest first; a merged record stands as its survivor."""
    facts = facts_of(person) if isinstance(person, Patient) else person
    blocks = []
    if facts.id_card_hash:
        blocks.append(Q(id_card_hash=facts.id_card_hash))
    if facts.health_card_hash:
        held = HealthCard.objects.filter(number_hash=facts.health_card_hash, active=True)
        blocks.append(Q(pk__in=held.values("patient")))
    if facts.phone:
        blocks.append(Q(phone=facts.phone))
    if facts.pinyin and facts.birth_date:
        blocks.append(Q(pinyin=facts.pinyin, birth_date=facts.birth_date))
    found: dict[UUID, Candidate] = {}
    for block in blocks:
        rows = Patient.objects.select_related("merged_into", "managing_organisation")
        for row in rows.filter(block).order_by("pk")[:BLOCK]:
            _take(found, facts, row)
    return sorted(found.values(), key=lambda c: (-c.score, str(c.patient.pk)))


def _take(found: dict[UUID, Candidate], facts: Facts, row: Patient) -> None:
    candidate = compare(facts, row)
    who = candidate.patient.pk
    known = found.get(who)
    if who == facts.pk or candidate.grade == Grade.UNLIKELY:
        return
    if known is None or known.score < candidate.score:
        found[who] = candidate


def compare(facts: Facts, row: Patient) -> Candidate:
    reasons = tuple(
        reason
        for reason in (
            _id(facts, row),
            _card(facts, row),
            _name(facts, row),
            _birth(facts, row),
            _sex(facts, row),
            "phone_same" if facts.phone and facts.phone == row.phone else "",
            "address_same" if facts.address and facts.address == row.address else "",
            *_mother(facts, row),
        )
        if reason
    )
    score = sum(POINTS[reason] for reason in reasons)
    grade = _grade(set(reasons), score)
    return Candidate(row.merged_into or row, score, grade, reasons)


def _grade(reasons: set[str], score: int) -> Pair.Grade:
    alike = reasons & {"name_same", "name_sounds"}
    if reasons >= CERTAIN_WHEN and alike and "sex_differs" not in reasons:
        return Grade.CERTAIN
    if _may_be_siblings(reasons):
        return Grade.POSSIBLE if score >= POSSIBLE or "id_same" in reasons else Grade.UNLIKELY
    if score >= PROBABLE or reasons & {"id_same", "card_same"}:
        return Grade.PROBABLE
    return Grade.POSSIBLE if score >= POSSIBLE else Grade.UNLIKELY


def _may_be_siblings(reasons: set[str]) -> bool:
    """Twins: one birthday, one household, one mother, names that differ in a character at least."""
    household = reasons & {"address_same", "phone_same", "mother_same"}
    apart = "name_same" not in reasons or "order_differs" in reasons or "id_differs" in reasons
    return bool("birth_same" in reasons and household and apart and "id_same" not in reasons)


def _id(facts: Facts, row: Patient) -> str:
    if not (facts.id_card_hash and row.id_card_hash):
        return ""
    return "id_same" if facts.id_card_hash == row.id_card_hash else "id_differs"


def _card(facts: Facts, row: Patient) -> str:
    if not facts.health_card_hash:
        return ""
    held = row.health_cards.filter(number_hash=facts.health_card_hash, active=True)
    return "card_same" if held.exists() else ""


def _name(facts: Facts, row: Patient) -> str:
    if not facts.name:
        return ""
    if facts.name == row.name:
        return "name_same"
    return "name_sounds" if facts.pinyin and facts.pinyin == row.pinyin else "name_differs"


def _birth(facts: Facts, row: Patient) -> str:
    mine, theirs = facts.birth_date, row.birth_date
    if mine is None or theirs is None:
        return ""
    if mine == theirs:
        return "birth_same"
    swapped = (mine.year, mine.month, mine.day) == (theirs.year, theirs.day, theirs.month)
    return "birth_swapped" if swapped else "birth_differs"


def _sex(facts: Facts, row: Patient) -> str:
    both_known = facts.sex in KNOWN and row.sex in KNOWN
    return "sex_differs" if both_known and facts.sex != row.sex else ""


def _mother(facts: Facts, row: Patient) -> list[str]:
    if not facts.mother_id or facts.mother_id != row.mother_id:
        return []
    other = facts.birth_order != row.birth_order
    return ["mother_same", *(["order_differs"] if other else [])]
