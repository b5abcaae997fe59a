"""What a patient's death ends."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import HELD, UNANSWERED, Case, Outcome, Status
from consult.requests.policies import outcome_clock
from consult.requests.queries import lock_case
from consult.requests.services.closing import withdraw_case
from consult.requests.services.ladders import stop_ladders
from consult.requests.services.telling import tell
from telemed.core.intentions import require_intention

WAITING = (Status.DRAFT, *UNANSWERED)
TURN = 0  # told once, however often the event comes


def end_for_death(*, patient_id: UUID) -> None:
    """
    What nobody has answered is withdrawn. Who holds a case decides, with who asked, how it ends:
    an opinion may still be owed. How the patient fares is asked no more.
    """
    require_intention()
    cases = Case.objects.filter(patient=patient_id).order_by("pk")
    for pk in list(cases.values_list("pk", flat=True)):
        case = lock_case(pk)
        if case.status in WAITING:
            _withdraw(case)
        elif case.status in HELD:
            for person in {one.pk: one for one in (case.requester, case.holder) if one}.values():
                tell(case=case, recipient=person, template="case.died", turn=TURN)
        else:
            stop_ladders(case=case, clocks=tuple(outcome_clock(day) for day in Outcome.DAYS))


def _withdraw(case: Case) -> None:
    reason = _("The patient has died.")
    for person in [*withdraw_case(case=case, reason=reason, by="system"), case.requester]:
        tell(case=case, recipient=person, template="case.cancelled", reason=reason)
