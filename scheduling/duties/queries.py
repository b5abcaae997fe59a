"""Duties that somebody may see, and the day of a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.duties import limits
from scheduling.duties.calendar import ANTENATAL, CONTROLS, RED, WINDOW, controls, parts
from scheduling.duties.models import AHEAD, Code, Duty, Plan, Quota, Reading, Status, Visit
from scheduling.duties.parts import ITEMS
from scheduling.duties.permissions import may_settle_for_county
from scheduling.referrals.models import Direction, Referral
from scheduling.referrals.models import Status as ReferralStatus
from scheduling.registration import queries as registration
from scheduling.registration.models import IN_CARE, Contract, Team
from scheduling.registration.permissions import COUNTY, may_review
from scheduling.registration.villages import village_of
from telemed.core.errors import NotFound
from telemed.notifications.persons import Voice
from telemed.people.models import User

CONTRACT = "contract__"
SHOWN = [
    *(
        "contract__plan",
        "contract__package",
        "contract__patient__user",
        "contract__doctor",
        "served_by",
        "recheck",
    ),
    *("contract__team__organisation", "recheck_of", "contract__applied_by"),
]
HEAVY = ["signature"]  # no list shows it
MOST, YEAR = 300, timedelta(days=365)

# A referral in one of these states sends nobody anywhere.
CAME_TO_NOTHING = [ReferralStatus.DECLINED, ReferralStatus.CANCELLED, ReferralStatus.EXPIRED]
TO_ANSWER = [Status.DONE, Status.UNCONFIRMED, Status.DISPUTED]


@dataclass(frozen=True)
class Village:
    """Where a team goes: the most urgent duty first."""

    name: str
    duties: list[Duty]

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.duties)


def visible_to(actor: Voice) -> QuerySet[Duty]:
    """Those of the contracts that this account may see."""
    contracts = registration.visible_to(actor).values("pk")
    return Duty.objects.filter(contract__in=contracts).select_related(*SHOWN).defer(*HEAVY)


def get_duty(actor: Voice, duty_id: UUID) -> Duty:
    """Raises NotFound: absent, or not this person's to know of."""
    found = visible_to(actor).filter(pk=duty_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def day_of(teams: Sequence[Team]) -> list[Duty]:
    """What is due, the longest overdue first; a warning before everything else."""
    rows = Duty.objects.filter(contract__team__in=teams, status=Status.DUE)
    found = list(rows.select_related(*SHOWN).defer(*HEAVY).order_by("due_on", "pk")[:MOST])
    return sorted(found, key=lambda one: (urgency(one), one.due_on))


def get_plan(actor: User, contract_id: UUID, *, lock: bool = False) -> Plan:
    """Of a resident of one's own team. Raises NotFound: absent, or not theirs to know of."""
    rows = Plan.objects.filter(
        contract=contract_id, contract__in=registration.visible_to(actor).values("pk")
    )
    shown = [f"contract__{path}" for path in registration.SHOWN]
    rows = rows.select_related(*shown, "contract__assignment")
    found = (rows.select_for_update(of=["self"], no_key=True) if lock else rows).first()
    if found is None or not may_review(actor):
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def ahead_of(contract: Contract) -> list[Duty]:
    """What is owed under it from now on."""
    rows = Duty.objects.filter(contract=contract, status__in=AHEAD)
    return list(rows.select_related(*SHOWN).defer(*HEAVY).order_by("due_on", "pk")[:MOST])


def delivered_unsaid(since: date, limit: int) -> list[tuple[Plan, date]]:
    """Plans of women whose child is in the index while nobody has entered the birth; its day."""
    children = Patient.objects.filter(mother__isnull=False, birth_date__gte=since)
    born = {
        mother.merged_into_id or mother.pk: day
        for mother, day in (
            (one.mother, one.birth_date)
            for one in children.select_related("mother").order_by("birth_date")
        )
        if mother and day
    }
    today = timezone.localdate()
    rows = Plan.objects.filter(
        contract__person_key__in=born, contract__status__in=IN_CARE, contract__term__contains=today
    )
    shown = [f"contract__{path}" for path in registration.SHOWN]
    plans = rows.filter(Q(delivered_on=None) | Q(delivered_on__lt=since), ended_on=None)
    found = plans.select_for_update(of=["self"], skip_locked=True, no_key=True).select_related(
        *shown, "contract__assignment"
    )
    return [(plan, born[plan.contract.person_key]) for plan in found.order_by("pk")[:limit]]


def urgency(duty: Duty) -> int:
    """
    0 a warning, 1 its recheck or a pregnancy from orange on, 2 red, 3 after its window, 4 in it.
    """
    if duty.is_warned:
        return 0
    if duty.rule == Code.RECHECK or (duty.rule in ANTENATAL and duty.contract.plan.needs_hospital):
        return 1
    today = timezone.localdate()
    if today > duty.due_on + RED:
        return 2
    return 3 if today > duty.due_on + WINDOW else 4


def by_village(duties: Sequence[Duty]) -> list[Village]:
    """The village with the most urgent duty first."""
    places: dict[str, list[Duty]] = {}
    for one in duties:
        places.setdefault(village_of(one.contract.patient), []).append(one)
    return [Village(name, found) for name, found in places.items()]


def disputed_in(teams: Sequence[Team]) -> list[Duty]:
    rows = Duty.objects.filter(contract__team__in=teams, status=Status.DISPUTED)
    return list(rows.select_related(*SHOWN).defer(*HEAVY).order_by("served_at", "pk")[:MOST])


def _of_county(actor: User) -> QuerySet[Duty]:
    """Of the teams of the clinics in that county."""
    here = actor.organisation.division_id[:COUNTY] if actor.organisation else ""
    if not here or not may_settle_for_county(actor):
        return Duty.objects.none()
    within = "contract__team__organisation__division__code__startswith"
    return Duty.objects.filter(**{within: here})


def disputed_in_county(actor: User) -> list[Duty]:
    """What the county's coordinators have to settle, the longest ago first."""
    rows = _of_county(actor).filter(status=Status.DISPUTED, to_county=True)
    return list(rows.select_related(*SHOWN).defer(*HEAVY).order_by("served_at", "pk")[:MOST])


def get_for_county(actor: User, duty_id: UUID) -> Duty:
    """One of those, settled or not. Raises NotFound for any other."""
    found = _of_county(actor).filter(pk=duty_id, to_county=True).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


@dataclass(frozen=True)
class Overdue:
    """How many rechecks after a warning value a team has not done, and since when."""

    team: Team
    n: int
    since: date


def rechecks_overdue(actor: User) -> list[Overdue]:
    """By team, the longest first; about nobody by name."""
    rows = _of_county(actor).filter(
        rule=Code.RECHECK, status=Status.DUE, due_on__lt=timezone.localdate()
    )
    counts = rows.values("contract__team").annotate(n=Count("pk"), since=Min("due_on"))
    found = list(counts.order_by("since")[:MOST])
    teams = Team.objects.select_related("organisation").in_bulk(
        [r["contract__team"] for r in found]
    )
    return [Overdue(teams[r["contract__team"]], r["n"], r["since"]) for r in found]


def mine(actor: User) -> list[Duty]:
    """What was done for the people of this account, what waits for an answer first."""
    rows = visible_to(actor).filter(
        status__in=[*TO_ANSWER, Status.CONFIRMED], served_at__gte=timezone.now() - YEAR
    )
    found = list(rows.order_by("-served_at", "pk")[:50])
    return sorted(found, key=lambda one: one.status not in (Status.DONE, Status.UNCONFIRMED))


def coming(actor: User) -> list[Duty]:
    rows = visible_to(actor).filter(status__in=[Status.PLANNED, Status.DUE])
    return list(rows.order_by("due_on", "pk")[:10])


def visits_of(duty: Duty) -> list[Visit]:
    """Beyond the one that counts, the oldest first."""
    return list(duty.visits.select_related("served_by").order_by("served_at", "pk")[:MOST])


def quota_of(duty: Duty, day: date | None = None) -> tuple[int, int] | None:
    """How often it was used in the contract's year, of how often; None where nothing limits it."""
    if duty.limit is None:
        return None
    contract, day = duty.contract, day or timezone.localdate()
    rows = Quota.objects.filter(
        contract=contract.origin,
        rule=duty.rule,
        service=duty.service,
        begins_on=contract.year_of(day),
    )
    return rows.values_list("used", flat=True).first() or 0, duty.limit


def is_used_up(duty: Duty, day: date | None = None) -> bool:
    quota = quota_of(duty, day)
    return quota is not None and quota[0] >= quota[1]


def used_in(contract_id: UUID) -> dict[str, int]:
    """By service, how often it was used in this year of a contract."""
    return dict(_quotas_of(contract_id).filter(service="").values_list("rule", "used"))


def used_by_name(contract_id: UUID) -> dict[str, int]:
    """The same of the services that have a name and no code."""
    return dict(_quotas_of(contract_id).exclude(service="").values_list("service", "used"))


def _quotas_of(contract_id: UUID) -> QuerySet[Quota]:
    """Of this year of a contract."""
    contract = Contract.objects.select_related("replaces").get(pk=contract_id)
    return Quota.objects.filter(
        contract=contract.origin, begins_on=contract.year_of(timezone.localdate())
    )


def is_referred(duty: Duty) -> bool:
    """Whether the person was referred to a hospital since the warning, and it still stands."""
    return _is_sent(duty.contract, duty.warned_at)


def waits_for_hospital(plan: Plan) -> bool:
    """Whether the colour of a pregnancy asks for a hospital, to which nobody has referred her."""
    return plan.needs_hospital and not _is_sent(plan.contract, plan.risk_at)


def _is_sent(contract: Contract, since: datetime | None) -> bool:
    if since is None:
        return False
    sent = Referral.objects.filter(person_key=contract.person_key, created_at__gte=since)
    return sent.filter(direction=Direction.UP).exclude(status__in=CAME_TO_NOTHING).exists()


def bad_before(duties: Sequence[Duty], day: date) -> dict[UUID, dict[str, Reading]]:
    """
    What was not controlled at the last visit before that day: by duty and kind of value.

    Only of the follow-ups that the norm holds against each other; struck values do not count.
    """
    watched = {one: CONTROLS[Code(one.rule)] for one in duties if one.rule in CONTROLS}
    if not watched:
        return {}
    midnight = timezone.make_aware(datetime.combine(day, time()))
    of_kind = [Q(kind=kind, duty__rule__in=controls(kind)) for kind in set(watched.values())]
    rows = Reading.objects.filter(
        reduce(or_, of_kind),
        duty__contract__person_key__in={one.contract.person_key for one in watched},
        taken_at__lt=midnight,
        taken_at__gte=midnight - YEAR,
        struck=False,
    )
    rows = rows.exclude(duty__in=watched).select_related("duty__contract")
    last = rows.order_by("duty__contract__person_key", "kind", "-taken_at", "-pk")
    found = {
        (one.duty.contract.person_key, one.kind): one
        for one in last.distinct("duty__contract__person_key", "kind")
        if one.kind in limits.uncontrolled(one.systolic, one.diastolic, one.glucose)
    }
    return {
        one.pk: {kind: found[one.contract.person_key, kind]}
        for one, kind in watched.items()
        if (one.contract.person_key, kind) in found
    }


Remembered = dict[UUID, dict[str, str]]  # by the key of the person


def remembered(duties: Sequence[Duty]) -> Remembered:
    """What seldom changes, as it was entered last, of those whose form asks for it again."""
    lasting = {field for field, item in ITEMS.items() if item.remembers}
    keys = {
        one.contract.person_key
        for one in duties
        if any(lasting.intersection(part.fields) for part in parts(one))
    }
    if not keys:
        return {}
    rows = Duty.objects.filter(contract__person_key__in=keys, served_at__isnull=False)
    found: Remembered = {}
    told = rows.exclude(entries={}).order_by("served_at", "pk")
    for key, entries in told.values_list("contract__person_key", "entries"):
        kept = {name: value for name, value in entries.items() if name in lasting}
        found[key] = found.get(key, {}) | kept
    return found


def count_late(team: Team) -> int:
    rows = Duty.objects.filter(contract__team=team, status__in=[Status.DUE, Status.MISSED])
    today = timezone.localdate()
    return rows.filter(due_on__lt=today - WINDOW, due_on__gte=today - YEAR).count()


def count_due(teams: Sequence[UUID]) -> dict[UUID, int]:
    """How many services each of the teams has to do now."""
    rows = Duty.objects.filter(contract__team__in=teams, status=Status.DUE)
    found = rows.values_list("contract__team").annotate(n=Count("pk"))
    return dict.fromkeys(teams, 0) | dict(found.order_by())


def opened_this_week(teams: Sequence[UUID]) -> list[Contract]:
    """One contract each of the doctors of the teams who have a window that opened this week."""
    today = timezone.localdate()
    begun = today - timedelta(days=today.toordinal() % 7) + WINDOW
    rows = Duty.objects.filter(status=Status.DUE, due_on__gte=begun, contract__team__in=teams)
    firsts = rows.order_by("contract__team", "contract__doctor", "pk")
    firsts = firsts.distinct("contract__team", "contract__doctor")
    contracts = Contract.objects.filter(pk__in=firsts.values("contract"))
    return list(contracts.select_related("doctor__practitioner", "team").order_by("team", "doctor"))


def missed_lately(teams: Sequence[UUID]) -> list[tuple[Team, date]]:
    """Those of the teams that missed a service within a week, each with the newest such day."""
    rows = Duty.objects.filter(
        status=Status.MISSED,
        closes_on__gt=timezone.localdate() - timedelta(days=7),
        contract__team__in=teams,
    )
    days = dict(rows.values_list("contract__team").annotate(Max("closes_on")).order_by())
    found = Team.objects.filter(pk__in=days).select_related("organisation").order_by("pk")
    return [(team, days[team.pk]) for team in found]


def week_of(day: date) -> int:
    """A number that is new every week."""
    return day.toordinal() // 7 % 32_000
