"""A risk signal: both sides were together for seconds, and an opinion was signed."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from consult.requests.models import Case
from consult.rooms import signals
from consult.rooms.models import Room
from telemed.oversight.indicators import Period
from tests.factories.consult import accepted_case, signed_case

pytestmark = pytest.mark.django_db


def met(scene, seconds, *, held=0):
    now = timezone.now()
    return Room.objects.create(
        case=scene.case,
        status=Room.Status.ENDED,
        live_at=now - timedelta(seconds=seconds),
        held_for=timedelta(seconds=held),
        ended_at=now,
    )


def found(scene):
    month = Period.month(timezone.localdate())
    return signals._short(month).get(scene.hospital.pk)


@pytest.mark.parametrize(
    ("rooms", "n"), [([(59, 0)], 1), ([(60, 0)], 0), ([(90, 31)], 1), ([(30, 0), (30, 0)], 0)]
)
def test_less_than_a_minute_together_in_all_rooms_counts(rooms, n):
    scene = signed_case()
    for seconds, held in rooms:
        met(scene, seconds, held=held)
    assert found(scene) == ({"n": 1, "of": 1, "seconds": 60} if n else None)


def test_what_was_answered_in_writing_or_not_at_all_is_none():
    written, unsigned, without = signed_case(), accepted_case(), signed_case()
    Case.objects.filter(pk=written.case.pk).update(mode=Case.Mode.OFFLINE)
    met(written, 5)
    met(unsigned, 5)
    assert [found(one) for one in (written, unsigned, without)] == [None] * 3


def test_its_sentence():
    with translation.override("en"):
        said = signals._say_short({"n": 1, "of": 4, "seconds": 60})
    assert said == (
        "Consults answered live in which both sides were together for less than 60 seconds: 1 of 4."
    )
