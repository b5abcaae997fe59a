"""The days of a pregnancy and of a birth, from which the visits count."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.duties import calendar, clock_kinds, clock_rows, queries
from scheduling.duties.due_dates import find_due_date
from scheduling.duties.models import AHEAD, Code, Duty, Plan, Reason, Risk, Status
from scheduling.duties.services.stepping import leave, publish_plan
from scheduling.duties.services.telling import tell_risk
from scheduling.registration import queries as registration
from scheduling.registration.models import Group
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

WEEK, LATE = timedelta(days=7), timedelta(days=28)  # how long after the due date a child may come
EARLIEST = timedelta(weeks=20)  # of a birth
LONGEST_WEEKS = 42
FERTILE = (12, 55)  # years
INFANT = timedelta(days=60)
LONG_AGO = timedelta(days=90)  # since a birth
BY_RULE = {rule.code: rule for rule in calendar.RULES if rule.anchor != calendar.Anchor.BIRTH}


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What the page says: the due date in one of three ways, and what happened since."""

    expected_on: date | None = None
    period_on: date | None = None  # the first day of the last period
    weeks: int | None = None  # pregnant today
    delivered_on: date | None = None
    discharged_on: date | None = None
    risk: str = ""


def may_be_pregnant(patient: Patient) -> bool:
    age = patient.age_on()
    return patient.sex == Patient.Sex.FEMALE and age is not None and FERTILE[0] <= age <= FERTILE[1]


def is_infant(patient: Patient) -> bool:
    born = patient.birth_date
    return born is not None and timezone.localdate() - born <= INFANT


def open_plan(*, actor: User, contract_id: UUID) -> Plan:
    """The plan of a resident of one's own team, whose reading is traced."""
    require_intention()
    plan = queries.get_plan(actor, contract_id)
    audit.record(action="plan.read", target=plan, patient_id=plan.contract.patient_id)
    return plan


def set_dates(*, actor: User, contract_id: UUID, said: Dates) -> Plan:
    """By a member of the team. What is planned follows: visits move, or are owed no longer."""
    require_intention()
    plan = queries.get_plan(actor, contract_id, lock=True)
    contract = plan.contract
    require(registration.is_member(actor, contract.team), _("The team of the resident keeps it."))
    if not contract.is_in_care:
        raise Conflict(_("The contract is not in force."), path="")
    before = plan.risk
    if is_infant(contract.patient):
        plan.discharged_on = _way_home(said.discharged_on, contract.patient.birth_date)
    elif may_be_pregnant(contract.patient):
        _set_pregnancy(plan, said)
    else:
        raise Conflict(_("Only of a pregnant woman or of a newborn are such days kept."), path="")
    if plan.risk != before:
        plan.risk_at = moments.now() if plan.risk else None
    plan.save()
    audit.record(action="plan.date", target=plan, patient_id=contract.patient_id)
    publish_plan(plan)
    follow(plan)
    if plan.risk in calendar.RHYTHM and not plan.delivered_on:
        _follow_closely(plan)
    if plan.needs_hospital and plan.risk != before:
        tell_risk(plan)
    return plan


def date_by_record(plan: Plan) -> None:
    """What nobody has entered is asked from the record; the caller saves what is not new."""
    require_intention()
    pregnant = Group.PREGNANT.value in plan.groups
    if not pregnant or plan.expected_on or plan.delivered_on or plan.ended_on:
        return
    found = find_due_date(plan.contract.patient)
    if found and found > timezone.localdate() - LATE:
        plan.expected_on = found
        plan.save(update_fields=["expected_on"])


def deliver_part(limit: int) -> int:
    """Whose child was registered meanwhile: nobody has to enter the birth a second time."""
    require_intention()
    mothers = queries.delivered_unsaid(timezone.localdate() - LONG_AGO, limit)
    for plan, born in mothers:
        plan.delivered_on, plan.discharged_on = born, None
        plan.save(update_fields=["delivered_on", "discharged_on"])
        audit.record(action="plan.date", target=plan, patient_id=plan.contract.patient_id)
        publish_plan(plan)
        follow(plan)
    return len(mothers)


def follow(plan: Plan) -> None:
    """What is ahead of a pregnancy moves to its new days, or is owed no longer."""
    rows = Duty.objects.filter(contract=plan.contract, status__in=AHEAD, rule__in=BY_RULE)
    rows = rows.select_related(*queries.SHOWN)
    for duty in rows.select_for_update(of=["self"], no_key=True).order_by("pk"):
        if because := _owed_no_longer(plan, duty):
            leave(duty, because)
        elif day := _day_of(plan, duty):
            _move(duty, day)


def _owed_no_longer(plan: Plan, duty: Duty) -> Reason | None:
    if duty.rule in calendar.ANTENATAL and (plan.delivered_on or plan.ended_on):
        return Reason.BORN if plan.delivered_on else Reason.OVER
    unborn = duty.rule in calendar.AFTER_BIRTH and plan.confined_on is None
    between = duty.rule == Code.PREGNANCY and not duty.by_package
    replaced = between and plan.expected_on and plan.risk not in calendar.RHYTHM
    return Reason.DATED if unborn or replaced else None


