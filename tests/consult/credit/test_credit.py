"""A specialist's credit: what is counted, for whom, and who may look."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.credit.measures import MEASURES
from consult.credit.queries import find_credit
from consult.requests import services as requests
from consult.rooms import services as rooms
from consult.rooms.models import Room
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.organisations import ledger
from telemed.organisations.models import Entry, Organisation
from telemed.people.models import Role
from tests.factories.consult import accepted_case, amended_case, closed_case, sent_case
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
BY_KEY = {one.key: one for one in MEASURES}


def credit_of(scene, doctor=None):
    today = timezone.localdate().replace(day=1)
    return find_credit(doctor=doctor or scene.specialist, organisation=scene.hospital, until=today)


def now_of(scene, doctor=None):
    return credit_of(scene, doctor).months[-1]


def value(month, key):
    return month.value(BY_KEY[key])


def by(user):
    return intention(user, door="test")


def test_a_month_counts_answers_opinions_receipts_and_the_ledger():
    scene = closed_case()
    closed_case(around=scene)
    amended_case(around=scene)

    month = now_of(scene)

    assert value(month, "accepted") == 3
    assert value(month, "opinions") == 3
    assert month.count("amended") == 1
    assert month.count("receipts") == 2
    assert value(month, "adopted") == 100
    lines = Entry.objects.filter(statement__asked=scene.hospital)
    assert value(month, "share") == sum(line.asked_amount for line in lines) / 100 > 0
    (agreed,) = credit_of(scene).agreed
    assert (agreed.asking, agreed.lines) == (scene.clinic.name, 2)
    assert agreed.amount == sum(line.amount for line in lines)


def test_what_others_did_is_not_theirs():
    scene = closed_case(specialists=2)
    other = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)

    assert now_of(scene, other).counts == {}


def test_what_was_done_for_another_institution_is_not_this_ones():
    scene = closed_case()

    credit = find_credit(
        doctor=scene.specialist,
        organisation=OrganisationFactory(),
        until=timezone.localdate().replace(day=1),
    )

    assert credit.months[-1].counts == {}
    assert credit.agreed == []


def test_the_first_answer_counts_from_the_sending_and_only_where_it_was_the_first():
    with time_machine.travel(timezone.now() - timedelta(minutes=30)):
        scene = sent_case(specialists=2)
    late = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    with by(late):
        requests.decline_case(actor=late, case_id=scene.case.pk, code="time")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)), by(scene.specialist):
        requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    first, second = now_of(scene, late), now_of(scene)

    assert 29 < value(first, "minutes") < 31
    assert first.count("declined") == 1
    assert value(second, "minutes") is None
    assert value(second, "accepted") == 1


def test_live_time_is_what_counts_of_the_rooms_they_were_in():
    scene = accepted_case()
    with by(scene.asker):
        room = rooms.open_room(actor=scene.asker, case_id=scene.case.pk)
    for user in (scene.asker, scene.specialist):
        with by(user):
            rooms.join_room(actor=user, room_id=room.pk, connection=uuid4())
    began = timezone.now() - timedelta(minutes=40)
    Room.objects.filter(pk=room.pk).update(
        live_at=began,
        held_for=timedelta(minutes=10),
        ended_at=timezone.now(),
        status=Room.Status.ENDED,
    )

    month = now_of(scene)

    assert 29.5 < value(month, "live") < 30.5
    assert month.count("rooms") == 1


def test_an_outcome_that_was_told_counts_and_one_that_lapsed_does_not():
    scene = closed_case()
    with time_machine.travel(timezone.now() + timedelta(days=3)), by(scene.asker):
        requests.record_outcome(actor=scene.asker, case_id=scene.case.pk, day=3, result="better")
    told = scene.case.steps.get(action="case.outcome")

    with time_machine.travel(told.at):
        assert now_of(scene).count("outcomes") == 1


def test_a_correction_of_the_ledger_is_part_of_it():
    scene = closed_case()
    entry = Entry.objects.get(subject=scene.case.pk)
    with by(scene.coordinator):
        ledger.correct_to(entry=entry, amount=0, reason="重复记账，应为零")

    assert value(now_of(scene), "share") == 0
    (agreed,) = credit_of(scene).agreed
    assert (agreed.lines, agreed.amount) == (1, 0)


def test_a_month_before_the_thirteen_is_not_counted_and_can_be_turned_to(client):
    with time_machine.travel(timezone.now() - timedelta(days=500)):
        scene = sent_case()
        with by(scene.specialist):
            requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)
        then = timezone.localdate()
    client.force_login(scene.specialist)
    url = reverse("credit:person", args=[scene.specialist.pk])

    assert credit_of(scene).whole.count("accepted") == 0
    page = client.get(url, {"until": f"{then:%Y-%m}"})
    assert page.context["credit"].months[-1].count("accepted") == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MEDICAL_OFFICE])
def test_the_hospitals_administrator_and_medical_office_look_and_it_is_noted(client, role):
    scene = closed_case()
    reader = StaffFactory(role=role, organisation=scene.hospital)
    client.force_login(reader)

    listed = client.get(reverse("credit:home"))
    page = client.get(reverse("credit:person", args=[scene.specialist.pk]))

    assert scene.specialist in listed.context["people"].doctors
    assert page.status_code == 200
    row = AuditRow.objects.get(action="credit.read")
    assert row.actor_id == reader.actor_id


def test_ones_own_leaves_no_trace_and_home_leads_there(client):
    scene = closed_case()
    client.force_login(scene.specialist)

    page = client.get(reverse("credit:home"), follow=True)

    assert page.context["own"]
    assert not AuditRow.objects.filter(action="credit.read").exists()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.DIRECTOR, Role.COORDINATOR])
def test_nobody_else_of_the_hospital_looks(client, role):
    scene = closed_case()
    client.force_login(StaffFactory(role=role, organisation=scene.hospital))

    for name in ("credit:person", "credit:csv"):
        assert client.get(reverse(name, args=[scene.specialist.pk])).status_code == 404


def test_no_other_institution_looks(client):
    scene = closed_case()
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))

    assert client.get(reverse("credit:person", args=[scene.specialist.pk])).status_code == 404
    assert client.get(reverse("credit:home")).context["people"].doctors == []


def test_the_file_holds_the_same_months(client):
    scene = closed_case()
    scene.specialist.language = "en"
    scene.specialist.save()
    client.force_login(scene.specialist)
    client.cookies["language"] = "en"

    answer = client.get(reverse("credit:csv", args=[scene.specialist.pk]))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    months = {line.split(",")[0]: line.split(",")[1:] for line in lines[2:15]}
    assert len(months) == 13
    this = months[f"{timezone.localdate():%Y-%m}"]
    assert this[0] == "1"
    assert lines[-1].startswith(scene.clinic.name)


@pytest.mark.parametrize(
    ("query", "path"), [({"until": "2026-13"}, "month"), ({"show": "nonsense"}, "show")]
)
def test_an_address_that_no_link_has_is_refused_in_words(client, query, path):
    scene = sent_case()
    client.force_login(scene.specialist)

    answer = client.get(
        reverse("credit:person", args=[scene.specialist.pk]),
        query,
        headers={"accept": "application/json"},
    )

    assert answer.status_code == 422
    assert answer.json()["path"] == path


def test_the_list_is_paged_searched_and_costs_the_same(client, monkeypatch):
    monkeypatch.setattr("consult.credit.queries.PAGE", 2)
    hospital = OrganisationFactory(kind=Organisation.Kind.HOSPITAL)
    reader = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=hospital)
    for name in ("陈一", "陈二", "陈三"):
        doctor = StaffFactory(role=Role.SPECIALIST, organisation=hospital, name=name)
        PractitionerFactory(user=doctor)
    client.force_login(reader)
    url = reverse("credit:home")
    client.get(url)

    with CaptureQueriesContext(connection) as one:
        first = client.get(url, {"q": "陈二"})
    with CaptureQueriesContext(connection) as two:
        page = client.get(url)
    rest = client.get(url, {"after": page.context["people"].after})

    assert [d.name for d in first.context["people"].doctors] == ["陈二"]
    names = [d.name for d in [*page.context["people"].doctors, *rest.context["people"].doctors]]
    assert sorted(names) == sorted(["陈一", "陈二", "陈三"])
    assert len(one) == len(two)
    assert client.get(url, {"after": "x"}).status_code == 422
