"""When and how the sides meet: a time both agree to, or an opinion in writing without a room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, roomport
from consult.requests.events import CaseScheduled
from consult.requests.models import (
    HALF_HOUR,
    HELD,
    UNANSWERED,
    Case,
    HalfHour,
    Meeting,
    Side,
    Status,
)
from consult.requests.queries import coordinators_of, get_case
from consult.requests.services.ladders import start_ladder, start_ladders, stop_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import people_to_meet, tell
from telemed.core import outbox, publication
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

LONGEST = 4  # half hours
AHEAD = timedelta(days=60)
BOOKED, PROPOSED = Meeting.Status.BOOKED, Meeting.Status.PROPOSED


def propose_time(
    *, actor: User, case_id: UUID, starts_at: datetime, half_hours: int = 1
) -> Meeting:
    """One side names a time; it holds when the other agrees. A later proposal replaces it."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    side = _side(actor, case)
    check_time(starts_at, half_hours)
    _must_be_arrangeable(actor, case)
    for former in case.meetings.filter(status=PROPOSED):
        former.status = Meeting.Status.DROPPED
        former.save(update_fields=["status"])
        former.half_hours.all().delete()
    meeting = Meeting.objects.create(
        case=case,
        starts_at=starts_at,
        ends_at=starts_at + half_hours * HALF_HOUR,
        side=side,
        proposed_by=actor,
    )
    when = f"{timezone.localtime(starts_at):%m-%d %H:%M}"
    take_step(case=case, action="case.propose", publish=False, time=when)
    for person in _other_side(case, Side(meeting.side)):
        tell(
            case=case,
            recipient=person,
            template="case.proposed",
            who=actor.name,
            time=when,
        )
    return meeting


def agree_time(*, actor: User, case_id: UUID, meeting_id: UUID) -> Case:
    """
    The other side agrees: the time is claimed for both doctors.

    Raises Conflict when one of them has promised that half hour already.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    side = _side(actor, case)
    meeting = case.meetings.filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Meeting/{meeting_id}")
    if meeting.status in (BOOKED, PROPOSED) and meeting.agreed_by_id == actor.pk:
        return case
    require(side != meeting.side, _("The other side has to agree to this time."))
    _must_be_arrangeable(actor, case)
    if meeting.status != PROPOSED:
        raise Conflict(_("Another time was proposed since; look again."), path="meeting")
    if meeting.starts_at <= timezone.now():
        raise Conflict(_("That time has passed."), path="meeting")
    drop_meetings(case=case, keep=meeting)
    if case.status in UNANSWERED:  # a joint consult: it holds once enough experts have accepted
        hold_time(case=case, meeting=meeting)
        meeting.agreed_by = actor
        meeting.save(update_fields=["agreed_by"])
        when = f"{timezone.localtime(meeting.starts_at):%m-%d %H:%M}"
        take_step(case=case, action="case.agree", publish=False, time=when)
        return case
    settle_time(case=case, meeting=meeting, by=actor)
    return case


def settle_time(*, case: Case, meeting: Meeting, by: User) -> None:
    """Both sides agree to it: everybody who meets is told."""
    require_intention()
    before = case.status
    if case.status != Status.SCHEDULED:
        case.become(Status.SCHEDULED, _("No time can be arranged for this consult now."))
        case.save(update_fields=["status"])
    book(case=case, meeting=meeting, by=by)
    stop_ladders(case=case, clocks=("case.schedule",))
    when = f"{timezone.localtime(meeting.starts_at):%m-%d %H:%M}"
    take_step(case=case, action="case.schedule", before=before, time=when)
    outbox.announce(CaseScheduled(case_id=case.pk))
    for person in {*people_to_meet(case), meeting.proposed_by} - {by}:
        tell(case=case, recipient=person, template="case.scheduled", time=when)


def book(*, case: Case, meeting: Meeting, by: User) -> None:
    """Claim the half hours of all doctors; the constraint decides, not a look before."""
    require_intention()
    meeting.status, meeting.agreed_by = BOOKED, by
    meeting.save(update_fields=["status", "agreed_by"])
    hold_time(case=case, meeting=meeting)
    publication.publish(meeting)
    ahead = meeting.starts_at - timezone.now()
    start_ladders(case=case, spent={"room.noshow": -ahead, "room.open": -ahead})


def hold_time(*, case: Case, meeting: Meeting, people: Sequence[User] | None = None) -> None:
    """Keep the time of a meeting for those who lack it. Raises Conflict for who is busy then."""
    require_intention()
    wanted = people_to_meet(case) if people is None else people
    held = set(meeting.half_hours.values_list("person", flat=True))
    for person in sorted(wanted, key=lambda p: p.pk):
        if person.pk not in held:
            _claim(meeting, person)


def free_time_of(*, case: Case, person: User) -> None:
    """One person is out; the others keep their time."""
    require_intention()
    for meeting in case.meetings.filter(status__in=[BOOKED, PROPOSED]):
        meeting.half_hours.filter(person=person).delete()
        if meeting.status == BOOKED:
            publication.publish(meeting)


def drop_meetings(*, case: Case, keep: Meeting | None = None) -> int:
    """The time no longer holds: nobody is promised for it."""
    require_intention()
    live = case.meetings.filter(status__in=[BOOKED, PROPOSED])
    dropped = list(live.exclude(pk=keep.pk) if keep else live)
    for meeting in dropped:
        booked = meeting.status == BOOKED
        meeting.status = Meeting.Status.DROPPED
        meeting.save(update_fields=["status"])
        meeting.half_hours.all().delete()
        if booked:
            publication.publish(meeting)
    stop_ladders(case=case, clocks=("room.noshow", "room.open"))
    return len(dropped)


def move_meetings(*, case: Case, old: User, new: User) -> None:
    """Who takes over a case takes over its time. Raises Conflict when they are busy then."""
    require_intention()
    for meeting in case.meetings.filter(status__in=[BOOKED, PROPOSED]):
        kept, _rows = meeting.half_hours.filter(person=old).delete()
        if kept:
            _claim(meeting, new)
        if meeting.status == BOOKED:
            publication.publish(meeting)


def _claim(meeting: Meeting, person: User) -> None:
    slots = []
    at = meeting.starts_at
    while at < meeting.ends_at:
        slots.append(HalfHour(meeting=meeting, person=person, starts_at=at))
        at += HALF_HOUR
    message = _("{who} is busy then.").format(who=person.name)
    with refusing(nobody_is_in_two_places=Conflict(message, path="starts_at")):
        HalfHour.objects.bulk_create(slots)


def miss_meeting(*, case: Case) -> None:
    """
    The time is over and the consult did not begin: both look for another.

    The second time the coordinator is told, who decides what becomes of it.
    """
    require_intention()
    meeting = case.meetings.filter(status=BOOKED).first()
    if meeting is None or case.status != Status.SCHEDULED:
        return
    there = roomport.present(case.pk)
    absent = [side for side in Side if side not in there]
    meeting.status = Meeting.Status.MISSED
    meeting.missed_by = absent[0] if len(absent) == 1 else ""
    meeting.save(update_fields=["status", "missed_by"])
    meeting.half_hours.all().delete()
    case.become(Status.ACCEPTED, _("No time can be arranged for this consult now."))
    case.save(update_fields=["status"])
    publication.publish(meeting)
    roomport.lapse(case, missed_by=meeting.missed_by)
    take_step(case=case, action="case.miss", before=Status.SCHEDULED, missed_by=meeting.missed_by)
    people = set(people_to_meet(case))
    if case.is_joint:
        start_ladder(case=case, clock="case.schedule")
    if case.meetings.filter(status=Meeting.Status.MISSED).count() > 1:
        people |= set(coordinators_of(case.addressee))
    for person in people:
        tell(case=case, recipient=person, template="case.missed")


def switch_mode(*, actor: User, case_id: UUID, mode: str) -> Case:
    """From a meeting to an opinion in writing, or back; an agreed time is given up."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    entitled = permissions.is_asking(actor, case) or permissions.is_holder(actor, case)
    require(entitled, _("Your role here may not change how you meet."))
    if mode not in Case.Mode.values:
        raise Invalid(_("Choose one of the values offered."), path="mode")
    if case.mode == mode:
        return case
    if case.is_joint:
        raise Conflict(_("A joint consult meets in a room."), path="mode")
    if case.status not in (Status.DRAFT, *UNANSWERED, *HELD):
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    if mode == Case.Mode.OFFLINE and roomport.is_live(case.pk):
        raise Conflict(_("People are in the room; end it first."), path="room")
    before = case.status
    case.mode = mode
    if mode == Case.Mode.OFFLINE:
        _give_up_meeting(case)
    case.save(update_fields=["mode", "status"])
    take_step(case=case, action="case.switch_mode", before=before, mode=mode)
    for person in {case.requester, case.holder} - {actor, None}:
        if person:
            state = str(case.get_mode_display())
            tell(case=case, recipient=person, template="case.mode", state=state)
    return case


