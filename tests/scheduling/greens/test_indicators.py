"""The first ECG in time, and first contact to wire, as the oversight pages ask for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.greens import services
from scheduling.greens.indicators import compute
from scheduling.greens.models import Kind, Outcome
from telemed.oversight.indicators import Cut, Level, Period, Question, Side
from tests.factories.greens import acknowledged, arrived, opened, tap
from tests.factories.referrals import by

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def asked(side=Side.ASKING, **more):
    now = timezone.now()
    period = Period(now - timedelta(days=2), now + timedelta(days=1))
    levels = (Level(Cut.TOTAL), Level(Cut.INSTITUTION))
    return compute(Question(periods={"now": period}, levels=levels, side=side, **more))


def whole(answer):
    return answer["now", Cut.TOTAL, ""]


def at(scene, minutes):
    return scene.green.contact_at + minutes * MINUTE


def test_shares_and_medians_count_chest_pains_that_stand():
    quick, slow = acknowledged(ago=90), acknowledged(ago=30)
    for scene, minutes in ((quick, 10), (slow, 11)):
        tap(scene, "ecg", scene.clinic, at(scene, minutes))
    for station, minutes in (("depart", 30), ("arrive", 50)):
        tap(quick, station, quick.clinic, at(quick, minutes))
    for station, minutes in (("lab", 60), ("wire", 80)):
        tap(quick, station, quick.doctor, at(quick, minutes))
    opened(Kind.STROKE)
    mistake = opened()
    with by(mistake.clinic):
        services.take_back(actor=mistake.clinic, green_id=mistake.green.pk, reason="开错了病人")
    cell = whole(asked())
    assert cell.counts == {"chest_pains": 2, "ecg_in_time": 1, "wired": 1}
    assert cell.figures["green_ecg"].value == 50
    assert round(cell.figures["green_wire"].value or 0) == 80
    assert cell.unfinished == 2


def test_each_side_counts_its_own_and_an_ended_one_is_finished():
    scene = arrived(ago=20)
    with by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    clinic, hospital = str(scene.road.clinic.pk), str(scene.road.hospital.pk)
    assert asked()["now", Cut.INSTITUTION, clinic].unfinished == 0
    assert ("now", Cut.INSTITUTION, hospital) in asked(Side.ASKED)
    assert asked(organisation=scene.road.hospital.pk) == {}
    assert asked(specialty="neurology") == {}
