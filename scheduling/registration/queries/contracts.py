"""Contracts that somebody may see, and with whom a person is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.availability.models import Period
from scheduling.registration import rules
from scheduling.registration.models import (
    CHOOSES,
    DOCTORS,
    IN_CARE,
    LIVE,
    OPEN,
    Because,
    Contract,
    Function,
    Member,
    Status,
    Team,
)
from scheduling.registration.permissions import COUNTY, may_review
from scheduling.registration.queries.teams import is_member
from telemed.core.errors import NotFound
from telemed.core.models import Clock
from telemed.core.statements import look
from telemed.notifications.persons import Voice
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

SHOWN = [
    *("patient__managing_organisation", "patient__user", "team__organisation__division"),
    *("package", "doctor__practitioner", "applied_by", "instead__organisation", "relation"),
]
PAGE = 50
REVIEW, SIGNATURE = "contract.review", "contract.signature"  # clocks
RENEWAL, HAND_OVER, OF_AGE = "contract.renewal", "contract.handover", "contract.of_age"
_KIND = {Status.APPLIED: REVIEW, Status.REVIEWING: REVIEW, Status.AGREED: SIGNATURE}


def visible_to(actor: Voice) -> QuerySet[Contract]:
    """Those of one's own teams, and of the people for whom this account may book."""
    rows = Contract.objects.all()
    if isinstance(actor, User) and may_review(actor):
        mine = Member.objects.current().filter(user=actor)
        here = Q(team__organisation=actor.organisation_id) | Q(
            team__members__in=mine.filter(function=Function.SPECIALIST)
        )
        team = rows.filter(here, team__in=mine.values("team"))
        people = access.visible(actor, "book", rows)
        return rows.filter(Q(pk__in=team.values("pk")) | Q(pk__in=people.values("pk")))
    return access.visible(actor, "book", rows)


