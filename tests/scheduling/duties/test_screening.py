"""High blood pressure in somebody not known to have it: three days, then a doctor's word."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from records.fhir.walker import check
from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Plan, Proposal, Status
from scheduling.registration import groups
from scheduling.registration.models import Group
from telemed.core import outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.notifications.models import Notification
from telemed.people.models import Practitioner
from tests.consult.requests.looking import published
from tests.factories.duties import FINE, HIGH, begun, due, elder_of, serve, whole
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.registration import join

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
RAISED = replace(FINE, systolic=150, diastolic=95)


@pytest.fixture
def yearly(team):
    return Duty.objects.get(contract=begun(team), rule=Code.PRESSURE)


def another(contract):
    return Duty.objects.filter(contract=contract, rule=Code.PRESSURE_AGAIN, status=Status.DUE)


def measure(contract, found, *, after=8):
    """What is planned for another day, so many days later."""
    with time_machine.travel(timezone.now() + after * DAY):
        return serve(another(contract).get(), found=found)


@pytest.fixture
def proposal(yearly):
    serve(yearly, found=RAISED)
    measure(yearly.contract, RAISED)
    with time_machine.travel(timezone.now() + 16 * DAY):
        serve(another(yearly.contract).get(), found=RAISED)
    return Proposal.objects.get()


@pytest.fixture
def answer(by):
    def answer(proposal, actor, *, confirmed=True, because=""):
        with by(actor):
            return services.answer_proposal(
                actor=actor,
                contract_id=proposal.contract_id,
                confirmed=confirmed,
                because=because,
            )

    return answer


def test_a_first_high_value_is_measured_again_in_a_week(yearly):
    done = serve(yearly, found=RAISED)
    assert done.status == Status.DONE
    again = another(yearly.contract).get()
    today = timezone.localdate()
    assert (again.due_on, again.closes_on) == (today + 7 * DAY, today + 28 * DAY)
    with pytest.raises(Invalid, match="both values of the blood pressure"):
        serve(again, found=replace(FINE, systolic=None, diastolic=None))


@pytest.mark.parametrize(("systolic", "diastolic", "planned"), [(139, 89, 0), (140, 89, 1)])
def test_from_140_over_90_on(yearly, systolic, diastolic, planned):
    serve(yearly, found=replace(FINE, systolic=systolic, diastolic=diastolic))
    assert another(yearly.contract).count() == planned


def test_the_third_day_proposes_the_group_and_tells_the_doctor(team, proposal):
    assert (proposal.group, proposal.answer) == (Group.HYPERTENSION, "open")
    assert not another(proposal.contract).exists()
    outbox.deliver_waiting()
    assert Notification.objects.filter(
        template="duty.proposed", recipient=proposal.contract.doctor
    ).exists()


def test_a_normal_day_between_begins_anew(yearly):
    serve(yearly, found=RAISED)
    measure(yearly.contract, FINE)
    assert not another(yearly.contract).exists()
    assert not Proposal.objects.exists()


def test_three_values_of_one_day_are_one(team, yearly, by):
    serve(yearly, found=RAISED)
    for _ in range(2):
        with by(team.leader):
            services.add_visit(
                actor=team.leader, duty_id=yearly.pk, found=RAISED, because="当天再量一次"
            )
    assert not Proposal.objects.exists()
    assert another(yearly.contract).count() == 1


def test_who_has_it_already_is_not_screened(team):
    serve(due(team), found=RAISED)
    exam = Duty.objects.get(rule=Code.HYPERTENSION_EXAM)
    serve(exam, found=replace(whole(exam), systolic=150, diastolic=95))
    assert not Duty.objects.filter(rule=Code.PRESSURE_AGAIN).exists()


def test_from_65_the_yearly_exam_screens(team):
    exam = due(team, Code.ELDERLY_EXAM, group=Group.ELDERLY, patient=elder_of(team))
    serve(exam, found=replace(whole(exam), systolic=150, diastolic=85))
    assert another(exam.contract).count() == 1


def test_after_a_warning_the_recheck_is_the_other_day(yearly):
    serve(yearly, found=replace(HIGH, refusal="病人说明天再去"))
    assert not another(yearly.contract).exists()
    assert Duty.objects.filter(contract=yearly.contract, rule=Code.RECHECK).exists()


def test_confirmed_it_is_a_diagnosis_with_its_duties(team, proposal, answer):
    answer(proposal, team.leader)
    plan = Plan.objects.get(contract=proposal.contract)
    assert plan.groups == ["hypertension"]
    rules = set(Duty.objects.filter(contract=proposal.contract).values_list("rule", flat=True))
    assert {Code.HYPERTENSION, Code.HYPERTENSION_EXAM} <= rules
    condition = published(proposal.pk)
    assert not check(condition)[0]
    assert condition["code"]["coding"][0]["code"] == "I10"
    assert Group.HYPERTENSION in groups.groups_of(proposal.contract.patient)
    assert answer(proposal, team.leader).is_confirmed
    with pytest.raises(Conflict, match="answered already"):
        answer(proposal, team.leader, confirmed=False, because="白大衣高血压")


def test_declined_it_says_why_and_is_not_judged_twice(team, proposal, answer):
    with pytest.raises(Invalid, match="why it is not so") as refused:
        answer(proposal, team.leader, confirmed=False, because="否")
    assert refused.value.path == "because"
    with time_machine.travel(timezone.now() + 17 * DAY):
        answer(proposal, team.leader, confirmed=False, because="白大衣高血压")
    assert published(proposal.pk) is None
    with time_machine.travel(timezone.now() + 20 * DAY):
        later = Duty.objects.create(
            contract=proposal.contract,
            rule=Code.PRESSURE,
            due_on=timezone.localdate(),
            closes_on=timezone.localdate() + 90 * DAY,
            face=True,
            status=Status.DUE,
        )
        serve(later, found=RAISED)
    assert not Proposal.objects.filter(answer="open").exists()
    assert another(proposal.contract).count() == 1


def test_it_is_a_doctor_of_the_team_who_confirms(team, proposal, answer):
    village = join(team)
    PractitionerFactory(user=village, title=Practitioner.Title.VILLAGE)
    with pytest.raises(Forbidden, match="A doctor of the team confirms it"):
        answer(proposal, village)
    with pytest.raises(NotFound):
        answer(proposal, StaffFactory())


def test_the_pages_ask_the_doctor(client, team, proposal):
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = f"/family-doctor/duties/plans/{proposal.contract_id}/"
    assert page in client.get("/family-doctor/duties/").content.decode()
    told = client.get(page).content.decode()
    assert "To be confirmed: High blood pressure" in told
    assert told.count("150/95 mmHg") == 3
    refused = client.post(f"{page}answer/", {"answer": "no"}, follow=True).content.decode()
    assert "why it is not so" in refused
    done = client.post(f"{page}answer/", {"answer": "yes"}, follow=True).content.decode()
    assert "The follow-ups of the group are planned." in done
