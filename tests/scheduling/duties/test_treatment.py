"""Tuberculosis while it is treated, and the vaccinations of a child: what their services ask."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import presenting, vaccines
from scheduling.duties.models import Code, Duty, Status
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration import services as registration
from scheduling.registration.models import Group
from telemed.core.errors import Invalid
from tests.factories.duties import FINE, begun, due, serve, whole
from tests.factories.registration import child_of, read, resident_of, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
TUBERCULOSIS = {"rule": Code.TUBERCULOSIS, "group": Group.TUBERCULOSIS}


@pytest.fixture
def checked(team):
    return due(team, **TUBERCULOSIS)


def following(duty):
    """What the night plans after it."""
    plan_duties_task()
    return Duty.objects.filter(contract=duty.contract, rule=duty.rule, due_on__gt=duty.due_on).get()


def test_the_first_check_is_due_in_ten_days(checked):
    today = timezone.localdate()
    assert (checked.due_on, checked.closes_on) == (today + 10 * DAY, today + 20 * DAY)


@pytest.mark.parametrize(
    ("phase", "missed", "days"),
    [("intensive", "0", 10), ("continued", "0", 30), ("continued", "1", 10)],
)
def test_the_next_follows_the_phase_and_missed_doses(checked, phase, missed, days):
    entries = {"item-phase": phase, "item-missed_doses": missed}
    with time_machine.travel(timezone.now() + 10 * DAY):
        done = serve(checked, found=whole(checked, **entries))
        assert done.status == Status.DONE
        later = following(done)
        assert later.due_on == timezone.localdate() + days * DAY
        assert (later.closes_on - later.due_on).days == (10 if days == 10 else 16)


def test_a_check_that_was_missed_is_followed_by_the_next(checked):
    with time_machine.travel(timezone.now() + 21 * DAY):
        later = following(checked)
        checked.refresh_from_db()
        assert checked.status == Status.MISSED
        assert later.due_on == checked.due_on + 10 * DAY


@pytest.mark.parametrize(
    ("entries", "warned"),
    [
        ({"item-missed_doses": "6"}, False),
        ({"item-missed_doses": "7"}, True),
        ({"item-reaction": "some"}, True),
    ],
)
def test_a_week_without_drugs_or_a_side_effect_is_a_warning(checked, entries, warned):
    assert serve(checked, found=whole(checked, **entries)).is_warned == warned
    rechecks = Duty.objects.filter(contract=checked.contract, rule=Code.RECHECK)
    assert [one.asks for one in rechecks] == ([["treatment"]] if warned else [])


def test_a_phone_call_fills_what_the_norm_allows(checked):
    found = replace(whole(checked), mode="remote")
    assert serve(checked, found=found).status == Status.DONE


def test_a_check_asks_for_missed_doses(checked):
    with pytest.raises(Invalid, match="Tuberculosis treatment: enter “Phase of the treatment”"):
        serve(checked, found=FINE)


@pytest.mark.parametrize(
    ("day", "doses"),
    [
        (date(2024, 2, 28), ["hepatitis B 1", "BCG 1"]),
        (date(2024, 4, 30), ["hepatitis B 2", "polio 1", "DTP 1", "polio 2"]),
        (date(2024, 9, 30), ["measles, mumps, rubella 1", "Japanese encephalitis 1"]),
        (date(2026, 7, 31), []),
        (date(2028, 1, 31), ["polio 4"]),
        (date(2024, 7, 30), ["polio 3", "DTP 2", "hepatitis B 3", "DTP 3", "meningitis A 1"]),
    ],
)
def test_the_doses_of_an_age_are_those_new_since_the_visit_before(day, doses):
    assert vaccines.due_at(date(2024, 1, 30), day) == doses


@pytest.fixture
def contract(team, by):
    """Of a child of eight months, whom a parent has signed up."""
    parent = resident_of(team)
    child = child_of(parent, born=timezone.localdate() - 240 * DAY)
    with by(parent.user):
        [contract] = registration.apply(actor=parent.user, people=[child], team_id=team.pk)
    with by(team.leader):
        registration.agree(actor=team.leader, contract_id=contract.pk)
    return begun(team, contract=sign(read(contract, parent.user), parent.user))


def test_a_childs_service_asks_for_its_vaccinations(client, team, contract):
    check = Duty.objects.filter(contract=contract, rule=Code.CHILD).latest("due_on")
    with pytest.raises(Invalid, match="Growth: enter “Length or height”"):
        serve(check, found=FINE)
    entries = {k: v for k, v in whole(check).entries.items() if k != "item-vaccines"}
    with pytest.raises(Invalid, match="Vaccinations: enter “Those due by this age”"):
        serve(check, found=replace(FINE, entries=entries))
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = client.get(f"/family-doctor/duties/{check.pk}/").content.decode()
    assert "Due by this age: measles, mumps, rubella 1, Japanese encephalitis 1." in page
    assert serve(check, found=whole(check)).entries["item-vaccines"] == "given"
    [told] = presenting.taken(team.leader, [check])["villages"][0]["duties"]
    assert told["doses"].startswith("Due by this age: measles")
