"""The line: tickets, the lot, turns, and what Valkey may lose."""

import hashlib
import threading

import pytest

from scheduling.opening import line
from tests.factories.people import OrganisationFactory
from tests.scheduling.opening.conftest import SEED, laid, later, opening_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return OrganisationFactory()


def lot_of(who: str) -> str:
    return hashlib.sha1((SEED + who).encode()).hexdigest()[:13]  # noqa: S324  as the page says


def people(n: int) -> list[str]:
    return [line.who_is(f"person {i}") for i in range(n)]


def stand(opening, who, *, again=False):
    """As the page does, without its event loop."""
    keys = line.keys_of(opening.organisation.number)
    args = [who, "", "", "10.0.0.1", "1" if again else ""]
    return line._read(line._ask(line.scripts.ENTER, keys, args))


def test_before_the_draw_nobody_has_a_number(valkey, hospital):
    opening = laid(opening_of(hospital, since=-60))
    place = stand(opening, line.who_is("a"))
    assert (place.kind, place.number, place.seed, place.lot) == ("waiting", 0, "", "")
    assert place.commit == line.commit_of(SEED)


def test_the_order_is_that_of_the_lots_and_not_of_the_arrival(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), rate=0.0001)
    marks = people(40)
    for who in marks:
        stand(opening, who)
    later(valkey, opening, 61)
    order = sorted(marks, key=lambda who: stand(opening, who).number)
    assert order == sorted(marks, key=lot_of)
    assert stand(opening, marks[0]).seed == SEED, "now everybody may check it"


def test_who_comes_after_the_draw_stands_behind_it_in_order(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), rate=0.0001)
    drawn = people(5)
    for who in drawn:
        stand(opening, who)
    later(valkey, opening, 61)
    late = [line.who_is(f"late {i}") for i in range(3)]
    assert [stand(opening, who).number for who in late] == [6, 7, 8]
    assert {stand(opening, who).number for who in drawn} == {1, 2, 3, 4, 5}


def test_twenty_windows_of_one_account_are_one_ticket(valkey, hospital):
    opening = laid(opening_of(hospital, since=0))
    who = line.who_is("a")
    windows = [threading.Thread(target=stand, args=[opening, who]) for _ in range(20)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert stand(opening, who).size == 1


def test_turns_come_at_the_rate_and_no_faster(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), rate=2)
    marks = people(10)
    for who in marks:
        stand(opening, who)
    later(valkey, opening, 62)  # two seconds after the draw
    kinds = [stand(opening, who).kind for who in sorted(marks, key=lot_of)]
    turns = kinds.count("turn")
    assert kinds == ["turn"] * turns + ["line"] * (10 - turns)
    assert 4 <= turns <= 6


def test_nothing_is_hoarded_while_nobody_waits(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), rate=1)
    later(valkey, opening, 300)
    first, second, third = people(3)
    assert stand(opening, first).kind == "turn", "it waited for nobody"
    assert [stand(opening, second).kind, stand(opening, third).kind] == ["line", "line"]


def test_a_turn_ends_and_a_new_ticket_stands_at_the_end(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), turn=300)
    marks = people(3)
    for who in marks:
        stand(opening, who)
    later(valkey, opening, 70)
    first = min(marks, key=lot_of)
    assert stand(opening, first, again=True).kind == "turn", "asking again gives no second turn"
    later(valkey, opening, 301)
    assert stand(opening, first).kind == "passed"
    place = stand(opening, first, again=True)
    assert (place.number, place.drawn) == (3, False)


def test_a_turn_is_used_once(valkey, hospital):
    opening = laid(opening_of(hospital, since=0))
    who = line.who_is("a")
    stand(opening, who)
    later(valkey, opening, 70)
    assert stand(opening, who).kind == "turn"
    line.spend(hospital.number, who)
    assert stand(opening, who).kind == "used"
    line.spend(hospital.number, line.who_is("nobody"))
    assert valkey.hlen(line.keys_of(hospital.number)[2]) == 1


def test_an_address_has_only_so_many_tickets_and_old_ones_stay(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), limit=2)
    marks = people(3)
    assert [stand(opening, who).kind for who in marks] == ["waiting", "waiting", "crowded"]
    assert stand(opening, marks[0]).kind == "waiting"


def test_before_and_after_there_are_no_tickets(valkey, hospital):
    opening = laid(opening_of(hospital, since=-16 * 60))
    assert stand(opening, line.who_is("a")).kind == "early"
    later(valkey, opening, 60 * 60)
    assert stand(opening, line.who_is("a")).kind == "over"
    assert line.enter(hospital.number + 1, line.who_is("a")).kind == "none"


def test_todays_opening_begins_with_an_empty_line(valkey, hospital):
    yesterday = laid(opening_of(hospital, since=86_400))
    later(valkey, yesterday, -86_400)
    stand(yesterday, line.who_is("a"))
    today = laid(opening_of(hospital, since=0))
    assert stand(today, line.who_is("b")).size == 1


def test_the_clock_of_the_database_is_translated_into_valkeys(valkey, hospital):
    opening = opening_of(hospital, since=0)
    opens = opening.opens_at.timestamp()
    line.lay(opening, now=opens - 3600, limit=9, turn=300, rate=1)  # it believes it is an hour ago
    place = stand(opening, line.who_is("a"))
    assert place.kind == "early"
    assert place.opens - place.now == pytest.approx(3600, abs=5)


def test_flushed_in_the_middle_of_the_line_everybody_keeps_their_lot(valkey, hospital):
    opening = laid(opening_of(hospital, since=0), rate=0.0001)
    marks = people(20)
    keys = line.keys_of(hospital.number)
    tickets = {who: stand(opening, who).taken - 61 for who in marks}
    later(valkey, opening, 61)
    late = line.who_is("late")
    tickets[late] = stand(opening, late).taken
    before = {who: stand(opening, who).number for who in [*marks, late]}
    state = valkey.hgetall(keys[0])
    for key in keys:
        valkey.delete(key)
    assert stand(opening, marks[0]).kind == "none"
    laid(opening, rate=1000)
    later_by = float(valkey.hget(keys[0], "draw")) - float(state["draw"])
    later(valkey, opening, later_by)

    def come_back(who):
        args = [who, str(opening.pk), str(tickets[who]), "10.0.0.1", ""]
        return line._read(line._ask(line.scripts.ENTER, keys, args))

    valkey.hset(keys[0], "at", f"{float(valkey.hget(keys[0], 'draw')) + 3600}")
    places = [come_back(who) for who in [late, *reversed(marks)]]
    assert {place.kind for place in places} == {"line"}, "nobody is admitted until all are back"
    assert {who: come_back(who).number for who in [*marks, late]} == before


def test_what_was_laid_is_not_laid_again(valkey, hospital):
    opening = opening_of(hospital, since=0)
    assert line.lay(opening, now=0, limit=1, turn=300, rate=1) is True
    assert line.lay(opening, now=0, limit=1, turn=300, rate=1) is False
