"""A few cases through the real services, by threads, as the command plays them."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consult.requests.models import Case, Step
from records.mpi.models import Patient
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState
from telemed.demo import past, province, services
from telemed.demo.day import figures, load, people, tempo
from telemed.demo.day.door.acting import PLAYER
from telemed.demo.day.door.playing import Play
from tests.factories.people import PatientFactory
from tests.marks import committed

pytestmark = committed
FEW, MINUTES = 6, 0.1


@pytest.fixture
def county():
    """The story's neighbour: its hospital and three clinics, with their doctors."""
    clinics = past.clinics_of(province.NEIGHBOUR)[:3]
    with intention(PLAYER, door="test"):
        services.lay_divisions()
        hospital = province.county_hospital(province.NEIGHBOUR)
        services.lay_places(places=[hospital], password="x")  # noqa: S106
        services.lay_places(places=clinics, password="x")  # noqa: S106


@pytest.fixture
def quiet(monkeypatch):
    """No broker here: bells are lost, as they may be."""
    monkeypatch.setattr("telemed.core.doorbells._send", lambda group, message: None)


@pytest.fixture
def eager(monkeypatch):
    """Everybody answers soon, nobody declines, no line breaks."""
    manner = past.Manner(pace=0.5, silent=0, declines=0, receipts=1, doubts=0, tells=1)
    monkeypatch.setattr(past, "manner_of", lambda county: manner)
    monkeypatch.setattr(people, "CUT", 0)


def test_only_who_is_treated_there_is_asked_about(county):
    asker = people.cast()[0][0]
    doctor = people.user(asker.doctor)
    strangers = [PatientFactory(managing_organisation=doctor.organisation) for _ in range(3)]
    with intention(doctor, door="test"):
        chosen = people.patient_for(doctor, random.Random("1"))  # noqa: S311
    assert chosen.pk not in {stranger.pk for stranger in strangers}


def play(seed="1", cases=FEW, hands=2):
    since = timezone.now()
    day = tempo.stretch(tempo.working_day(timezone.localdate()), since, MINUTES, 1)
    with intention(PLAYER, door="test"):
        requests = people.requests_at([load.BUSIEST] * cases, seed)
    acting = Play(day, hands=hands, say=lambda line: None)
    acting.plan([(since, request) for request in requests], seed)
    return acting, day, since


def measured(acting, day, since):
    with intention(PLAYER, door="test"):
        return figures.measure(cases=acting.cast.cases, since=since, tempo=day)


def play_out(cast, requests):
    """Everything that follows, at once and in order: what is tested is no matter of time."""
    due = [follows for request in requests for follows in cast.ask(request)]
    while due:
        due += due.pop(0).do()


def test_every_case_of_a_good_day_is_asked_answered_signed_and_closed(county, quiet, eager):
    acting, day, since = play(cases=0)
    with intention(PLAYER, door="test"):
        requests = people.requests_at([load.BUSIEST] * FEW, "1")
    play_out(acting.cast, requests)
    found = measured(acting, day, since)
    assert found.asked == found.closed == FEW == Case.objects.count()
    assert found.open == found.dead == 0
    assert len(found.answers) == FEW
    assert all(answer > 0 for answer in found.answers)
    assert found.messages >= 3 * FEW
    made_up = Patient.objects.values_list("phone", flat=True)
    assert all(phone.startswith("1001") for phone in made_up)


def test_what_is_due_is_done_however_late_it_gets(county, quiet, eager):
    acting, day, since = play()
    tally = acting.run()
    assert (tally.failed, tally.refused) == ({}, {})
    assert tally.acts["ask"] == FEW == measured(acting, day, since).asked
    assert timezone.now() >= day.ends_at


def test_the_same_seed_asks_the_same(county, quiet):
    with intention(PLAYER, door="test"):
        one, again, other = (
            people.requests_at([load.BUSIEST] * 30, seed) for seed in ("1", "1", "2")
        )
    assert one == again != other
    assert 0 < sum(request.kind == "emergency" for request in one) < 15


def test_its_promises_run_out_within_the_day_and_then_in_real_time(county, quiet, monkeypatch):
    monkeypatch.setattr(people, "answers_after", lambda *_: None)  # nobody answers
    acting, day, since = play(cases=2)
    before = {clock.pk for clock in Clock.objects.all()}
    begun = []
    monkeypatch.setattr(acting, "say", lambda line: begun.append(fire_due()))
    acting.run()
    assert sum(begun) > 0
    assert Step.objects.filter(action="case.escalate").exists()
    fired = Clock.objects.filter(state=ClockState.FIRED).exclude(pk__in=before)
    assert all(clock.ended_at >= clock.due_at for clock in fired)
    late = measured(acting, day, since).late
    assert len(late) == fired.count()
    open_now = Clock.objects.filter(about__in=acting.cast.cases, state=ClockState.RUNNING)
    assert open_now.exclude(due_at__gt=day.ends_at + timedelta(minutes=4)).count() == 0


def test_who_stops_it_finds_whole_cases(county, quiet, eager):
    acting, day, since = play(cases=40, hands=3)
    acting.say = lambda line: acting.stop() if acting.tally.acts["ask"] else None
    acting.run()
    found = measured(acting, day, since)
    assert 0 < found.asked < 40
    states = Counter(Case.objects.values_list("status", flat=True))
    assert "draft" not in states
    assert sum(states.values()) == found.asked
    signed = Case.objects.filter(status__in=["signed", "closed"])
    assert all(case.opinions.count() == 1 for case in signed)


def test_what_was_lost_on_the_line_is_sent_again_and_happens_once(
    county, quiet, eager, monkeypatch
):
    monkeypatch.setattr(people, "CUT", 1)
    acting, _day, _since = play(cases=0)
    with intention(PLAYER, door="test"):
        [request] = people.requests_at([load.BUSIEST], "1")
    [answer] = acting.cast.ask(request)
    sign, again = answer.do()
    assert again.name == "repeat"
    assert again.do() == []
    _decide, signed_again = sign.do()
    with pytest.raises(Conflict):
        signed_again.do()
    done = Counter(Step.objects.values_list("action", flat=True))
    assert done["case.accept"] == done["opinion.sign"] == 1


def test_it_plays_in_a_running_demonstration_alone(county, quiet, settings, monkeypatch):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("simulate_day")
    settings.DEMO = True
    monkeypatch.setattr("telemed.core.pulse.is_shown", lambda: False)
    with pytest.raises(CommandError, match="No worker is alive"):
        call_command("simulate_day")
    with pytest.raises(CommandError, match="more than 0"):
        call_command("simulate_day", "--minutes", "0")
