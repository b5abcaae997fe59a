"""At the hospital, and back: begin, hand back with a plan, take the plan over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralClosed, ReferralHandedBack
from scheduling.referrals.models import PlanItem, Referral, Status
from scheduling.referrals.policies import HAND_BACK, PLAN
from scheduling.referrals.queries import get_referral
from scheduling.referrals.services.handing_over import HandOver, write_down
from scheduling.referrals.services.ladders import start_ladder, stop_ladders
from scheduling.referrals.services.opening import close_record_later
from scheduling.referrals.services.steps import publish_after_care, take_step
from scheduling.referrals.services.telling import tell_patient, tell_sender
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, NotFound, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User


def begin(*, actor: User, referral_id: UUID) -> Referral:
    """A doctor of the department has the patient from now on."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.treats(actor, referral), _("A doctor of the department does this."))
    if referral.status == Status.IN_CARE and referral.doctor_id == actor.pk:
        return referral
    if referral.is_down:
        raise Conflict(_("The plan came with the patient: take it over."), path="status")
    before = referral.status
    referral.become(Status.IN_CARE, _not_there(referral))
    referral.doctor = actor
    referral.save()
    take_step(referral=referral, action="referral.begin", before=before)
    return referral


def discharge(*, actor: User, referral_id: UUID) -> Referral:
    """The patient leaves the hospital: from now on the hand-back is due within days of work."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.may_discharge(actor, referral), _("The hospital enters the discharge."))
    if referral.is_down or not permissions.is_there(referral):
        raise Conflict(_not_there(referral), path="status")
    if referral.discharged_at:
        return referral
    referral.discharged_at = moments.now()
    referral.save()
    stop_ladders(referral=referral, clocks=(HAND_BACK,))
    start_ladder(referral=referral, clock=HAND_BACK)
    take_step(referral=referral, action="referral.discharge")
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
    if referral.is_down:
        raise Conflict(_("The plan came with the patient: take it over."), path="status")
    if not permissions.is_there(referral):
        raise Conflict(_not_there(referral), path="status")
    over = HandOver(
        diagnosis=diagnosis, done=done, medicines=medicines, items=items, none_reason=none_reason
    )
    plan = write_down(referral, over)
    before = referral.status
    referral.become(Status.HANDED_BACK, _not_there(referral))
    referral.doctor, referral.handed_back_at = actor, moments.now()
    referral.save()
    PlanItem.objects.bulk_create(plan)
    close_record_later(referral=referral)
    stop_ladders(referral=referral, clocks=(HAND_BACK,))
    start_ladder(referral=referral, clock=PLAN)
    settle(about=referral.pk)
    take_step(referral=referral, action="referral.hand_back", before=before, n=len(plan))
    outbox.announce(ReferralHandedBack(referral_id=referral.pk))
    tell_sender(referral=referral, template="referral.handed_back")
    tell_patient(referral=referral, template="referral.handed_back")
    return referral


def take_plan(*, actor: User, referral_id: UUID) -> Referral:
    """Who does what is to be done takes it; its items are on their list from now on."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.may_take_plan(actor, referral), _not_theirs(referral))
    if referral.status == Status.CLOSED and referral.taken_by_id == actor.pk:
        return referral
    before = referral.status
    sentence = _("This referral is “{state}”; there is no plan to take.")
    referral.become(Status.CLOSED, sentence.format(state=referral.get_status_display()))
    referral.taken_by, referral.ended_at = actor, moments.now()
    referral.save()
    if referral.is_down:
        close_record_later(referral=referral)
    stop_ladders(referral=referral)
    settle(about=referral.pk)
    take_step(referral=referral, action="referral.take_plan", before=before)
    outbox.announce(ReferralClosed(referral_id=referral.pk))
    return referral


def finish_item(*, actor: User, referral_id: UUID, item_id: UUID) -> Referral:
    """One thing of the plan was done."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.may_take_plan(actor, referral), _not_theirs(referral))
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


def _not_theirs(referral: Referral) -> str:
    if referral.is_down:
        return _("Only the clinic that has the patient takes the plan.")
    return _("Only the sending side takes the plan.")


def _not_there(referral: Referral) -> str:
    sentence = _("This referral is “{state}”; the patient is not with you.")
    return sentence.format(state=referral.get_status_display())
