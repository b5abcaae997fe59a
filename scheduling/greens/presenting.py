"""What the pages of the green channel show, put together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.imaging.queries import studies_of
from records.mpi.models import Patient
from scheduling.greens import permissions, policies, queries
from scheduling.greens.models import ON_THE_WAY, Green, Kind, Outcome, Stamp, Status
from scheduling.greens.plans import (
    ARRIVE,
    CONTACT,
    SPECIALTIES,
    Side,
    Station,
    find_station,
    stations,
)
from scheduling.greens.policies import TAKE_BACK, Due
from scheduling.referrals import permissions as referrals
from scheduling.referrals.models import Referral
from telemed.core import moments as time
from telemed.people.models import Role, User

MINUTE = timedelta(minutes=1)
STUDIES = 3


@dataclass(frozen=True)
class Row:
    """One station on a page. `level`: "met", "slow" (stamped late), "calm", "soon", "late", ""."""

    station: Station
    stamp: Stamp | None
    due: Due | None  # what it is measured by
    level: str
    words: str
    may_stamp: bool
    ready: bool  # what it needs is stamped

    @property
    def side(self) -> str:
        return {
            Side.CLINIC: _("clinic"),
            Side.HOSPITAL: _("hospital"),
            Side.EITHER: _("either side"),
        }[self.station.side]


@dataclass(frozen=True)
class Line:
    """One green channel on a board: its most pressing station first."""

    green: Green
    due: Due | None
    level: str
    words: str
    last: str  # the station that was stamped last
    missed: str  # on the road for too long, in words

    @property
    def other(self) -> Referral:
        return self.green.referral


def board(actor: User) -> dict[str, Any]:
    return {
        "lines": [_line(one) for one in queries.board_of(actor)],
        "recent": queries.recent_of(actor),
        "opens": actor.role in permissions.OPENING,
        "now": time.now(),
        "named": actor.role not in (Role.DIRECTOR, Role.MEDICAL_OFFICE),
    }


def form(actor: User, patient: Patient | None) -> dict[str, Any]:
    targets = queries.targets_for(actor.acting_organisation)
    nearest = {kind.value: next((one for one in targets if one.takes(kind)), None) for kind in Kind}
    return {
        "patient": patient,
        "live": queries.live_of(actor, patient) if patient else None,
        "targets": targets,
        "kinds": [
            (
                kind,
                f"{found.organisation.name} {department.name}"
                if (found := nearest[kind]) and (department := found.takes(kind))
                else "",
            )
            for kind in Kind
        ],
        "specialties": SPECIALTIES,
    }


def page(actor: User, green: Green, clinical: bool) -> dict[str, Any]:
    """The big clock, each station, what may be done; what may be typed stands outside of it."""
    referral = green.referral
    stamps = {one.station: one for one in queries.stamps_of(green)}
    rows = list(_rows(actor, green, stamps))
    clinic = permissions.is_of_clinic(actor, referral)
    there = referrals.is_there(referral)
    waits = green.status == Status.CALLED
    return {
        "green": green,
        "referral": referral,
        "clinical": clinical,
        "rows": rows,
        "now": time.now(),
        "stop_at": green.ended_at,
        "elapsed": words_of((green.ended_at or time.now()) - green.contact_at),
        "missed": _missed(green),
        "may_acknowledge": waits and _is_called(actor, green),
        "acknowledge_by": _acknowledge_by(green) if waits else None,
        "correctable": [
            one.station
            for one in rows
            if permissions.may_stamp(actor, referral, one.station)
            and green.status != Status.WITHDRAWN
        ],
        "may_write": green.is_open and permissions.may_write(actor, referral),
        "may_end": green.is_open and permissions.may_end(actor, green),
        "outcomes": [(one.value, one.label) for one in Outcome if there or one in ON_THE_WAY],
        "may_take_back": green.is_open
        and clinic
        and not there
        and time.now() - green.created_at <= TAKE_BACK,
        "take_back_until": green.created_at + TAKE_BACK,
        "studies": list(studies_of(actor, referral.patient)[:STUDIES]) if clinical else [],
        "is_clinic": clinic,
        "corrected": [
            one for one in queries.stamps_of(green, all_of_them=True) if one.corrected_by_id
        ],
    }


def report(green: Green) -> list[list[str]]:
    """Station, moment, minutes since the first contact, its limit, kept or not, who, and why."""
    stamps = {one.station: one for one in queries.stamps_of(green)}
    moments = {code: one.at for code, one in stamps.items()}
    lines = []
    for station in stations(green.kind):
        stamp, due = stamps.get(station.code), policies.limit_of(green, moments, station)
        lines.append(
            [
                str(station.label),
                f"{timezone.localtime(stamp.at):%Y-%m-%d %H:%M:%S}" if stamp else "",
                _minutes(stamp.at - green.contact_at) if stamp else "",
                _limit_words(station, due),
                _kept_words(stamp, due),
                f"{stamp.by.name} {stamp.organisation.name}" if stamp else "",
                stamp.reason if stamp else "",
            ]
        )
    return lines


def report_heading() -> list[str]:
    return [
        _("Station"),
        pgettext("green channel", "Time"),
        _("Minutes since first contact"),
        _("Limit"),
        pgettext("green channel", "Kept"),
        _("Stamped by"),
        _("Reason"),
    ]


def words_of(span: timedelta) -> str:
    """0:42, 1:05:09: as the big clock shows it."""
    seconds = max(int(span.total_seconds()), 0)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _rows(actor: User, green: Green, stamps: dict[str, Stamp]) -> Iterator[Row]:
    moments = {code: one.at for code, one in stamps.items()}
    for station in stations(green.kind):
        stamp = stamps.get(station.code)
        due = (
            policies.limit_of(green, moments, station)
            if stamp
            else policies.due_at(green, moments, station)
        )
        level, words = _level(stamp, due, green)
        if station.code == ARRIVE and not stamp and (missed := _missed(green)):
            level, words = "late", missed
        may = permissions.may_stamp(actor, green.referral, station)
        free = may and green.is_open and stamp is None
        ready = set(station.needs) <= stamps.keys()
        yield Row(station, stamp, due, level, words, free, ready)


def _level(stamp: Stamp | None, due: Due | None, green: Green) -> tuple[str, str]:
    if stamp and due:
        used, limit = stamp.at - due.since, due.until - due.since
        said = {"used": words_of(used), "limit": _minutes(limit)}
        if stamp.at > due.until:
            return "slow", _("took {used}, limit {limit} min").format(**said)
        return "met", _("in {used}, limit {limit} min").format(**said)
    if stamp:
        after = words_of(stamp.at - green.contact_at)
        own = stamp.station == CONTACT or stamp.at < green.contact_at
        return "met", "" if own else _("{used} after first contact").format(used=after)
    if due is None or not green.is_open:
        return "", ""
    return _open_level(due)


def _open_level(due: Due) -> tuple[str, str]:
    now = time.now()
    if now >= due.until:
        return "late", _("Over by {time}").format(time=words_of(now - due.until))
    left = words_of(due.until - now)
    if now >= due.warns_at:
        return "soon", _("Hurry: {time} left").format(time=left)
    return "calm", _("{time} left").format(time=left)


def _line(green: Green) -> Line:
    current = [one for one in green.stamps.all() if one.corrected_by_id is None]
    moments = {one.station: one.at for one in current}
    waits = policies.due(green, moments)
    due = waits[0] if waits else None
    level, words = _open_level(due) if due else ("", "")
    last = max(current, key=lambda one: (one.at, one.created_at), default=None)
    station = find_station(green.kind, last.station) if last else None
    return Line(green, due, level, words, str(station.label) if station else "", _missed(green))


def _missed(green: Green) -> str:
    """What stands in red for both sides, until somebody says what became of the patient."""
    at = green.referral.expected_at
    if not queries.is_missed(green) or at is None:
        return ""
    return _("Not there; expected by {time}").format(time=f"{timezone.localtime(at):%H:%M}")


def _is_called(actor: User, green: Green) -> bool:
    rounds = queries.called_rounds(green)
    return any(referrals.may_answer(actor, one) for one in rounds)


def _acknowledge_by(green: Green) -> datetime | None:
    return queries.acknowledge_by(green)


def _limit_words(station: Station, due: Due | None) -> str:
    if station.limit is None or due is None:
        return ""
    limit = _minutes(due.until - due.since)
    return f"≤ {limit}" if station.limit.since == CONTACT else f"≤ {limit} ({_since(station, due)})"


def _since(station: Station, due: Due) -> str:
    sentence = _("after “{station}”")
    return sentence.format(station=_label(station.limit.since if station.limit else "", due))


def _label(code: str, due: Due) -> str:
    for plan in (stations(kind) for kind in Kind.values):
        for one in plan:
            if one.code == code and due.station in plan:
                return str(one.label)
    return code


def _kept_words(stamp: Stamp | None, due: Due | None) -> str:
    if stamp is None or due is None:
        return ""
    return _("yes") if stamp.at <= due.until else _("no")


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))
