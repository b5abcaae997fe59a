"""Kept promises by place and group, as the health commission asks for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.duties.indicators import compute
from scheduling.duties.models import Duty
from telemed.oversight.indicators import Cut, Level, Period, Question, Side
from tests.factories.duties import begun, left_window
from tests.factories.registration import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    contract = begun(TeamFactory())
    left_window(contract, 10, kept=7)
    left_window(contract, 6, kept=2, face=False)
    return contract


TOTAL = (Level(Cut.TOTAL),)


def asked(levels=TOTAL, **more):
    first = timezone.localdate() - timedelta(days=60)
    return compute(Question(periods={"now": Period.days(first, 61)}, levels=levels, **more))


def counts(cell, part):
    return cell.counts[f"kept_{part}"], cell.counts[f"owed_{part}"]


def test_face_to_face_and_groups_are_told_apart(contract):
    cell = asked()["now", Cut.TOTAL, ""]
    assert counts(cell, "all") == (9, 16)
    assert counts(cell, "face") == (7, 10)
    assert counts(cell, "remote") == (2, 6)
    assert counts(cell, "hypertension") == (7, 10)
    assert counts(cell, "elderly") == (2, 6)
    assert counts(cell, "child") == (0, 0)
    assert round(cell.figures["kept_face"].value) == 70


def test_each_place_has_its_own(contract):
    clinic = contract.team.organisation
    found = asked((Level(Cut.COUNTY), Level(Cut.INSTITUTION)))
    assert counts(found["now", Cut.COUNTY, clinic.division_id[:6]], "all") == (9, 16)
    assert counts(found["now", Cut.INSTITUTION, str(clinic.pk)], "all") == (9, 16)
    assert asked(organisation=contract.pk) == {}
    assert asked(inside="99") == {}


def test_what_is_waived_or_still_in_its_window_does_not_count(contract):
    before = counts(asked()["now", Cut.TOTAL, ""], "all")
    gone = Duty.objects.filter(contract=contract, status="missed").first()
    gone.status, gone.waived_because = "waived", "moved"
    gone.save()
    assert counts(asked()["now", Cut.TOTAL, ""], "all") == (before[0], before[1] - 1)
    later = Duty.objects.filter(contract=contract, status="missed").first()
    later.due_on = timezone.localdate() - timedelta(days=14)
    later.save()
    assert counts(asked()["now", Cut.TOTAL, ""], "all") == (before[0], before[1] - 2)
    later.due_on -= timedelta(days=1)
    later.save()
    assert counts(asked()["now", Cut.TOTAL, ""], "all") == (before[0], before[1] - 1)


def test_what_duties_do_not_know_is_no_figure(contract):
    assert asked(side=Side.ASKED) == {}
    assert asked(specialty="cardiology") == {}
    assert asked((Level(Cut.SPECIALTY),)) == {}
