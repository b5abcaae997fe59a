"""What is owed, when it is done, and who says that it was."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from records.fhir.models import Version
from scheduling.duties import rates, services
from scheduling.duties.models import Code, Duty, Plan, Status
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration import services as registration
from scheduling.registration.models import Group
from scheduling.registration.villages import village_of
from telemed.audit.models import AuditRow
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.factories.duties import (
    FINE,
    HIGH,
    SWEET,
    begun,
    due,
    elder_of,
    left_window,
    serve,
    served,
)
from tests.factories.people import StaffFactory
from tests.factories.registration import (
    child_of,
    join,
    read,
    resident_of,
    sign,
    signed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


def owed(contract):
    rows = Duty.objects.filter(contract=contract).order_by("due_on", "rule")
    return [(one.rule, one.status, (one.due_on - timezone.localdate()).days) for one in rows]


def told(user):
    outbox.deliver_waiting()
    rows = Notification.objects.filter(recipient=user).order_by("created_at")
    return [one for one in rows.values_list("template", flat=True) if one.startswith("duty.")]


def running(duty):
    rows = Clock.objects.filter(about=duty.pk, state=ClockState.RUNNING)
    return sorted(rows.values_list("kind", "rung"))


def test_a_contract_in_force_has_its_duties_from_the_first_day(team):
    contract = signed(team, elder_of(team))
    outbox.deliver_waiting()
    assert owed(contract) == [("elderly_exam", "due", 14), ("self_care", "due", 14)]
    assert Plan.objects.get().contract == contract
    assert told(team.leader) == ["duty.due"]
    assert running(Duty.objects.first()) == [("duty.window", 0), ("duty.window", 1)]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (Group.HYPERTENSION, {Code.HYPERTENSION, Code.HYPERTENSION_EXAM}),
        (Group.DIABETES, {Code.DIABETES, Code.DIABETES_EXAM, Code.PRESSURE}),
        (Group.PREGNANT, {Code.PREGNANCY, Code.PRESSURE}),
        (Group.MENTAL, {Code.MENTAL, Code.MENTAL_EXAM, Code.PRESSURE}),
        (Group.TUBERCULOSIS, {Code.TUBERCULOSIS_1, Code.TUBERCULOSIS, Code.PRESSURE}),
    ],
)
def test_each_group_has_what_the_norm_asks_for(team, group, said):
    contract = begun(team, group)
    assert {one.rule for one in Duty.objects.filter(contract=contract)} == said


def test_a_child_is_seen_at_its_ages_and_at_none_twice(team, by):
    parent = resident_of(team)
    born = timezone.localdate() - timedelta(days=355)
    child = child_of(parent, years=1)
    type(child).objects.filter(pk=child.pk).update(birth_date=born)
    with by(parent.user):
        [contract] = registration.apply(actor=parent.user, people=[child], team_id=team.pk)
    with by(team.leader):
        registration.agree(actor=team.leader, contract_id=contract.pk)
    contract = begun(team, contract=sign(read(contract, parent.user), parent.user))
    days = Duty.objects.filter(contract=contract).values_list("due_on", flat=True)
    assert [(day - born).days for day in days] in ([365], [366])
    plan_duties_task()
    assert Duty.objects.filter(contract=contract).count() == 1


def test_the_night_is_restartable_and_makes_nothing_twice(team):
    contract = signed(team, elder_of(team))  # nobody has planned for it yet
    plan_duties_task()
    before = owed(contract)
    assert len(before) == 2
    plan_duties_task()
    outbox.deliver_waiting()
    assert owed(contract) == before


def test_a_night_cut_off_before_its_messages_is_told_of_by_the_next(team, monkeypatch):
    signed(team, elder_of(team)), signed(team, elder_of(team))  # nobody has planned for them yet
    monkeypatch.setattr("scheduling.duties.services.planning.tell_due", lambda contract: None)
    with monkeypatch.context() as cut:
        cut.setattr("scheduling.duties.tasks._tell_teams", lambda: None)
        plan_duties_task()
    assert not told(team.leader)
    plan_duties_task()
    plan_duties_task()
    [message] = Notification.objects.filter(template="duty.due")
    owed_now = Duty.objects.filter(status=Status.DUE).count()
    assert (message.recipient, message.facts["n"]) == (team.leader, owed_now)


def test_who_was_signed_before_there_were_duties_is_late_with_nothing(team):
    contract = signed(team, elder_of(team))
    with time_machine.travel(timezone.now() + 200 * DAY):
        plan_duties_task()
        assert owed(contract) == [("elderly_exam", "due", 14), ("self_care", "due", 14)]


def test_each_duty_is_owed_once(team):
    duty = due(team)
    duty.pk = uuid4()
    with pytest.raises(IntegrityError, match="each_duty_is_owed_once"):
        duty.save(force_insert=True)


def test_the_next_one_is_due_an_interval_after_the_last_was_done(team):
    duty = served(team)
    plan_duties_task()
    following = Duty.objects.get(rule=Code.HYPERTENSION, status=Status.PLANNED)
    assert following.due_on == timezone.localdate(duty.served_at) + 90 * DAY
    with time_machine.travel(timezone.now() + 77 * DAY):
        plan_duties_task()
        following.refresh_from_db()
        assert following.status == Status.DUE


def test_a_part_is_planned_and_published_in_as_many_questions_as_one(
    team, by, django_assert_max_num_queries
):
    plans = [served(team).contract.plan.pk for _ in range(6)]
    with by(team.leader), django_assert_max_num_queries(5):
        assert services.plan_part(plans) == 6


def test_what_is_planned_within_its_window_is_due_at_once_and_told_once_to_the_world(team):
    contract = begun(team, Group.HYPERTENSION)
    duty = Duty.objects.get(contract=contract, rule=Code.HYPERTENSION)
    assert duty.status == Status.DUE
    told_world = [json.loads(one.body) for one in Version.objects.all()]
    assert [one["status"] for one in told_world if one["id"] == str(duty.pk)] == ["ready"]
    assert running(duty)
    assert told(team.leader).count("duty.due") == 1


def test_windows_that_are_over_are_told_once_for_each_team(team, django_assert_max_num_queries):
    duties = [due(team) for _ in range(4)]
    with time_machine.travel(timezone.now() + 31 * DAY), django_assert_max_num_queries(30):
        assert clocks.fire_due() >= 2 * len(duties)
    assert told(team.leader).count("duty.missed") == 1


def test_what_nobody_did_is_missed_when_the_next_window_opens(team):
    duty = due(team)
    with time_machine.travel(timezone.now() + 31 * DAY):
        clocks.fire_due()
    assert told(team.leader).count("duty.missed") == 1
    with time_machine.travel(timezone.now() + 91 * DAY):
        plan_duties_task()
        duty.refresh_from_db()
        assert duty.status == Status.MISSED
        assert told(team.leader).count("duty.missed") == 2
        plan_duties_task()
        assert told(team.leader).count("duty.missed") == 2
        rows = Duty.objects.filter(rule=Code.HYPERTENSION).exclude(pk=duty.pk)
        assert [one.due_on for one in rows] == [duty.due_on + 90 * DAY]
    assert running(duty) == []


def test_serving_asks_the_resident(team):
    duty = served(team)
    assert (duty.status, duty.mode, duty.served_by) == ("done", "face_to_face", team.leader)
    assert running(duty) == [("duty.confirm", n) for n in range(3)]
    assert told(duty.contract.patient.user) == ["duty.confirm"]
    assert AuditRow.objects.filter(action="duty.serve").exists()


def test_a_phone_call_fills_no_visit(team):
    duty = due(team)
    with pytest.raises(Conflict, match="This duty must be face to face"):
        serve(duty, found=replace(FINE, mode="remote"))
    with pytest.raises(IntegrityError, match="a_visit_is_face_to_face"):
        Duty.objects.filter(pk=duty.pk).update(mode="remote")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(FINE, mode=""), "how it was done"),
        (replace(FINE, systolic=None), "both values"),
        (replace(FINE, systolic=80, diastolic=120), "is the higher one"),
    ],
)
def test_an_incomplete_form_is_refused(team, found, said):
    with pytest.raises(Invalid, match=said):
        serve(due(team), found=found)
    assert not Duty.objects.filter(status=Status.DONE).exists()


def test_only_the_team_serves(team):
    duty = due(team)
    with pytest.raises(NotFound):
        serve(duty, StaffFactory(organisation=team.organisation))
    with pytest.raises(Forbidden, match="The team of the resident"):
        serve(duty, duty.contract.patient.user)


def test_a_second_phone_is_told_who_served_and_the_same_phone_once_more_is_not(team):
    other, draft = join(team), uuid4()
    duty = due(team)
    found = replace(FINE, draft=draft)
    serve(duty, found=found)
    assert serve(duty, found=found).status == Status.DONE
    with pytest.raises(Conflict, match=f"{team.leader.name} has served this"):
        serve(duty, other, found=replace(FINE, draft=uuid4()))


@pytest.mark.parametrize(
    ("rule", "group", "found"),
    [
        (Code.HYPERTENSION, Group.HYPERTENSION, HIGH),
        (Code.HYPERTENSION, Group.HYPERTENSION, replace(FINE, diastolic=110)),
        (Code.HYPERTENSION, Group.HYPERTENSION, replace(FINE, signs=True)),
        (Code.DIABETES, Group.DIABETES, SWEET),
        (Code.DIABETES, Group.DIABETES, replace(SWEET, glucose=SWEET.glucose.__class__("3.9"))),
    ],
)
def test_a_warning_value_stops_the_form_and_plans_the_recheck(team, rule, group, found):
    duty = serve(due(team, rule, group=group), found=found)
    assert (duty.status, duty.is_warned) == ("due", True)
    recheck = Duty.objects.get(rule=Code.RECHECK)
    assert (recheck.status, recheck.face) == ("due", True)
    assert recheck.due_on == timezone.localdate() + 14 * DAY
    assert "duty.warned" in told(team.leader)
    with pytest.raises(Conflict, match="Refer first"):
        serve(duty, found=found)
    assert serve(duty, found=replace(found, refusal="病人说明天再去")).status == Status.DONE
    assert Duty.objects.filter(rule=Code.RECHECK).count() == 1


def test_just_below_it_is_no_warning(team):
    found = replace(FINE, systolic=179, diastolic=109)
    assert serve(due(team), found=found).status == Status.DONE


def test_a_relapse_is_seen_again_the_next_day(team):
    duty = due(team, Code.MENTAL, group=Group.MENTAL)
    serve(duty, found=replace(FINE, signs=True))
    assert Duty.objects.get(rule=Code.RECHECK).due_on == timezone.localdate() + DAY


def test_the_resident_confirms_and_who_served_does_not(team, by):
    duty = served(team)
    resident = duty.contract.patient.user
    with by(team.leader), pytest.raises(Forbidden, match="Who served cannot confirm"):
        services.confirm(actor=team.leader, duty_id=duty.pk)
    other = join(team)
    with by(other), pytest.raises(Forbidden, match="The resident or who acts"):
        services.confirm(actor=other, duty_id=duty.pk)
    with by(resident):
        assert services.confirm(actor=resident, duty_id=duty.pk).status == Status.CONFIRMED
    assert running(duty) == []


def test_what_nobody_confirms_in_two_weeks_is_shown_apart_and_can_still_be_confirmed(team, by):
    duty = served(team)
    resident = duty.contract.patient.user
    told(resident)
    with time_machine.travel(timezone.now() + 15 * DAY):
        clocks.fire_due()
        duty.refresh_from_db()
        assert duty.status == Status.UNCONFIRMED
        with by(resident):
            assert services.confirm(actor=resident, duty_id=duty.pk).status == "confirmed"
    assert told(resident) == ["duty.confirm"] * 3


def disputed(team, by, doctor):
    duty = served(team, doctor)
    resident = duty.contract.patient.user
    with by(resident):
        return services.dispute(actor=resident, duty_id=duty.pk)


def test_a_dispute_is_settled_by_the_leader_who_did_not_serve(team, by):
    doctor = join(team)
    duty = disputed(team, by, doctor)
    assert duty.status == Status.DISPUTED
    assert "duty.disputed" in told(team.leader)
    with by(doctor), pytest.raises(Forbidden, match="The leader of the team settles"):
        services.settle(actor=doctor, duty_id=duty.pk, kept=True, why="问过村医，确实做了")
    with by(team.leader), pytest.raises(Invalid, match="at least 10 characters"):
        services.settle(actor=team.leader, duty_id=duty.pk, kept=True, why="做了")
    with by(team.leader):
        settled = services.settle(
            actor=team.leader, duty_id=duty.pk, kept=False, why="电话问过家属，当天没有去"
        )
    assert (settled.status, settled.served_by) == ("due", None)


def test_who_served_settles_nothing(team, by):
    duty = disputed(team, by, team.leader)
    with by(team.leader), pytest.raises(Forbidden, match="Who served cannot settle"):
        services.settle(actor=team.leader, duty_id=duty.pk, kept=True, why="我记得很清楚去过了")


def test_what_was_confirmed_can_be_disputed_for_thirty_days(team, by):
    duty = served(team)
    resident = duty.contract.patient.user
    with by(resident):
        services.confirm(actor=resident, duty_id=duty.pk)
    with (
        time_machine.travel(timezone.now() + 31 * DAY),
        by(resident),
        pytest.raises(Gone, match="thirty days"),
    ):
        services.dispute(actor=resident, duty_id=duty.pk)
    with by(resident):
        assert services.dispute(actor=resident, duty_id=duty.pk).status == Status.DISPUTED


def test_the_leader_waives_and_never_a_recheck(team, by):
    duty, doctor = serve(due(team), found=HIGH), join(team)
    recheck = Duty.objects.get(rule=Code.RECHECK)
    with by(doctor), pytest.raises(Forbidden, match="The leader of the team waives"):
        services.waive(actor=doctor, duty_id=duty.pk, because="away")
    with by(team.leader), pytest.raises(Invalid, match="A recheck is waived only"):
        services.waive(actor=team.leader, duty_id=recheck.pk, because="away")
    with by(team.leader):
        assert services.waive(actor=team.leader, duty_id=duty.pk, because="away").status == "waived"
        assert services.waive(actor=team.leader, duty_id=recheck.pk, because="moved")


def test_the_end_of_a_contract_is_the_end_of_what_is_open(team, by):
    duty = due(team)
    outbox.deliver_waiting()
    with by(team.leader):
        registration.end(actor=team.leader, contract_id=duty.contract_id, because="moved")
    outbox.deliver_waiting()
    duty.refresh_from_db()
    assert (duty.status, duty.waived_because) == ("waived", "ended")
    assert running(duty) == []


def test_kept_promises_are_counted_apart_and_few_are_hidden(team):
    contract = begun(team)
    left_window(contract, 5, kept=4)
    left_window(contract, 4, kept=4, face=False)
    kept = rates.kept_by([team])[team.pk]
    assert (kept.face, kept.remote) == (80, None)


def test_a_village_is_the_one_of_the_address(team):
    patient = resident_of(team, address="贵州省开阳县双流镇双永村 3 组")
    assert village_of(patient) == "双永村"
    assert village_of(resident_of(team, address="")) == ""
