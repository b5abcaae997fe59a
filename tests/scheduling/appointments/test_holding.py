"""Confirming what is held, also when it is sent again or comes too late."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.phone_tickets import facts_of
from telemed.audit.models import AuditRow
from telemed.core import clocks
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory(language="en")).user


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def held(by, resident, period):
    with by(resident):
        return services.hold(actor=resident, patient=resident.patient, period_id=period.pk)


@pytest.fixture
def page(client, resident):
    client.force_login(resident)
    return client


def confirm(page, held, **more):
    body = {"reason": "头晕", **more}
    return page.post(reverse("booking:confirm", args=[held.pk]), body, **JSON)


def over(page, held):
    return page.get(reverse("booking:hold_over", args=[held.pk]))


def test_what_is_sent_again_under_its_key_is_answered_the_same(page, held, resident, by):
    key, ticket = uuid4(), reverse("booking:ticket", args=[held.pk])
    for _twice in range(2):
        assert confirm(page, held, key=key).json() == {"url": ticket}
    with by(resident):
        services.cancel(actor=resident, appointment_id=held.pk)
    assert confirm(page, held, key=key).json() == {"url": ticket}
    held.refresh_from_db()
    assert (held.status, held.reason) == (Status.CANCELLED, "头晕")


def test_another_text_under_the_same_key_is_refused(page, held):
    key = uuid4()
    assert confirm(page, held, key=key).status_code == 200
    answer = confirm(page, held, key=key, reason="胸痛")
    assert (answer.status_code, answer.json()["path"]) == (422, "Idempotency-Key")
    assert Appointment.objects.get().reason == "头晕"


def test_a_page_without_script_is_led_to_the_ticket(page, held):
    answer = page.post(reverse("booking:confirm", args=[held.pk]), {"key": uuid4()})
    assert answer.url == reverse("booking:ticket", args=[held.pk])


def test_too_late_it_says_so_and_what_is_free_next(page, held, period):
    later = PeriodFactory(session=period.session, starts_at=period.ends_at, public=1)
    with time_machine.travel(held.held_until + timedelta(seconds=1)):
        answer = confirm(page, held)
        assert (answer.status_code, answer.json()["kind"]) == (409, "conflict")
        refused = page.post(reverse("booking:confirm", args=[held.pk]), follow=True)
        clocks.fire_due()
        ended = over(page, held)
    for shown in (refused, ended):
        text = shown.content.decode()
        assert "Nothing is booked." in text
        assert str(later.pk) in text
    assert places_of(period) == {"public": (0, 2)}
    assert not Appointment.objects.filter(status=Status.BOOKED).exists()


def test_where_nothing_is_free_it_says_so(page, held):
    held.period.pools.update(places=1)
    held.period.__class__.objects.filter(pk=held.period_id).update(capacity=1)
    with time_machine.travel(held.held_until + timedelta(seconds=1)):
        assert "No place is free in this department" in over(page, held).content.decode()


def test_what_is_not_over_leads_to_where_it_stands(page, held):
    assert over(page, held).url == reverse("booking:held")
    confirm(page, held)
    assert over(page, held).url == reverse("booking:ticket", args=[held.pk])


def test_somebody_elses_hold_is_not_there(client, held):
    client.force_login(PatientFactory(user=UserFactory()).user)
    assert over(client, held).status_code == 404
    assert confirm(client, held).status_code == 404


def test_the_page_says_what_happens_without_a_line(page, held, period):
    later = PeriodFactory(session=period.session, starts_at=period.ends_at, public=1)
    text = page.get(reverse("booking:held")).content.decode()
    assert "sent by itself, once" in text
    assert f"{later.starts_at.astimezone():%H:%M}" in text


def test_a_resident_has_a_page_about_nobody_and_a_key_and_staff_have_neither(page, client, held):
    kit = page.get(reverse("booking:kit"))
    assert kit.status_code == 200
    assert held.patient.name not in kit.content.decode()
    assert page.get(reverse("booking:seal")).json()["key"]
    assert AuditRow.objects.filter(action="appointment.seal").count() == 1
    for role in ("township_doctor", "desk", "specialist"):
        client.force_login(StaffFactory(role=role))
        for name in ("kit", "seal"):
            assert client.get(reverse(f"booking:{name}")).status_code == 403


def test_a_phone_keeps_what_stands_and_nothing_of_what_does_not(by, resident, held):
    with by(resident):
        booked = services.confirm(actor=resident, appointment_id=held.pk, reason="头晕")
    facts = facts_of(booked, None)
    assert (facts["who"], facts["number"]) == (resident.patient.name, "No. 1")
    assert "头晕" not in str(facts)
    with by(resident):
        gone = services.cancel(actor=resident, appointment_id=held.pk)
    assert facts_of(gone, None) is None
