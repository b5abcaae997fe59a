"""Whom a desk must phone, and how the calls went."""

from datetime import timedelta

import pytest
from django.urls import reverse

from telemed.audit.models import AuditRow
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict
from telemed.notifications import services
from telemed.notifications.models import Call, Delivery, State
from telemed.people.models import Role
from tests.factories.people import ClinicFactory, OrganisationFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
LIST = "/inbox/phone/"


@pytest.fixture
def clinic(db):
    return ClinicFactory()


@pytest.fixture
def asker(clinic):
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic, language="en")


@pytest.fixture
def coordinator(doctor):
    return StaffFactory(
        role=Role.COORDINATOR, organisation=doctor.acting_as.organisation, language="en"
    )


@pytest.fixture
def unread(noon, sms, doctor, asker, tell):
    """An emergency of the clinic that the hospital's doctor did not read for five minutes."""
    note = tell(doctor, "case.emergency", actor=asker)
    noon.shift(timedelta(minutes=5))
    fire_due()
    return note.deliveries.get(channel="phone")


def see(client, user):
    client.force_login(user)
    return client.get(LIST)


def post(client, delivery, **given):
    return client.post(reverse("notifications:call", args=[delivery.pk]), given)


def test_the_desk_of_both_sides_sees_whom_to_phone_and_why(
    client, unread, doctor, asker, coordinator
):
    for caller in (asker, coordinator):
        page = see(client, caller).content.decode()
        assert doctor.name in page
        assert 'href="tel:13800000002"' in page
        assert "Emergency C1 from 第一医院" in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TOWNSHIP_DOCTOR])
def test_another_institution_sees_nothing_and_records_nothing(client, unread, doctor, role):
    other = StaffFactory(role=role, organisation=OrganisationFactory())
    assert doctor.name not in see(client, other).content.decode()
    assert post(client, unread, result="reached").status_code == 404
    assert not Call.objects.exists()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.OFFICIAL, Role.ADMINISTRATOR])
def test_other_roles_have_no_phone_list(client, unread, doctor, role):
    other = StaffFactory(role=role, organisation=doctor.acting_as.organisation)
    assert see(client, other).status_code == 404
    assert post(client, unread, result="reached").status_code == 404


def test_nobody_is_asked_to_phone_themselves(client, unread, doctor):
    doctor.acting_as.role = Role.COORDINATOR
    doctor.acting_as.save()
    assert "13800000002" not in see(client, doctor).content.decode()


def test_who_was_reached_leaves_the_list_and_the_trace_says_who_phoned(client, unread, coordinator):
    see(client, coordinator)
    assert post(client, unread, result="relayed", spoke_with="护士站").status_code == 302
    unread.refresh_from_db()
    assert unread.state == State.CALLED
    call = Call.objects.get()
    assert (call.by, call.spoke_with) == (coordinator, "护士站")
    assert AuditRow.objects.filter(action="notification.call", reason="relayed").exists()
    assert "Done lately" in client.get(LIST).content.decode()


def test_three_calls_in_vain_end_it(client, unread, coordinator):
    see(client, coordinator)
    for n in range(1, 4):
        post(client, unread, result="no_answer")
        unread.refresh_from_db()
        assert unread.state == (State.UNREACHABLE if n == 3 else State.ON_PHONE_LIST)
    assert post(client, unread, result="reached").status_code == 409


@pytest.mark.parametrize("given", [{}, {"result": "maybe"}, {"result": "relayed"}])
def test_a_call_says_how_it_went(client, unread, coordinator, given):
    see(client, coordinator)
    assert post(client, unread, **given).status_code == 422
    assert not Call.objects.exists()


def test_a_call_to_somebody_who_read_it_meanwhile_is_refused(
    client, unread, coordinator, doctor, by
):
    see(client, coordinator)
    with by(doctor):
        services.mark_read(actor=doctor, pk=unread.notification_id)
    assert post(client, unread, result="reached").status_code == 409


def test_the_list_comes_on_paper_and_as_a_part(client, unread, coordinator, doctor):
    see(client, coordinator)
    assert doctor.name in client.get("/inbox/phone/paper/").content.decode()
    part = client.get(LIST, {"part": "list"}).content.decode()
    assert doctor.name in part
    assert "<html" not in part


def test_an_empty_list_says_when_somebody_will_be_on_it(client, coordinator):
    assert "Nobody has to be phoned" in see(client, coordinator).content.decode()


def test_a_long_list_costs_few_queries(
    client, noon, sms, coordinator, asker, tell, django_assert_max_num_queries
):
    hospital = coordinator.acting_as.organisation
    for _ in range(12):
        tell(
            StaffFactory(role=Role.SPECIALIST, organisation=hospital), "case.emergency", actor=asker
        )
    noon.shift(timedelta(minutes=5))
    fire_due()
    see(client, coordinator)
    with django_assert_max_num_queries(12):
        page = client.get(LIST).content.decode()
    assert page.count("phl__i") == 12


@committed
def test_two_desks_race_to_write_down_the_last_call(unread, coordinator, asker, by):
    def call(caller):
        with by(caller):
            services.record_call(actor=caller, delivery_id=unread.pk, result="reached")

    ended = race([lambda: call(coordinator), lambda: call(asker)])

    assert ended == {"won": 1, Conflict.__name__: 1}
    assert Delivery.objects.get(pk=unread.pk).state == State.CALLED
    assert Call.objects.count() == 1
