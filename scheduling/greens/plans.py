"""
The stations of each kind as data: who stamps them, in which order, and by when.

The limits are rules of the house; where they come from is said beside each. "National" ones are of
the standards of chest-pain and stroke centres; the others are ours, for the province to confirm.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

from django.utils.translation import gettext_lazy as _

from scheduling.greens.models import Kind
from telemed.organisations.models import Specialty

CONTACT, ONSET, DEPART, ARRIVE = "contact", "onset", "depart", "arrive"
NATIONAL_CHEST = _("National standard of chest-pain centres")
NATIONAL_STROKE = _("National standard of stroke centres")
OURS = _("Default of this system; the province confirms it")


class Side(StrEnum):
    """Who may stamp a station: the clinic's line is also the one of the crew on the road."""

    CLINIC = auto()
    HOSPITAL = auto()
    EITHER = auto()


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many minutes after another station."""

    minutes: int
    since: str = CONTACT
    source: Any = OURS


@dataclass(frozen=True, kw_only=True)
class Station:
    """
    `after`: it is not earlier than these; `needs`: those have to be stamped first. Its clock stops
    as well once one of `instead` is stamped, or a station that comes `after` it.
    """

    code: str
    label: Any
    side: Side
    after: tuple[str, ...] = (CONTACT,)
    needs: tuple[str, ...] = ()
    limit: Limit | None = None
    instead: tuple[str, ...] = ()


def _contact(*after: str) -> Station:
    return Station(code=CONTACT, label=_("First contact"), side=Side.CLINIC, after=after)


def _depart(minutes: int | None) -> Station:
    limit = Limit(minutes=minutes) if minutes else None
    return Station(code=DEPART, label=_("Left the clinic"), side=Side.CLINIC, limit=limit)


def _arrive() -> Station:
    after = (CONTACT, DEPART)
    return Station(code=ARRIVE, label=_("At the hospital door"), side=Side.EITHER, after=after)


def _team(minutes: int) -> Station:
    return Station(
        code="team", label=_("Team is together"), side=Side.HOSPITAL, limit=Limit(minutes=minutes)
    )


def _there(code: str, label: Any, *more: str, **rest: Any) -> Station:
    """Something that is done at the hospital."""
    after = (CONTACT, ARRIVE, *more)
    side = Side.HOSPITAL
    return Station(code=code, label=label, side=side, after=after, needs=(ARRIVE,), **rest)


PLANS: dict[str, tuple[Station, ...]] = {
    Kind.CHEST_PAIN: (
        _contact(),
        Station(
            code="ecg",
            label=_("First ECG"),
            side=Side.EITHER,
            limit=Limit(minutes=10, source=NATIONAL_CHEST),
        ),
        Station(
            code="sent",
            label=_("ECG transmitted"),
            side=Side.CLINIC,
            after=("ecg",),
            needs=("ecg",),
        ),
        Station(
            code="read",
            label=_("ECG read"),
            side=Side.HOSPITAL,
            after=("ecg", "sent"),
            needs=("ecg",),
            limit=Limit(minutes=10, since="ecg", source=NATIONAL_CHEST),
        ),
        Station(code="decision", label=_("Treatment decided"), side=Side.HOSPITAL),
        _depart(30),
        _arrive(),
        _there("lab", _("In the catheter room")),
        _there(
            "wire",
            _("Wire through the vessel"),
            *("lab", "decision"),
            limit=Limit(minutes=120, source=NATIONAL_CHEST),
            instead=("needle",),
        ),
        _there(
            "needle",
            _("Thrombolysis begun"),
            "decision",
            limit=Limit(minutes=30, since=ARRIVE, source=NATIONAL_CHEST),
            instead=("lab", "wire"),
        ),
    ),
    Kind.STROKE: (
        Station(code=ONSET, label=_("Last seen well"), side=Side.EITHER, after=()),
        _contact(ONSET),
        _depart(30),
        _arrive(),
        _there("ct", _("CT begun"), limit=Limit(minutes=25, since=ARRIVE, source=NATIONAL_STROKE)),
        Station(
            code="decision",
            label=_("Treatment decided"),
            side=Side.HOSPITAL,
            after=(CONTACT, "ct"),
        ),
        Station(
            code="needle",
            label=_("Thrombolysis begun"),
            side=Side.HOSPITAL,
            after=(CONTACT, ARRIVE, "ct", "decision"),
            needs=(ARRIVE, "ct"),  # never before a bleeding is ruled out
            limit=Limit(minutes=60, since=ARRIVE, source=NATIONAL_STROKE),
            instead=("puncture",),
        ),
        _there("puncture", _("Groin puncture"), "ct", "decision"),
    ),
    Kind.TRAUMA: (
        _contact(),
        _team(15),
        _depart(20),
        _arrive(),
        _there("ct", _("CT begun")),
        _there("theatre", _("In theatre")),
    ),
    Kind.OBSTETRIC: (
        _contact(),
        _team(10),
        Station(code="decision", label=_("Decided: theatre"), side=Side.HOSPITAL),
        _depart(None),
        _arrive(),
        Station(
            code="theatre",
            label=_("In theatre"),
            side=Side.HOSPITAL,
            after=(CONTACT, ARRIVE, "decision"),
            needs=(ARRIVE, "decision"),
            limit=Limit(minutes=30, since="decision"),
            instead=("birth",),
        ),
        Station(code="birth", label=_("Birth"), side=Side.EITHER),
    ),
}
# Which department takes it: the first that a hospital has.
SPECIALTIES: dict[str, tuple[str, ...]] = {
    Kind.CHEST_PAIN: (Specialty.CARDIOLOGY, Specialty.EMERGENCY, Specialty.INTERNAL),
    Kind.STROKE: (Specialty.NEUROLOGY, Specialty.EMERGENCY, Specialty.INTERNAL),
    Kind.TRAUMA: (
        *(Specialty.EMERGENCY, Specialty.SURGERY, Specialty.ORTHOPAEDICS),
        Specialty.NEUROSURGERY,
    ),
    Kind.OBSTETRIC: (Specialty.OBSTETRICS,),
}
MINUTE = timedelta(minutes=1)


def stations(kind: str) -> tuple[Station, ...]:
    return PLANS[kind]


def find_station(kind: str, code: str) -> Station | None:
    return next((one for one in PLANS[kind] if one.code == code), None)


def followers(kind: str, code: str) -> set[str]:
    """The stations that are not earlier than this one, by name."""
    return {one.code for one in PLANS[kind] if code in one.after}


def timed() -> set[str]:
    """Every station that has a limit in some plan."""
    return {one.code for plan in PLANS.values() for one in plan if one.limit}
