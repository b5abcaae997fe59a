"""One case on a list."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consult.requests.models import ANSWERED, HELD, OVER, UNANSWERED, Case, Kind, Status
from consult.requests.permissions import is_asking, may_wait_inside
from consult.requests.queries import Turn
from telemed.people.licences import is_village_doctor
from telemed.people.models import Role, User

DOCTORS = (Role.TOWNSHIP_DOCTOR, Role.SPECIALIST)


@dataclass(frozen=True)
class Row:
    """One case on a list: who, what, in whose hands, how long is left, the one verb."""

    case: Case
    question: str
    hands: str
    verb: str
    url: str
    due_at: datetime | None
    since: datetime | None
    late: bool  # unanswered when its clock ran out
    urgent: bool
    meets: bool  # whether `url` is the room
    inside: bool  # an emergency that nobody has accepted: its doctor may wait in the room
    named: bool  # whether the patient's name may stand on this screen
    turn: str  # whose turn it is, in a word
    waits: bool  # the asking side has questions to answer
    other: str  # the institution on the other side; for who looks on, the one that asks
    assignable: bool
    withdrawn: bool  # its opinion was withdrawn and a new one is due
    ready: bool  # the text is done and waits for the signature; for the asked side's eyes


VERBS = {
    (Role.TOWNSHIP_DOCTOR, Status.DRAFT): gettext_noop("Go on writing"),
    (Role.TOWNSHIP_DOCTOR, Status.SIGNED): gettext_noop("Read opinion"),
    (Role.TOWNSHIP_DOCTOR, Status.RECEIPTED): gettext_noop("Close"),
    (Role.TOWNSHIP_DOCTOR, Status.ACCEPTED): gettext_noop("Enter room"),
    (Role.TOWNSHIP_DOCTOR, Status.SCHEDULED): gettext_noop("Enter room"),
    (Role.TOWNSHIP_DOCTOR, Status.IN_PROGRESS): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.ROUTED): gettext_noop("Look and answer"),
    (Role.SPECIALIST, Status.ACCEPTED): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.SCHEDULED): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.IN_PROGRESS): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.CLOSED): gettext_noop("Write opinion"),
    (Role.SPECIALIST, Status.ARCHIVED): gettext_noop("Write opinion"),
    (Role.COORDINATOR, Status.SUBMITTED): gettext_noop("Assign"),
    (Role.COORDINATOR, Status.ROUTED): gettext_noop("Assign"),
    (Role.DIRECTOR, Status.SUBMITTED): gettext_noop("Assign"),
    (Role.DIRECTOR, Status.ROUTED): gettext_noop("Assign"),
}


def row(actor: User, case: Case) -> Row:
    """How this account sees one case on a list."""
    role, status = Role(actor.role), Status(case.status)
    here = case.asked_id == actor.organisation_id
    waits = case.waiting_on == Turn.REQUESTER and status in (*UNANSWERED, *HELD)
    meets = role in DOCTORS and status in HELD and case.mode == Case.Mode.LIVE
    mine = case.holder_id == actor.pk or case.joined
    along = case.writes and not mine
    to_take = role == Role.SPECIALIST and status in HELD and not mine and not along
    meets = meets and not to_take and not along
    asks = role == Role.TOWNSHIP_DOCTOR
    verb = _verb(role, status, case, here)
    if to_take:
        verb = _("Look and answer")
    elif along:
        verb = _("Write along")
    elif waits and asks and not meets:
        verb = _("Answer question")
    return Row(
        case=case,
        question=case.reason if role in DOCTORS else str(case.get_specialty_display()),
        hands=hands(actor, case),
        verb=verb,
        url=_url(case, meets, to_convene=_is_to_convene(role, case, here)),
        due_at=case.due_at if status != Status.DRAFT else None,
        since=case.due_since,
        late=status in UNANSWERED and case.due_at is None and not waits,
        urgent=case.kind == Kind.EMERGENCY,
        meets=meets,
        inside=may_wait_inside(actor, case),
        named=role in DOCTORS,
        turn=str(Turn(case.waiting_on).label) if case.waiting_on else "",
        waits=waits,
        other=_other(actor, case),
        assignable=role == Role.COORDINATOR and here and status in UNANSWERED and not case.is_joint,
        withdrawn=case.is_withdrawn,
        ready=here and case.ready_at is not None and status in (*HELD, *ANSWERED, *OVER),
    )


def _verb(role: Role, status: Status, case: Case, here: bool) -> str:
    found = VERBS.get((role, status))
    if found is None or (role not in DOCTORS and not here):
        return _("Open")
    if status in OVER and not case.is_withdrawn:
        return _("Open")
    if case.is_joint and status in UNANSWERED:
        if _is_to_convene(role, case, here):
            return _("Call together")
        return _("Look and answer") if role == Role.SPECIALIST and not case.joined else _("Open")
    if status in HELD and case.mode == Case.Mode.OFFLINE:
        return _("Write opinion") if role == Role.SPECIALIST else _("Open")
    return _(found)


def _is_to_convene(role: Role, case: Case, here: bool) -> bool:
    """A joint consult that waits for the coordinator to call its doctors together."""
    waits = case.is_joint and case.status == Status.SUBMITTED
    return waits and here and role == Role.COORDINATOR


def _url(case: Case, meets: bool, *, to_convene: bool) -> str:
    if to_convene:
        return f"/cases/{case.pk}/mdt/"
    if case.status == Status.DRAFT:
        return f"/cases/{case.pk}/edit/"
    return f"/rooms/{case.pk}/" if meets else f"/cases/{case.pk}/"


def _other(actor: User, case: Case) -> str:
    if case.asking_id == actor.organisation_id:
        return case.asked.name if case.asked else ""
    return case.asking.name


def hands(actor: User, case: Case) -> str:
    """In whose hands a case is, and what then, as this reader would say it."""
    if case.waiting_on == Turn.REQUESTER and case.status in (*UNANSWERED, *HELD):
        if is_asking(actor, case):
            return _("You have a question to answer; the clock waits")
        return _("{org} has to answer a question; the clock waits").format(org=case.asking.name)
    who = case.holder.name if case.holder else ""
    org = case.asked.name if case.asked else ""
    if case.is_withdrawn:
        return _("The opinion was withdrawn; {who} of {org} owes a new one").format(
            who=who, org=org
        )
    sentence = _own_words(actor, case) or _words(case)
    return sentence.format(who=who, org=org, asking=case.asking.name)


def _own_words(actor: User, case: Case) -> str:
    """To whom has it, and whose receipt is due, it is said in the second person."""
    status = Status(case.status)
    if status == Status.SIGNED and is_asking(actor, case) and not is_village_doctor(actor):
        return _("{who} signed the opinion; your receipt closes the case")
    if case.joined and case.holder_id != actor.pk and status in (Status.ROUTED, *HELD):
        chaired = _("You take part; {who} of {org} chairs it")
        return chaired if case.holder else _("You take part; others have yet to accept")
    if case.writes and case.holder_id != actor.pk:
        return _("You write along; {who} of {org} has it")
    if case.holder_id != actor.pk or status not in HELD:
        return ""
    if status == Status.SCHEDULED:
        return _("You have it; the time to meet is agreed")
    return _("You have it")


def _words(case: Case) -> str:
    sentences = {
        Status.DRAFT: _("Not sent yet; saved as you type"),
        Status.SUBMITTED: _("The coordinator of {org} is finding a doctor"),
        Status.ROUTED: _("{org} was asked; unanswered, it goes to the coordinator"),
        Status.ACCEPTED: _("{who} of {org} has it"),
        Status.SCHEDULED: _("{who} of {org} has it; the time to meet is agreed"),
        Status.IN_PROGRESS: _("{who} of {org} has it"),
        Status.SIGNED: _("{who} signed the opinion; the receipt of {asking} closes the case"),
        Status.RECEIPTED: _("The receipt is given; the case waits to be closed"),
    }
    if case.is_joint and case.status in UNANSWERED:
        sentences |= {
            Status.SUBMITTED: _("The coordinator of {org} calls the doctors together"),
            Status.ROUTED: _("Doctors of {org} are invited; not all have accepted yet"),
        }
    return sentences.get(Status(case.status)) or str(case.get_status_display())
