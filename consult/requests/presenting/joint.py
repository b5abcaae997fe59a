"""A joint consult in words: the page on which it is set up, and who sits in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import queries
from consult.requests.models import HELD, UNANSWERED, Case, Meeting, Offer
from consult.requests.queries import Fit, Slot
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, User

SHOWN = 3  # doctors of a specialty that stand open
STANDING = [*reversed(Practitioner.Title.values)]  # whom we would ask to chair, the highest first


@dataclass(frozen=True)
class Plan:
    """What the page sent of a plan, or nothing yet."""

    specialties: Sequence[str] = ()
    doctors: Mapping[str, str] = field(default_factory=dict)  # by specialty, an id
    chair: str = ""
    starts_at: str = ""
    half_hours: int = 1
    agenda: str = ""


@dataclass(frozen=True)
class Choice:
    """One doctor who may take a seat, and what speaks for them."""

    doctor: User
    chosen: bool
    why: str
    free: bool = True


@dataclass(frozen=True)
class Group:
    """The doctors of one specialty."""

    value: str
    label: str
    choices: list[Choice]
    chairs: bool

    @property
    def chosen(self) -> Choice | None:
        return next((one for one in self.choices if one.chosen), None)

    @property
    def first(self) -> list[Choice]:
        """Those who stand open: the likeliest, and whoever is chosen."""
        return [one for n, one in enumerate(self.choices) if n < SHOWN or one.chosen]

    @property
    def others(self) -> list[Choice]:
        return [one for one in self.choices if one not in self.first]


def plan_page(case: Case, plan: Plan) -> dict[str, Any]:
    """Specialties, doctors with what speaks for them, the chair, and the times that all have."""
    hospital = case.addressee
    wanted = [*dict.fromkeys(plan.specialties or case.specialties)]
    fit = queries.fit_by_specialty(hospital, wanted)
    groups = _groups(case, plan, fit)
    people = [one.chosen.doctor for one in groups if one.chosen]
    slots = queries.common_times([case.requester, *people], half_hours=plan.half_hours)
    slot = _first(slots, plan.starts_at)
    there = queries.specialties_at(hospital)
    return {
        "case": case,
        "groups": groups,
        "specialties": [
            (value, label, value in wanted)
            for value, label in Specialty.choices
            if value in there or value in wanted
        ],
        "proposed": case.wanted_doctor,
        "days": _days(slots, slot),
        "count": len(slots),
        "slot": slot,
        "half_hours": plan.half_hours,
        "lengths": [(1, _("30 minutes")), (2, _("1 hour")), (3, _("1.5 hours")), (4, _("2 hours"))],
        "agenda": plan.agenda or case.agenda or case.aim,
    }


def _groups(case: Case, plan: Plan, fit: Mapping[str, list[Fit]]) -> list[Group]:
    chosen: dict[str, User] = {}
    for specialty, fits in fit.items():
        taken = {doctor.pk for doctor in chosen.values()}
        wanted = plan.doctors.get(specialty) or str(case.wanted_doctor_id)
        asked = [one.doctor for one in fits if str(one.doctor.pk) == wanted]
        free = [one.doctor for one in fits if one.doctor.pk not in taken]
        if doctor := next(iter([*asked, *free]), None):
            chosen[specialty] = doctor
    chair = plan.chair if plan.chair in fit else _chair(case, chosen)
    return [
        Group(
            specialty,
            str(Specialty(specialty).label) if specialty in Specialty.values else specialty,
            [Choice(one.doctor, chosen.get(specialty) == one.doctor, _why(one)) for one in fits],
            specialty == chair,
        )
        for specialty, fits in fit.items()
    ]


def _chair(case: Case, chosen: Mapping[str, User]) -> str:
    """Whom the asking doctor proposes, else the highest title, else the first."""
    proposed = [name for name, doctor in chosen.items() if doctor.pk == case.wanted_doctor_id]
    by_title = sorted(chosen, key=lambda name: STANDING.index(chosen[name].practitioner.title))
    return next(iter([*proposed, *by_title]), "")


def _why(fit: Fit) -> str:
    """What put them in this place, as the routing says it."""
    said = []
    if fit.place is not None:
        said.append(_("on duty, call {n}").format(n=fit.place + 1))
    said.append(_("at the desk") if fit.at_desk else _("away"))
    said.append(_("{n} in hand").format(n=fit.holding))
    return _(", ").join(said)


def _first(slots: Iterable[Slot], wanted: str) -> Slot | None:
    """The one that was chosen, else the first at which nobody is on call, else the first."""
    known = list(slots)
    chosen = [slot for slot in known if as_value(slot) == wanted]
    undisturbed = [slot for slot in known if not slot.on_call]
    return next(iter([*chosen, *undisturbed, *known]), None)


def as_value(slot: Slot) -> str:
    return f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}"


def _days(slots: Iterable[Slot], chosen: Slot | None) -> list[dict[str, Any]]:
    """Times by day; the day of the chosen one stands open."""

    def day_of(slot: Slot) -> date:
        return timezone.localdate(slot.starts_at)

    days = []
    for day, group in groupby(slots, key=day_of):
        times = list(group)
        days.append(
            {
                "day": day,
                "open": chosen in times,
                "count": len(times),
                "times": [
                    {
                        "value": as_value(slot),
                        "at": timezone.localtime(slot.starts_at),
                        "chosen": slot == chosen,
                        "on_call": _(", ").join(one.name for one in slot.on_call),
                    }
                    for slot in times
                ],
            }
        )
    return days


@dataclass(frozen=True)
class Seat:
    """One seat: who was invited to it, newest first, and who could be instead."""

    specialty: str
    chairs: bool
    offers: list[Offer]
    taken: Offer | None
    wanting: bool  # nobody has it and nobody is waited for, or not in time
    instead: list[Choice]

    @property
    def former(self) -> Offer:
        return self.offers[0]


def team(case: Case, *, coordinates: bool) -> list[Seat]:
    """The seats of a joint consult; the coordinator also sees whom to invite to an empty one."""
    if not case.is_joint:
        return []
    order = case.offers.select_related("doctor__practitioner").exclude(specialty="")
    offers = list(order.order_by("role", "pk"))
    late = queries.late_invitations(case) if coordinates else set()
    meeting = queries.live_meeting(case)
    asked = [offer.doctor_id for offer in offers]
    seats = []
    for name in dict.fromkeys(offer.specialty for offer in sorted(offers, key=_chair_first)):
        here = [offer for offer in reversed(offers) if offer.specialty == name]
        done = (Offer.Status.ACCEPTED, Offer.Status.DONE)
        taken = next((offer for offer in here if offer.status in done), None)
        waiting = [offer for offer in here if offer.status in Offer.WAITING]
        wanting = taken is None and all(offer.pk in late for offer in waiting)
        open_to = coordinates and wanting and case.status in (*UNANSWERED, *HELD)
        seats.append(
            Seat(
                specialty=str(Specialty(name).label),
                chairs=here[0].role == Offer.Role.LEAD,
                offers=here,
                taken=taken,
                wanting=wanting and case.status in (*UNANSWERED, *HELD),
                instead=_instead(case, name, asked, meeting) if open_to else [],
            )
        )
    return seats


def _chair_first(offer: Offer) -> bool:
    return offer.role != Offer.Role.LEAD


def _instead(
    case: Case, specialty: str, but: Iterable[object], meeting: Meeting | None
) -> list[Choice]:
    found = queries.fit_by_specialty(case.addressee, [specialty], but=but)[specialty]
    known = [
        Choice(
            one.doctor, False, _why(one), free=not meeting or queries.is_free(one.doctor, meeting)
        )
        for one in found[: 2 * SHOWN]
    ]
    return sorted(known, key=lambda one: not one.free)