def get_contract(actor: User, contract_id: UUID) -> Contract:
    """Raises NotFound: absent, or not this person's to know of."""
    found = visible_to(actor).select_related(*SHOWN).filter(pk=contract_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def is_visible(actor: User, contract: Contract) -> bool:
    return visible_to(actor).filter(pk=contract.pk).exists()


def contracts_of(person: Patient) -> list[Contract]:
    """All of one person, the newest first."""
    key = person.merged_into_id or person.pk
    rows = Contract.objects.filter(person_key=key).select_related(*SHOWN)
    return list(rows.order_by("-applied_at", "-pk")[:PAGE])


def current_of(person: Patient) -> Contract | None:
    """What binds this person to a team today; one that was renewed holds until its last day."""
    return _binding(person).select_related(*SHOWN).first()


def _binding(person: Patient) -> QuerySet[Contract]:
    key = person.merged_into_id or person.pk
    today = timezone.localdate()
    return Contract.objects.filter(person_key=key, status__in=IN_CARE, term__contains=today)


def signed_with(actor: User) -> QuerySet[Contract]:
    """What binds people today to the teams to which this account belongs where it acts now."""
    mine = Member.objects.current().filter(user=actor, team__organisation=actor.organisation_id)
    rows = Contract.objects.filter(team__in=mine.values("team"), status__in=IN_CARE)
    return rows.filter(term__contains=timezone.localdate())


def newest_of(person: Patient) -> Contract | None:
    """What the first page shows: what waits for the person, else what holds, else what is asked."""
    rows = [one for one in contracts_of(person) if one.status not in (Status.RENEWED,)]
    order = [Status.AGREED, Status.RENEWAL_ASKED, Status.SIGNED, Status.ACTIVE]
    order += [Status.REVIEWING, Status.APPLIED]
    for status in order:
        found = next((one for one in rows if one.status == status), None)
        if found:
            return found
    return next((one for one in rows if is_renewable(one)), None)


def is_renewable(contract: Contract) -> bool:
    """Asked to be renewed, or run out so lately that no review is needed."""
    if contract.status == Status.RENEWAL_ASKED:
        return True
    if contract.status != Status.LAPSED or contract.term is None:
        return False
    days = rules.renewable_days(contract.team.organisation_id, contract.ended_at)
    over: date = contract.term.upper
    return timezone.localdate() < over + timedelta(days=days)


# Asked by every booking: the team and its place, not all that a page shows of a contract.
TEAM = f"""
    SELECT t.id, o.division_id
    FROM registration_contract c
    JOIN registration_team t ON t.id = c.team_id
    JOIN organisations_organisation o ON o.id = t.organisation_id
    WHERE c.person_key = $1 AND c.status IN ({", ".join(f"'{status}'" for status in IN_CARE)})
      AND c.term @> $2::date
    LIMIT 1
"""  # noqa: S608  names of states


def cared_for(actor: User, person: Patient, organisation: Organisation) -> bool:
    """
    Whether the family doctor's places of a hospital are for this person: signed now with a team
    of its county, and booked by the person, who acts for them, or a member of that team.
    """
    rows = look(TEAM, person.merged_into_id or person.pk, timezone.localdate())
    if not rows:
        return False
    ((team_id, division_id),) = rows
    if not organisation.division_id.startswith(division_id[:COUNTY]):
        return False
    return actor.role == Role.RESIDENT or is_member(actor, Team.objects.get(pk=team_id))


def is_own_doctor(person: Patient, period: Period, _since: date) -> bool:
    """Whether the doctor of that time looks after this person: one of the team signed with now."""
    current = current_of(person) if period.clinician_id else None
    if current is None:
        return False
    members = Member.objects.current().filter(team=current.team, user=period.clinician_id)
    return members.filter(function__in=[*DOCTORS, Function.SPECIALIST]).exists()


@dataclass(frozen=True)
class Desk:
    """What waits for a team: to be looked at, to be signed, to be renewed, to be handed over."""

    applied: list[Contract]
    agreed: list[Contract]
    renewal: list[Contract]
    over: list[Contract]


def desk_of(teams: Sequence[Team]) -> Desk:
    rows = Contract.objects.filter(team__in=teams).select_related(*SHOWN)

    def some(*order: str, **facts: object) -> list[Contract]:
        return list(rows.filter(**facts).order_by(*order, "pk")[:PAGE])

    return Desk(
        applied=some("applied_at", status__in=[Status.APPLIED, Status.REVIEWING]),
        agreed=some("applied_at", status=Status.AGREED),
        renewal=some("term", status=Status.RENEWAL_ASKED),
        over=some("-ended_at", status__in=[Status.LAPSED, Status.ENDED], handed_over_at=None),
    )


def panel_page(teams: Sequence[Team], after: UUID | None = None) -> list[Contract]:
    """Whom a team looks after, a page at a time."""
    rows = Contract.objects.filter(team__in=teams, status__in=LIVE).select_related(*SHOWN)
    if after:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk")[:PAGE])


def open_of(person_key: UUID) -> QuerySet[Contract]:
    return Contract.objects.filter(person_key=person_key, status__in=OPEN)


def household_candidates(people: Sequence[Patient]) -> dict[UUID, Contract]:
    """Who of these cannot be put on a new form, and because of which contract."""
    keys = [person.pk for person in people]
    busy = Contract.objects.filter(
        person_key__in=keys, status__in=[*OPEN, Status.SIGNED, *LIVE]
    ).select_related("team")
    return {one.person_key: one for one in busy}


def year_ago(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def ended_early(person: Patient, team: Team) -> Contract | None:
    """What the person ended by wish in its first year, which is not over, with another team."""
    rows = Contract.objects.filter(person_key=person.merged_into_id or person.pk)
    ended = rows.filter(status=Status.ENDED, ended_because=Because.WISH).exclude(team=team)
    takes = ended.filter(team__shut_on=None, team__closed_on=None)
    takes = takes.select_related("team__organisation")
    last = takes.order_by("-ended_at").first()
    if last is None or last.held_since is None or last.ended_at is None:
        return None
    chose = last.is_handed and last.ended_at < last.applied_at + CHOOSES
    return None if chose or timezone.localdate() >= year_over(last) else last


def year_over(contract: Contract) -> date:
    """The first day on which a change needs no reason."""
    since = contract.held_since or timezone.localdate()
    try:
        return since.replace(year=since.year + 1)
    except ValueError:  # 29 February
        return since.replace(year=since.year + 1, month=3, day=1)


def waiting_at(team: Team) -> int:
    """How many applications wait at a team."""
    return team.contracts.filter(status__in=[Status.APPLIED, Status.REVIEWING]).count()


def deadlines_of(contracts: Sequence[Contract]) -> dict[UUID, datetime]:
    """By when each is to be answered or signed: the rung at which the time is out."""
    rows = Clock.objects.filter(about__in=[one.pk for one in contracts])
    out = rows.filter(kind=REVIEW, rung=1) | rows.filter(kind=SIGNATURE)
    found = out.order_by("turn", "rung").values_list("about", "kind", "due_at")
    kinds = {one.pk: _KIND.get(Status(one.status)) for one in contracts}
    return {about: due_at for about, kind, due_at in found if kinds[about] == kind}


def due_of_review(contract: Contract) -> str:
    """By when it has to be answered, in words."""
    due = deadlines_of([contract]).get(contract.pk)
    return f"{timezone.localtime(due):%m-%d %H:%M}" if due else ""


def same_form(actor: User, contract: Contract) -> list[Contract]:
    """The others of a household who were put on one form, as far as this account knows them."""
    rows = visible_to(actor).filter(form=contract.form)
    rows = rows.exclude(person_key=contract.person_key)
    return list(rows.select_related(*SHOWN).order_by("pk")[:20])
