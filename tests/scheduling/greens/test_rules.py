"""Who hears that a station of a green channel is late, as a rule of the house."""

from datetime import timedelta

import pytest
import time_machine

from telemed.core import clocks, outbox
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.greens import acknowledged
from tests.factories.referrals import road
from tests.ruling import Page, ladder

pytestmark = pytest.mark.django_db


def minutes(green, station="ecg"):
    rows = Clock.objects.filter(about=green.pk, kind=f"green.{station}").order_by("rung")
    return [
        (one.rung, round((one.due_at - green.contact_at) / timedelta(minutes=1), 1)) for one in rows
    ]


def told(user, template):
    outbox.deliver_waiting()
    return Notification.objects.filter(recipient=user, template=template).count()


def test_what_begins_later_climbs_the_new_ladder(client):
    before = acknowledged()
    limit = minutes(before.green)[1][1]
    kept = minutes(before.green)
    assert kept == [(0, 0.8 * limit), (1, limit)]
    page = Page(client, before.road.hospital)
    steps = ladder((50, "", "directors"), (100, "", "directors"), (100, 5, "prefecture"))
    status, said = page.ask("green.late", **steps)
    assert (status, "1 green channel keeps the times that run" in said) == (200, True)
    assert before.green.referral.number in said
    page.set("green.late", **steps)
    other = road(places=0)
    Page(client, other.hospital).set("green.late", **steps)
    after = acknowledged(road_=other)
    assert minutes(after.green) == [(0, 0.5 * limit), (1, limit), (2, limit + 5)]
    assert minutes(before.green) == kept
    Clock.objects.exclude(kind="green.ecg").delete()
    with time_machine.travel(after.green.contact_at + timedelta(minutes=0.6 * limit)):
        clocks.fire_due()
    assert told(after.road.director, "green.due") == 1
    with time_machine.travel(before.green.contact_at + timedelta(minutes=0.9 * limit)):
        clocks.fire_due()
    assert told(before.road.director, "green.due") == 0
    assert told(before.clinic, "green.due") == 1


@pytest.mark.parametrize(
    "steps", [[(100, "", "directors")], [(80, "", "team"), (110, "", "directors")]]
)
def test_the_second_step_is_the_limit(client, steps):
    page = Page(client, acknowledged().road.hospital)
    status, said = page.ask("green.late", **ladder(*steps))
    assert (status, "Step 2 is at 100 per cent" in said) == (422, True)


def test_a_limit_says_which_channels_keep_theirs(client):
    scene = acknowledged()
    page = Page(client, scene.road.hospital)
    number = scene.green.referral.number
    assert number in page.ask("green.chest_pain.ecg", amount="9", unit="m")[1]
    assert number not in page.ask("green.stroke.ct", amount="9", unit="m")[1]
