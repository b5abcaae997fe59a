"""
Whether somebody may take a public place from afar just now: during an opening, who was admitted.

The desk, the telephone, family doctors and referrals never come here. Without Valkey booking goes
on as if there were no line: a place that is taken out of turn is a smaller harm than one that
nobody can take.
"""

import logging
import secrets
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments.gates import Notice
from scheduling.opening import line, queries, rules, steering
from scheduling.opening.line import Away, Place
from scheduling.opening.models import Opening
from telemed.core.caches import count
from telemed.core.doorbells import after_commit
from telemed.core.errors import Conflict
from telemed.people.models import User

logger = logging.getLogger(__name__)

TRIES = 20  # of one account in a minute; a hand that looks at each time needs fewer


class Waits(Conflict):
    """It is not their turn yet."""


def stand(actor: User, organisation_id: UUID) -> Conflict | None:
    """What is in the way; nothing outside an opening and for who was admitted."""
    opening = queries.find_running(organisation_id)
    if opening is None:
        return None
    if count(f"opening:{actor.pk}", seconds=60) > TRIES:
        sentence = _("These were many tries within a minute; wait a little, your turn stays.")
        return Conflict(sentence, path="period")
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


def pause(organisation_id: UUID) -> timedelta | None:
    """A place that is given up in an opening comes back at a moment that nobody can wait for."""
    if queries.find_running(organisation_id) is None:
        return None
    least, most = (int(one.total_seconds()) for one in rules.pause(organisation_id))
    return timedelta(seconds=least + secrets.randbelow(max(1, most - least)))


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
