"""Links, and what they open now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.links import Standing, by_cookie
from consult.visits.models import Link
from consult.visits.permissions import is_ahead, is_open
from consult.visits.secrets import KIND, browser_of, digest_of
from records.consent import access
from scheduling.appointments.models import Appointment
from telemed.core import moments
from telemed.core.errors import NotFound
from telemed.people.models import Role, User

SHOWN = [
    "holder",
    *(f"visit__{name}" for name in ("period__session", "patient", "organisation", "department")),
    *("visit__clinician", "visit__booked_by"),
]


def get_link(token: str) -> Link:
    """Raises NotFound for what was never a link of ours."""
    link = Link.objects.select_related(*SHOWN).filter(digest=digest_of(token)).first()
    if link is None:
        raise NotFound(_("There is no such link. Look at the message again, or ring."))
    return link


def standing_of(link: Link, cookie: str) -> Standing:
    """As it is for this browser, now."""
    now = moments.now()
    over, early = not is_ahead(link.visit, now), not is_open(link.visit, now)
    return link.standing(browser_of(cookie), is_over=over, is_early=early)


def find_entered(cookie: str, room_id: UUID) -> Link | None:
    """The link by which this browser entered that room, while it opens it."""
    entered = Link.objects.entered_by([browser_of(cookie)]).select_related(*SHOWN)
    link = entered.filter(visit__rooms=room_id, holder__is_active=True).first()
    return link if link and is_open(link.visit, moments.now()) else None


def find_once_entered(cookie: str, room_id: UUID) -> Link | None:
    """The newest link by which this browser ever entered that room; its door says how it stands."""
    links = Link.objects.once_entered_by([browser_of(cookie)]).filter(visit__rooms=room_id)
    return links.select_related(*SHOWN).order_by("-pk").first()


def glance_at_links(cookies: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """By cookie: all that a holder's right to be there follows from."""
    browsers = by_cookie(KIND, cookies)
    links = Link.objects.entered_by(browsers).select_related("visit__period__session")
    now = moments.now()
    found: dict[str, tuple[Any, ...]] = {}
    for link in links.order_by("pk"):
        cookie = browsers[link.browser]
        found[cookie] = (*found.get(cookie, ()), link.pk, is_open(link.visit, now))
    return found


def open_link_of(visit: Appointment) -> Link | None:
    return Link.objects.filter(visit=visit, ended_at=None).select_related(*SHOWN).first()


def is_own(actor: User, visit: Appointment) -> bool:
    """The patient's own account, or of who acts for them: not the staff that booked."""
    return actor.role == Role.RESIDENT and access.decide(actor, "book", visit).allowed


def reached_at(visit: Appointment) -> User | None:
    """Whose phone gets the link: the patient's account, else the guardian's who booked."""
    if visit.patient.user:
        return visit.patient.user
    booker = visit.booked_by
    return booker if booker.role == Role.RESIDENT else None
