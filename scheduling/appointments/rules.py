"""What each hospital sets for itself about waiting for a place."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.mpi.models import Patient
from scheduling.appointments import previews
from scheduling.availability.rules import GROUP, moment_of, return_hours, unasked
from telemed.core import policies
from telemed.organisations.models import Organisation
from telemed.organisations.queries.distances import distance, locate

OFFER, OFFER_FAR = "waitlist.offer", "waitlist.offer_far"
STAY = "waitlist.stay"
LEAD, BUS, FAR = "waitlist.lead", "waitlist.bus", "waitlist.far"
WALK, RESULTS = "trip.walk", "trip.results"
NIGHT_FROM, NIGHT_UNTIL = "waitlist.night_from", "waitlist.night_until"
MINUTE = timedelta(minutes=1)


def define() -> None:
    """Called in ready()."""
    short = policies.Duration(least=5 * MINUTE, most=120 * MINUTE)
    way = policies.Duration(least=10 * MINUTE, most=24 * 60 * MINUTE)
    for name, label, kind, default, help_text in (
        (OFFER, _("Time to answer an offer from the waitlist"), short, 20 * MINUTE, ""),
        (OFFER_FAR, _("The same for who lives far away"), short, 30 * MINUTE, ""),
        (LEAD, _("Time from an answer to the visit, at least"), way, 30 * MINUTE, ""),
        (
            BUS,
            _("Time that somebody from far away needs for the bus"),
            way,
            120 * MINUTE,
            _("Who lives far away is asked first where there is so much time, else last."),
        ),
    ):
        policies.define(
            name,
            label=label,
            kind=kind,
            default=default,
            group=GROUP,
            help=help_text,
            preview=previews.offers_running,
        )
    policies.define(
        FAR,
        label=_("Far away is from so many kilometres on"),
        kind=policies.Count(least=1, most=500),
        default=20,
        group=GROUP,
        unit=_("km"),
        preview=previews.far_or_near,
    )
    policies.define(
        STAY,
        label=_("After a stopped clinic one stays first in line with the doctor for so long"),
        kind=policies.Count(least=7, most=180),
        default=60,
        group=GROUP,
        unit=pgettext_lazy("unit", "d"),
        preview=previews.staying,
        help=_("Then the hospital cancels the visit and says so; it never counts."),
    )


def define_night() -> None:
    """Called in ready(). Read at the moment at which somebody would be asked."""
    for name, label, kind, default in (
        (
            NIGHT_FROM,
            _("Hour from which nobody on the waitlist is asked"),
            policies.Count(least=20, most=23),
            22,
        ),
        (
            NIGHT_UNTIL,
            _("Hour of the morning at which the waitlist is asked again"),
            policies.Count(least=5, most=10),
            7,
        ),
    ):
        policies.define(
            name,
            label=label,
            kind=kind,
            default=default,
            group=GROUP,
            preview=previews.asked_by_day,
            refuse=_returns_in(name),
            help=_("What comes free in between is kept for who is asked in the morning."),
        )


def define_trips() -> None:
    """Called in ready()."""
    policies.define(
        WALK,
        label=_("Time to walk from one place of a trip to the next"),
        kind=policies.Duration(least=5 * MINUTE, most=120 * MINUTE),
        default=15 * MINUTE,
        group=GROUP,
        preview=previews.trips,
        help=_("Trips that are booked keep their times."),
    )
    policies.define(
        RESULTS,
        label=_("Time until the doctor can read what the laboratory found"),
        kind=policies.Duration(least=10 * MINUTE, most=240 * MINUTE),
        default=60 * MINUTE,
        group=GROUP,
        preview=previews.trips,
        help=_("Trips that are booked keep their times."),
    )


def walk(organisation_id: UUID) -> timedelta:
    """From one stop of a trip to the next."""
    gap: timedelta = policies.value(WALK, organisation_id)
    return gap


def results_after(organisation_id: UUID) -> timedelta:
    """From the laboratory to the doctor who reads it."""
    wait: timedelta = policies.value(RESULTS, organisation_id)
    return wait


def way_to(patient: Patient, hospital: Organisation) -> timedelta:
    """From home, as the waitlist reckons it."""
    far = is_far(patient, hospital)
    way: timedelta = policies.value(BUS if far else LEAD, hospital.pk)
    return way


def answer_within(organisation_id: UUID, *, far: bool) -> timedelta:
    allowance: timedelta = policies.value(OFFER_FAR if far else OFFER, organisation_id)
    return allowance


def stays_for(organisation_id: UUID) -> timedelta:
    """How long whoever was displaced is kept first in line."""
    days: int = policies.value(STAY, organisation_id)
    return timedelta(days=days)


def is_catchable(organisation_id: UUID, starts_at: datetime, now: datetime, *, far: bool) -> bool:
    """Whether somebody who is asked now, and answers last thing, is there in time."""
    way: timedelta = policies.value(BUS if far else LEAD, organisation_id)
    return now + answer_within(organisation_id, far=far) + way <= starts_at


def is_far(patient: Patient, hospital: Organisation) -> bool:
    """By the clinic that keeps the person: nobody's own address is asked for."""
    clinic = patient.managing_organisation
    if clinic is None or clinic.pk == hospital.pk:
        return False
    codes = clinic.division_id, hospital.division_id
    away = distance(locate(codes), *codes)
    if away is None:  # nowhere on the map: another county is far
        return clinic.division_id[:6] != hospital.division_id[:6]
    return away >= policies.value(FAR, hospital.pk)


def is_night(organisation_id: UUID | None, moment: datetime) -> bool:
    """Whether nobody is asked there at that moment."""
    night = (policies.value(name, organisation_id) for name in (NIGHT_FROM, NIGHT_UNTIL))
    return _lies_between(moment, *night)


def next_morning(organisation_id: UUID, moment: datetime) -> datetime:
    """When the next one is asked."""
    hour: int = policies.value(NIGHT_UNTIL, organisation_id)
    local = timezone.localtime(moment)
    return moment_of(local.date() + timedelta(days=1 if local.hour >= hour else 0), hour)


def _lies_between(moment: datetime, evening: int, morning: int) -> bool:
    hour = timezone.localtime(moment).hour
    return hour >= evening or hour < morning


def _returns_in(name: str) -> Any:
    """Unused places that return by night would pass by who waits for them."""

    def refuse(organisation_id: UUID | None, wanted: int) -> str:
        evening, morning = (
            wanted if one == name else policies.value(one, organisation_id)
            for one in (NIGHT_FROM, NIGHT_UNTIL)
        )
        hours = return_hours(organisation_id)
        return unasked(one for one in hours if _lies_between(one, evening, morning))

    return refuse
