"""待签: the text is done, the key is missing or not at hand."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.opinions import rules
from consult.opinions.models import Draft
from consult.opinions.services.drafting import case_of_holder, check_complete, find_open_draft
from consult.requests.models import Case
from consult.requests.queries import coordinators_of, lock_case
from consult.requests.services.telling import tell
from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.clocks import start_clock
from telemed.core.errors import Stale
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock
from telemed.people.models import User


def mark_ready(*, actor: User, case_id: UUID, version: int | None = None) -> Draft:
    """
    Nothing is left to do but to sign. Marking it again changes nothing; a changed text is no
    longer ready.

    No step is taken: the asking side does not learn that there is a text.
    """
    require_intention()
    case = case_of_holder(actor, case_id)
    draft = check_complete(find_open_draft(case))
    if version is not None and version != draft.version:
        raise Stale(_("This text was saved in another window; look again."), path="version")
    if case.ready_at is not None:
        return draft
    case.ready_at = timezone.now()
    case.save(update_fields=["ready_at"])
    allowance = policies.value(rules.READY)
    start_clock(kind=rules.READY, about=case.pk, allowance=allowance, calendar=_calendar(case))
    audit.record(action="opinion.ready", target=case, patient_id=case.patient_id)
    return draft


def ready_within(case: Case) -> str:
    """After what length the coordinator is told, by the rule of when it was marked (now)."""
    held = policies.value(rules.READY, at=case.ready_at)
    return policies.Duration(calendar=_calendar(case)).say(held)


def _calendar(case: Case) -> Calendar:
    return Calendar.WALL if case.is_emergency else Calendar.WORKING


def tell_unsigned(clock: Clock) -> None:
    """The coordinator of the asked hospital hears that a signature is all that is missing."""
    require_intention()
    case = lock_case(clock.about)
    if case.ready_at is None or not Draft.objects.filter(case=case).exists():
        return
    for person in coordinators_of(case.addressee):
        tell(
            case=case,
            recipient=person,
            template="opinion.unsigned",
            turn=clock.turn,
            n=_minutes(case),
        )
    audit.record(action="opinion.unsigned", target=case)


def _minutes(case: Case) -> int:
    waited = timezone.now() - (case.ready_at or timezone.now())
    return int(waited.total_seconds() // 60)
