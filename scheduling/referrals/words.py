"""What pages say of a referral: where it stands, and each step of its time line."""

from typing import Any

from django.utils.translation import gettext as _

from scheduling.referrals.models import Referral, Status, Step

BLANK = (
    *("org", "department", "time", "place", "reason", "elsewhere"),
    *("station", "outcome", "who", "old"),
)
STAGES = [Status.SENT, Status.ACCEPTED, Status.ARRIVED, Status.HANDED_BACK, Status.CLOSED]


def stages_of(referral: Referral) -> list[Status]:
    """Down, the plan is there from the beginning: nothing is handed back."""
    return [one for one in STAGES if one != Status.HANDED_BACK or not referral.is_down]


def state_words(referral: Referral, *, resident: bool = False) -> str:
    """In whose hands it is."""
    org, who = referral.organisation.name, (referral.taken_by or referral.sender).name
    mine = {"org": org, "who": who, "sending": referral.sending.name}
    if resident:
        return _for_resident(referral).format(**mine)
    if referral.status == Status.SENT and referral.asks:
        return _("{sending} has to answer a question; the clock waits").format(**mine)
    if referral.is_down and (said := _down().get(Status(referral.status))):
        return said.format(**mine)
    sentences = {
        Status.SENT: _("{org} was asked for a place"),
        Status.ACCEPTED: _("{org} expects the patient"),
        Status.ARRIVED: _("The patient is at {org}"),
        Status.IN_CARE: _("A doctor of {org} has the patient"),
        Status.HANDED_BACK: _("Back with a plan for {sending} or the family doctor to take over"),
        Status.CLOSED: _("{who} has taken the plan over"),
        Status.DECLINED: _("Declined; {sending} asks elsewhere"),
        Status.NOT_ARRIVED: _("{sending} has to find out what became of the patient"),
        Status.CANCELLED: _("Withdrawn"),
        Status.EXPIRED: _("Nobody answered in time"),
    }
    return sentences[Status(referral.status)].format(**mine)


def _down() -> dict[Status, str]:
    """What reads otherwise where a hospital sends somebody down to a clinic."""
    return {
        Status.SENT: _("{org} was asked to take the patient on"),
        Status.ARRIVED: _("The patient is at {org}; the plan waits to be taken over"),
        Status.CLOSED: _("{org} has taken the plan over"),
    }


def _down_for_resident() -> dict[Status, str]:
    return {
        Status.SENT: _("{who} asked {org} to go on with your care."),
        Status.ARRIVED: _("{org} goes on with your care."),
        Status.CLOSED: _("{org} goes on with what {sending} advised."),
    }


def _for_resident(referral: Referral) -> str:
    if referral.is_down and (said := _down_for_resident().get(Status(referral.status))):
        return said
    return {
        Status.SENT: _("{who} asked {org} for a place for you."),
        Status.ACCEPTED: _("{org} expects you."),
        Status.ARRIVED: _("You are at {org}."),
        Status.IN_CARE: _("You are at {org}."),
        Status.HANDED_BACK: _("{org} has sent {who} what was found and what comes next."),
        Status.CLOSED: _("{who} goes on with what {org} advised."),
        Status.DECLINED: _("{org} could not take you. {who} asks elsewhere."),
        Status.NOT_ARRIVED: _("You were expected at {org}. Please ring {sending}."),
        Status.CANCELLED: _("The referral was withdrawn."),
        Status.EXPIRED: _("{org} did not answer. {who} asks elsewhere."),
    }[Status(referral.status)]


def _green_words() -> dict[str, str]:
    return {
        "green.open": _("Green channel opened: {org}, {department} accepts at once"),
        "green.widen": _("Not acknowledged; {org}, {department} was called, too"),
        "green.acknowledge": _("{org} has acknowledged"),
        "green.stamp": _("{station} at {time}"),
        "green.correct": _("{station} corrected to {time}: {reason}"),
        "green.end": _("Green channel ended: {outcome}"),
        "green.take_back": _("Green channel taken back: {reason}"),
    }


def stage_of(referral: Referral) -> int:
    """How far it has come on its way, as an index of STAGES; -1 where it ended on the way."""
    match referral.status:
        case Status.SENT | Status.DECLINED:
            return 0
        case Status.ACCEPTED | Status.NOT_ARRIVED:
            return 1
        case Status.ARRIVED | Status.IN_CARE:
            return 2
        case Status.HANDED_BACK:
            return 3
        case Status.CLOSED:
            return len(stages_of(referral)) - 1
        case _:
            return -1


def step_words(step: Step) -> str:
    """One line of the time line."""
    facts: dict[str, Any] = {**dict.fromkeys(BLANK, ""), **step.facts}
    if step.action in ("referral.remind", "referral.escalate"):
        told = _(", ").join(facts.get("told", [])) or "–"
        reminded = step.action == "referral.remind"
        sentence = _("Reminded: {told}") if reminded else _("Overdue. Told: {told}")
        return sentence.format(told=told)
    sentences = {
        **_green_words(),
        "referral.send": _("Sent to {org}, {department}"),
        "referral.send_again": _("Sent on to {org}, {department}"),
        "referral.widen": _("Not answered; {org}, {department} was asked, too"),
        "referral.ask": _("Asked back; the clock waits"),
        "referral.answer": _("Answered the question; the clock runs on"),
        "referral.accept": _("{org} accepted: {time}, {place}"),
        "referral.undo_accept": _("{org} took its acceptance back and answers anew: {reason}"),
        "referral.decline": _("{org} declined: {reason} Elsewhere: {elsewhere}"),
        "referral.cancel": _("Withdrawn: {reason}"),
        "referral.expire": _("Nobody answered in time"),
        "referral.arrive": _("Arrived at {org}") if facts["org"] else _("Arrived at the hospital"),
        "referral.miss": _("Did not arrive"),
        "referral.coming": _("Comes at another time: {time}"),
        "referral.move": _("The visit was moved to {time}"),
        "referral.visit_gone": _("The visit was cancelled"),
        "referral.hand_on": _("{old} leaves; {who} sees to it now"),
        "referral.begin": _("A doctor has the patient"),
        "referral.discharge": _("Discharged; the hand-back is due"),
        "referral.hand_back": _("Handed back"),
        "referral.take_plan": _("The plan was taken over"),
    }
    sentence = sentences.get(step.action, step.action)
    return sentence.format(**facts)
