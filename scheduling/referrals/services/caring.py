"""At the hospital, and back: begin, hand back with a plan, take the plan over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralClosed, ReferralHandedBack
from scheduling.referrals.models import PlanItem, Referral, Status
from scheduling.referrals.policies import HAND_BACK, PLAN, REASON
from scheduling.referrals.queries import get_referral
from scheduling.referrals.services.ladders import start_ladder, stop_ladders
from scheduling.referrals.services.opening import close_record_later
from scheduling.referrals.services.steps import publish_after_care, take_step
from scheduling.referrals.services.telling import tell, tell_patient
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User

SHORTEST = 2
MOST_ITEMS = 12


def begin(*, actor: User, referral_id: UUID) -> Referral:
    """A doctor of the department has the patient from now on."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.treats(actor, referral), _("A doctor of the department does this."))
    if referral.status == Status.IN_CARE and referral.doctor_id == actor.pk:
        return referral
    before = referral.status
    referral.become(Status.IN_CARE, _not_there(referral))
    referral.doctor = actor
    referral.save()
    take_step(referral=referral, action="referral.begin", before=before)
    return referral


def hand_back(
    *,
    actor: User,
    referral_id: UUID,
    diagnosis: str,
    done: str,
    medicines: str = "",
    items: Sequence[tuple[str, date | None]] = (),
    none_reason: str = "",
) -> Referral:
    """
    What it was, what was done, medicines, and what is to be done at home by when, or why nothing.

    Raises Invalid naming what is missing; handing back again answers the present state.
    """
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.treats(actor, referral), _("A doctor of the department does this."))
    if referral.status in (Status.HANDED_BACK, Status.CLOSED) and referral.doctor_id == actor.pk:
        return referral
    if not permissions.is_there(referral):
        raise Conflict(_not_there(referral), path="status")
    if len(diagnosis.strip()) < SHORTEST:
        raise Invalid(_("Write the diagnosis."), path="diagnosis")
    if len(done.strip()) < SHORTEST:
        raise Invalid(_("Write what was done."), path="done")
    plan = _plan(referral, items, none_reason.strip())
    before = referral.status
    referral.become(Status.HANDED_BACK, _not_there(referral))
    referral.doctor = actor
    referral.diagnosis, referral.done = diagnosis.strip(), done.strip()
    referral.medicines, referral.none_reason = medicines.strip(), none_reason.strip()
    referral.planned, referral.handed_back_at = len(plan), moments.now()
    referral.save()
    PlanItem.objects.bulk_create(plan)
    close_record_later(referral=referral)
    stop_ladders(referral=referral, clocks=(HAND_BACK,))
    start_ladder(referral=referral, clock=PLAN)
    settle(about=referral.pk)
    take_step(referral=referral, action="referral.hand_back", before=before, n=len(plan))
    outbox.announce(ReferralHandedBack(referral_id=referral.pk))
    tell(referral=referral, recipient=referral.sender, template="referral.handed_back")
    tell_patient(referral=referral, template="referral.handed_back")
    return referral


def take_plan(*, actor: User, referral_id: UUID) -> Referral:
    """The sending side takes what is to be done; its items are on its list from now on."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.may_take_plan(actor, referral), _("Only the sending side takes the plan."))
    if referral.status == Status.CLOSED and referral.taken_by_id == actor.pk:
        return referral
    before = referral.status
    sentence = _("This referral is “{state}”; there is no plan to take.")
    referral.become(Status.CLOSED, sentence.format(state=referral.get_status_display()))
    referral.taken_by, referral.ended_at = actor, moments.now()
    referral.save()
    stop_ladders(referral=referral)
    settle(about=referral.pk)
    take_step(referral=referral, action="referral.take_plan", before=before)
    outbox.announce(ReferralClosed(referral_id=referral.pk))
    return referral


def finish_item(*, actor: User, referral_id: UUID, item_id: UUID) -> Referral:
    """One thing of the plan was done."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.may_take_plan(actor, referral), _("Only the sending side takes the plan."))
    item = referral.plan.filter(pk=item_id).first()
    if item is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"PlanItem/{item_id}")
    if referral.status != Status.CLOSED:
        raise Conflict(_("Take the plan over first."), path="status")
    if item.done_at is None:
        item.done_at, item.done_by = moments.now(), actor
        item.save()
        audit.record(action="plan.finish", target=item, patient_id=referral.patient_id)
        publish_after_care(referral)
    return referral


def note_done(*, person_key: UUID, due_on: date, by: User) -> None:
    """What was planned for that day was done as a service of the family doctor."""
    require_intention()
    rows = PlanItem.objects.filter(
        referral__person_key=person_key,
        referral__status=Status.CLOSED,
        due_on=due_on,
        done_at=None,
    )
    for item in rows.select_for_update(of=["self"]).select_related("referral").order_by("pk"):
        item.done_at, item.done_by = moments.now(), by
        item.save()
        audit.record(action="plan.finish", target=item, patient_id=item.referral.patient_id)
        publish_after_care(item.referral)


def _plan(
    referral: Referral, items: Sequence[tuple[str, date | None]], none_reason: str
) -> list[PlanItem]:
    if len(items) > MOST_ITEMS:
        raise Invalid(_("At most {n} at once.").format(n=MOST_ITEMS), path="plan")
    today, plan = timezone.localdate(), []
    for what, due_on in items:
        if due_on is None or not what.strip():
            raise Invalid(_("Each item of the plan says what, and by when."), path="plan")
        if due_on < today:
            raise Invalid(_("That time has passed."), path="plan")
        plan.append(PlanItem(referral=referral, what=what.strip()[:200], due_on=due_on))
    if not plan and len(none_reason) < REASON:
        raise Invalid(_("Handing back needs a plan."), path="plan")
    return plan


def _not_there(referral: Referral) -> str:
    sentence = _("This referral is “{state}”; the patient is not with you.")
    return sentence.format(state=referral.get_status_display())