def _follow_closely(plan: Plan) -> None:
    """The next follow-up is no later than the colour asks for; a sooner one stays."""
    every = timedelta(days=calendar.RHYTHM[Risk(plan.risk)])
    rows = Duty.objects.filter(contract=plan.contract, rule=Code.PREGNANCY)
    taken = set(rows.values_list("due_on", flat=True))
    open_ones = rows.filter(by_package=False, status__in=AHEAD).select_related(*queries.SHOWN)
    known = open_ones.select_for_update(no_key=True, of=["self"]).first()
    day = timezone.localdate() + min(every, calendar.WINDOW)
    if known and known.due_on <= day:
        return
    while day in taken:
        day -= timedelta(days=1)
    closes_on = day + (every if every <= calendar.WINDOW else every - calendar.WINDOW)
    if known:
        _move(known, day, closes_on)
    else:
        _owe(plan, day, closes_on)


def _owe(plan: Plan, day: date, closes_on: date) -> None:
    duty = Duty.objects.create(
        contract=plan.contract,
        rule=Code.PREGNANCY,
        due_on=day,
        closes_on=closes_on,
        face=True,
        status=Status.DUE,
    )
    clock_rows.start_window(duty, new=True)
    publication.publish(duty, new=True)
    audit.record(action="duty.plan", target=duty, patient_id=plan.contract.patient_id)


def _move(duty: Duty, day: date, closes_on: date | None = None) -> None:
    """To that day; it stays open as long as it was to be, or until the other."""
    if duty.due_on == day:
        return
    length = duty.closes_on - duty.due_on
    duty.due_on, duty.closes_on = day, closes_on or day + length
    duty.save(update_fields=["due_on", "closes_on"])
    if duty.status == Status.DUE:
        clock_rows.stop(duty, clock_kinds.OUT)
        clock_rows.start_window(duty)
    publication.publish(duty)
    audit.record(action="duty.move", target=duty, patient_id=duty.contract.patient_id)


def _day_of(plan: Plan, duty: Duty) -> date | None:
    rule = BY_RULE[Code(duty.rule)]
    anchors = {
        calendar.Anchor.PERIOD: plan.expected_on and plan.expected_on - calendar.PREGNANCY,
        calendar.Anchor.DELIVERY: plan.confined_on,
        calendar.Anchor.HOME: plan.discharged_on
        or plan.confined_on
        or plan.contract.patient.birth_date,
    }
    day = anchors.get(rule.anchor) if rule.anchor else None
    return day + timedelta(days=rule.days) if day else None


def _set_pregnancy(plan: Plan, said: Dates) -> None:
    if said.expected_on == plan.expected_on and (said.period_on or said.weeks is not None):
        said = replace(said, expected_on=None)  # reckoned anew
    expected = _expected(said)
    delivered = said.delivered_on
    if delivered:
        _check_birth(delivered, expected)
    if said.risk not in ["", *Risk.values]:
        raise Invalid(_("Choose one of the five colours."), path="risk")
    if said.risk and not (expected or delivered):
        raise Invalid(_("First enter the due date."), path="expected_on")
    _begin_anew(plan, expected, delivered)
    plan.expected_on, plan.delivered_on = expected, delivered
    plan.discharged_on = _way_home(said.discharged_on, delivered)
    plan.risk = said.risk


def _begin_anew(plan: Plan, expected: date | None, delivered: date | None) -> None:
    """After one that has ended: a page that was open since before does not bring it back."""
    if not plan.ended_on or not (expected or delivered):
        return
    if expected and not delivered and expected - calendar.PREGNANCY < plan.ended_on:
        sentence = _("That pregnancy ended on {day}; a new one began after it.")
        raise Invalid(sentence.format(day=plan.ended_on.isoformat()), path="expected_on")
    plan.ended_on, plan.ended_as, plan.ended_at = None, "", None


def _expected(said: Dates) -> date | None:
    today = timezone.localdate()
    ways = [one for one in (said.expected_on, said.period_on, said.weeks) if one is not None]
    if len(ways) > 1:
        sentence = _("Give the due date, or the last period, or the weeks: one of the three.")
        raise Invalid(sentence, path="expected_on")
    if said.weeks is not None and not 1 <= said.weeks <= LONGEST_WEEKS:
        sentence = _("A pregnancy lasts from 1 to {n} weeks.").format(n=LONGEST_WEEKS)
        raise Invalid(sentence, path="weeks")
    if said.period_on:
        path, expected = "period_on", said.period_on + calendar.PREGNANCY
    elif said.weeks is not None:
        path, expected = "weeks", today + calendar.PREGNANCY - said.weeks * WEEK
    elif said.expected_on:
        path, expected = "expected_on", said.expected_on
    else:
        return None
    late = LONG_AGO if said.delivered_on else LATE
    if not today - late <= expected <= today + calendar.PREGNANCY:
        raise Invalid(_("With this day she would not be pregnant now; please check it."), path=path)
    return expected


def _check_birth(delivered: date, expected: date | None) -> None:
    today = timezone.localdate()
    if not today - LONG_AGO <= delivered <= today:
        raise Invalid(_("The birth lies in the last 90 days."), path="delivered_on")
    if expected and not -EARLIEST <= delivered - expected <= LATE:
        sentence = _("The birth and the due date do not belong together; please check them.")
        raise Invalid(sentence, path="delivered_on")


def _way_home(discharged: date | None, born: date | None) -> date | None:
    if discharged is None:
        return None
    if born is None or not born <= discharged <= timezone.localdate():
        sentence = _("The way home lies between the birth and today.")
        raise Invalid(sentence, path="discharged_on")
    return discharged
