from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import outbox
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, OutboxEvent
from telemed.notifications.models import Notification
from telemed.organisations.models import Specialty
from telemed.people.licences import why_not
from telemed.people.models import Practitioner, Role
from telemed.staff import services
from telemed.staff.models import Entry
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
NEUROLOGY = Specialty.NEUROLOGY
PAPER = {
    "title": "attending",
    "licence_no": "110520000012345",
    "specialty": NEUROLOGY,
    "practising_since": date(2012, 7, 1),
    "licensed_until": timezone.localdate() + timedelta(days=800),
}


def enter(by, actor, user, **paper):
    with by(actor):
        return services.enter_licence(actor=actor, user_id=user.pk, **PAPER | paper)


def verify(by, actor, entry):
    with by(actor):
        return services.verify_licence(actor=actor, entry_id=entry.pk)


def stop(by, actor, user, act=services.suspend_licence, reason="投诉调查"):
    with by(actor):
        return act(actor=actor, user_id=user.pk, reason=reason)


def gate(user):
    user = type(user).objects.get(pk=user.pk)
    doctor = Practitioner.objects.filter(user=user).first()
    return why_not(doctor, NEUROLOGY, user.organisation, timezone.localdate(), answering=True)


def topics():
    return list(OutboxEvent.objects.order_by("pk").values_list("topic", flat=True))


def test_it_counts_only_once_a_second_person_verified_it(by, admin, office, doctor):
    entry = enter(by, admin, doctor)
    assert gate(doctor) is not None

    practitioner = verify(by, office, entry)

    assert gate(doctor) is None
    assert practitioner.state == "active"
    assert topics() == ["licence.verified"]
    actions = set(AuditRow.objects.values_list("action", flat=True))
    assert {"licence.enter", "licence.verify"} <= actions
    assert verify(by, office, entry) == practitioner  # again: the present state


def test_who_entered_it_cannot_verify_it(by, admin, hospital, doctor):
    entry = enter(by, admin, doctor)
    admin.acting_as = admin.roles.create(organisation=hospital, role=Role.MEDICAL_OFFICE)
    admin.save()
    with pytest.raises(Forbidden):
        verify(by, admin, entry)
    with pytest.raises(IntegrityError, match="who_entered_does_not_verify"):
        Entry.objects.filter(pk=entry.pk).update(
            verified_by=admin, state="verified", decided_at=timezone.now()
        )


def test_the_office_of_another_hospital_does_not_know_of_it(by, admin, doctor):
    entry = enter(by, admin, doctor)
    stranger = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=OrganisationFactory())
    with pytest.raises(NotFound):
        verify(by, stranger, entry)
    with pytest.raises(NotFound):
        stop(by, stranger, doctor)


def test_the_county_hospital_verifies_for_its_clinics(by, provincial, office, clinic):
    nurse = StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic)
    entry = enter(by, provincial, nurse, specialty=Specialty.GENERAL)
    assert verify(by, office, entry).state == "active"


def test_the_administrator_of_another_hospital_enters_nothing(by, doctor, office):
    stranger = StaffFactory(role=Role.ADMINISTRATOR, organisation=OrganisationFactory())
    with pytest.raises(NotFound):
        enter(by, stranger, doctor)
    with pytest.raises(Forbidden):
        enter(by, office, doctor)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"licence_no": "12"}, "licence_no"),
        ({"licence_no": "1105 2000"}, "licence_no"),
        ({"practising_since": timezone.localdate() + timedelta(days=2)}, "practising_since"),
        ({"licensed_until": date(2011, 1, 1)}, "licensed_until"),
        ({"licensed_until": timezone.localdate() - timedelta(days=1)}, "licensed_until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(by, admin, doctor, wrong, field):
    with pytest.raises(Invalid) as refused:
        enter(by, admin, doctor, **wrong)
    assert refused.value.path == field


def test_one_number_one_holder_one_entry(by, admin, doctor, hospital, licensed):
    with pytest.raises(Conflict):
        enter(by, admin, doctor, licence_no=licensed.practitioner.licence_no)
    enter(by, admin, doctor)
    with pytest.raises(Conflict):
        enter(by, admin, doctor)


def test_sent_back_it_can_be_entered_again(by, admin, office, doctor):
    entry = enter(by, admin, doctor)
    with by(office):
        services.send_back(actor=office, entry_id=entry.pk, reason="证号看不清")
    with pytest.raises(Conflict):
        verify(by, office, entry)
    assert verify(by, office, enter(by, admin, doctor)).state == "active"


def test_a_renewal_leaves_the_old_licence_in_force_until_verified(by, admin, office, licensed):
    entry = enter(by, admin, licensed, licence_no=licensed.practitioner.licence_no)
    assert gate(licensed) is None
    assert verify(by, office, entry).licensed_until == PAPER["licensed_until"]


def test_suspended_nobody_passes_and_resumed_they_do(by, office, licensed):
    stop(by, office, licensed)
    assert gate(licensed) is not None
    stop(by, office, licensed)  # again: nothing
    stop(by, office, licensed, services.resume_licence, "调查结束")
    assert gate(licensed) is None
    assert topics() == ["licence.suspended", "licence.resumed"]


def test_it_needs_a_reason_and_the_medical_office(by, office, admin, licensed):
    with pytest.raises(Invalid):
        stop(by, office, licensed, reason="无")
    for actor in (admin, licensed):
        with pytest.raises(NotFound):
            stop(by, actor, licensed)


def test_the_auditor_may_suspend_after_misuse_but_not_resume(by, hospital, licensed):
    auditor = StaffFactory(role=Role.AUDITOR, organisation=hospital)
    stop(by, auditor, licensed)
    with pytest.raises(NotFound):
        stop(by, auditor, licensed, services.resume_licence)


def test_revoked_is_final_until_a_new_one_is_verified(by, admin, office, licensed):
    stop(by, office, licensed, services.revoke_licence)
    assert "licence.expired" in topics()
    with pytest.raises(Conflict):
        stop(by, office, licensed, services.resume_licence)
    number = licensed.practitioner.licence_no
    verify(by, office, enter(by, admin, licensed, licence_no=number))
    assert gate(licensed) is None


@committed
def test_ninety_thirty_and_seven_days_before_they_are_told_then_it_ends(by, admin, office, doctor):
    verify(by, office, enter(by, admin, doctor))
    end = PAPER["licensed_until"]

    told = []
    for days in (91, 89, 29, 6, -1):
        noon = datetime.combine(end - timedelta(days=days), time(12))
        with time_machine.travel(timezone.make_aware(noon), tick=False):
            fire_due()
            outbox.deliver_waiting()
        told.append(Notification.objects.filter(template="licence.ending").count())

    assert told == [0, 2, 4, 6, 6]  # the person and the administrator, each time
    assert Practitioner.objects.get(user=doctor).state == "expired"
    assert "licence.expired" in topics()


def test_licences_without_clocks_get_them(by, licensed):
    with by(licensed):
        assert services.watch_unwatched() == 1
        assert services.watch_unwatched() == 0
    assert Clock.objects.filter(about=licensed.practitioner.pk).count() >= 1


@committed
def test_two_offices_verify_at_once_and_it_is_once(by, admin, office, doctor, hospital):
    other = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=hospital)
    entry = enter(by, admin, doctor)

    ended = race([lambda a=a: verify(by, a, entry) for a in (office, other)], won="verified")

    assert ended == {"verified": 1, "Conflict": 1}
    assert PractitionerFactory._meta.model.objects.filter(user=doctor).count() == 1
