"""The asking doctor's receipt on an opinion, which they may still change while the case is open."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseAddedTo
from consult.requests.models import OVER, Case, Receipt, Status
from consult.requests.policies import REASON
from consult.requests.queries import get_case, why_not_present
from consult.requests.services.finishing import asks_to_close, close_case, what_is_open
from consult.requests.services.ladders import AFTER_SIGNING, start_ladder, stop_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import outbox, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.notifications.services import mark_read
from telemed.people.licences import is_village_doctor
from telemed.people.models import User


def give_receipt(
    *,
    actor: User,
    case_id: UUID,
    version: int,
    decision: str,
    reason: str = "",
    note: str = "",
    close: bool = True,
    instead_of: int | None = None,
) -> Case:
    """
    Act on the newest version of the opinion; closes the case unless asked not to.

    What an emergency went without needs `note`, why it stays so: else the case waits for it.
    `instead_of` is the turn of the receipt that this one takes the place of, while the case is
    open: Conflict where another one stands by now.

    The same decision again answers the present state, unless it is to close the case only now.
    Raises Conflict on an older version. A case that was closed without a receipt, or amended since,
    still takes one and stays closed.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side gives the receipt."))
    reason = _checked_reason(decision, reason)
    given = case.receipts.filter(opinion_version=version).order_by("-turn").first()
    changing = instead_of is not None
    said = given and _is_said(given, actor, decision, reason, again=not changing)
    if said and not (changing and close and _stays_open(case)):
        return case
    _check_licence(actor, case)
    _check_version(case, version)
    late = case.status in OVER and given is None and version > 0
    changes = given is not None and case.status == Status.RECEIPTED and given.turn == instead_of
    twice = Conflict(_("The receipt for this opinion was given already."), path="status")
    if not (late or changes) and case.status != Status.SIGNED:
        raise twice
    with refusing(one_receipt_a_turn=twice):
        receipt = Receipt.objects.create(
            case=case,
            opinion_version=version,
            turn=given.turn + 1 if given else 0,
            decision=decision,
            reason=reason,
            given_by=actor,
        )
    before = case.status
    if not late:
        _wait_for_its_end(case, note)
    mark_read(actor=actor, about=case.pk)
    closes = {"closes": True} if close and not late else {}  # as soon as nothing is in the way
    changed = {"changed": True} if given else {}
    facts: dict[str, Any] = {"decision": decision, "version": version, **closes, **changed}
    take_step(case=case, action="case.receipt", before=before, **facts)
    for one in filter(None, [given, receipt]):
        publication.publish(one)
    _return_it(case, receipt)
    if late:
        outbox.announce(CaseAddedTo(case_id=case.pk))
    elif close and not what_is_open(case):
        close_case(case=case, closing=Case.Closing.RECEIPT)
    return case


def _is_said(given: Receipt, actor: User, decision: str, reason: str, *, again: bool) -> bool:
    """The answer was lost, or somebody clicked twice."""
    same = given.decision == decision and given.given_by_id == actor.pk
    return same and (again or given.reason == reason)


def _stays_open(case: Case) -> bool:
    """Whether the receipt that stands was not to close it."""
    return case.status == Status.RECEIPTED and not asks_to_close(case)


def _wait_for_its_end(case: Case, note: str) -> None:
    if len(note.strip()) >= REASON:
        case.closing_note = note.strip()[:200]
    if case.status == Status.SIGNED:
        case.become(Status.RECEIPTED, _("There is no opinion to act on yet."))
    case.save(update_fields=["status", "closing_note"])
    stop_ladders(case=case, clocks=AFTER_SIGNING)
    start_ladder(case=case, clock="case.close")


def _return_it(case: Case, receipt: Receipt) -> None:
    """Who signed reads what became of it, each time that changes."""
    if case.holder is None:
        return
    tell(
        case=case,
        recipient=case.holder,
        template="case.receipt",
        turn=receipt.opinion_version + 1000 * receipt.turn,
        state=str(receipt.get_decision_display()),
    )


def _check_version(case: Case, version: int) -> None:
    if version != case.opinion_version:
        message = _("Version {n} exists; read it first.").format(n=case.opinion_version)
        raise Conflict(message, path="version")
    if case.is_withdrawn:
        message = _("Version {n} was withdrawn; wait for the new opinion.")
        raise Conflict(message.format(n=version), path="version")


def _check_licence(actor: User, case: Case) -> None:
    sentence = _("The receipt is a doctor's: a village doctor reads the opinion.")
    require(not is_village_doctor(actor), sentence)
    if why := why_not_present(actor, case):
        message = _("{who} cannot give the receipt: {why}").format(who=actor.name, why=why)
        raise Conflict(message, path="licence")


def _checked_reason(decision: str, reason: str) -> str:
    if decision not in Receipt.Decision.values:
        raise Invalid(_("Choose one: adopted, partly, not adopted."), path="decision")
    reason = reason.strip()[:500]
    if decision != Receipt.Decision.ADOPTED and len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    return reason
