"""Which clocks a contract has running (workflows.md section 13)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from records.mpi.services.relating import comes_of_age_on
from scheduling.registration import rules
from scheduling.registration.models import Contract
from scheduling.registration.queries.contracts import (
    HAND_OVER,
    OF_AGE,
    RENEWAL,
    REVIEW,
    SIGNATURE,
)
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.models import Calendar

START, END = "contract.start", "contract.end"
DAY = timedelta(days=1)
REMINDER, OUT = 0, 1  # rungs of the review; later ones go further up
ASKED_OWN = (0, 14, 30)  # days from the eighteenth birthday: asked, again, the doctor
SOON, ASKED, AGAIN, DOCTOR = range(4)  # its rungs
MORNING = time(9)


def start_review(contract: Contract) -> None:
    length = _rule(contract, rules.REVIEW)
    ladder = _rule(contract, rules.REVIEW_LADDER)
    rungs = [
        Start(REVIEW, n, rung.after(length), Calendar.WORKING) for n, rung in enumerate(ladder)
    ]
    _start(contract, *rungs)


def start_signature(contract: Contract) -> None:
    """The reminders, and the end as the last rung."""
    length = _rule(contract, rules.SIGNATURE)
    reminded = [days * DAY for days in _rule(contract, rules.REMINDERS)]
    rungs = [at for at in reminded if at < length] + [length]
    _start(contract, *[Start(SIGNATURE, n, at, Calendar.WALL) for n, at in enumerate(rungs)])


def start_start(contract: Contract) -> None:
    """At midnight of its first day."""
    _start(contract, _at(START, 0, midnight(contract.term.lower)))


def start_term(contract: Contract) -> None:
    """The renewal is asked for in the morning; the end comes at midnight."""
    over: date = contract.term.upper
    asked = [
        (n, timezone.make_aware(datetime.combine(over - timedelta(days=days), MORNING)))
        for n, days in enumerate(_rule(contract, rules.RENEWAL))
    ]
    now = moments.now()
    ahead = [_at(RENEWAL, n, moment) for n, moment in asked if moment > now]
    _start(contract, *ahead, _at(END, 0, midnight(over)), *_of_age(contract))


def _of_age(contract: Contract) -> list[Start]:
    """For whom a guardian signed: when they come of age while it holds."""
    born = contract.patient.birth_date
    if not contract.is_signed_by_guardian or born is None or contract.own:
        return []
    birthday, over, now = comes_of_age_on(born), contract.term.upper, moments.now()
    days = [(n, birthday + timedelta(days=days)) for n, days in enumerate(_asked_own(contract))]
    rungs = [(n, timezone.make_aware(datetime.combine(day, MORNING))) for n, day in days]
    if birthday >= over:
        return []
    return [_at(OF_AGE, n, at) for n, at in rungs if at > now and timezone.localdate(at) < over]


def start_of_age(contract: Contract) -> None:
    """
    For a contract that had begun before there was this clock: what lies ahead of it, and what
    would have been said by now at once. Of age already, the person is asked today.
    """
    born = contract.patient.birth_date
    if born is None:
        return
    birthday, today = comes_of_age_on(born), timezone.localdate()
    base, first = (birthday, SOON) if birthday > today else (today, ASKED)
    asked = enumerate(_asked_own(contract))
    days = [(n, base + timedelta(days=away)) for n, away in asked if n >= first]
    rungs = [(n, timezone.make_aware(datetime.combine(day, MORNING))) for n, day in days]
    over = contract.term.upper
    ahead = [_at(OF_AGE, n, at) for n, at in rungs if timezone.localdate(at) < over]
    _start(contract, *ahead)


def _asked_own(contract: Contract) -> tuple[int, ...]:
    """Days from the eighteenth birthday, rung by rung; the first comes before it."""
    return (-_rule(contract, rules.OF_AGE), *ASKED_OWN)


def start_hand_over(contract: Contract) -> None:
    length = _rule(contract, rules.HAND_OVER)
    _start(
        contract,
        Start(HAND_OVER, 0, length / 2, Calendar.WORKING),
        Start(HAND_OVER, 1, length, Calendar.WORKING),
    )


def stop(contract: Contract, *kinds: str) -> None:
    stop_clocks(about=contract.pk, kind=list(kinds) or None)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _rule(contract: Contract, name: str) -> Any:
    return rules.value(name, contract.team.organisation_id)


def _at(kind: str, rung: int, moment: datetime) -> Start:
    return Start(kind, rung, max(moment - moments.now(), timedelta()), Calendar.WALL)


def _start(contract: Contract, *rungs: Start) -> None:
    start_clocks(about=contract.pk, rungs=rungs)
