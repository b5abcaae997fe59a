"""Whom to ask: the hospitals in the order proposed, each with what speaks for it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.requests.models import yuan
from consult.requests.queries import Route
from telemed.organisations.models import Organisation, Specialty


@dataclass(frozen=True)
class Way:
    """One hospital on the page: whether it stands chosen, and what is said about it."""

    organisation: Organisation
    open: bool  # whether an agreement lets it be asked
    proposed: bool
    chosen: bool
    lacks: str  # what speaks against it, first of all
    speaks: list[str]
    fee: int  # in fen, what is explained before somebody signs

    @property
    def explained(self) -> str:
        """Whom the consent lets be asked, and what it costs."""
        said = _("{org}: fee {fee} yuan")
        return said.format(org=self.organisation.name, fee=yuan(self.fee))


def chosen(found: list["Way"]) -> "Way | None":
    """The one that stands chosen on the page."""
    return next((way for way in found if way.chosen), None)


def ways(routes: list[Route], *, specialty: str, wanted: str = "") -> list[Way]:
    """
    The first that may be asked is proposed, and chosen where nothing else is wanted.

    `wanted`: the id of a hospital. One that may not be asked any more leaves none chosen.
    """
    open_to = [str(route.organisation.pk) for route in routes if route.partner.in_force]
    first = open_to[0] if open_to else ""
    marked = (wanted if wanted in open_to else "") if wanted else first
    return [
        Way(
            organisation=route.organisation,
            open=route.partner.in_force,
            proposed=str(route.organisation.pk) == first,
            chosen=str(route.organisation.pk) == marked,
            lacks=_lacks(route, specialty),
            speaks=list(speaks(route)),
            fee=route.partner.price,
        )
        for route in routes
    ]


def _lacks(route: Route, specialty: str) -> str:
    if not route.partner.in_force:
        day = date_format(route.partner.agreement.ends_on, "Y-m-d")
        said = _("the agreement ended on {day}; it can't be sent there. Ask your administrator")
        return said.format(day=day)
    if route.fit:
        return ""
    if not specialty:
        return _("nobody there may answer now")
    said = _("nobody there for {specialty}; the coordinator decides")
    return said.format(specialty=Specialty(specialty).label)


def speaks(route: Route) -> Iterator[str]:
    """What the order was made of, in the order in which it counts."""
    if not route.partner.in_force:
        return
    if route.fit:
        yield (
            ngettext("{n} on duty", "{n} on duty", route.on_duty).format(n=route.on_duty)
            if route.on_duty
            else _("nobody on duty now")
        )
        yield (
            ngettext("{n} at the desk", "{n} at the desk", route.present).format(n=route.present)
            if route.present
            else _("nobody at the desk")
        )
    if route.minutes is not None:
        yield _first_answer(route.minutes)
    if route.waiting:
        yield ngettext("{n} waiting", "{n} waiting", route.waiting).format(n=route.waiting)
    if route.kilometres is not None and route.kilometres >= 1:
        yield _("{n} km").format(n=round(route.kilometres))
    yield _("{fee} yuan").format(fee=yuan(route.partner.price))
    day = date_format(route.partner.agreement.ends_on, "Y-m-d")
    yield _("agreement until {day}").format(day=day)


def _first_answer(minutes: float) -> str:
    if minutes < 90:
        return _("first answer mostly within {n} min").format(n=max(round(minutes), 1))
    return _("first answer mostly within {n} h").format(n=round(minutes / 60))
