from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.requests import services
from consult.requests.models import Outcome
from records.consent.models import CareAccess
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.looking import clock_states, published, told
from tests.factories.consult import accepted_case, closed_case, signed_case
from tests.factories.people import StaffFactory
from tests.factories.registration import TeamFactory, resident_of
from tests.factories.registration import signed as sign_up

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def made(maker=closed_case):
    with time_machine.travel(START, tick=False):
        return maker()


def later(days, hour=18):
    moment = START.replace(hour=hour, second=1) + timedelta(days=days)
    return time_machine.travel(moment, tick=False)


def record(scene, by, day=3, result="better", actor=None, **more):
    actor = actor or scene.asker
    with by(actor):
        return services.record_outcome(
            actor=actor, case_id=scene.case.pk, day=day, result=result, **more
        )


def test_the_outcome_is_asked_for_on_three_evenings():
    scene = made()
    due = Clock.objects.filter(
        about=scene.case.pk, kind__startswith="case.outcome_", rung=1
    ).order_by("due_at")
    times = [timezone.localtime(clock.due_at).strftime("%m-%d %H:%M") for clock in due]
    assert times == ["11-27 18:00", "12-01 18:00", "12-24 18:00"]
    with later(3):
        fire_due()
    assert told(scene.asker)[-1] == "case.outcome_due"


def test_it_is_given_back_to_the_doctor_who_signed(by):
    scene = made()
    with later(3, hour=10):
        outcome = record(scene, by, note="血压平稳")
    assert told(scene.specialist)[-1] == "case.outcome"
    assert clock_states(scene.case, "case.outcome_3") == set()
    assert clock_states(scene.case, "case.outcome_7") == {"running"}
    assert published(outcome.pk)["status"] == "completed"
    assert published(outcome.pk)["businessStatus"]["text"] == "better"


def test_nobody_says_so_and_it_lapses_as_unknown(by):
    scene = made()
    near = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
    for days in (3, 5):
        with later(days):
            fire_due()
    assert told(scene.asker).count("case.outcome_due") == 2
    with later(8):
        fire_due()
    assert "case.outcome_due" in told(near)
    with later(10):
        fire_due()
    outcome = scene.case.outcomes.get(day=3)
    assert (outcome.result, outcome.recorded_by) == (Outcome.Result.UNKNOWN, None)
    assert published(outcome.pk)["status"] == "failed"
    with later(11), pytest.raises(Conflict):
        record(scene, by)


def test_after_a_death_nothing_more_is_asked(by):
    scene = made()
    with later(3):
        record(scene, by, result="died")
    assert clock_states(scene.case, "case.outcome_30") == set()


def test_an_outcome_is_recorded_once_and_on_its_day(by):
    scene = made()
    with later(2), pytest.raises(Conflict):
        record(scene, by)
    with later(3):
        first = record(scene, by)
        assert record(scene, by) == first
        with pytest.raises(Conflict):
            record(scene, by, result="worse")
        for wrong in ({"day": 4}, {"result": "unknown"}, {"result": "cured"}):
            with pytest.raises(Invalid):
                record(scene, by, **wrong)
    assert scene.case.outcomes.count() == 1


def test_the_asking_side_alone_records_it_and_only_after_an_opinion(by):
    scene, stranger = made(), made()
    with later(3):
        with pytest.raises(Forbidden):
            record(scene, by, actor=scene.specialist)
        with pytest.raises(NotFound):
            record(scene, by, actor=stranger.asker)
        with pytest.raises(Conflict):
            record(accepted_case(), by)
        signed = made(signed_case)
        record(signed, by)


# ---- by the family doctor, who works elsewhere


@pytest.fixture
def signed_up():
    """A closed consult about somebody whose family doctor is at another clinic."""
    scene = made()
    with time_machine.travel(START, tick=False):
        team = TeamFactory()
        sign_up(team, scene.patient)
    return scene, team.leader


def test_the_patients_family_doctor_tells_how_they_are_wherever_they_work(by, signed_up):
    scene, doctor = signed_up
    assert doctor.organisation_id != scene.case.asking_id
    with later(3):
        outcome = record(scene, by, actor=doctor, result="same")
    assert outcome.recorded_by == doctor
    assert told(scene.specialist)[-1] == "case.outcome"
    step = scene.case.steps.get(action="case.outcome")
    assert (step.actor, step.organisation) == (doctor, doctor.organisation)


def test_once_the_contract_is_over_the_case_is_hidden_again(by, signed_up):
    scene, doctor = signed_up
    CareAccess.objects.filter(basis="signed").update(until=START)
    with later(3), pytest.raises(NotFound):
        record(scene, by, actor=doctor)


def test_a_family_doctor_of_somebody_else_knows_of_nothing(by, signed_up):
    scene, _doctor = signed_up
    with later(3):
        other = TeamFactory()
        sign_up(other, resident_of(other))
        with pytest.raises(NotFound):
            record(scene, by, actor=other.leader)


def test_before_an_opinion_the_family_doctor_knows_of_no_case(by):
    with time_machine.travel(START, tick=False):
        scene, team = accepted_case(), TeamFactory()
        sign_up(team, scene.patient)
        with pytest.raises(NotFound):
            record(scene, by, actor=team.leader)


def test_the_patients_page_asks_the_family_doctor(client, signed_up):
    scene, doctor = signed_up
    doctor.language = "en"
    doctor.save()
    page = reverse("chart:patient", args=[scene.patient.pk])
    address = reverse("requests:follow", args=[scene.case.pk])
    with later(2, hour=9):
        client.force_login(doctor)
        assert address not in client.get(page).content.decode()
    with later(3, hour=9):
        client.force_login(doctor)
        shown = client.get(page).content.decode()
        assert address in shown
        assert "how is the patient on day 3?" in shown
        assert client.post(address, {"day": 3, "result": "better"}).url == page
        assert address not in client.get(page).content.decode()
        wrong = client.post(address, {"day": 3}, headers={"referer": f"http://testserver{page}"})
        assert wrong.url.startswith(page)
        client.force_login(scene.asker)
        assert address not in client.get(page).content.decode()  # theirs is the page of the case
    assert scene.case.outcomes.get(day=3).recorded_by == doctor
