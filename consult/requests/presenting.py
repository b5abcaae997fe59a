"""Cases as rows and steps, in words; templates hold no logic."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consult.requests import permissions, queries
from consult.requests.models import HELD, UNANSWERED, Case, Kind, Offer, Receipt, Status, Step
from consult.requests.policies import promised
from consult.requests.words import FIELD_NAMES
from telemed.organisations.models import Specialty
from telemed.organisations.queries import Partner
from telemed.people.models import Role, User


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
    named: bool  # whether the patient's name may stand on this screen


VERBS = {
    (Role.TOWNSHIP_DOCTOR, Status.DRAFT): gettext_noop("Go on writing"),
    (Role.TOWNSHIP_DOCTOR, Status.SIGNED): gettext_noop("Read opinion"),
    (Role.TOWNSHIP_DOCTOR, Status.ACCEPTED): gettext_noop("Enter room"),
    (Role.TOWNSHIP_DOCTOR, Status.IN_PROGRESS): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.ROUTED): gettext_noop("Look and answer"),
    (Role.SPECIALIST, Status.ACCEPTED): gettext_noop("Enter room"),
    (Role.SPECIALIST, Status.IN_PROGRESS): gettext_noop("Enter room"),
    (Role.COORDINATOR, Status.SUBMITTED): gettext_noop("Assign"),
    (Role.COORDINATOR, Status.ROUTED): gettext_noop("Assign"),
}


def row(actor: User, case: Case) -> Row:
    """How this account sees one case on a list."""
    role = Role(actor.role)
    status = Status(case.status)
    verb = VERBS.get((role, status))
    meets = role in (Role.TOWNSHIP_DOCTOR, Role.SPECIALIST) and status in HELD
    url = f"/cases/{case.pk}/"
    if meets:
        url = f"/rooms/{case.pk}/"
    if status == Status.DRAFT:
        url = f"/cases/{case.pk}/edit/"
    return Row(
        case=case,
        question=case.reason if role != Role.COORDINATOR else str(case.get_specialty_display()),
        hands=hands(case),
        verb=_(verb) if verb else _("Open"),
        url=url,
        due_at=case.due_at if status != Status.DRAFT else None,
        since=case.due_since,
        late=status in UNANSWERED and case.due_at is None,
        urgent=case.kind == Kind.EMERGENCY,
        meets=meets,
        named=role != Role.COORDINATOR,
    )


def hands(case: Case) -> str:
    """In whose hands a case is, and what then."""
    match case.status:
        case Status.DRAFT:
            return _("Not sent yet; saved as you type")
        case Status.SUBMITTED:
            return _("The coordinator of {org} is finding a doctor").format(org=_org(case))
        case Status.ROUTED:
            return _("{org} was asked; unanswered, it goes to the coordinator").format(
                org=_org(case)
            )
        case Status.ACCEPTED | Status.IN_PROGRESS:
            return _("{who} of {org} has it").format(who=_holder(case), org=_org(case))
        case Status.SIGNED:
            return _("{who} signed the opinion; your receipt closes the case").format(
                who=_holder(case)
            )
        case _:
            return str(case.get_status_display())


def faults(missing: list[tuple[str, str]], path: str, text: str) -> dict[str, str]:
    """What stands at each field: that it is empty, or why it was refused."""
    empty = {name: _("This is still empty.") for name, _label in missing}
    return empty or {"consent" if path == "signature" else path: text}


@dataclass(frozen=True)
class Column:
    """One stage of the board. On a phone only the one that `stands` is shown."""

    key: str
    title: str
    rows: list[Row]
    stands: bool


def board(actor: User, column: str = "") -> dict[str, Any]:
    """The first page's content; `column` is the stage that a phone shows of the board."""
    needs = [row(actor, case) for case in queries.needs_me(actor)]
    waiting = [row(actor, case) for case in queries.under_way(actor)]
    role = Role(actor.role)
    return {
        "needs": needs,
        "waiting": waiting,
        "soonest": next((r for r in needs if r.due_at), None),
        "asks": role == Role.TOWNSHIP_DOCTOR,
        "answers": role == Role.SPECIALIST,
        "coordinates": role == Role.COORDINATOR,
        "columns": _columns([*needs, *waiting], column) if role == Role.COORDINATOR else [],
        "on_duty": _on_duty(actor) if role == Role.TOWNSHIP_DOCTOR else [],
    }


def _columns(rows: list[Row], wanted: str) -> list[Column]:
    """The wanted one stands, else the first in which there is anything."""
    stages = {
        "assign": (_("To assign"), (Status.SUBMITTED,)),
        "answer": (_("Waiting for an answer"), (Status.ROUTED,)),
        "progress": (_("In progress"), HELD),
        "receipt": (_("Waiting for receipt"), (Status.SIGNED, Status.RECEIPTED)),
    }
    having = {
        key: [row for row in rows if row.case.status in states]
        for key, (_title, states) in stages.items()
    }
    stands = wanted if wanted in stages else next((k for k, r in having.items() if r), "assign")
    return [Column(k, title, having[k], k == stands) for k, (title, _states) in stages.items()]


ASKING = "requests:edit requests:send requests:consent"  # doors of the page of a draft
SHOWN = 4  # specialties that stand open; the others are one tap away
USUAL = (
    Specialty.CARDIOLOGY,
    Specialty.NEUROLOGY,
    Specialty.RESPIRATORY,
    Specialty.OBSTETRICS,
)
Choices = list[tuple[str, Any]]


