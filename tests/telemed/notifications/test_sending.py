"""Out of the house: once, whatever dies on the way, and another way when one is closed."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict
from telemed.core.intentions import System, intention, require_intention
from telemed.core.models import Clock
from telemed.notifications import gateways, queries, services, tasks
from telemed.notifications.gateways import Down, Receipt, Refused
from telemed.notifications.models import Channel, Delivery, Preference, State
from telemed.notifications.tasks import deliver_task, tidy_deliveries_task
from tests.marks import committed
from tests.racing import race
from tests.telemed.notifications.conftest import channels

pytestmark = pytest.mark.django_db
LEASE = Delivery.LEASE + timedelta(seconds=1)


class Gateway:
    """Does what a test tells it; a key counts once, as the contract says."""

    def __init__(self, error=None):
        self.error, self.calls, self.keys = error, 0, set()

    def send(self, message):
        self.calls += 1
        if self.error:
            raise self.error
        self.keys.add(message.key)
        return Receipt(gateway_id="g1", parts=1)


@pytest.fixture
def gateway(monkeypatch):
    made = Gateway()
    monkeypatch.setitem(gateways._connected, Channel.SMS, made)
    monkeypatch.setitem(gateways._connected, Channel.EMAIL, made)
    return made


def test_a_sent_message_knows_when_what_it_cost_and_under_which_number(
    noon, gateway, resident, tell
):
    note = tell(resident, "case.scheduled")
    assert deliver_task() == 1
    delivery = note.deliveries.get(channel="sms")
    assert (delivery.state, delivery.parts, delivery.gateway_id) == (State.SENT, 1, "g1")
    assert delivery.sent_at
    assert deliver_task() == 0


def test_it_speaks_the_readers_language_and_leads_to_the_subject(noon, sms, resident, tell):
    tell(resident, "opinion.signed", url="/my/cases/1/")
    row = Delivery.objects.get(channel="sms")
    with_link = []
    sms.send = lambda message: with_link.append(message) or Receipt()
    deliver_task()
    row.refresh_from_db()
    assert with_link[0].text == f"The opinion on C1 is signed http://127.0.0.1:8000/m/{row.link}"


def test_no_network_is_used_while_an_intention_is_open(noon, gateway, resident, tell, monkeypatch):
    def send(message):
        with pytest.raises(RuntimeError):
            require_intention()
        return Receipt()

    monkeypatch.setattr(gateway, "send", send)
    tell(resident, "case.scheduled")
    assert deliver_task() == 1


def test_a_worker_that_dies_between_sending_and_marking_leaves_one_message(
    noon, gateway, resident, tell, monkeypatch
):
    tell(resident, "case.scheduled")

    def die(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(services, "mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_task()

    assert deliver_task() == 0  # the claim is still its own
    noon.shift(LEASE)
    assert deliver_task() == 1
    assert gateway.calls == 2
    assert len(gateway.keys) == 1
    assert Delivery.objects.get(channel="sms").attempts == 2


def test_a_gateway_that_is_down_is_tried_again_later_and_later(noon, gateway, resident, tell):
    gateway.error = Down("no answer")
    note = tell(resident, "case.scheduled")
    pauses = []
    for _ in range(Delivery.ATTEMPTS - 1):
        deliver_task()
        row = note.deliveries.get(channel="sms")
        pauses.append(row.due_at - row.created_at)
        noon.move_to(row.due_at)
    deliver_task()

    assert pauses == sorted(pauses)
    assert channels(note)["sms"] == State.FAILED
    assert channels(note)["email"] == State.QUEUED


def test_what_is_refused_goes_by_e_mail_and_is_not_tried_there_twice(noon, gateway, resident, tell):
    resident.email = "zhou@example.cn"
    resident.save()
    Preference.objects.create(user=resident, verified_email="zhou@example.cn")
    gateway.error = Refused("isv.MOBILE_NUMBER_ILLEGAL")
    note = tell(resident, "case.scheduled")
    deliver_task()
    assert channels(note) == {"in_app": "sent", "sms": "failed", "email": "queued"}
    assert note.deliveries.get(channel="sms").error == "isv.MOBILE_NUMBER_ILLEGAL"
    gateway.error = None
    deliver_task()
    assert channels(note)["email"] == State.SENT


@pytest.mark.parametrize("verified", [False, True])
def test_a_number_that_nobody_verified_gets_nothing(noon, gateway, resident, tell, verified):
    resident.phone_verified = verified
    resident.save()
    note = tell(resident, "case.scheduled")
    deliver_task()
    assert channels(note)["sms"] == (State.SENT if verified else State.FAILED)


def test_an_account_that_was_closed_gets_nothing(noon, gateway, resident, tell):
    note = tell(resident, "case.scheduled")
    resident.is_active = False
    resident.save()
    deliver_task()
    assert channels(note)["sms"] == State.STOPPED


def test_when_every_way_is_closed_somebody_phones_at_once(noon, gateway, doctor, tell):
    gateway.error = Refused("no")
    note = tell(doctor, "case.emergency")
    for _ in range(3):
        deliver_task()
    assert channels(note) == {
        "in_app": "sent",
        "sms": "failed",
        "email": "failed",
        "phone": "on_phone_list",
    }


def test_the_preferred_way_comes_first(noon, gateway, resident, tell):
    resident.email = "zhou@example.cn"
    resident.save()
    Preference.objects.create(
        user=resident, channel=Channel.EMAIL, verified_email="zhou@example.cn"
    )
    note = tell(resident, "case.scheduled")
    deliver_task()
    assert channels(note) == {"in_app": "sent", "email": "sent"}


def test_a_day_without_a_receipt_is_a_failure_where_receipts_come(
    noon, gateway, resident, tell, settings
):
    note = tell(resident, "case.scheduled")
    deliver_task()
    noon.shift(timedelta(hours=25))
    tidy_deliveries_task()
    assert channels(note)["sms"] == State.SENT
    settings.SMS_WEBHOOK_SECRET = "whsec_" + "A" * 32
    tidy_deliveries_task()
    assert channels(note)["sms"] == State.FAILED
    assert "email" in channels(note)


def test_what_was_on_the_wire_when_it_was_read_is_said_to_be_sent(
    noon, gateway, resident, tell, by, monkeypatch
):
    note = tell(resident, "case.scheduled")

    def send(message):
        with by(resident):
            services.mark_read(actor=resident, pk=note.pk)
        return Receipt(gateway_id="g1")

    monkeypatch.setattr(gateway, "send", send)
    deliver_task()
    assert channels(note) == {"in_app": "read", "sms": "sent"}


def test_a_delivery_refuses_what_its_state_does_not_allow():
    delivery = Delivery(state=State.FAILED)
    with pytest.raises(Conflict):
        delivery.become(State.SENT)


# Races


@committed
def test_four_couriers_race_for_one_message(gateway, resident, tell):
    Preference.objects.create(user=resident, quiet=False)
    tell(resident, "case.scheduled")
    (pk,) = queries.due_deliveries()
    sent, lock = [], threading.Lock()

    def deliver():
        done = tasks.deliver(pk)
        with lock:
            sent.append(done)

    ended = race([deliver] * 4)

    assert ended == {"won": 4}
    assert sorted(sent) == [False, False, False, True]
    assert gateway.calls == 1


@committed
def test_reading_races_the_second_channel_and_nothing_is_left_on_its_way(gateway, doctor, tell, by):
    for _ in range(5):
        note = tell(doctor, "case.offered", pressing=True)
        Clock.objects.filter(about=note.pk, kind="notification.second").update(
            due_at=note.created_at
        )

        def read(note=note):
            with by(doctor):
                services.mark_read(actor=doctor, pk=note.pk)

        assert race([read, fire_due]) == {"won": 2}
        deliver_task()
        assert channels(note).get("sms", "stopped") in (State.STOPPED, State.SENT)
        assert not note.deliveries.filter(state__in=Delivery.PENDING).exists()


@committed
def test_two_clocks_of_one_matter_release_one_message(sms, resident, tell):
    about = uuid4()
    first = tell(resident, "opinion.signed", about=about)
    second = tell(resident, "opinion.amended", about=about)
    Delivery.objects.filter(channel="sms").update(state=State.HELD)
    Preference.objects.create(user=resident, quiet=False)

    def release(note):
        with intention(System("test"), door="test"):
            services.release_held(clock=Clock(about=note.pk))

    assert race([lambda: release(first), lambda: release(second)]) == {"won": 2}
    assert sorted([channels(first)["sms"], channels(second)["sms"]]) == ["queued", "stopped"]
