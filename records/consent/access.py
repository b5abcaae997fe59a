"""Who may do what with whose record, and why. The only place that decides."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from records.mpi.models import Patient
from telemed.notifications.persons import Speaker, Voice
from telemed.people.models import User

Rows = TypeVar("Rows", bound=QuerySet[Any])


class OfPatient(Protocol):
    """Anything that is about one person of the index."""

    @property
    def patient(self) -> Patient: ...


@dataclass(frozen=True)
class Decision:
    """The answer and its reasons, as shown on "why may I see this?"."""

    allowed: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """One rule in two forms, for a patient and for a list; a test holds them together."""

    reason: str
    grants: frozenset[str]
    holds: Callable[[User, Patient], bool]
    where: Callable[[User], Q]  # over Patient


ANSWERED = frozenset({"book"})  # what somebody without an account may say by SMS
RELATIONSHIPS: list[Relationship] = []


def register(relationship: Relationship) -> None:
    """A slice adds the relationship that it makes. Called in ready()."""
    RELATIONSHIPS.append(relationship)


_remembered: ContextVar[dict[tuple[str, UUID, UUID], bool] | None] = ContextVar(
    "remembered", default=None
)


@contextmanager
def remembering() -> Iterator[None]:
    """
    For a page that only reads: whether a relationship holds is asked once for each person. Never
    around a write: what it makes true would not be seen.
    """
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def holds(relationship: Relationship, actor: User, patient: Patient) -> bool:
    """One rule alone, as it was found before where a page remembers."""
    known = _remembered.get()
    if known is None:
        return relationship.holds(actor, patient)
    key = relationship.reason, actor.pk, patient.pk
    if key not in known:
        known[key] = relationship.holds(actor, patient)
    return known[key]


def decide(actor: Voice, action: str, resource: Patient | OfPatient) -> Decision:
    """Whether this account may do that with this person's record now, and why."""
    if not actor.is_active:
        return Decision(False, ("account closed",))
    patient = resource if isinstance(resource, Patient) else resource.patient
    if isinstance(actor, Speaker):
        own = action in ANSWERED and actor.person_id in (patient.pk, patient.merged_into_id)
        return Decision(own, ("the person, by their number" if own else "no care relationship",))
    reasons = tuple(r.reason for r in granting(action) if holds(r, actor, patient))
    return Decision(True, reasons) if reasons else Decision(False, ("no care relationship",))


def allows(actor: User, action: str, resource: Patient | OfPatient) -> bool:
    """decide() without its reasons: the first relationship that holds ends the search."""
    patient = resource if isinstance(resource, Patient) else resource.patient
    return actor.is_active and any(holds(one, actor, patient) for one in granting(action))


def visible(actor: Voice, action: str, queryset: Rows, path: str = "patient") -> Rows:
    """The list form of decide(): applied to a query, never to its results."""
    related = Q(pk__in=[])
    if isinstance(actor, Speaker):
        own = Q(pk=actor.person_id) | Q(merged_into=actor.person_id)
        related = own if action in ANSWERED else related
        return queryset.filter(**{f"{path}__in": Patient.objects.filter(related).values("pk")})
    for relationship in granting(action) if actor.is_active else ():
        related |= relationship.where(actor)
    if queryset.model is Patient:
        return queryset.filter(related)
    return queryset.filter(**{f"{path}__in": Patient.objects.filter(related).values("pk")})


def listed(actor: User, action: str, people: QuerySet[Patient]) -> QuerySet[Patient]:
    """
    visible() for a list in order: each relationship finds its few by its own index, then they are
    sorted. One condition of several joined by OR walks the whole order, a million, to find them.
    """
    rules = granting(action) if actor.is_active else ()
    related = [Patient.objects.filter(rule.where(actor)).order_by().values("pk") for rule in rules]
    if not related:
        return people.none()
    return people.filter(pk__in=related[0].union(*related[1:]))


def granting(action: str) -> Iterable[Relationship]:
    return [r for r in RELATIONSHIPS if action in r.grants]
