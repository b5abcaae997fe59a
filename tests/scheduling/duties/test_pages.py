"""The pages of duties as a team and a resident meet them."""

import pytest
from django.urls import reverse

from scheduling.duties.models import Code, Duty, Status
from tests.factories.duties import HIGH, due, left_window, serve, served
from tests.factories.people import UserFactory
from tests.factories.referrals import road, sent
from tests.factories.registration import TeamFactory, join, resident_of

pytestmark = pytest.mark.django_db
DAY, MINE = reverse("duties:day"), reverse("duties:mine")
FORM = {"mode": "face_to_face", "systolic": "138", "diastolic": "84"}


@pytest.fixture
def team():
    team = TeamFactory()
    team.leader.language = "en"
    team.leader.save()
    return team


@pytest.fixture
def page(client, team):
    client.force_login(team.leader)
    return client


def said(answer):
    return answer.content.decode()


def one(name, duty):
    return reverse(f"duties:{name}", args=[duty.pk])


def english_resident(team, **facts):
    return resident_of(team, user=UserFactory(language="en"), birth_date="1970-01-01", **facts)


def test_the_day_goes_by_village(page, team):
    patient = english_resident(team, address="贵州省开阳县双流镇双永村 3 组")
    duty = due(team, patient=patient)
    answer = said(page.get(DAY))
    assert "<h2>双永村</h2>" in answer
    assert one("duty", duty) in answer


def test_a_duty_is_served_and_the_list_is_next(page, team):
    duty = due(team)
    answer = page.post(one("serve", duty), FORM, follow=True)
    assert answer.redirect_chain[-1][0] == DAY
    assert "the resident is asked to confirm" in said(answer)
    duty.refresh_from_db()
    assert (duty.systolic, duty.status) == (138, Status.DONE)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"mode": "remote"}, "This duty must be face to face."),
        ({"systolic": "abc"}, "A blood pressure lies between 30 and 300."),
        ({"systolic": "1000"}, "A blood pressure lies between 30 and 300."),
        ({"glucose": "99999"}, "A glucose lies between 0.5 and 60 mmol/L."),
        ({"systolic": ""}, "Enter both values of the blood pressure."),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(page, team, sent, words):
    duty = due(team)
    answer = page.post(one("serve", duty), {**FORM, "note": "按时服药", **sent}, follow=True)
    assert words in said(answer)
    assert "按时服药" in said(answer)
    duty.refresh_from_db()
    assert duty.status == Status.DUE


def test_a_warning_value_leads_to_the_referral(page, team):
    duty = due(team)
    answer = page.post(one("serve", duty), {**FORM, "systolic": "182"}, follow=True)
    assert answer.redirect_chain[-1][0] == one("duty", duty)
    link = f"{reverse('referrals:new')}?patient={duty.contract.patient_id}"
    assert link in said(answer)
    assert page.get(link).status_code == 200
    assert Duty.objects.filter(rule=Code.RECHECK).exists()
    answer = page.post(one("serve", duty), {**FORM, "systolic": "182"}, follow=True)
    assert "Refer first and plan the two-week recheck." in said(answer)


def test_after_the_referral_it_can_be_finished(page):
    way = road()
    team = TeamFactory(organisation=way.doctor.organisation, leader=way.doctor)
    patient = english_resident(team)
    duty = serve(due(team, patient=patient), found=HIGH)
    referral = sent(way).referral
    type(referral).objects.filter(pk=referral.pk).update(person_key=patient.pk)
    assert serve(duty, found=HIGH).status == Status.DONE


def test_a_resident_answers_with_one_tap(client, team):
    duty = served(team, patient=english_resident(team))
    client.force_login(duty.contract.patient.user)
    assert one("confirm", duty) in said(client.get(MINE))
    answer = client.post(one("confirm", duty), follow=True)
    assert "It counts as done" in said(answer)
    duty.refresh_from_db()
    assert duty.status == Status.CONFIRMED


def test_the_leader_settles_on_the_page(page, team, client):
    duty = served(team, join(team), patient=english_resident(team))
    resident = duty.contract.patient.user
    client.force_login(resident)
    client.post(one("dispute", duty))
    client.force_login(team.leader)
    assert one("duty", duty) in said(client.get(DAY))
    client.post(one("settle", duty), {"kept": "yes", "why": "看过村卫生室的登记本"})
    duty.refresh_from_db()
    assert (duty.status, duty.settled) == ("confirmed", "看过村卫生室的登记本")
    answer = client.post(
        one("settle", duty), {"kept": "yes", "why": "再来一次再来一次"}, follow=True
    )
    assert "that cannot be done now" in said(answer)


def test_who_looks_for_a_team_sees_how_many_promises_it_kept(client, team):
    duty = due(team, patient=english_resident(team))
    client.force_login(duty.contract.patient.user)
    address = reverse("contracts:contract", args=[duty.contract_id])
    assert "kept promises: not yet known" in said(client.get(address))
    left_window(duty.contract, 10, kept=9)
    assert "face to face 90%" in said(client.get(address))
