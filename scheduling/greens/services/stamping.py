"""One tap at a station; what is impossible is refused with a sentence, a correction says why."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.greens import permissions
from scheduling.greens.events import GreenStamped
from scheduling.greens.models import Green, Stamp, Status
from scheduling.greens.plans import ARRIVE, CONTACT, DEPART, Station, find_station, followers
from scheduling.greens.policies import AHEAD, EARLIEST, TAPPED
from scheduling.greens.queries import get_green, lock_green, moments_of
from scheduling.greens.services.ladders import settle_clocks
from scheduling.greens.services.missing import note_found
from scheduling.greens.services.telling import clinic_of, ring, tell
from scheduling.referrals.services import greens as referrals
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.people.models import User

MINUTE = timedelta(minutes=1)


def stamp(*, actor: User, green_id: UUID, station: str, key: UUID, at: datetime) -> Green:
    """
    `at` is the moment of the tap, which a bad line may have kept for hours; `key` makes it one.

    Raises Conflict where another person stamped it, Invalid where it cannot have been then.
    """
    require_intention()
    green, there = _open(actor, green_id, station)
    if Stamp.objects.filter(green=green, key=key).exists():
        return green
    before = green.stamps.filter(station=there.code, corrected_by=None).select_related("by").first()
    if before and before.by_id == actor.pk:
        return green
    if before:
        sentence = _("{who} stamped “{station}” at {time}.")
        raise Conflict(
            sentence.format(who=before.by.name, station=there.label, time=_clock(before.at)),
            path="station",
        )
    now = moments.now()
    if now - at > TAPPED:
        raise Invalid(
            _("This was tapped too long ago. Enter it by hand, with a reason."), path="at"
        )
    at = _checked(green, there, at)
    _set(actor, green, there, at, key=key)
    return green


def correct(
    *,
    actor: User,
    green_id: UUID,
    station: str,
    at: datetime | None,
    reason: str,
    key: UUID | None = None,
) -> Green:
    """A new stamp in place of one, or one that nobody tapped in time; the first stays on record."""
    require_intention()
    green, there = _open(actor, green_id, station)
    if key and Stamp.objects.filter(green=green, key=key).exists():
        return green
    reason = checked_reason(reason, longest=200)
    if at is None:
        raise Invalid(_("Say when it was."), path="at")
    at = _checked(green, there, at, typed=True)
    if there.code == CONTACT and green.created_at - at > EARLIEST:
        raise Invalid(_("The first contact is more than 24 hours ago."), path="at")
    _set(actor, green, there, at, key=key or new_id(), reason=reason)
    return green


def follow_arrival(*, green_id: UUID) -> None:
    """The desk has checked the patient in: that is the stamp of the door, unless there is one."""
    require_intention()
    green = lock_green(green_id)
    arrived, station = green.referral.arrived_at, find_station(green.kind, ARRIVE)
    known = moments_of(green)
    if arrived is None or station is None or ARRIVE in known or not green.is_open:
        return
    step = green.referral.steps.filter(action="referral.arrive").select_related("actor").last()
    if step is None or step.actor is None or step.organisation is None:
        return
    at = max(arrived, *(known[code] for code in station.after if code in known))
    Stamp.objects.create(
        green=green,
        station=ARRIVE,
        at=at,
        by=step.actor,
        organisation=step.organisation,
        key=new_id(),
    )
    settle_clocks(green, {**known, ARRIVE: at}, changed=ARRIVE)
    note_found(green)
    outbox.announce(GreenStamped(green_id=green.pk))
    ring(green)


def _open(actor: User, green_id: UUID, code: str) -> tuple[Green, Station]:
    """Locked, and this person's to stamp."""
    green = get_green(actor, green_id, lock=True)
    station = find_station(green.kind, code)
    if station is None:
        raise NotFound(_("There is no such station in this green channel."), path="station")
    may = permissions.may_stamp(actor, green.referral, station)
    require(may, _("“{station}” is stamped by the other side.").format(station=station.label))
    return green, station


def _checked(green: Green, station: Station, at: datetime, *, typed: bool = False) -> datetime:
    """The moment as it is kept; a refusal names what it would contradict."""
    now = moments.now()
    if at > now + AHEAD:
        raise Invalid(_("That moment has not come yet."), path="at")
    at = min(at, now)
    _check_state(green, at)
    known = {code: when for code, when in moments_of(green).items() if code != station.code}
    names = {one: find_station(green.kind, one) for one in known}
    for code in station.needs:
        if code not in known:
            needed = find_station(green.kind, code)
            sentence = _("“{station}” comes after “{other}”, which is not stamped yet.")
            raise Invalid(
                sentence.format(station=station.label, other=needed.label if needed else code),
                path="station",
            )
    for code in station.after:
        if code in known and typed and _minute(known[code]) == at:
            at = known[code]  # a typed time has no seconds
        if code in known and at < known[code]:
            raise _impossible(station, at, names[code], known[code], before=True)
    for code in followers(green.kind, station.code):
        if code in known and at > known[code]:
            raise _impossible(station, at, names[code], known[code], before=False)
    return at


def _check_state(green: Green, at: datetime) -> None:
    """What was tapped before the end may still come in; nothing after it, nor once taken back."""
    late = green.ended_at is not None and at > green.ended_at
    if green.status == Status.WITHDRAWN or late:
        sentence = _("This green channel is “{state}”; that cannot be done now.")
        raise Conflict(sentence.format(state=green.get_status_display()), path="status")


def _impossible(
    station: Station, at: datetime, other: Station | None, then: datetime, *, before: bool
) -> Invalid:
    sentence = (
        _("“{station}” at {time} would be before “{other}” at {then}.")
        if before
        else _("“{station}” at {time} would be after “{other}” at {then}.")
    )
    said = {
        "station": station.label,
        "time": _clock(at),
        "other": other.label if other else "",
        "then": _clock(then),
    }
    return Invalid(sentence.format(**said), path="at")


def _set(
    actor: User, green: Green, station: Station, at: datetime, *, key: UUID, reason: str = ""
) -> None:
    """The row, what follows for the referral, the clocks, and everybody's page."""
    before = green.stamps.filter(station=station.code, corrected_by=None).first()
    made = Stamp(
        green=green,
        station=station.code,
        at=at,
        by=actor,
        organisation=actor.acting_organisation,
        reason=reason,
        key=key,
    )
    if before:
        before.corrected_by_id = made.pk
        before.save(update_fields=["corrected_by"])
    made.save(force_insert=True)
    if station.code == CONTACT:
        green.contact_at = at
        green.save(update_fields=["contact_at"])
    settle_clocks(green, moments_of(green), changed=station.code)
    action = "green.correct" if reason else "green.stamp"
    referrals.note(
        green.referral,
        action,
        publish=False,
        station=str(station.label),
        time=_clock(at),
        reason=reason,
    )
    if station.code in (DEPART, ARRIVE):
        note_found(green)
    if station.code == DEPART:
        referrals.expect_green(referral=green.referral, left_at=at)
    if station.code == ARRIVE and not before:
        referrals.arrive_green(referral=green.referral)
        tell(green, clinic_of(green.referral), "green.arrived")
    outbox.announce(GreenStamped(green_id=green.pk))
    ring(green)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
