"""Groups that values propose: on how many days running the blood pressure was high."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from scheduling.duties import calendar, limits
from scheduling.duties.models import AHEAD, Answer, Code, Duty, Kind, Proposal, Reading
from scheduling.registration.models import IN_CARE, Contract, Group, Team

SHOWN = ("contract__patient", "contract__team", "answered_by")


def high_days(person_key: UUID) -> list[date]:
    """
    The days running on which the blood pressure was high, the newest first.

    The last value of a day counts; what a doctor has judged already is not judged again.
    """
    since = timezone.now() - calendar.LOOKS_BACK
    asked = Proposal.objects.filter(contract__person_key=person_key, group=Group.HYPERTENSION)
    answered = asked.aggregate(at=Max("answered_at"))["at"]
    rows = Reading.objects.filter(
        duty__contract__person_key=person_key,
        kind=Kind.PRESSURE,
        struck=False,
        taken_at__gt=max(since, answered or since),
    ).order_by("-taken_at", "-pk")
    high: dict[date, bool] = {}
    for at, systolic, diastolic in rows.values_list("taken_at", "systolic", "diastolic"):
        is_high = bool(limits.uncontrolled(systolic, diastolic, None))
        high.setdefault(timezone.localdate(at), is_high)
    return list(takewhile(lambda day: high[day], high))


def values_of(contract: Contract) -> list[Reading]:
    """The last values, for who judges them; the newest first."""
    rows = Reading.objects.filter(
        duty__contract__person_key=contract.person_key, kind=Kind.PRESSURE, struck=False
    )
    return list(rows.order_by("-taken_at", "-pk")[: calendar.HIGH_DAYS])


def is_measured_again(contract: Contract) -> bool:
    """Whether another day is planned already, or the recheck of a warning is one."""
    recheck = Q(rule=Code.RECHECK, asks__contains=[calendar.PRESSURE])
    rows = Duty.objects.filter(recheck | Q(rule=Code.PRESSURE_AGAIN), contract=contract)
    return rows.filter(status__in=AHEAD).exists()


def open_in(teams: Sequence[Team]) -> list[Proposal]:
    """What the doctors of these teams have to confirm, the longest ago first."""
    rows = Proposal.objects.filter(
        contract__team__in=teams, contract__status__in=IN_CARE, answer=Answer.OPEN
    )
    return list(rows.select_related(*SHOWN).order_by("created_at", "pk")[:300])


def open_of(contract: Contract) -> Proposal | None:
    rows = Proposal.objects.filter(contract=contract, answer=Answer.OPEN)
    return rows.select_related(*SHOWN).order_by("created_at").first()
