from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from telemed.core import outbox
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock, OutboxEvent
from telemed.notifications.models import Notification
from telemed.people import open_work
from telemed.people.open_work import Item
from telemed.rota import services
from telemed.rota.clock_rows import start_clocks
from telemed.rota.models import HandOver
from tests.factories.rota import at, on
from tests.marks import committed
from tests.racing import race

pytestmark = committed


@pytest.fixture
def work():
    held = {}

    def move(actor, user, to, item_id):
        if item_id.int == 0:
            raise Conflict("not this one")
        item = next(one for one in held[user.pk] if one.id == item_id)
        held[user.pk].remove(item)
        held.setdefault(to.pk, []).append(item)

    open_work.register("test", lambda user: list(held.get(user.pk, [])), move)
    yield held
    open_work.forget("test")


@pytest.fixture
def night(by, hospital, doctors, coordinator, work):
    """The first doctor goes at 08:00 on the 4th with two things in hand; the second comes."""
    shift = on(doctors[0], hospital, at(3))
    on(doctors[1], hospital, at(4))
    with by(coordinator):
        start_clocks(rota=shift.rota, before=None)
    work[doctors[0].pk] = [Item(id=uuid4(), label="C1"), Item(id=uuid4(), label="C2", urgent=True)]
    return shift


def half_an_hour_before(shift):
    with time_machine.travel(shift.ends_at - timedelta(minutes=30), tick=False):
        fire_due()
        outbox.deliver_waiting()
    return HandOver.objects.first()


def do(by, act, actor, **what):
    with by(actor):
        return act(actor=actor, **what)


def test_half_an_hour_before_the_end_both_see_the_list(night, doctors):
    with time_machine.travel(night.ends_at - timedelta(minutes=31), tick=False):
        fire_due()
    assert not HandOver.objects.exists()

    hand_over = half_an_hour_before(night)

    assert (hand_over.outgoing, hand_over.incoming) == (doctors[0], doctors[1])
    assert hand_over.items.count() == 2
    told = Notification.objects.filter(template="shift.handover", urgent=True)
    assert {note.recipient for note in told} == {doctors[0], doctors[1]}
    assert "2" in told.first().text
    assert Clock.objects.filter(kind="shift.handover", state="running").count() == 1  # the next


def test_taken_kept_and_acknowledged(by, night, doctors, work):
    hand_over = half_an_hour_before(night)
    first, second = hand_over.items.order_by("label")

    do(by, services.take_item, doctors[1], item_id=first.pk)
    with pytest.raises(Conflict, match="1"):
        do(by, services.acknowledge, doctors[1], hand_over_id=hand_over.pk)
    do(by, services.keep_item, doctors[0], item_id=second.pk)
    do(by, services.acknowledge, doctors[1], hand_over_id=hand_over.pk)

    assert [one.label for one in work[doctors[1].pk]] == ["C1"]
    assert [one.label for one in work[doctors[0].pk]] == ["C2"]
    assert OutboxEvent.objects.filter(topic="shift.handed_over").count() == 1
    with time_machine.travel(night.ends_at + timedelta(minutes=20), tick=False):
        fire_due()
        outbox.deliver_waiting()
    assert not Notification.objects.filter(template="shift.absent").exists()


def test_a_quarter_of_an_hour_late_the_coordinator_hears_of_it(night, coordinator):
    half_an_hour_before(night)
    with time_machine.travel(night.ends_at + timedelta(minutes=15), tick=False):
        fire_due()
        outbox.deliver_waiting()
    note = Notification.objects.get(template="shift.absent")
    assert note.recipient == coordinator
    assert str(night.user) in note.text


def test_who_has_nothing_in_hand_hands_nothing_over(night, doctors, work):
    work.clear()
    assert half_an_hour_before(night) is None


def test_what_was_settled_meanwhile_does_not_hold_up(by, night, doctors, work):
    hand_over = half_an_hour_before(night)
    work.clear()
    do(by, services.acknowledge, doctors[1], hand_over_id=hand_over.pk)
    assert set(hand_over.items.values_list("state", flat=True)) == {"settled"}


def test_a_refused_move_leaves_the_item_open(by, night, doctors, work):
    zero = Item(id=uuid4().__class__(int=0), label="C0")
    work[doctors[0].pk] = [zero]
    hand_over = half_an_hour_before(night)
    item = hand_over.items.get()
    with pytest.raises(Conflict):
        do(by, services.take_item, doctors[1], item_id=item.pk)
    item.refresh_from_db()
    assert item.state == "open"


def test_others_neither_see_nor_decide(by, night, doctors, coordinator, client):
    hand_over = half_an_hour_before(night)
    item = hand_over.items.first()
    for stranger in (doctors[2], coordinator):
        with pytest.raises(NotFound):
            do(by, services.take_item, stranger, item_id=item.pk)
        client.force_login(stranger)
        assert client.get(reverse("rota:hand_over", args=[hand_over.pk])).status_code == 404
    with pytest.raises(Forbidden):
        do(by, services.keep_item, doctors[1], item_id=item.pk)
    with pytest.raises(Forbidden):
        do(by, services.take_item, doctors[0], item_id=item.pk)


def test_when_nobody_comes_after_a_colleague_may_take_over(by, hospital, doctors, work, night):
    last = on(doctors[2], hospital, at(5))
    work[doctors[2].pk] = [Item(id=uuid4(), label="C9")]
    with time_machine.travel(last.ends_at - timedelta(minutes=30), tick=False):
        fire_due()
        fire_due()
    hand_over = HandOver.objects.get(outgoing=doctors[2])
    assert hand_over.incoming is None

    do(by, services.take_item, doctors[1], item_id=hand_over.items.get().pk)

    hand_over.refresh_from_db()
    assert hand_over.incoming == doctors[1]


def test_on_the_page(client, night, doctors):
    hand_over = half_an_hour_before(night)
    url = reverse("rota:hand_over", args=[hand_over.pk])
    client.force_login(doctors[1])
    assert url in client.get(reverse("rota:mine")).content.decode()
    assert "C2" in client.get(url).content.decode()
    for item in hand_over.items.all():
        client.post(reverse("rota:decide", args=[item.pk, "take"]))
    client.post(reverse("rota:acknowledge", args=[hand_over.pk]))
    hand_over.refresh_from_db()
    assert hand_over.acknowledged_at
    assert client.post(reverse("rota:decide", args=[item.pk, "burn"])).status_code == 404


def test_taken_and_kept_at_once_it_is_one_of_both(by, night, doctors, work):
    item = half_an_hour_before(night).items.first()

    ended = race(
        [
            lambda: do(by, services.take_item, doctors[1], item_id=item.pk),
            lambda: do(by, services.keep_item, doctors[0], item_id=item.pk),
        ]
    )

    assert ended == {"won": 1, "Conflict": 1}
