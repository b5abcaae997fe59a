"""The end of a case: by hand, or by itself once nothing stands against it."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import roomport
from consult.requests.events import CaseClosed
from consult.requests.models import ANSWERED, Case, Status
from consult.requests.policies import READABLE_AFTER_CLOSE
from consult.requests.queries import lock_case, open_questions
from consult.requests.services.accruing import accrue
from consult.requests.services.ladders import (
    AFTER_SIGNING,
    BEFORE_SIGNING,
    BLOCKED,
    start_ladder,
    stop_ladders,
)
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.words import field_names
from records.consent.services import end_care
from telemed.core import outbox
from telemed.core.clocks import running
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle


def incomplete(case: Case) -> str:
    """Which legal fields and whether the consent are still missing, in words."""
    missing = [field_names(case.missing)] if case.missing else []
    if case.consent_is_due:
        missing.append(_("consent"))
    return _(", ").join(missing)


def what_is_open(case: Case) -> str:
    """Why the case can't be closed now, in words; empty when it can."""
    missing = incomplete(case)
    if missing and not case.closing_note:
        return _("Still missing: {fields}.").format(fields=missing)
    return who_is_waited_for(case)


def who_is_waited_for(case: Case) -> str:
    """The people in its room, or a question; no reason why not helps against these."""
    if roomport.is_live(case.pk):
        return _("People are in the room; end it first.")
    if waiting := open_questions(case):
        return _("{n} questions are already open.").format(n=len(waiting))
    return ""


def close_by_time(*, case: Case) -> bool:
    """
    Its time is over (the caller holds its lock): it closes, with its receipt or without.

    What keeps it open has a clock of its own, so that somebody hears of it until it is done.
    """
    require_intention()
    if _why_not(case):
        if not _has_waited(case):
            start_ladder(case=case, clock=BLOCKED)
        return False
    close_case(case=case, closing=_closing_of(case), by_system=True)
    return True


def close_if_due(*, case: Case) -> bool:
    """
    Something that kept it open was just done (the caller holds its lock): it closes if that was
    the last, and its receipt was to close it or its time is over.
    """
    require_intention()
    due = case.status in ANSWERED and (asks_to_close(case) or _has_waited(case))
    if not due or _why_not(case):
        return False
    close_case(case=case, closing=_closing_of(case), by_system=True)
    return True


def close_after_room(*, case_id: UUID) -> None:
    """The room of a case has just ended."""
    require_intention()
    close_if_due(case=lock_case(case_id))


def asks_to_close(case: Case) -> bool:
    """Whether its receipt was to close it, as soon as nothing is in the way."""
    if case.status != Status.RECEIPTED:
        return False
    given = case.steps.filter(action="case.receipt").order_by("-at", "-id").first()
    return given is not None and bool(given.facts.get("closes"))


def _why_not(case: Case) -> str:
    """Without a receipt only the consent is waited for, not the fields that nobody filled in."""
    if case.status == Status.RECEIPTED:
        return what_is_open(case)
    if case.consent_is_due and not case.closing_note:
        return _("Still missing: {fields}.").format(fields=_("consent"))
    return who_is_waited_for(case)


def _has_waited(case: Case) -> bool:
    """Whether its time is over already."""
    return running(BLOCKED).filter(about=case.pk).exists()


def _closing_of(case: Case) -> Case.Closing:
    given = case.status == Status.RECEIPTED
    return Case.Closing.RECEIPT if given else Case.Closing.NO_RECEIPT


def close_case(*, case: Case, closing: Case.Closing, by_system: bool = False) -> None:
    """The loop is closed: the record stays readable to the specialist for a week."""
    require_intention()
    before = case.status
    case.become(Status.CLOSED, _("This consult can't be closed yet."))
    case.closing = closing
    case.save(update_fields=["status", "closing", "closing_note"])
    stop_ladders(case=case, clocks=(*BEFORE_SIGNING, *AFTER_SIGNING, "case.consent"))
    end_care(about=case.pk, until=timezone.now() + READABLE_AFTER_CLOSE)
    take_step(case=case, action="case.close", before=before, by_system=by_system, closing=closing)
    accrue(case=case)
    outbox.announce(CaseClosed(case_id=case.pk))
    settle(about=case.pk)
    if case.holder:
        tell(case=case, recipient=case.holder, template="case.closed")
    if closing == Case.Closing.NO_RECEIPT:
        tell(case=case, recipient=case.requester, template="case.no_receipt")
