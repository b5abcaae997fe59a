"""Dead events: seen, replayed or discarded by who runs the platform."""

import pytest
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.core.ids import new_id
from telemed.core.models import OutboxEvent
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from telemed.upkeep import services
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
WORK, EVENTS = "/upkeep/", "/upkeep/events/"


@pytest.fixture
def admin(client):
    place = OrganisationFactory(kind=Organisation.Kind.AUTHORITY)
    admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=place, language="en")
    client.force_login(admin)
    return admin


def dead(**changed):
    values = {
        "topic": "case.routed",
        "payload": {"case_id": str(new_id())},
        "trace_id": new_id(),
        "attempts": 3,
        "last_error": "ValueError",
        "dead_at": timezone.now(),
    }
    return OutboxEvent.objects.create(**values | changed)


def test_the_administrator_sees_what_failed_and_not_what_is_in_it(client, admin):
    event = dead()
    page = client.get(WORK).content.decode()
    assert "1 piece of work failed" in page
    assert "case.routed" in page
    assert event.payload["case_id"] not in page


def test_replay_tries_it_again(client, admin):
    event = dead()
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code == 302
    event.refresh_from_db()
    assert (event.dead_at, event.attempts) == (None, 0)
    assert outbox.deliver_waiting() == 1
    assert AuditRow.objects.filter(action="outbox.replay").exists()
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code == 409


def test_discard_wants_a_reason_and_is_for_good(client, admin):
    event = dead()
    discard = f"{EVENTS}{event.pk}/discard/"
    assert client.post(discard, {"reason": "no"}).status_code == 422
    assert client.post(discard, {"reason": "the case was a test"}).status_code == 302
    event.refresh_from_db()
    assert event.discard_reason == "the case was a test"
    assert outbox.deliver_waiting() == 0
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code == 409
    assert "Nothing waits for a decision" in client.get(WORK).content.decode()


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.ADMINISTRATOR, Organisation.Kind.HOSPITAL),
        (Role.OFFICIAL, Organisation.Kind.AUTHORITY),
        (Role.COORDINATOR, Organisation.Kind.HOSPITAL),
    ],
)
def test_nobody_else_decides(client, role, kind):
    event = dead()
    client.force_login(StaffFactory(role=role, organisation=OrganisationFactory(kind=kind)))
    assert client.get(WORK).status_code == 403
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code == 403
    assert client.post(f"{EVENTS}{event.pk}/discard/", {"reason": "because"}).status_code == 403
    event.refresh_from_db()
    assert event.dead_at
    assert event.discarded_at is None


def test_a_long_list_costs_few_queries(client, admin, django_assert_max_num_queries):
    for _ in range(20):
        dead()
    client.get(WORK)
    with django_assert_max_num_queries(12):
        client.get(WORK)


@committed
def test_an_event_that_dies_is_told_once_an_hour(admin, by, monkeypatch):
    def stumble(payload):
        raise ValueError("bug")

    monkeypatch.setitem(outbox._subscribers, "test.died", [stumble])
    for _ in range(2):
        dead(topic="test.died", attempts=2, dead_at=None)
    outbox.deliver_waiting()
    outbox.deliver_waiting()

    assert OutboxEvent.objects.filter(topic="test.died", dead_at__isnull=False).count() == 2
    told = Notification.objects.filter(template="outbox.dead", recipient=admin)
    assert told.count() == 1
    assert told.get().url == WORK


@committed
def test_replay_races_discard(admin, by):
    event = dead()

    def replay():
        with by(admin):
            services.replay_event(actor=admin, event_id=event.pk)

    def discard():
        with by(admin):
            services.discard_event(actor=admin, event_id=event.pk, reason="not wanted")

    assert race([replay, discard]) == {"won": 1, Conflict.__name__: 1}
