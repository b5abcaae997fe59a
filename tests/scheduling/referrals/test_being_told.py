"""Who hears of a referral for the patient: an elder without an account, and a child's guardians."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from scheduling.referrals import services
from scheduling.referrals.services.answering import Offer
from telemed.notifications.models import Notification
from telemed.notifications.queries import phone_list
from tests.factories.people import PatientFactory, treated
from tests.factories.referrals import accepted, by, handed_back, road
from tests.factories.registration import child_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def elder(phone="13812345678"):
    """Somebody whom nobody with an account speaks for."""
    found = road()
    patient = PatientFactory(name="王桂芳", phone=phone, managing_organisation=found.clinic)
    return replace(found, patient=treated(patient, found.clinic))


def by_number(found):
    rows = Notification.objects.filter(person_id=found.patient.pk, about=found.referral.pk)
    return {row.template: row for row in rows}


def test_an_elder_without_an_account_hears_where_the_bed_is_and_what_came_back():
    found = handed_back(elder())
    told = by_number(found)
    assert set(told) == {"referral.accepted", "referral.handed_back"}
    assert "三楼 12 床" in told["referral.accepted"].text
    assert [one.channel for one in told["referral.handed_back"].deliveries.all()] == ["sms"]


def test_and_that_a_bed_is_not_free_after_all():
    found = accepted(elder(), bed=True)
    with by(found.coordinator):
        services.undo_accept(
            actor=found.coordinator, referral_id=found.referral.pk, reason="床位没有了"
        )
    assert "referral.unaccepted" in by_number(found)


def test_whoever_has_no_number_is_rung_by_the_clinic_that_sent():
    found = handed_back(elder(phone=""))
    assert [item.who.name for item in phone_list(found.sender)] == ["王桂芳"]


def test_a_childs_guardian_hears_it_in_place_of_the_child():
    found = road(places=0)
    parent = found.patient
    child = treated(child_of(parent), found.clinic)
    found = replace(found, patient=child)
    with by(found.sender):
        found.referral = services.send(
            actor=found.sender,
            patient=child,
            wish=services.Wish(
                department_id=found.department.pk, reason="反复发热一周", agreed_by="guardian"
            ),
        )
    offer = Offer(place="儿科 3 床", expected_at=timezone.now() + timedelta(days=1))
    with by(found.coordinator):
        services.accept(actor=found.coordinator, referral_id=found.referral.pk, offer=offer)
    told = Notification.objects.filter(recipient=parent.user, about=found.referral.pk)
    assert [one.template for one in told] == ["referral.accepted"]
    assert by_number(found) == {}