def specialties(asked_before: list[str], *, chosen: str) -> tuple[Choices, Choices]:
    """Those this institution asks most, the chosen one always among them; and the others."""
    order = dict.fromkeys([*filter(None, [chosen]), *asked_before, *USUAL])
    likely = set(list(order)[:SHOWN])
    choices: Choices = list(Specialty.choices)
    return [c for c in choices if c[0] in likely], [c for c in choices if c[0] not in likely]


def choice_of(partners: list[Partner], wanted: str) -> str:
    """Which hospital stands chosen: the one wanted if it may be asked, else the first that may."""
    open_to = [str(partner.organisation.pk) for partner in partners if partner.in_force]
    if wanted:
        return wanted if wanted in open_to else ""
    return open_to[0] if open_to else ""


def missing(case: Case) -> list[tuple[str, str]]:
    """What is still to be done before sending: the field, and what it is called."""
    names = [(name, _(FIELD_NAMES[name])) for name in case.missing]
    if case.asked is None:
        names.append(("asked", _("the hospital")))
    if case.consent is None:
        names.append(("consent", _("the signed consent")))
    return names


def _on_duty(actor: User) -> list[queries.Candidate]:
    return queries.on_duty_for(actor.acting_organisation)


STEP_WORDS = {
    "case.draft": gettext_noop("Request begun"),
    "consent.give": gettext_noop("Consent taken"),
    "case.submit": gettext_noop("Sent"),
    "case.route": gettext_noop("{doctors} doctors asked"),
    "offer.read": gettext_noop("Request read"),
    "case.accept": gettext_noop("Accepted"),
    "offer.decline": gettext_noop("Declined: {reason}"),
    "case.return": gettext_noop("Everyone who was asked declined"),
    "case.remind": gettext_noop("Doctors reminded"),
    "case.escalate": gettext_noop("Nobody answered in time; coordinator told"),
    "case.assign": gettext_noop("Assigned to {doctor}"),
    "case.begin": gettext_noop("Consult began"),
    "case.late": gettext_noop("Opinion overdue; doctor and coordinator told"),
    "opinion.sign": gettext_noop("Opinion signed"),
    "opinion.amend": gettext_noop("Opinion amended, version {version}"),
    "case.receipt": gettext_noop("Receipt: {decision}"),
    "case.receipt_late": gettext_noop("Receipt overdue; asking doctor told"),
    "case.close": gettext_noop("Closed"),
    "case.cancel": gettext_noop("Withdrawn"),
    "case.expire": gettext_noop("Draft expired"),
}


def step_words(step: Step) -> str:
    """One line of the time line."""
    facts = dict(step.facts)
    if decision := facts.get("decision"):
        facts["decision"] = str(Receipt.Decision(decision).label)
    sentence = _(STEP_WORDS.get(step.action, step.action))
    try:
        return sentence.format(**facts)
    except KeyError:
        return sentence


def steps_of(case: Case) -> list[dict[str, Any]]:
    """The stepper: what is done, what is now, what comes."""
    order = [Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS, Status.SIGNED, Status.CLOSED]
    at = {
        s.to_status: s.at for s in reversed(queries.time_line(case)) if s.from_status != s.to_status
    }
    reached = _reached(case)
    done = {
        Status.SUBMITTED: _("Sent"),
        Status.ACCEPTED: _("Accepted"),
        Status.IN_PROGRESS: _("Consult"),
        Status.SIGNED: _("Opinion signed"),
        Status.CLOSED: _("Receipt, closed"),
    }
    awaited = {
        Status.ACCEPTED: _("Waiting for an answer"),
        Status.IN_PROGRESS: _("Waiting for the room"),
        Status.SIGNED: _("Waiting for the opinion"),
        Status.CLOSED: _("Waiting for receipt"),
    }
    steps = []
    for number, status in enumerate(order):
        current = number == reached and case.status != Status.CANCELLED
        name = awaited.get(status, done[status]) if current else done[status]
        steps.append(
            {"name": name, "at": at.get(status), "done": number < reached, "current": current}
        )
    return steps


def _reached(case: Case) -> int:
    """Which step of the stepper comes next."""
    return {
        Status.DRAFT: 0,
        Status.SUBMITTED: 1,
        Status.ROUTED: 1,
        Status.ACCEPTED: 2,
        Status.IN_PROGRESS: 3,
        Status.SIGNED: 4,
        Status.RECEIPTED: 4,
    }.get(Status(case.status), 5)


def promise(case: Case) -> str:
    """What happens when nobody answers, said before the click."""
    minutes = int(promised(case.kind).total_seconds() // 60)
    if case.is_emergency:
        return _("Not accepted within {n} minutes, the coordinator takes over.").format(n=minutes)
    return _("Not accepted within {n} working hours, the coordinator takes over.").format(
        n=minutes // 60
    )


def acts(actor: User, case: Case) -> dict[str, Any]:
    """What this account may do on the case page now."""
    offer = queries.find_offer(actor, case) if actor.role == Role.SPECIALIST else None
    answers = offer is not None and offer.status in Offer.WAITING and case.status in UNANSWERED
    return {
        "offer": offer,
        "may_answer": answers,
        "may_assign": permissions.may_assign(actor, case),
        "may_cancel": permissions.may_cancel(actor, case),
        "may_receipt": permissions.may_receipt(actor, case),
        "may_meet": permissions.may_meet(actor, case) and case.status in HELD,
        "is_holder": permissions.is_holder(actor, case),
        "clinical": permissions.may_read_clinical(actor, case, offered=offer is not None),
    }


def _org(case: Case) -> str:
    return case.asked.name if case.asked else ""


def _holder(case: Case) -> str:
    return case.holder.name if case.holder else ""
