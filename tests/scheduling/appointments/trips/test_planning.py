"""The planner of one trip: nothing overlaps, the order and the gaps are kept, nothing is sooner."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scheduling.appointments.trips import Place, Stop, plan

DAY = datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def place(start: int, length: int, number: int = 0) -> Place:
    """`start`: minutes after eight."""
    begin = DAY.replace(hour=8) + start * MINUTE
    return Place(begin, begin + length * MINUTE, UUID(int=number))


def at(*starts: int, length: int = 30) -> list[Place]:
    return [place(start, length, n) for n, start in enumerate(starts)]


PLACES = st.lists(
    st.builds(place, st.integers(0, 40).map(lambda n: n * 15), st.sampled_from([15, 30, 45])),
    max_size=5,
)
STOPS = st.builds(
    Stop, st.just("x"), PLACES, st.sampled_from([0, 0, 60]).map(lambda minutes: minutes * MINUTE)
)
GAPS = st.sampled_from([0, 15, 40]).map(lambda minutes: minutes * MINUTE)


def named(stops):
    return [Stop(f"x{n}", stop.places, stop.ready) for n, stop in enumerate(stops)]


def keeps(line, visit, gap, visit_first):
    """The rules of a trip, said in another way than the planner says them."""
    if any(later.starts_at < one.ends_at + gap for (_, one), (_, later) in pairwise(line)):
        return False
    if visit_first:
        return line[0][0] is visit
    read = line[-1][1].starts_at
    return line[-1][0] is visit and all(
        place.ends_at + stop.ready <= read for stop, place in line[:-1]
    )


def every_way(visit, examinations, gap, visit_first):
    for order in permutations([visit, *examinations]):
        for places in product(*(stop.places for stop in order)):
            line = list(zip(order, places, strict=True))
            if keeps(line, visit, gap, visit_first):
                yield line


@given(STOPS, st.lists(STOPS, max_size=2), GAPS, st.booleans())
def test_the_plan_keeps_the_rules_and_none_is_over_sooner_or_begins_later(
    visit, some, gap, visit_first
):
    visit, examinations = Stop("visit", visit.places), named(some)
    ways = list(every_way(visit, examinations, gap, visit_first))
    found = plan(visit, examinations, gap=gap, visit_first=visit_first)
    if found is None:
        assert not ways
        return
    by_name = {stop.name: stop for stop in [visit, *examinations]}
    line = [(by_name[name], place) for name, place in found.stops]
    assert {stop.name for stop, _place in line} == set(by_name)
    assert all(place in stop.places for stop, place in line)
    assert keeps(line, visit, gap, visit_first)
    ends = min(way[-1][1].ends_at for way in ways)
    assert found.ends == ends
    assert found.begins == max(way[0][1].starts_at for way in ways if way[-1][1].ends_at == ends)


def test_the_examination_comes_before_the_doctor_who_reads_it():
    found = plan(Stop("doctor", at(0, 60)), [Stop("ECG", at(0, 90))], gap=15 * MINUTE)
    assert [name for name, _place in found.stops] == ["ECG", "doctor"]
    assert found.waiting == 30 * MINUTE


def test_the_doctor_comes_first_where_that_is_said():
    found = plan(
        Stop("doctor", at(0, 60)), [Stop("ECG", at(0, 90))], gap=15 * MINUTE, visit_first=True
    )
    assert [name for name, _place in found.stops] == ["doctor", "ECG"]


def test_who_waits_for_a_result_sees_the_doctor_after_it():
    blood = Stop("blood", at(0), ready=60 * MINUTE)
    assert plan(Stop("doctor", at(60)), [blood], gap=15 * MINUTE) is None
    found = plan(Stop("doctor", at(60, 90)), [blood, Stop("ECG", at(30))], gap=0 * MINUTE)
    assert [name for name, _place in found.stops] == ["blood", "ECG", "doctor"]


def test_one_begins_as_late_as_one_can():
    found = plan(Stop("doctor", at(180)), [Stop("ECG", at(0, 30, 60, 120))], gap=15 * MINUTE)
    assert found.begins == DAY.replace(hour=10)


def test_of_two_that_are_over_together_the_shorter_is_taken():
    assert plan(Stop("doctor", [place(0, 30), place(15, 15)]), [], gap=0 * MINUTE).begins == (
        DAY.replace(hour=8, minute=15)
    )


def test_what_has_no_place_has_no_plan():
    assert plan(Stop("doctor", at(60)), [Stop("ECG", [])], gap=0 * MINUTE) is None
    assert plan(Stop("doctor", []), [], gap=0 * MINUTE) is None
