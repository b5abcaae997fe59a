"""The thread: short messages between both sides, until 72 hours after the opinion was signed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseMessageWritten
from consult.requests.models import Case, Message, Side
from consult.requests.policies import MESSAGE_TURN
from consult.requests.queries import get_case, has_seat, has_thread, thread_ends_at, turns_of
from consult.requests.rungs import Whom
from consult.requests.services.telling import audience, tell
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox
from telemed.people.models import User


def write_message(
    *, actor: User, case_id: UUID, text: str, for_coordinators: bool = False
) -> Message:
    """
    Write to the other side. Who is concerned there is told, once in a quarter of an hour.

    Raises Conflict before it is sent, once it ended, and 72 hours after the opinion was signed.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    side = permissions.thread_side_of(actor, case, seated=has_seat(actor, case))
    require(side is not None, _("Only who asks, who answers and their coordinators write here."))
    assert side is not None  # noqa: S101
    text = _checked(text)
    _must_be_open(case)
    at = moments.now()
    coordinator = permissions.reads_for_coordinators(actor, case)
    message = Message.objects.create(
        case=case,
        side=side,
        written_by=actor,
        text=text,
        for_coordinators=for_coordinators or coordinator,
        turn=_turn(case, side, at),
        at=at,
    )
    audit.record(action="case.message", target=case, patient_id=case.patient_id)
    outbox.announce(CaseMessageWritten(case_id=case.pk, message_id=message.pk))
    _pass_on(case, message)
    return message


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Write the message first."), path="text")
    if "\x00" in text:
        raise Invalid(_("This can't be kept as text."), path="text")
    if len(text) > Message.MOST:
        limit, count = Message.MOST, len(text)
        message = _("At most {limit} characters; this has {count}.")
        raise Invalid(message.format(limit=limit, count=count), path="text")
    return text


def _must_be_open(case: Case) -> None:
    if not has_thread(case):
        state = case.get_status_display()
        message = _("This consult is {state}; no message can be written.")
        raise Conflict(message.format(state=state), path="status")
    ends_at = thread_ends_at(case)
    if ends_at and moments.now() >= ends_at:
        message = _("The opinion was signed more than 72 hours ago. Ask again in a new consult.")
        raise Conflict(message, path="text")


def _turn(case: Case, side: Side, at: datetime) -> int:
    """The turn that runs for this side, or the next one of the case."""
    wrote = turns_of(case, side)
    newest = wrote.first()
    if newest:
        began = wrote.filter(turn=newest.turn).last()
        if began and at - began.at < MESSAGE_TURN:
            return newest.turn
    highest = case.messages.aggregate(highest=Max("turn"))["highest"] or 0
    return highest + 1


def _pass_on(case: Case, message: Message) -> None:
    """Tell the other side; whoever else has the page open sees it come."""
    writer = message.written_by
    concerned = {person.pk: person for person in _other_side(case, message)}
    for person in concerned.values():
        template = "case.message"
        tell(case=case, recipient=person, template=template, turn=message.turn, who=writer.name)
    for person in {*concerned.values(), *_of_both_sides(case, message)}:
        if person.pk != writer.pk:
            ring_inbox(person.pk)


def _other_side(case: Case, message: Message) -> Iterable[User]:
    asks = message.side == Side.ASKING
    if not asks:
        yield case.requester
    elif case.holder:
        yield from (case.holder, *case.experts)
    else:
        yield from audience(case, Whom.ASKED)
        yield from case.experts
    if message.for_coordinators:
        yield from audience(case, Whom.COORDINATOR_A if asks else Whom.COORDINATOR_Q)


def _of_both_sides(case: Case, message: Message) -> Iterable[User]:
    yield case.requester
    yield from filter(None, (case.holder, *case.experts))
    if message.for_coordinators:
        yield from (
            *audience(case, Whom.COORDINATOR_A),
            *audience(case, Whom.COORDINATOR_Q),
        )
