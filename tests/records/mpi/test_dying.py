"""Somebody died: from what sources, what ends with it, and what a mistake leaves."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone, translation

from consult.requests.models import Status as CaseStatus
from records.mpi import services
from records.mpi.models import Death, Patient, Relation
from scheduling.appointments import services as booking
from scheduling.appointments.models import Strike
from scheduling.registration.models import Contract
from telemed.audit.models import AuditRow
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Delivery, Notification, State
from telemed.notifications.services import notify
from telemed.people.models import Role
from tests.consult.requests.looking import published
from tests.factories.consult import accepted_case, closed_case, sent_case
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.registration import TeamFactory, applied, child_of, resident_of, signed
from tests.factories.scheduling import PeriodFactory, at

pytestmark = pytest.mark.django_db
TWO = {"source": "family", "second_source": "village"}


@pytest.fixture(autouse=True)
def by_day():
    with translation.override("en"), time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def doctor():
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR)


@pytest.fixture
def patient(doctor):
    person = PatientFactory(user=UserFactory(), birth_date="1950-03-01")
    return treated(person, doctor.organisation)


def die(by, doctor, patient, **changed):
    facts = {"died_on": timezone.localdate(), **TWO, **changed}
    with by(doctor):
        death = services.decease(actor=doctor, patient=patient, **facts)
    patient.refresh_from_db()
    return death


def hear():
    """Everybody who listens has listened, and to it a second time."""
    outbox.deliver_waiting()
    OutboxEvent.objects.filter(topic="person.deceased").update(delivered_at=None)
    outbox.deliver_waiting()


def test_the_day_is_entered_from_two_sources_and_published(by, doctor, patient):
    day = timezone.localdate() - timedelta(days=2)
    die(by, doctor, patient, died_on=day)
    assert patient.deceased_on == day
    assert published(patient)["deceasedDateTime"] == f"{day:%Y-%m-%d}"
    assert published(patient)["active"] is True
    row = AuditRow.objects.get(action="person.decease")
    assert (row.patient_id, row.reason) == (str(patient.pk), "family + village")


REFUSED = [
    ({"died_on": None}, "died_on", "the day on which"),
    ({"died_on": timezone.localdate() + timedelta(days=2)}, "died_on", "still to come"),
    ({"died_on": timezone.localdate().replace(year=1949)}, "died_on", "before the birth"),
    ({"source": ""}, "source", "how it is known"),
    ({"source": "rumour"}, "source", "how it is known"),
    ({"second_source": "rumour"}, "second_source", "how it is known"),
    ({"second_source": ""}, "second_source", "needs a second source"),
    ({"second_source": "family"}, "second_source", "first one again"),
]


@pytest.mark.parametrize(("changed", "path", "said"), REFUSED)
def test_what_is_refused_changes_nothing(by, doctor, patient, changed, path, said):
    with pytest.raises(Invalid, match=said) as refused:
        die(by, doctor, patient, **changed)
    assert refused.value.path == path
    assert not Death.objects.exists()
    assert Patient.objects.get(pk=patient.pk).deceased_on is None


def test_the_medical_office_vouches_for_one_source_and_a_specialist_for_none(by, patient):
    office = StaffFactory(role=Role.MEDICAL_OFFICE)
    with pytest.raises(Forbidden):
        die(by, StaffFactory(role=Role.SPECIALIST), patient)
    die(by, office, patient, source="hospital", second_source="")
    assert patient.deceased_on


def test_nobody_dies_twice(by, doctor, patient):
    death = die(by, doctor, patient)
    with pytest.raises(Conflict, match="stands in the record already"):
        die(by, doctor, patient)
    death.pk, death._state.adding = None, True
    with pytest.raises(IntegrityError, match="nobody_dies_twice"):
        death.save(force_insert=True)


def test_another_systems_record_is_not_ours_to_close(by, doctor, patient):
    Patient.objects.filter(pk=patient.pk).update(received=True)
    with pytest.raises(Conflict, match="Another system keeps"):
        die(by, doctor, patient)


def test_a_version_that_another_system_sends_tells_it_too(patient):
    Patient.objects.filter(pk=patient.pk).update(received=True)
    rows = Patient.objects.filter(pk=patient.pk)
    rows.update(deceased_on=timezone.localdate())
    rows.update(deceased_on=timezone.localdate() - timedelta(days=1))
    event = OutboxEvent.objects.get(topic="person.deceased")
    assert event.payload == {"patient_id": str(patient.pk)}


def test_visits_and_waits_end_and_none_was_missed(by, doctor, patient):
    period, full = PeriodFactory(public=2), PeriodFactory(public=1)
    other = PatientFactory(user=UserFactory())
    with by(patient.user):
        booked = booking.book(actor=patient.user, patient=patient, period_id=period.pk)
    with by(other.user):
        booking.book(actor=other.user, patient=other, period_id=full.pk)
    with by(patient.user):
        waits = booking.join(
            actor=patient.user,
            patient=patient,
            department_id=full.department_id,
            day=full.session.day,
        )
    die(by, doctor, patient)
    hear()
    for one in (booked, waits):
        one.refresh_from_db()
        assert one.status == "cancelled"
        assert not one.late
    assert not Strike.objects.exists()
    with by(patient.user), pytest.raises(Forbidden, match="has died"):
        booking.book(actor=patient.user, patient=patient, period_id=period.pk)


def test_contract_and_application_end(by, doctor):
    team = TeamFactory()
    one, other = signed(team), applied(team)
    for contract in (one, other):
        die(by, doctor, contract.patient)
    hear()
    assert Contract.objects.get(pk=one.pk).ended_because == "death"
    assert Contract.objects.get(pk=one.pk).status == "ended"
    assert Contract.objects.get(pk=other.pk).status == "withdrawn"


def test_nobody_acts_for_them_nor_they_for_anybody(by, doctor):
    parent = resident_of(TeamFactory())
    child_of(parent)
    assert Relation.objects.filter(ended_at=None).exists()
    die(by, doctor, parent)
    hear()
    assert set(Relation.objects.values_list("ended_because", flat=True)) == {"death"}


def test_a_request_that_nobody_answered_is_withdrawn(by):
    scene = sent_case()
    die(by, scene.asker, scene.patient)
    hear()
    assert scene.refresh().status == CaseStatus.CANCELLED
    for person in (scene.asker, scene.specialist):
        told = Notification.objects.filter(recipient=person, template="case.cancelled")
        assert told.count() == 1
    assert not Clock.objects.filter(about=scene.case.pk, state=ClockState.RUNNING).exists()


def test_who_holds_a_case_decides_and_is_told_once(by):
    scene = accepted_case()
    die(by, scene.asker, scene.patient)
    hear()
    assert scene.refresh().status == CaseStatus.ACCEPTED
    for person in (scene.asker, scene.specialist):
        assert Notification.objects.filter(recipient=person, template="case.died").count() == 1


def test_how_they_fare_is_asked_no_more(by):
    scene = closed_case()
    asked = Clock.objects.filter(about=scene.case.pk, kind__startswith="case.outcome")
    assert asked.filter(state=ClockState.RUNNING).exists()
    die(by, scene.asker, scene.patient)
    hear()
    assert not asked.filter(state=ClockState.RUNNING).exists()


def test_no_message_reaches_them_any_more(by, doctor, patient):
    def tell(turn):
        with by(doctor):
            return notify(
                recipient=patient.user,
                template="guardian.ended",
                about=patient.pk,
                url="/",
                turn=turn,
                date="2026-01-01",
            )

    before = tell(1)
    pending = Delivery.objects.filter(notification=before, state__in=Delivery.PENDING)
    assert pending.exists()
    die(by, doctor, patient)
    hear()
    assert not pending.exists()
    assert Delivery.objects.filter(notification=before, state=State.STOPPED).exists()
    assert tell(2) is None


def test_a_mistake_is_taken_back_with_its_reason(by, doctor, patient):
    death = die(by, doctor, patient)
    with by(doctor), pytest.raises(Invalid):
        services.undo_decease(actor=doctor, patient=patient, because=" ")
    with by(doctor):
        services.undo_decease(actor=doctor, patient=patient, because="Same name, next village")
    patient.refresh_from_db()
    death.refresh_from_db()
    assert patient.deceased_on is None
    assert death.undone_at <= moments.now()
    assert "deceasedDateTime" not in published(patient)
    with by(doctor), pytest.raises(Conflict, match="Nobody has entered"):
        services.undo_decease(actor=doctor, patient=patient, because="Same name, next village")
    die(by, doctor, patient)
