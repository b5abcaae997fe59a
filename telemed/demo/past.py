"""
Thirteen months of synthetic consults on paper: the same lives for the same clinic, every time.

They are for the figures alone: no patient, opinion or message is behind them, and each says so.
The story's own clinics have none, so that their lists hold what the visitor does.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from consult.requests.models import Case, Kind, Outcome, Status
from telemed.demo import province
from telemed.demo.province import Place
from telemed.organisations.models import Division, Organisation, Specialty

MONTHS = 13
REASON = "合成的历史病例（演示），只用于统计图表"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
RARELY, OFTEN = 70.0, 9.0  # days between two requests of a clinic: at the beginning, and now
OPENS, OPEN = 8 * 60, 9 * 60  # minutes of the day: when a clinic opens, and for how long
PROMISE = {Kind.SINGLE: 240, Kind.EMERGENCY: 5}  # minutes
QUIET_EVERY = 40  # one clinic in so many has stopped asking
WANTED = (
    *(Specialty.NEUROLOGY, Specialty.CARDIOLOGY, Specialty.CARDIOLOGY, Specialty.RESPIRATORY),
    *(Specialty.NEUROSURGERY, Specialty.EMERGENCY),
)
# Of the outcomes that are told, the share up to each result.
FARED = ((0.78, "better"), (0.9, "same"), (0.95, "worse"), (0.985, "referred"), (1.0, "lost"))
SLOWER, REFUSING, DOUBTED = 3, 30, 60  # which counties a signal speaks of, in order of their codes


@dataclass(frozen=True)
class Happening:
    action: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Life:
    """A case from its sending to its end. `number` is also that of its row."""

    number: str
    kind: Kind
    specialty: Specialty
    status: Status
    closing: str
    steps: tuple[Happening, ...]
    over_at: datetime

    @property
    def sent_at(self) -> datetime:
        return self.steps[0].at


@dataclass(frozen=True)
class Manner:
    """How a county's hospital answers and its clinics act on it; shares of one."""

    pace: float
    silent: float
    declines: float
    receipts: float
    doubts: float
    tells: float
    slower_lately: bool = False


def counties() -> list[str]:
    """Those that the figures speak of, in the order in which they are laid: the story's first."""
    codes = [d.code for d in province.divisions() if d.level == Division.Level.COUNTY]
    return sorted(codes, key=lambda code: (code != province.COUNTY, code))


@cache
def clinics_of(county: str) -> tuple[Place, ...]:
    """All clinics of a county but the story's."""
    story = {place.number for place in province.clinics_of_the_story()}
    return tuple(
        place
        for place in province.plan()
        if place.kind == Organisation.Kind.TOWNSHIP_CLINIC
        and place.county == county
        and place.number not in story
    )


def first_day(today: date) -> date:
    """The first of the month, twelve months before this one."""
    return date(today.year - 1, today.month, 1)


def lives_of(clinic: Place, since: date, until: datetime) -> Iterator[Life]:
    """What a clinic asked between the two; the same again when asked for longer."""
    chance = random.Random(f"past {clinic.number}")  # noqa: S311 (always the same, not a secret)
    manner = manner_of(clinic.county)
    begin, grown = _midnight(since), MONTHS * 30.0
    quiet = chance.randrange(QUIET_EVERY) == 0
    stops = begin + (grown - chance.uniform(15, 70)) * DAY if quiet else until
    days = chance.uniform(0, RARELY)
    while True:
        gone = min(days / grown, 1.0)
        moment = _open_hour(begin + days * DAY, chance)
        days += _pause(gone) * chance.uniform(0.7, 1.3)
        life = _life(clinic, moment, gone, manner, chance)
        if moment >= min(stops, until):
            return
        yield life


def manner_of(county: str) -> Manner:
    chance = random.Random(f"manner {county}")  # noqa: S311
    place = sorted(counties()).index(county)
    return Manner(
        pace=chance.uniform(0.5, 2.0),
        silent=chance.uniform(0.01, 0.06),
        declines=0.3 if place == REFUSING else chance.uniform(0.03, 0.13),
        receipts=chance.uniform(0.78, 0.96),
        doubts=0.3 if place == DOUBTED else chance.uniform(0.02, 0.09),
        tells=chance.uniform(0.6, 0.95),
        slower_lately=place == SLOWER,
    )


