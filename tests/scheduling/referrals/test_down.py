"""A hospital sends a patient down to a clinic, which takes the plan over."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from records.consent import access
from scheduling.duties.models import Code, Duty
from scheduling.referrals import fhir, queries, services
from scheduling.referrals.models import PlanItem, Referral, Status
from scheduling.referrals.services.answering import Offer
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.factories.duties import begun
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    StaffFactory,
)
from tests.factories.referrals import (
    by,
    down_accepted,
    down_arrived,
    down_closed,
    down_road,
    down_sent,
    hand_over,
)
from tests.factories.registration import TeamFactory, signed
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
FORM = {
    "purpose": "rehabilitation",
    "reason": "脑梗死后康复，请每周随访",
    "diagnosis": "脑梗死恢复期",
    "done": "溶栓后两周，肌力恢复至 4 级",
    "medicines": "阿司匹林 100 mg 每日一次",
    "urgency": "routine",
    "agreed": "told",
    "agreed_by": "self",
}


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"
    with translation.override("en"):
        yield


def running(referral):
    rows = Clock.objects.filter(about=referral.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


def told(user, about):
    outbox.deliver_waiting()
    rows = Notification.objects.filter(recipient=user, about=about.pk).order_by("pk")
    return list(rows.values_list("template", flat=True))


def fire(referral, kind, rung):
    """Travel to the moment of that clock and let it run out."""
    due = Clock.objects.get(about=referral.pk, kind=kind, rung=rung).due_at
    with time_machine.travel(due + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


def test_it_goes_from_the_hospital_to_the_taken_plan(client):
    found = down_road()
    team = TeamFactory(organisation=found.clinic, leader=found.sender)
    contract = begun(team, contract=signed(team, found.patient))
    down_sent(found)
    referral = found.refresh()
    assert (referral.status, referral.direction, referral.planned) == (Status.SENT, "down", 2)
    assert running(referral) == {"referral.accept"}
    assert told(found.sender, referral) == ["referral.sent"]
    down_accepted(found)
    assert running(referral) == {"referral.arrive"}
    assert told(found.doctor, referral) == ["referral.accepted"]
    assert told(found.resident, referral) == ["referral.accepted"]
    down_arrived(found)
    assert running(referral) == {"referral.plan"}
    assert told(found.doctor, referral)[-1] == "referral.arrived"
    down_closed(found)
    outbox.deliver_waiting()
    referral = found.refresh()
    assert (referral.status, referral.taken_by, running(referral)) == (
        Status.CLOSED,
        found.sender,
        set(),
    )
    tasks = Duty.objects.filter(contract=contract, rule=Code.AFTER_CARE)
    assert sorted(tasks.values_list("what", flat=True)) == ["康复训练指导", "测血压"]
    assert [one.what for one in queries.open_items(found.sender)] == ["测血压", "康复训练指导"]
    assert queries.open_items(found.doctor) == []


def test_what_goes_along_is_whole():
    found = down_road()

    def send(purpose="discharge", **changed):
        return down_sent(found, purpose=purpose, over=hand_over(**changed))

    for changed, words in (
        ({"diagnosis": ""}, "Write the diagnosis"),
        ({"done": " "}, "Write what was done"),
        ({"items": []}, "goes down with a plan"),
        ({"items": [("测血压", None)]}, "and by when"),
        ({"purpose": "holiday"}, "what the clinic takes the patient on for"),
    ):
        with pytest.raises(Invalid, match=words):
            send(**changed)
    assert not Referral.objects.exists()
    send(items=[], none_reason="恢复良好，不需要随访")
    assert found.refresh().planned == 0


def test_only_a_hospital_doctor_who_may_read_sends_down_and_only_to_a_partner():
    found = down_road()
    with pytest.raises(Forbidden, match="Only a doctor of the hospital"):
        down_sent(found, actor=found.sender)
    elsewhere = down_road()
    with pytest.raises(NotFound):
        down_sent(found, actor=elsewhere.doctor)
    with pytest.raises(Conflict, match="has no agreement with your hospital"):
        down_sent(found, department_id=elsewhere.department.pk)


def test_the_clinic_asks_declines_and_the_hospital_asks_another():
    found, other = down_road(), ClinicFactory()
    AgreementFactory(asking=other, asked=found.hospital)
    there = DepartmentFactory(organisation=other, specialty="general")
    down_sent(found)
    one = {"referral_id": found.referral.pk}
    with by(found.sender):
        services.ask(actor=found.sender, text="出院带药够几天？", **one)
    assert running(found.referral) == {"referral.question"}
    with by(found.doctor):
        services.answer(actor=found.doctor, text="带了两周", **one)
    with by(found.sender):
        services.decline(actor=found.sender, reason="康复师休假", elsewhere="邻乡卫生院", **one)
    assert found.refresh().status == Status.DECLINED
    assert told(found.doctor, found.referral)[-1] == "referral.declined"
    with by(found.doctor):
        services.send_again(actor=found.doctor, department_id=there.pk, **one)
    assert found.refresh().organisation == other
    with by(found.sender), pytest.raises(NotFound):  # it is not theirs any more
        services.accept(actor=found.sender, offer=Offer(), **one)


def test_it_is_never_in_care_nor_handed_back():
    found = down_arrived()
    one = {"referral_id": found.referral.pk}
    with by(found.sender):
        with pytest.raises(Conflict, match="take it over"):
            services.begin(actor=found.sender, **one)
        with pytest.raises(Conflict, match="take it over"):
            services.hand_back(actor=found.sender, diagnosis="好转", done="随访", **one)
    with by(found.doctor), pytest.raises(Forbidden, match="Only the clinic"):
        services.take_plan(actor=found.doctor, **one)
    with pytest.raises(IntegrityError, match="down_goes_with_its_plan"):
        Referral.objects.filter(pk=found.referral.pk).update(status=Status.IN_CARE)


def test_the_clinic_says_where_and_when():
    found = down_sent()
    one = {"referral_id": found.referral.pk}
    with by(found.sender):
        with pytest.raises(Invalid, match="at the clinic, or at home"):
            services.accept(actor=found.sender, offer=Offer(), **one)
        with pytest.raises(Invalid, match="when the patient is seen"):
            services.accept(actor=found.sender, offer=Offer(place="家中"), **one)


def test_its_clocks_tell_the_clinic_and_then_the_county():
    found = down_sent()
    head = StaffFactory(role="head", organisation=found.clinic)
    fire(found.referral, "referral.accept", 0)
    assert "clock.remind" in told(found.sender, found.referral)
    fire(found.referral, "referral.accept", 1)
    assert told(head, found.referral) == ["referral.unanswered"]
    assert "referral.unanswered" in told(found.doctor, found.referral)
    fire(found.referral, "referral.accept", 2)
    assert found.refresh().rounds.count() == 1  # nobody else is asked
    fire(found.referral, "referral.accept", 4)
    assert found.refresh().status == Status.EXPIRED
    assert told(found.doctor, found.referral)[-1] == "referral.down_expired"


def test_a_plan_that_nobody_takes_is_asked_for_at_the_clinic():
    found = down_arrived()
    head = StaffFactory(role="head", organisation=found.clinic)
    fire(found.referral, "referral.plan", 0)
    assert told(found.sender, found.referral)[-1] == "referral.plan_here"
    fire(found.referral, "referral.plan", 1)
    assert told(head, found.referral) == ["referral.plan_here"]


def test_who_does_not_come_is_found_out_by_the_hospital():
    found = down_accepted()
    fire(found.referral, "referral.arrive", 1)
    assert found.refresh().status == Status.NOT_ARRIVED
    assert told(found.doctor, found.referral)[-1] == "referral.missed"


def test_the_record_is_open_to_the_clinic_until_a_week_after():
    found = down_road(elsewhere=True)  # the clinic does not know the patient
    assert not access.decide(found.sender, "read", found.patient).allowed
    down_sent(found)
    assert access.decide(found.sender, "read", found.patient).allowed
    one = {"referral_id": found.referral.pk}
    with by(found.doctor):
        services.cancel(actor=found.doctor, reason="患者改住亲戚家", **one)
    assert not access.decide(found.sender, "read", found.patient).allowed


def test_the_world_reads_it_like_the_upward_one():
    found = down_arrived()
    referral = Referral.objects.select_related(*queries.referrals.READ_WITH).get()
    request = fhir.to_fhir(referral)
    assert (request.status, request.category[0].coding[0].code) == ("active", "down")
    assert request.performer[0].reference == f"Organization/{found.clinic.pk}"
    task = fhir.round_task(referral.rounds.get())
    assert (task.status, task.owner.reference) == ("in-progress", f"Organization/{found.clinic.pk}")
    plan = fhir.after_care_to_fhir(referral.after_care)
    assert (plan.status, plan.author.reference) == ("draft", f"Organization/{found.hospital.pk}")
    assert fhir.stay_to_fhir(referral.stay).status == "arrived"
    down_closed(found)
    referral = Referral.objects.select_related(*queries.referrals.READ_WITH).get()
    assert fhir.to_fhir(referral).status == "completed"
    assert fhir.round_task(referral.rounds.get()).status == "completed"
    assert fhir.after_care_to_fhir(referral.after_care).status == "active"
    stay = fhir.stay_to_fhir(referral.stay)
    assert (stay.status, stay.period.end) == ("finished", referral.ended_at)


def test_the_form_and_both_lists(client):
    found = down_road()
    client.force_login(found.doctor)
    new = f"{reverse('referrals:new_down')}?patient={found.patient.pk}"
    page = client.get(new).content.decode()
    assert f'value="{found.department.pk}" checked' in page
    day = (timezone.localdate() + timedelta(days=7)).isoformat()
    sent = {
        **FORM,
        "department": str(found.department.pk),
        "what": ["测血压", ""],
        "due_on": ["", ""],
    }
    refused = client.post(
        reverse("referrals:send_down", args=[found.patient.pk]),
        sent,
        headers={"referer": f"http://testserver{new}"},
        follow=True,
    ).content.decode()
    assert "Each item of the plan says what, and by when." in refused
    assert 'value="测血压"' in refused
    sent["due_on"] = [day, ""]
    client.post(reverse("referrals:send_down", args=[found.patient.pk]), sent)
    referral = Referral.objects.get()
    assert PlanItem.objects.get().due_on.isoformat() == day
    for user, words in (
        (found.doctor, "was asked to take the patient on"),
        (found.sender, "was asked to take the patient on"),
    ):
        client.force_login(user)
        assert words in client.get(reverse("referrals:list")).content.decode()
    page = client.get(reverse("referrals:referral", args=[referral.pk])).content.decode()
    assert "Can you take the patient on?" in page
    assert "What goes along" in page
    assert "Rehabilitation" in page


def test_sent_twice_it_is_the_same_one():
    found = down_sent()
    first = found.referral
    assert down_sent(found).referral == first


@committed
def test_two_doctors_of_the_clinic_accept_once():
    found = down_sent()
    colleague = StaffFactory(organisation=found.clinic)
    at = timezone.now() + timedelta(days=1)

    def accept(actor):
        with by(actor):
            offer = Offer(place="卫生院门诊", expected_at=at)
            services.accept(actor=actor, referral_id=found.referral.pk, offer=offer)

    ended = race([lambda who=who: accept(who) for who in (found.sender, colleague)])
    assert ended == {"won": 1, "Conflict": 1}
