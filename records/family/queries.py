"""What the card about family and household shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi import queries as index
from records.mpi.models import HealthCard, Member, Patient, Relation
from records.mpi.permissions import may_relate
from telemed.core.errors import NotFound
from telemed.people.models import User


@dataclass(frozen=True)
class Shown:
    """Somebody of the family: by name where the reader may see them, else masked."""

    patient: Patient
    seen: bool
    relation: Relation | None = None
    member: Member | None = None

    @property
    def name(self) -> str:
        return self.patient.name if self.seen else f"{self.patient.name[:1]}**"


def card(actor: User, patient: Patient) -> dict[str, Any] | None:
    """Who acts for this person and for whom they act, who lives with them, their newborns."""
    theirs = index.relations_of(patient)
    others = index.represented_by(patient)
    members = index.household_of(patient)
    children = index.newborns_of(patient)
    people = [row.delegate for row in theirs] + [row.subject for row in others]
    people += [row.person for row in members] + children
    seen = _seen(actor, people)

    def show(person: Patient, **more: Any) -> Shown:
        return Shown(person, person.pk in seen, **more)

    may_enter = may_relate(actor) and access.decide(actor, "write", patient).allowed
    return {
        "guardians": [show(r.delegate, relation=r) for r in theirs if r.is_in_force],
        "earlier": [show(r.delegate, relation=r) for r in theirs if not r.is_in_force],
        "represents": [show(r.subject, relation=r) for r in others],
        "household": members[0].household if members else None,
        "members": [show(m.person, member=m) for m in members],
        "newborns": [show(child) for child in children],
        "health_card": card_of(patient),
        "death": index.death_of(patient) if patient.deceased_on else None,
        "may_enter": may_enter,
        "may_bear": may_enter and patient.sex != Patient.Sex.MALE,
    }


def card_of(patient: Patient) -> HealthCard | None:
    """The health card that this person holds now."""
    return patient.health_cards.filter(active=True).first()


def get_member(patient: Patient, member_id: UUID) -> Member:
    """Somebody who lives with this person now, or the person."""
    found = next((m for m in index.household_of(patient) if m.pk == member_id), None)
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Member/{member_id}")
    return found


def next_order(mother: Patient) -> int:
    """1 for a first child; of twins the second is registered after the first."""
    newest = mother.newborns.order_by("-birth_date", "-birth_order").first()
    fresh = newest and newest.is_temporary and newest.age_on() == 0
    return (newest.birth_order or 0) + 1 if newest and fresh else 1


def _seen(actor: User, people: list[Patient]) -> set[UUID]:
    if not people:
        return set()
    known = Patient.objects.filter(pk__in={person.pk for person in people})
    return set(access.visible(actor, "read", known).values_list("pk", flat=True))