def _give_up_meeting(case: Case) -> None:
    drop_meetings(case=case)
    if case.status == Status.SCHEDULED:
        case.become(Status.ACCEPTED, _("The opinion is signed; amend it instead."))
    roomport.lapse(case)


def _side(actor: User, case: Case) -> Side:
    side = permissions.side_of(actor, case)
    if side is None:
        raise Forbidden(_("Your role here may not arrange a time."))
    return side


def check_time(starts_at: datetime, half_hours: int) -> None:
    """Raises Invalid for a time at which nobody can meet."""
    if not 1 <= half_hours <= LONGEST:
        message = _("Between half an hour and {n} hours.").format(n=LONGEST // 2)
        raise Invalid(message, path="half_hours")
    local = timezone.localtime(starts_at)
    if local.minute % 30 or local.second or local.microsecond:
        raise Invalid(_("Choose a full or a half hour."), path="starts_at")
    if starts_at <= timezone.now():
        raise Invalid(_("That time has passed."), path="starts_at")
    if starts_at > timezone.now() + AHEAD:
        message = _("At most {n} days ahead.").format(n=AHEAD.days)
        raise Invalid(message, path="starts_at")


def _must_be_arrangeable(actor: User, case: Case) -> None:
    if case.mode == Case.Mode.OFFLINE:
        raise Conflict(_("This consult is in writing; there is nothing to meet for."), path="mode")
    if not permissions.may_schedule(actor, case):
        raise Conflict(_("No time can be arranged for this consult now."), path="status")


def _other_side(case: Case, side: Side) -> list[User]:
    if side == Side.ANSWERING:
        return [case.requester]
    return (
        [case.holder]
        if case.holder and not case.is_joint
        else list(coordinators_of(case.addressee))
    )
