"""A pair waits five working days at most in silence."""

import pytest
from django.utils import timezone

from records.mpi import services
from telemed.core.clocks import fire_due
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
REVIEW = "match.review"


@pytest.fixture
def admin():
    return StaffFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def pair(by, admin):
    return suggest(by, admin)


def suggest(by, admin):
    one, other = (PatientFactory(managing_organisation=admin.organisation) for _ in range(2))
    with by(admin):
        return services.suggest_pair(actor=admin, one=one, other=other, said="looks the same")


def late(*pairs):
    Clock.objects.filter(kind=REVIEW, about__in=[pair.pk for pair in pairs]).update(
        due_at=timezone.now()
    )
    return fire_due()


def test_whoever_reviews_there_is_told_once_a_day_however_many_wait(by, admin, pair):
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=admin.organisation)
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=admin.organisation)
    StaffFactory(role=Role.ADMINISTRATOR)
    another = suggest(by, admin)
    late(pair, another)
    told = Notification.objects.filter(template="match.overdue")
    assert {note.recipient for note in told} == {admin, office, coordinator}
    assert told.count() == 3
    assert Clock.objects.filter(kind=REVIEW, state=ClockState.RUNNING).count() == 2


def test_the_queue_says_what_is_overdue(client, by, admin, pair):
    client.force_login(admin)
    (row,) = client.get("/patients/pairs/").context["waiting"]
    assert not row.late
    late(pair)
    (row,) = client.get("/patients/pairs/").context["waiting"]
    assert row.late


@pytest.mark.parametrize("decide", ["link", "tell_apart"])
def test_a_decision_stops_the_clock(by, admin, pair, decide):
    with by(admin):
        getattr(services, decide)(actor=admin, pair_id=pair.pk, reason="compared both")
    assert not Clock.objects.filter(kind=REVIEW, state=ClockState.RUNNING).exists()
    assert late(pair) == 0


def test_a_merge_stops_it_too(by, admin, pair):
    other = StaffFactory(role=Role.ADMINISTRATOR, organisation=admin.organisation)
    with by(admin):
        services.propose_merge(
            actor=admin, pair_id=pair.pk, survivor_id=pair.one_id, reason="compared both"
        )
    with by(other):
        services.confirm_merge(actor=other, pair_id=pair.pk)
    assert not Clock.objects.filter(kind=REVIEW, state=ClockState.RUNNING).exists()
