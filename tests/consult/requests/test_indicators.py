"""The figures of consults, over the steps that the services themselves write."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import services
from consult.requests.activity import last_asked
from consult.requests.indicators import SOURCE
from consult.requests.indicators.definitions import TOLD, WITHIN
from consult.requests.models import Outcome
from telemed.core.clocks import fire_due
from telemed.oversight.indicators import Cut, Level, Period, Question, Side
from tests.factories.consult import closed_case, sent_case, signed_case
from tests.factories.lives import live, many, step
from tests.factories.people import ClinicFactory, DivisionFactory, OrganisationFactory
from tests.marks import committed
from tests.telemed.oversight.conftest import CHINA

NOW = datetime(2026, 11, 24, 9, tzinfo=CHINA)
SENT = datetime(2026, 11, 10, 9, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def ask(level=Cut.TOTAL, **narrowed):
    """November by one cut: {key: cell}."""
    question = Question(
        periods={"now": Period.month(NOW.date())}, levels=(Level(level),), **narrowed
    )
    return {key: cell for (_period, _cut, key), cell in SOURCE.compute(question).items()}


def figure(key, **narrowed):
    return ask(**narrowed)[""].figures[key]


@pytest.mark.django_db
class TestByHand:
    """Values against cases whose figures one can reckon."""

    def test_the_median_is_over_answered_requests(self):
        clinic = ClinicFactory()
        for minutes in (1, 2, 3, 40, 50, 60, None, None):
            live(clinic, SENT, answered=minutes)
        found = figure("first_answer")
        assert (found.value, found.n, found.of) == (21.5, 6, 8)

    def test_its_interval_is_between_two_of_the_ordered_answers(self):
        clinic = ClinicFactory()
        for minutes in range(1, 101):
            live(clinic, SENT, answered=minutes)
        found = figure("first_answer")
        assert (found.value, found.low, found.high) == (50.5, 40, 61)

    def test_the_first_answer_is_an_acceptance_or_a_refusal(self):
        clinic = ClinicFactory()
        live(clinic, SENT, answered=7, declined="time")
        assert figure("first_answer").value == 7

    def test_an_answer_is_in_time_before_the_clock_ran_out(self):
        clinic = ClinicFactory()
        live(clinic, SENT, answered=3)
        live(clinic, SENT, answered=30, late=20)
        live(clinic, SENT, late=20)
        live(clinic, SENT)
        found = figure("in_time")
        assert (found.counted, found.n) == (1, 4)

    def test_silence_is_a_clock_that_ran_out_without_an_answer(self):
        clinic = ClinicFactory()
        live(clinic, SENT, late=20)
        live(clinic, SENT, status="expired")
        live(clinic, SENT)  # still in time
        live(clinic, SENT, answered=30, late=20)
        found = figure("silent")
        assert (found.counted, found.n) == (2, 4)

    def test_the_loop_is_closed_by_a_receipt_not_by_the_end(self):
        clinic = ClinicFactory()
        live(clinic, SENT, answered=3, decision="partly")
        closed = live(clinic, SENT, answered=3, signed=True, status="closed")
        step(closed, "case.close", SENT + timedelta(days=5), closing="no_receipt")
        found = figure("closed")
        assert (found.counted, found.n, found.value) == (1, 2, 50)

    def test_refusals_count_requests_and_the_first_reason(self):
        clinic = ClinicFactory()
        twice = live(clinic, SENT, answered=5, declined="scope")
        step(twice, "offer.decline", SENT + timedelta(hours=1), code="time")
        live(clinic, SENT, answered=5, declined="time")
        live(clinic, SENT, answered=5)
        figures = ask()[""].figures
        assert (figures["declined"].counted, figures["declined"].n) == (2, 3)
        assert (figures["declined_scope"].counted, figures["declined_scope"].n) == (1, 2)
        assert figures["declined_time"].counted == 1

    def test_the_newest_receipt_counts(self):
        clinic = ClinicFactory()
        many(2, clinic, SENT, decision="adopted")
        changed = live(clinic, SENT, decision="not_adopted")
        step(changed, "case.receipt", SENT + timedelta(days=1), version=2, decision="partly")
        figures = ask()[""].figures
        said = {key: figures[key].counted for key in ("adopted", "partly", "not_adopted")}
        assert said == {"adopted": 2, "partly": 1, "not_adopted": 0}
        assert figures["adopted"].n == 3

    def test_how_patients_fared_is_what_was_told_last(self):
        clinic = ClinicFactory()
        results = Outcome.Result
        for result in (results.BETTER, results.SAME, results.WORSE, results.LOST):
            step(live(clinic, SENT, signed=True), "case.outcome", SENT, day=3, result=result)
        worse = live(clinic, SENT, outcomes=(3,))
        step(worse, "case.outcome", SENT, day=7, result=results.DIED)
        referred = live(clinic, SENT, signed=True)
        step(referred, "case.outcome", SENT, day=3, result=results.REFERRED)
        step(referred, "case.outcome", SENT, day=7, result=results.UNKNOWN)
        lapsed = live(clinic, SENT, signed=True)
        step(lapsed, "case.outcome", SENT, day=3, result=results.UNKNOWN)
        figures = ask()[""].figures
        said = {name: figures[f"fared_{name}"].counted for name in TOLD}
        assert said == dict.fromkeys(TOLD, 1)
        assert (figures["fared_died"].n, figures["fared_died"].of) == (6, 7)

    def test_an_outcome_that_nobody_told_is_not_known(self):
        clinic = ClinicFactory()
        live(clinic, SENT, outcomes=(3, 7))
        lapsed = live(clinic, SENT, signed=True)
        step(lapsed, "case.outcome", SENT, day=3, result=Outcome.Result.UNKNOWN)
        figures = ask()[""].figures
        assert [figures[f"outcome_{day}"].counted for day in (3, 7, 30)] == [1, 1, 0]
        assert [figures[f"outcome_{day}"].n for day in (3, 7, 30)] == [2, 2, 0]

    def test_an_outcome_counts_when_its_day_and_a_week_to_tell_are_over(self, clock):
        signed = live(ClinicFactory(), SENT, signed=True)
        step(signed, "case.outcome", SENT + timedelta(days=3), day=3, result="better")
        clock.move_to(SENT + timedelta(days=9))
        assert figure("outcome_3").n == 0
        clock.move_to(SENT + timedelta(days=10))
        assert (figure("outcome_3").n, figure("outcome_7").n) == (1, 0)

    def test_a_request_that_was_taken_back_counts_when_it_is_sent_again(self):
        clinic = ClinicFactory()
        case = live(clinic, SENT)
        step(case, "case.unsubmit", SENT + timedelta(minutes=1))
        assert ask() == {}
        step(case, "case.submit", SENT + timedelta(minutes=9))
        step(case, "case.accept", SENT + timedelta(minutes=19))
        found = figure("first_answer")
        assert (found.n, found.value) == (1, 10)

    def test_parts_are_told_apart_by_place_institution_specialty_and_urgency(self):
        here = ClinicFactory(division=DivisionFactory(code="520121101", level="township"))
        there = ClinicFactory(division=DivisionFactory(code="522634"))
        hospital = OrganisationFactory(division=DivisionFactory(code="520122"))
        many(2, here, SENT, hospital=hospital, specialty="surgery", kind="emergency")
        many(3, there, SENT, hospital=hospital)
        counts = lambda cut, **said: {  # noqa: E731
            key: cell.counts["sent"] for key, cell in ask(cut, **said).items()
        }
        assert counts(Cut.PREFECTURE) == {"5201": 2, "5226": 3}
        assert counts(Cut.COUNTY) == {"520121": 2, "522634": 3}
        assert counts(Cut.INSTITUTION) == {str(here.pk): 2, str(there.pk): 3}
        assert counts(Cut.PARTNER) == {str(hospital.pk): 5}
        assert counts(Cut.SPECIALTY) == {"surgery": 2, "neurology": 3}
        assert counts(Cut.URGENCY) == {"emergency": 2, "single": 3}
        assert counts(Cut.COUNTY, side=Side.ASKED) == {"520122": 5}
        assert counts(Cut.PARTNER, side=Side.ASKED, organisation=hospital.pk) == {
            str(here.pk): 2,
            str(there.pk): 3,
        }
        assert counts(Cut.TOTAL, inside="5201") == {"": 2}
        assert counts(Cut.TOTAL, specialty="surgery", urgency="emergency") == {"": 2}
        assert counts(Cut.TOTAL, urgency="named") == {}

    def test_what_has_priority_is_counted_as_that(self):
        clinic = ClinicFactory()
        many(2, clinic, SENT, priority=True)
        many(3, clinic, SENT)
        parts = {key: cell.counts["sent"] for key, cell in ask(Cut.URGENCY).items()}
        assert parts == {"priority": 2, "single": 3}
        assert ask(urgency="priority")[""].counts["sent"] == 2
        assert ask(urgency="single")[""].counts["sent"] == 3

    def test_every_count_lies_within_the_larger_ones(self):
        clinic = ClinicFactory()
        many(3, clinic, SENT, answered=3, decision="adopted", outcomes=(3,))
        many(2, clinic, SENT, answered=3, declined="scope", late=1)
        counts = ask()[""].counts
        assert set(counts) == set(WITHIN)
        for what, larger in WITHIN.items():
            assert all(counts[what] <= counts[other] for other in larger[:1])


@committed
class TestByTheServices:
    """The same words that the services write into the steps."""

    def test_a_case_from_sending_to_its_outcome(self, by, clock):
        scene = closed_case()
        clock.shift(timedelta(days=3, hours=12))
        with by(scene.asker):
            services.record_outcome(
                actor=scene.asker, case_id=scene.case.pk, day=3, result="better"
            )
        clock.shift(timedelta(days=8))
        assert figure("outcome_3").counted == 1
        figures = ask()[""].figures
        counted = {
            key: figures[key].counted
            for key in ("in_time", "closed", "adopted", "outcome_3", "fared_better")
        }
        assert set(counted.values()) == {1}
        assert figures["first_answer"].n == 1
        assert ask()[""].unfinished == 0

    def test_a_refusal_and_a_clock_that_ran_out(self, by, clock):
        scene = sent_case(specialists=2)
        with by(scene.specialist):
            services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
        silent = sent_case()
        clock.move_to(timezone.now() + timedelta(hours=10))
        fire_due()
        figures = ask()[""].figures
        assert figures["declined_time"].counted == 1
        assert (figures["in_time"].counted, figures["silent"].counted) == (1, 1)
        assert ask(organisation=silent.clinic.pk)[""].figures["silent"].counted == 1

    def test_a_signed_opinion_without_a_receipt_leaves_the_loop_open(self):
        signed_case()
        assert figure("closed").counted == 0
        assert figure("adopted").n == 0

    def test_the_last_request_of_an_institution(self):
        scene = sent_case()
        assert last_asked([scene.clinic.pk, scene.hospital.pk]) == {scene.clinic.pk: NOW}
