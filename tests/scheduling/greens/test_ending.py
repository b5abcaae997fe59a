"""Clocks of a green channel, its end, and what is taken back."""

import pytest
import time_machine
from django.utils import timezone

from scheduling.greens import queries, services
from scheduling.greens.models import Outcome, Status
from scheduling.greens.plans import PLANS
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Status as Sent
from telemed.core import clocks, moments, outbox
from telemed.core.errors import Conflict, Forbidden
from telemed.core.models import Clock
from tests.factories.greens import acknowledged, arrived, opened, tap
from tests.factories.referrals import by
from tests.scheduling.greens.tapping import (
    MINUTE,
    after,
    running,
    told,
)

pytestmark = pytest.mark.django_db


def test_at_80_per_cent_the_team_hears_and_at_the_limit_the_directors():
    scene = acknowledged()
    traveller = after(8.5)
    try:
        assert "green.due" in told(scene.doctor)
        assert "green.late" not in told(scene.road.director)
    finally:
        traveller.stop()
    traveller = after(10.5)
    try:
        assert told(scene.road.director) == ["green.late"]
        assert "green.late" in told(scene.clinic)  # the clinic has no director
    finally:
        traveller.stop()


def test_what_was_long_over_when_it_was_opened_is_said_once():
    scene = opened(ago=15)
    clocks.fire_due()
    assert told(scene.road.director) == ["green.late"]
    assert "green.due" not in told(scene.doctor)


def test_the_hospital_ends_it_and_still_hands_the_patient_back():
    scene = arrived()
    with by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    assert scene.refresh().status == Status.ENDED
    assert running(scene.green) == set()
    assert scene.road.refresh().status == Sent.ARRIVED
    assert Clock.objects.filter(about=scene.green.referral_id, state="running").exists()
    assert "green.ended" in told(scene.clinic)
    with pytest.raises(Conflict):
        tap(scene, "lab", scene.doctor)


def test_what_was_tapped_before_the_end_still_comes_in():
    scene = arrived(ago=30)
    tapped = moments.now()
    with by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    tap(scene, "lab", scene.doctor, tapped)
    assert queries.moments_of(scene.green)["lab"] == tapped
    assert running(scene.green) == set()


def test_on_the_way_it_is_not_treated_but_may_be_over():
    scene = acknowledged()
    with pytest.raises(Conflict, match="not arrived"), by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    with by(scene.clinic):
        services.end(actor=scene.clinic, green_id=scene.green.pk, outcome=Outcome.REFUSED)
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.ENDED
    assert scene.road.refresh().status == Sent.CANCELLED


def test_a_mistake_is_taken_back_within_ten_minutes():
    scene = acknowledged()
    with by(scene.clinic):
        services.take_back(actor=scene.clinic, green_id=scene.green.pk, reason="开错了病人")
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.WITHDRAWN
    assert scene.road.refresh().status == Sent.CANCELLED
    assert running(scene.green) == set()
    assert "green.taken_back" in told(scene.doctor)


def test_later_or_once_the_patient_is_there_it_is_not_taken_back():
    scene = acknowledged()
    with (
        time_machine.travel(timezone.now() + 11 * MINUTE),
        pytest.raises(Conflict, match="ten minutes"),
        by(scene.clinic),
    ):
        services.take_back(actor=scene.clinic, green_id=scene.green.pk, reason="开错了病人")
    there = arrived()
    with pytest.raises(Conflict, match="has arrived"), by(there.clinic):
        services.take_back(actor=there.clinic, green_id=there.green.pk, reason="开错了病人")
    with pytest.raises(Forbidden), by(scene.doctor):
        services.take_back(actor=scene.doctor, green_id=scene.green.pk, reason="开错了病人")


def test_a_referral_that_is_withdrawn_on_its_own_page_ends_the_clocks():
    scene = acknowledged()
    with by(scene.clinic):
        referrals.cancel(
            actor=scene.clinic, referral_id=scene.green.referral_id, reason="家属不同意"
        )
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.WITHDRAWN
    assert running(scene.green) == set()


@pytest.mark.parametrize("plan", PLANS.values())
def test_every_plan_names_stations_that_it_has(plan):
    codes = {one.code for one in plan}
    for one in plan:
        named = {*one.after, *one.needs, *one.instead}
        if one.limit:
            named.add(one.limit.since)
        assert named <= codes
        assert set(one.needs) <= set(one.after)
