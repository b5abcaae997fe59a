"""Out of a consult into a hospital: instead of an opinion, or as the opinion says."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions, roomport
from consult.requests.events import CaseTransferred
from consult.requests.models import HELD, UNANSWERED, Case, Question, Status
from consult.requests.queries import get_case
from consult.requests.services.closing import withdraw_offers
from consult.requests.services.ladders import stop_invitations
from consult.requests.services.questioning import end_questions
from consult.requests.services.scheduling import drop_meetings
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent.services import end_care
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Referral
from scheduling.referrals.services import Wish
from telemed.core import outbox
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read, settle
from telemed.people.models import User


def refer_on(*, actor: User, case_id: UUID, wish: Wish) -> Referral:
    """As the opinion says: the case stays where it is, and knows where the patient went."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side refers the patient."))
    if not permissions.may_refer_on(actor, case):
        raise Conflict(_("There is no opinion to act on."), path="status")
    referral = _refer(case, actor, wish)
    take_step(case=case, action="case.refer", publish=False, **_where(referral))
    return referral


def transfer_case(*, actor: User, case_id: UUID, wish: Wish) -> Referral:
    """
    Instead of an opinion, by who asks or who holds it: the case ends, the referral begins, and its
    duties are the asking doctor's. Doing it again answers the referral that came of it.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    entitled = permissions.is_asking(actor, case) or permissions.is_holder(actor, case)
    require(entitled, _("Only who asks and who holds the consult transfer it."))
    made = Referral.objects.filter(from_case=case.pk, sending=case.asking).first()
    if case.status == Status.TRANSFERRED and made:
        return made
    if case.status not in (*UNANSWERED, *HELD):
        ended = _("This consult is “{state}”; it cannot be transferred.")
        raise Conflict(ended.format(state=case.get_status_display()), path="status")
    if roomport.is_live(case.pk):
        raise Conflict(_("People are in the room; end it first."), path="room")
    referral = _refer(case, case.requester, wish)
    before = case.status
    case.become(Status.TRANSFERRED, _("This consult cannot be transferred."))
    case.save(update_fields=["status"])
    end_questions(case=case, status=Question.Status.LAPSED)
    asked = withdraw_offers(case)
    drop_meetings(case=case)
    roomport.lapse(case)
    stop_clocks(about=case.pk)
    stop_invitations(case=case)
    end_care(about=case.pk)
    settle(about=case.pk)
    take_step(case=case, action="case.transfer", before=before, **_where(referral))
    outbox.announce(CaseTransferred(case_id=case.pk))
    for doctor in asked:
        mark_read(actor=doctor, about=case.pk)
    for person in {*asked, case.requester} - {actor}:
        tell(case=case, recipient=person, template="case.transferred", org=_org(referral))
    return referral


def _refer(case: Case, sender: User, wish: Wish) -> Referral:
    """Under the consent that was signed for the consult, where it stands."""
    return referrals.refer(
        sender=sender,
        sending=case.asking,
        patient=case.patient,
        wish=wish,
        from_case=case.pk,
        consent=case.consent,
    )


def _where(referral: Referral) -> dict[str, Any]:
    return {"referral": referral.number, "org": _org(referral)}


def _org(referral: Referral) -> str:
    return str(referral.organisation.name)
