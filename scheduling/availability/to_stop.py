"""Sessions that are to be stopped: their doctor may see nobody then."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from scheduling.availability.landing import unlicensed_on
from scheduling.availability.models import Session, State
from scheduling.availability.queries import counts_of
from telemed.core import moments
from telemed.people.models import User

MOST = 200


@dataclass(frozen=True)
class Line:
    """One of them, and how many are booked."""

    session: Session
    taken: int
    why: str


@dataclass(frozen=True)
class Group:
    """All of one doctor."""

    doctor: User
    why: str
    lines: list[Line]

    @property
    def taken(self) -> int:
        return sum(line.taken for line in self.lines)

    @property
    def first(self) -> date:
        return self.lines[0].session.day

    @property
    def last(self) -> date:
        return self.lines[-1].session.day


def count_at(organisation_id: UUID | None) -> int:
    return _rows(organisation_id).count()


def sessions_to_stop(organisation_id: UUID | None) -> list[Group]:
    """By doctor: of whom most are booked first; in three queries however many there are."""
    rows = _rows(organisation_id).select_related(
        "clinician__practitioner", "department", "organisation", "application"
    )
    rows = rows.prefetch_related("clinician__roles")
    found = list(rows.order_by("clinician", "during")[:MOST])
    counts = counts_of(one.pk for one in found)
    groups = []
    for _doctor, several in groupby(found, key=lambda one: one.clinician_id):
        lines = [
            Line(one, counts.get(one.pk, (0, 0))[0], unlicensed_on(one, one.day)) for one in several
        ]
        doctor = lines[0].session.clinician
        if doctor is not None:
            groups.append(Group(doctor, lines[0].why, lines))
    return sorted(groups, key=lambda group: -group.taken)


def _rows(organisation_id: UUID | None) -> QuerySet[Session]:
    return Session.objects.filter(
        organisation=organisation_id,
        state=State.PUBLISHED,
        held_up_at__isnull=False,
        during__endswith__gt=moments.now(),
    )