def _pause(gone: float) -> float:
    """Days to the next request: ever fewer, as more clinics take part more often."""
    rate = 1 / RARELY + (1 / OFTEN - 1 / RARELY) * gone * gone
    return 1 / rate


def _life(
    clinic: Place, sent_at: datetime, gone: float, manner: Manner, chance: random.Random
) -> Life:
    kind = Kind.EMERGENCY if chance.random() < 0.12 else Kind.SINGLE
    specialty = chance.choice(WANTED)
    usual = 4.0 if kind == Kind.EMERGENCY else 60.0 - 20.0 * gone
    slow = 3.0 if manner.slower_lately and 11 / MONTHS < gone < 1.0 else 1.0
    wait = usual * manner.pace * slow * chance.lognormvariate(0, 0.8)
    silent = kind == Kind.SINGLE and chance.random() < manner.silent
    steps = [Happening("case.submit", sent_at, {"agreement": True})]
    if silent or wait > PROMISE[kind]:
        clock = {"clock": "case.accept", "rung": 1}
        steps.append(Happening("case.escalate", sent_at + PROMISE[kind] * MINUTE, clock))
    declined, code = chance.random() < manner.declines, chance.choice(["scope", "time", "other"])
    if silent:
        over_at = sent_at + 5 * DAY
        steps.append(Happening("case.expire", over_at))
        return _named(clinic, kind, specialty, Status.EXPIRED, "", steps, over_at)
    if declined:
        steps.append(Happening("offer.decline", sent_at + 0.6 * wait * MINUTE, {"code": code}))
    accepted_at = sent_at + wait * MINUTE
    signed_at = accepted_at + chance.uniform(20, 300) * MINUTE
    steps += [
        Happening("case.accept", accepted_at),
        Happening("opinion.sign", signed_at, {"version": 1}),
    ]
    closing, over_at = _closing(steps, signed_at, manner, chance)
    for day in Outcome.DAYS:
        told = _outcome(chance.random() / manner.tells)
        told_at = _midnight(timezone.localdate(signed_at) + day * DAY) + 18 * 60 * MINUTE
        steps.append(Happening("case.outcome", told_at, {"day": day, "result": told}))
    return _named(clinic, kind, specialty, Status.CLOSED, closing, steps, over_at)


def _outcome(drawn: float) -> str:
    """How the patient fared, of those who were told of: those lie below one."""
    return next((result for below, result in FARED if drawn < below), "unknown")


def _closing(
    steps: list[Happening], signed_at: datetime, manner: Manner, chance: random.Random
) -> tuple[str, datetime]:
    """With a receipt, or by itself after days without one."""
    pause, said = chance.uniform(20, 900) * MINUTE, chance.random()
    if chance.random() >= manner.receipts:
        over_at = signed_at + 3 * DAY
        closing = Case.Closing.NO_RECEIPT
    else:
        over_at = signed_at + pause
        decision = "partly" if said < manner.doubts + 0.15 else "adopted"
        decision = "not_adopted" if said < manner.doubts else decision
        steps.append(Happening("case.receipt", over_at, {"decision": decision, "version": 1}))
        closing = Case.Closing.RECEIPT
    steps.append(Happening("case.close", over_at, {"closing": str(closing)}))
    return str(closing), over_at


def _named(
    clinic: Place,
    kind: Kind,
    specialty: Specialty,
    status: Status,
    closing: str,
    steps: list[Happening],
    over_at: datetime,
) -> Life:
    """A clinic asks at most once a day, so its number and the day name the case."""
    return Life(
        number=f"H{timezone.localdate(steps[0].at):%y%m%d}-{clinic.number:04d}",
        kind=kind,
        specialty=specialty,
        status=status,
        closing=closing,
        steps=tuple(steps),
        over_at=over_at,
    )


def _open_hour(moment: datetime, chance: random.Random) -> datetime:
    """That day, or the Monday after, while the clinic is open."""
    day = timezone.localdate(moment)
    day += timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)
    return _midnight(day) + (OPENS + chance.random() * OPEN) * MINUTE


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
