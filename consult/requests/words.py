"""What a field, a clock and a step are called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from consult.requests.models import Case, Grade, Outcome, Receipt, Side, Step
from consult.requests.rungs import AGAIN, WARN
from records.consent.models import Consent
from telemed.organisations.models import Specialty

FIELD_NAMES = {
    "reason": gettext_noop("reason"),
    "aim": gettext_noop("aim"),
    "wanted_time": gettext_noop("time wanted"),
    "summary": gettext_noop("summary"),
    "specialty": gettext_noop("wanted specialty"),
}
CLOCK_WORDS = {
    "case.draft": gettext_lazy("the draft"),
    "case.triage": gettext_lazy("sorting the request"),
    "case.accept": gettext_lazy("the first answer"),
    "offer.accept": gettext_lazy("the answer to the invitation"),
    "case.schedule": gettext_lazy("the time of the joint consult"),
    "case.in_room": gettext_lazy("meeting in the room"),
    "case.done": gettext_lazy("the opinion"),
    "case.question": gettext_lazy("the answer to a question"),
    "case.consent": gettext_lazy("the consent"),
    "case.receipt": gettext_lazy("the receipt"),
    "case.close": gettext_lazy("closing the case"),
    "case.blocked": gettext_lazy("what keeps the case open"),
    "room.noshow": gettext_lazy("the agreed time"),
    "room.open": gettext_lazy("opening the room"),
    "case.outcome_3": gettext_lazy("the outcome of day 3"),
    "case.outcome_7": gettext_lazy("the outcome of day 7"),
    "case.outcome_30": gettext_lazy("the outcome of day 30"),
}

STEP_WORDS = {
    "case.draft": gettext_noop("Request begun"),
    "consent.give": gettext_noop("Consent taken"),
    "consent.refuse": gettext_noop("Consent refused ({relation}), not sent"),
    "case.submit": gettext_noop("Sent"),
    "case.ask_again": gettext_noop("Asks again; replaces {no}"),
    "case.unsubmit": gettext_noop("Sending taken back; a draft again"),
    "case.complete": gettext_noop("Completed what the emergency went without"),
    "case.route": gettext_noop("{doctors} doctors of {org} asked"),
    "case.widen": gettext_noop("{org} asked, too"),
    "case.pass_up": gettext_noop("Not answered; passed to the coordinator of {org}"),
    "case.pass_on": gettext_noop("Passed from {old} to {org}, {doctor} asked: {reason}"),
    "offer.read": gettext_noop("Request read"),
    "case.accept": gettext_noop("Accepted"),
    "offer.decline": gettext_noop("Declined: {reason}"),
    "case.return": gettext_noop("Nobody who was asked is left"),
    "case.assign": gettext_noop("Assigned to {doctor}"),
    "case.convene": gettext_noop(
        "Joint consult set up for {time}: {chair} in the chair, with {experts}"
    ),
    "offer.accept": gettext_noop("Takes part for {specialty}"),
    "offer.replace": gettext_noop("{doctor} invited in place of {former}"),
    "case.agree": gettext_noop("Agreed to {time}, once the experts have accepted"),
    "opinion.state": gettext_noop("Stated a view on the conclusion"),
    "opinion.unstated": gettext_noop("No view on the conclusion in time: {who}"),
    "opinion.ask_statements": gettext_noop("The room ended; the experts were asked for their view"),
    "case.substitute": gettext_noop("{doctor} asked instead"),
    "offer.promise": gettext_noop(
        "{doctor} promised on the phone to come; the clock waits {minutes} minutes, once"
    ),
    "offer.pass": gettext_noop("{new} asked in place of {old}, whose shift ends"),
    "offer.ask_over": gettext_noop("{doctor} asked to take over"),
    "offer.hand_over": gettext_noop("Handed over from {old} to {new}"),
    "offer.return": gettext_noop("Given back: {reason}"),
    "case.ask": gettext_noop("Asked for more"),
    "case.answer": gettext_noop("Answered what was asked"),
    "case.unask": gettext_noop("Question taken back"),
    "case.regrade": gettext_noop("Regraded from {old} to {new}: {reason}"),
    "case.propose": gettext_noop("Proposed to meet at {time}"),
    "case.schedule": gettext_noop("Agreed to meet at {time}"),
    "case.miss": gettext_noop("The agreed time passed without a meeting"),
    "case.switch_mode": gettext_noop("Changed to: {mode}"),
    "case.begin": gettext_noop("Consult began"),
    "opinion.sign": gettext_noop("Opinion signed"),
    "opinion.amend": gettext_noop("Opinion amended, version {version}"),
    "opinion.ask_withdrawal": gettext_noop("Asked to withdraw the opinion, version {version}"),
    "opinion.withdraw": gettext_noop(
        "Opinion withdrawn, version {version}: asked by {asked}, confirmed by {confirmed}"
    ),
    "opinion.drop_withdrawal": gettext_noop("The opinion stays; it is not withdrawn"),
    "opinion.ask_amendment": gettext_noop("The medical office asked to amend the opinion"),
    "case.receipt": gettext_noop("Receipt: {decision}"),
    "case.close": gettext_noop("Closed"),
    "case.archive": gettext_noop("Filed for both sides, copy {version}"),
    "case.outcome": gettext_noop("Outcome of day {day}: {result}"),
    "case.cancel": gettext_noop("Withdrawn"),
    "case.refer": gettext_noop("Referred as the opinion says: {referral} to {org}"),
    "case.transfer": gettext_noop("Referred instead of answered: {referral} to {org}"),
    "case.uncancel": gettext_noop("Withdrawal taken back"),
    "case.expire": gettext_noop("Not answered in time; could be asked instead: {others}"),
    "case.drop": gettext_noop("Draft expired"),
    # Steps of clocks before ladders
    "case.late": gettext_noop("Opinion overdue; doctor and coordinator told"),
    "case.receipt_late": gettext_noop("Receipt overdue; asking doctor told"),
}
LABELS = {
    "grade": Grade,
    "old": Grade,  # of a regrade; elsewhere it is a name
    "new": Grade,
    "decision": Receipt.Decision,
    "mode": Case.Mode,
    "result": Outcome.Result,
    "missed_by": Side,
    "relation": Consent.Relation,
}


def field_names(names: list[str]) -> str:
    """The fields of a request in words, as one list."""
    return _(", ").join(_(FIELD_NAMES[name]) for name in names)


def step_words(step: Step) -> str:
    """One line of the time line, complete enough for who was not there."""
    facts = dict(step.facts)
    if step.action in ("case.remind", "case.escalate"):
        return _rung_words(facts)
    for name, labels in LABELS.items():
        if facts.get(name) in labels.values:
            facts[name] = str(labels(facts[name]).label)
    if facts.get("specialty") in Specialty.values:
        facts["specialty"] = str(Specialty(facts["specialty"]).label)
    for name in ("others", "told", "experts"):
        if isinstance(facts.get(name), list):
            facts[name] = _(", ").join(facts[name]) or "–"
    sentence = (
        _more(step, facts) or _joint(step, facts) or _(STEP_WORDS.get(step.action, step.action))
    )
    try:
        said = sentence.format(**facts)
    except KeyError:
        return sentence
    if step.action == "case.submit" and facts.get("grade"):
        return _("{said}; grade: {grade}").format(said=said, grade=facts["grade"])
    return said


def _more(step: Step, facts: dict[str, Any]) -> str:
    """Steps whose sentence depends on what they say."""
    match step.action:
        case "case.ask" if facts.get("n"):
            return ngettext("Asked for more: {n} item", "Asked for more: {n} items", facts["n"])
        case "images.arrive":
            return _arrived(facts)
        case "opinion.sign" if facts.get("off_duty"):
            return _("Opinion signed, off duty")
        case "opinion.amend" if facts.get("off_duty"):
            return _("Opinion amended off duty, version {version}")
        case "case.answer" if facts.get("not_available"):
            return _("Said that it can't be had")
        case "case.close" if facts.get("closing") == Case.Closing.NO_RECEIPT:
            return _("Closed without a receipt")
        case "case.miss" if facts.get("missed_by"):
            return _("The agreed time passed; missing: {missed_by}")
        case "consent.refuse" if facts.get("reason"):
            return _("Consent refused ({relation}), not sent: {reason}")
        case "case.submit" | "case.route" | "case.receipt":
            return _sent_words(step, facts)
    return ""


def _arrived(facts: dict[str, Any]) -> str:
    if facts["here"] < facts["expected"]:
        return _("{here} of {expected} images came; the upload was given up")
    return ngettext(
        "{here} image is here, all there is", "All {here} images are here", facts["here"]
    )


def _joint(step: Step, facts: dict[str, Any]) -> str:
    """What is said otherwise of a joint consult."""
    match step.action:
        case "offer.accept" if facts.get("role") == "lead":
            return _("Takes the chair, for {specialty}")
        case "case.accept" if facts.get("chair"):
            return _("Accepted: {chair} in the chair, and the specialties that it needs")
        case "case.return" if facts.get("joint"):
            return _("A seat is empty that the joint consult needs")
    return ""


def _sent_words(step: Step, facts: dict[str, Any]) -> str:
    """Where it went, who was asked in which order, and whether the receipt is the first."""
    match step.action:
        case "case.receipt" if facts.get("changed"):
            return _("Receipt changed: {decision}")
        case "case.submit" if facts.get("proposed"):
            return _("Sent to {chosen}, not to {proposed} as proposed: {reason}")
        case "case.submit" if facts.get("agreement") is False:
            return _("Sent, without an agreement in force")
        case "case.route" if "org" not in facts:
            return _("{doctors} doctors asked")
        case "case.route" if isinstance(facts.get("asked"), list):
            facts["names"] = _(", ").join(_why_asked(one) for one in facts["asked"])
            return _("{doctors} doctors of {org} asked: {names}")
    return ""


def _why_asked(one: dict[str, Any]) -> str:
    """A doctor who was asked, and what put them in this place."""
    reasons = []
    if one.get("place"):
        reasons.append(_("on duty, call {n}").format(n=one["place"]))
    if one.get("at_desk"):
        reasons.append(_("at the desk"))
    if one.get("holding"):
        reasons.append(_("{n} in hand").format(n=one["holding"]))
    said = _(", ").join(reasons)
    return _("{who} ({why})").format(who=one["doctor"], why=said) if said else str(one["doctor"])


def _rung_words(facts: dict[str, Any]) -> str:
    what = str(CLOCK_WORDS.get(str(facts.get("clock")), CLOCK_WORDS["case.accept"]))
    if "told" not in facts:
        return _("Nobody answered in time; coordinator told")
    told = _(", ").join(facts["told"])
    if not told:
        return _("Overdue: {what}. Nobody is there to be told; passed to the next").format(
            what=what
        )
    if facts.get("rung") == WARN:
        return _("Reminded of {what}: {told}").format(what=what, told=told)
    if facts.get("rung") == AGAIN:
        return _("Still overdue: {what}. Told again: {told}").format(what=what, told=told)
    return _("Overdue, step {n}: {what}. Told: {told}").format(
        n=facts.get("rung"), what=what, told=told
    )
