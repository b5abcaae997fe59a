"""
Whether somebody may take a public place from afar just now: during an opening, who was admitted.

The desk, the telephone, family doctors and referrals never come here. Without Valkey booking goes
on as if there were no line: a place that is taken out of turn is a smaller harm than one that
nobody can take.
"""

import logging
import time
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments.gates import Notice
from scheduling.opening import line, queries, steering
from scheduling.opening.line import Away, Place
from scheduling.opening.models import Opening
from telemed.core.doorbells import after_commit
from telemed.core.errors import Conflict
from telemed.people.models import User

logger = logging.getLogger(__name__)


class Waits(Conflict):
    """It is not their turn yet."""


def stand(actor: User, organisation_id: UUID) -> Conflict | None:
    """What is in the way; nothing outside an opening and for who was admitted."""
    opening = queries.find_running(organisation_id)
    if opening is None:
        return None
    began = time.perf_counter()
    try:
        place = _place_of(actor, opening)
    except Away:
        logger.warning("A place of %s is taken without the line", opening.organisation_id)
        return None
    if place.kind in ("turn", "over", "none", "early"):
        after_commit(lambda: line.report(time.perf_counter() - began))
        return None
    return Waits(why(place, opening), path="period")


def why(place: Place, opening: Opening) -> str:
    hospital = opening.organisation.name
    match place.kind:
        case "line":
            minutes = max(1, round(place.about / 60))
            sentence = _("You are number {number} in the line of {hospital}, about {n} min.")
            return sentence.format(number=place.number, hospital=hospital, n=minutes)
        case "waiting":
            sentence = _("New places of {hospital} come out now; the order is drawn at {time}.")
            return sentence.format(hospital=hospital, time=_clock(opening.draw_at))
    sentence = _("Your turn in the line of {hospital} is over; take a new ticket there.")
    return sentence.format(hospital=hospital)


def notice(organisation_id: UUID) -> Notice | None:
    """What the page of times says of it."""
    opening = queries.find_next(organisation_id)
    if opening is None:
        return None
    address = reverse("opening:enter", args=[opening.organisation.number])
    return Notice(opens_at=opening.opens_at, ends_at=opening.ends_at, url=address)


def spend(account: Any, organisation_number: int) -> None:
    """Booked: the next place takes another ticket."""
    try:
        line.spend(organisation_number, line.who_is(account))
    except Away:
        logger.info("A turn that was used is not marked")


def _place_of(actor: User, opening: Opening) -> Place:
    number, who = opening.organisation.number, line.who_is(actor.pk)
    place = line.enter(number, who)
    if place.kind == "none" or place.id != str(opening.pk):  # Valkey lost it, the database did not
        steering.course_of(opening, counted=False).lay()
        place = line.enter(number, who)
    return place


def _clock(moment: Any) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"
