"""A pregnancy that ends without a birth: what it still owed is owed no longer, and quietly."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.duties import calendar, clock_rows, queries
from scheduling.duties.models import AHEAD, Duty, End, Plan, Reason, Status
from scheduling.duties.services.dating import LONG_AGO, WEEK, follow
from scheduling.duties.services.stepping import publish_plan, step
from scheduling.registration import queries as registration
from scheduling.registration.models import Group
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Conflict, Gone, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

UNDO = timedelta(minutes=10)
STILL_FROM = 28 * WEEK  # from when on the norm visits the mother as after any birth


def end_pregnancy(*, actor: User, contract_id: UUID, day: date | None, kind: str) -> Plan:
    """
    By a member of the team, who were told; the resident is asked nothing and sent nothing.

    The same again answers the present state; another day or kind corrects it. After a stillbirth
    the norm plans the visits of a mother, after the others nothing.
    """
    require_intention()
    plan = _locked(actor, contract_id)
    if kind not in End.values:
        raise Invalid(_("Please choose what happened."), path="kind")
    if day is None:
        raise Invalid(_("Enter the day."), path="ended_on")
    if not plan.ended_on and not is_followed(plan):
        raise Conflict(_("No pregnancy is followed here."), path="")
    _check_day(plan, day, kind)
    if (plan.ended_on, plan.ended_as) == (day, kind):
        return plan
    plan.ended_at = plan.ended_at or moments.now()
    plan.ended_on, plan.ended_as = day, kind
    _keep(plan, "plan.end_pregnancy")
    follow(plan)
    return plan


def undo_end(*, actor: User, contract_id: UUID) -> Plan:
    """Entered by mistake: what was owed is owed again."""
    require_intention()
    plan = _locked(actor, contract_id)
    if not plan.ended_on:
        return plan
    if not may_undo_end(plan):
        sentence = _(
            "It was entered more than ten minutes ago; enter the dates of a new pregnancy."
        )
        raise Gone(sentence, path="")
    plan.ended_on, plan.ended_as, plan.ended_at = None, "", None
    _keep(plan, "plan.undo_end")
    follow(plan)
    rows = Duty.objects.filter(
        contract=plan.contract, status=Status.WAIVED, waived_because=Reason.OVER
    )
    rows = rows.select_related(*queries.SHOWN)
    for duty in rows.select_for_update(of=["self"], no_key=True).order_by("pk"):
        if duty.closes_on > timezone.localdate():
            _owe_again(duty)
    return plan


def may_undo_end(plan: Plan) -> bool:
    return plan.ended_at is not None and moments.now() - plan.ended_at <= UNDO


def _owe_again(duty: Duty) -> None:
    duty.waived_because = ""
    opens = duty.due_on - calendar.WINDOW
    due = opens <= timezone.localdate()
    step(duty, Status.DUE if due else Status.PLANNED, "duty.restore")
    if due:
        clock_rows.start_window(duty)


def _locked(actor: User, contract_id: UUID) -> Plan:
    plan = queries.get_plan(actor, contract_id, lock=True)
    member = registration.is_member(actor, plan.contract.team)
    require(member, _("The team of the resident keeps it."))
    if not plan.contract.is_in_care:
        raise Conflict(_("The contract is not in force."), path="")
    return plan


def is_followed(plan: Plan) -> bool:
    if plan.delivered_on:
        return False
    if plan.expected_on or Group.PREGNANT.value in plan.groups:
        return True
    rows = Duty.objects.filter(contract=plan.contract, status__in=AHEAD)
    return rows.filter(rule__in=calendar.ANTENATAL).exists()


def _check_day(plan: Plan, day: date, kind: str) -> None:
    today = timezone.localdate()
    if not today - LONG_AGO <= day <= today:
        raise Invalid(_("The day lies in the last 90 days."), path="ended_on")
    if plan.expected_on is None:
        return
    since = day - (plan.expected_on - calendar.PREGNANCY)
    if since < timedelta():
        sentence = _("The day and the due date do not belong together; please check them.")
        raise Invalid(sentence, path="ended_on")
    if (kind == End.STILL and since < STILL_FROM) or (kind == End.LOST and since >= STILL_FROM):
        week = since // WEEK
        sentence = _("That day was in week {n}; please check the day and what happened.")
        raise Invalid(sentence.format(n=week), path="kind")


def _keep(plan: Plan, action: str) -> None:
    plan.save(update_fields=["ended_on", "ended_as", "ended_at"])
    audit.record(action=action, target=plan, patient_id=plan.contract.patient_id)
    publish_plan(plan)
