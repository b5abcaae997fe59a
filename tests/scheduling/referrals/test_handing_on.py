"""A doctor leaves: to whom their referrals go, and who hears of them where nobody was named."""

import pytest
import time_machine
from django.utils import translation

from scheduling.referrals import permissions, queries, services
from scheduling.referrals.models import Referral, Status
from telemed.core import clocks
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.people import open_work
from telemed.people.models import Role
from tests.factories.people import StaffFactory
from tests.factories.referrals import accepted, arrived, by, closed, sent
from tests.factories.scheduling import doctor_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(user):
    return set(Notification.objects.filter(recipient=user).values_list("template", flat=True))


def held(user):
    return [one.item for one in open_work.held_by(user) if one.kind.name == "referral"]


def hand_on(found, user, to):
    with by(found.coordinator):
        return services.hand_on(user=user, to=to, referral_id=found.referral.pk)


def not_arrived(found):
    due = Clock.objects.get(about=found.referral.pk, kind="referral.arrive").due_at
    with time_machine.travel(due):
        clocks.fire_due()
    assert found.refresh().status == Status.NOT_ARRIVED


def leave(user):
    user.is_active = False
    user.save()


def test_what_somebody_sent_is_listed_and_goes_to_a_colleague_who_hears_the_rest():
    found = accepted(bed=True)
    colleague = StaffFactory(organisation=found.clinic)
    [item] = held(found.sender)
    assert item.label == f"{found.referral.number} to {found.hospital.name}: Accepted"
    hand_on(found, found.sender, colleague)
    assert (held(found.sender), len(held(colleague))) == ([], 1)
    assert "referral.yours" in told(colleague)
    leave(found.sender)
    not_arrived(found)
    assert "referral.missed" in told(colleague)
    assert "referral.missed" not in told(found.sender)
    assert found.refresh().sender == found.sender  # who sent it stays written there


def test_where_nobody_was_named_the_coordinators_of_the_sender_hear_and_answer():
    found = accepted(bed=True)
    coordinator = StaffFactory(organisation=found.clinic, role=Role.COORDINATOR)
    assert not permissions.may_answer_missed(coordinator, found.refresh())
    leave(found.sender)
    not_arrived(found)
    assert "referral.missed" in told(coordinator)
    assert "referral.missed" not in told(found.sender)
    with by(coordinator):
        services.answer_missed(actor=coordinator, referral_id=found.referral.pk, answer="refused")
    assert found.refresh().status == Status.CANCELLED


def test_a_clinic_without_coordinator_hears_by_its_doctors():
    found = accepted(bed=True)
    colleague = StaffFactory(organisation=found.clinic)
    leave(found.sender)
    not_arrived(found)
    assert "referral.missed" in told(colleague)


def test_whom_a_doctor_treats_goes_to_one_of_the_department():
    found = arrived()
    with by(found.doctor):
        services.begin(actor=found.doctor, referral_id=found.referral.pk)
    assert len(held(found.doctor)) == 1
    stranger = StaffFactory(organisation=found.hospital, role=Role.SPECIALIST)
    with pytest.raises(Conflict, match="does not work in"):
        hand_on(found, found.doctor, stranger)
    colleague = doctor_of(found.department)
    hand_on(found, found.doctor, colleague)
    assert found.refresh().doctor == colleague
    assert held(found.doctor) == []


def test_who_does_not_work_where_it_was_sent_from_is_not_given_it():
    found = sent()
    with pytest.raises(Conflict, match=f"does not work at {found.clinic.name}"):
        hand_on(found, found.sender, found.doctor)
    assert found.refresh().kept_by is None


def test_what_is_over_is_nobodys_any_more():
    found = closed()
    assert held(found.sender) == held(found.doctor) == []


def test_a_specialist_who_was_given_it_sees_it_and_whoever_left_does_not():
    found = accepted(bed=True)
    one, two = (StaffFactory(organisation=found.clinic, role=Role.SPECIALIST) for _ in range(2))
    Referral.objects.filter(pk=found.referral.pk).update(sender=one)
    hand_on(found, one, two)
    assert queries.get_referral(two, found.referral.pk) == found.referral
    assert permissions.is_sending(two, found.refresh())
    assert not permissions.is_sending(one, found.refresh())
