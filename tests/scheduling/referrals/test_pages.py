"""The pages of referrals as both sides and the patient meet them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import services as appointments
from scheduling.referrals.models import Referral, Status
from tests.factories.referrals import (
    REASON,
    accepted,
    arrived,
    by,
    closed,
    declined,
    handed_back,
    missed,
    next_hospital,
    road,
    sent,
)

pytestmark = pytest.mark.django_db
LIST, MINE = reverse("referrals:list"), reverse("referrals:mine")


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"
    with translation.override("en"):
        yield


def at(name, found):
    return reverse(f"referrals:{name}", args=[found.referral.pk])


def page(client, user, path, **query):
    client.force_login(user)
    return client.get(path, query)


def post(client, user, path, fields):
    client.force_login(user)
    return client.post(path, fields, follow=True)


def said(answer):
    return answer.content.decode()


def test_where_to_is_chosen_beforehand_only_where_the_specialty_is_known(client):
    found = road()
    new = f"{reverse('referrals:new')}?patient={found.patient.pk}"
    chosen = f'value="{found.department.pk}" checked'
    assert chosen not in said(page(client, found.sender, new))
    known = f"{new}&specialty={found.department.specialty}"
    assert chosen in said(page(client, found.sender, known))


def test_two_clicks_from_the_patients_page(client):
    found = road()
    chart = said(page(client, found.sender, reverse("chart:patient", args=[found.patient.pk])))
    new = f"{reverse('referrals:new')}?patient={found.patient.pk}"
    assert new in chart
    form = page(client, found.sender, new)
    first = form.context["likely"][0]
    assert (first.department, first.first) == (found.department, found.period)
    fields = {
        "department": found.department.pk,
        "reason": REASON,
        "urgency": "routine",
        "agreed": "told",
        "place": "1",
    }
    answer = post(client, found.sender, form.context["action"], fields)
    made = Referral.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("referrals:referral", args=[made.pk])
    assert made.number in said(
        page(client, found.sender, reverse("chart:patient", args=[found.patient.pk]))
    )


def test_two_clicks_from_a_visit_for_the_doctor_who_sees_the_patient(client):
    found = accepted()
    visit = found.refresh().appointment
    new = f"{reverse('referrals:new')}?patient={found.patient.pk}"
    ticket = reverse("booking:ticket", args=[visit.pk])
    assert new not in said(page(client, found.doctor, ticket))  # not here yet
    with time_machine.travel(visit.during.lower - timedelta(minutes=5)):
        with by(found.desk):
            appointments.check_in(actor=found.desk, appointment_id=visit.pk)
        assert new in said(page(client, found.doctor, ticket))
        further = next_hospital(found, clinic=found.hospital)
        choices = page(client, found.doctor, new).context["likely"]
    assert [one.department for one in choices] == [further.department]


def test_a_refused_form_comes_back_with_what_was_typed(client):
    found = road()
    new = f"{reverse('referrals:new')}?patient={found.patient.pk}"
    client.force_login(found.sender)
    fields = {
        "department": found.department.pk,
        "reason": "胸",
        "summary": "心电图 ST 段压低",
        "urgency": "urgent",
        "agreed": "told",
    }
    answer = client.post(
        reverse("referrals:send", args=[found.patient.pk]),
        fields,
        follow=True,
        headers={"referer": f"http://testserver{new}"},
    )
    assert "心电图 ST 段压低" in said(answer)
    assert answer.context["refusal"].path == "reason"
    assert not Referral.objects.exists()


def test_the_board_of_the_hospital_has_what_waits_first(client):
    found = sent()
    for user in (found.coordinator, found.doctor):
        shown = page(client, user, LIST).context
        assert [row.referral for row in shown["mine"]] == [found.referral]
        assert shown["mine"][0].named
    mine = page(client, found.sender, LIST).context
    assert (mine["mine"], [row.referral for row in mine["others"]]) == ([], [found.referral])


def test_the_hospital_accepts_and_the_page_says_when_and_where(client):
    found = sent()
    shown = page(client, found.coordinator, at("referral", found))
    assert shown.context["kept"] == found.period
    post(client, found.coordinator, at("accept", found), {"period": found.period.pk})
    answer = page(client, found.sender, at("referral", found))
    assert answer.context["referral"].status == Status.ACCEPTED
    assert answer.context["visit"].ticket == 1


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"period": "x"}, "period"),
        ({"period": "bed"}, "place"),
        ({"period": "bed", "place": "3-12", "expected_at": "x"}, "expected_at"),
        ({"period": "bed", "place": "3-12"}, "expected_at"),
    ],
)
def test_an_answer_that_cannot_be_read_is_said_on_the_page(client, fields, path):
    found = sent(road(places=0))
    answer = post(client, found.coordinator, at("accept", found), fields)
    assert answer.context["refusal"].path == path
    assert found.refresh().status == Status.SENT


def test_the_plan_of_a_hand_back_is_read_row_by_row(client):
    found = arrived()
    due = timezone.localdate() + timedelta(days=14)
    fields = {"diagnosis": "心绞痛", "done": "造影", "what": ["复查", "", "测血压"]}
    answer = post(
        client, found.doctor, at("hand_back", found), {**fields, "due_on": [due, "", "not a day"]}
    )
    assert answer.context["refusal"].path == "plan"
    post(client, found.doctor, at("hand_back", found), {**fields, "due_on": [due, "", due]})
    assert list(found.refresh().plan.values_list("what", flat=True)) == ["复查", "测血压"]


def test_the_desk_sees_who_is_expected_and_reads_no_reason(client):
    found = accepted(bed=True)
    assert [row.referral for row in page(client, found.desk, LIST).context["others"]]
    answer = page(client, found.desk, at("referral", found))
    assert answer.context["may_arrive"]
    assert REASON not in said(answer)


def test_each_state_has_its_page_for_both_sides_and_the_patient(client):
    for make in (sent, accepted, arrived, declined, missed, handed_back, closed):
        found = make()
        for user in (found.sender, found.resident):
            answer = page(client, user, at("referral", found))
            assert answer.status_code == 200
            assert found.referral.number in said(answer)


def test_a_resident_sees_her_own_and_no_other_and_may_withdraw(client):
    found, other = sent(), sent()
    assert found.referral.number in said(page(client, found.resident, MINE))
    assert found.referral.number in said(page(client, found.resident, "/"))
    assert page(client, other.resident, at("referral", found)).status_code == 404
    post(client, found.resident, at("cancel", found), {"reason": "家里有事不去了"})
    assert found.refresh().status == Status.CANCELLED


def test_after_a_refusal_the_next_hospital_is_offered_without_those_that_were_asked(client):
    found = declined()
    there = next_hospital(found)
    answer = page(client, found.sender, at("referral", found))
    assert [one.department for one in answer.context["choices"]] == [there.department]
    post(client, found.sender, at("again", found), {"department": there.department.pk})
    assert found.refresh().rounds_asked == 2


def test_a_list_costs_the_same_for_one_and_for_ten(client, django_assert_max_num_queries):
    found = sent()
    from tests.factories.referrals import another

    for _ in range(9):
        sent(another(found))
    client.force_login(found.coordinator)
    client.get(LIST)
    with django_assert_max_num_queries(30):
        client.get(LIST)
