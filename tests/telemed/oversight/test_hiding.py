"""Nothing that counts one to four is shown, and nothing that gives it away."""

import random
from datetime import datetime

import pytest

from scheduling.duties.indicators import PARTS
from telemed.oversight.hiding import (
    Mark,
    State,
    also_hidden,
    is_few,
    judge,
    mark,
    mark_parts,
)
from telemed.oversight.indicators import Cell, Figure, scheme
from telemed.people.models import Role
from tests.factories.lives import many
from tests.factories.people import ClinicFactory, OrganisationFactory, StaffFactory
from tests.telemed.oversight.conftest import CHINA
from tests.telemed.oversight.reading import file_of, page_of, rows_of

OCTOBER = datetime(2026, 10, 12, 9, tzinfo=CHINA)
SEPTEMBER = datetime(2026, 9, 12, 9, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("counts", "hidden", "also"),
    [
        ({"a": 3, "b": 7, "c": 20}, {"a"}, {"b"}),  # one alone is the rest of the total
        ({"a": 1, "b": 2, "c": 9, "d": 30}, {"a", "b"}, {"c"}),  # three together are few
        ({"a": 3, "b": 4, "c": 9}, {"a", "b"}, set()),  # seven together, none known
        ({"a": 3, "b": 0, "c": 9}, {"a"}, {"c"}),  # what counts nothing hides nothing
        ({"a": 3}, {"a"}, set()),  # nobody left to go with it
        ({"a": 9, "b": 8}, set(), set()),
    ],
)
def test_what_could_be_worked_out_goes_too(counts, hidden, also):
    assert also_hidden({key: (n, 0) for key, n in counts.items()}, hidden) == also


def test_the_rest_of_a_share_is_kept_as_well():
    counts = {"a": (17, 3), "b": (10, 10), "c": (30, 30)}
    assert also_hidden(counts, {"a"}) == {"b"}


@pytest.mark.django_db
class TestOnThePages:
    def test_fewer_than_five_are_on_no_page_and_in_no_file(self, client, official, clinics):
        many(4, clinics["520121"], OCTOBER, answered=7.5, decision="adopted")
        assert "7.5" not in page_of(client, official)
        for figures in rows_of(client, official).values():
            assert set(figures) <= {("<5", "<5"), ("–", "0")}
        _heading, rows = file_of(client, official)
        assert {cell for row in rows for cell in row[2:]} == {"<5", "–", "0"}

    def test_a_small_place_cannot_be_worked_out_from_its_neighbours(
        self, client, official, clinics
    ):
        many(3, clinics["520121"], OCTOBER, answered=10)
        many(7, clinics["520122"], OCTOBER, answered=10)
        many(20, clinics["520123"], OCTOBER, answered=10)
        many(30, clinics["522634"], OCTOBER, answered=10)
        rows = rows_of(client, official, place="5201", show="cases")
        assert rows["贵阳市"][3] == ("30", "30")
        assert rows["开阳县"][3] == ("<5", "<5")
        assert rows["息烽县"] == [("not shown", "–")] * 4
        assert rows["修文县"][3] == ("20", "20")

    def test_nor_on_the_page_of_the_neighbour_itself(self, client, official, clinics):
        many(3, clinics["520121"], OCTOBER, answered=10)
        many(7, clinics["520122"], OCTOBER, answered=10)
        many(20, clinics["520123"], OCTOBER, answered=10)
        many(9, clinics["520122"], SEPTEMBER, answered=10)
        rows = rows_of(client, official, place="520122", show="cases", span="1")
        assert rows["息烽县"] == [("not shown", "–")] * 4
        assert rows["息烽县卫生院"] == [("not shown", "–")] * 4
        institution = str(clinics["520122"].pk)
        rows = rows_of(client, official, institution=institution, show="cases", span="1")
        assert rows["息烽县卫生院"] == [("not shown", "–")] * 4
        months = {r[1]: r[8] for r in file_of(client, official, place="520122", show="cases")[1]}
        assert months["2026-09"] == "9"
        assert months["2026-10"] != "7"

    def test_its_own_official_sees_what_nobody_beside_can_compare(
        self, client, official_of, clinics
    ):
        many(3, clinics["520121"], OCTOBER, answered=10)
        many(7, clinics["520122"], OCTOBER, answered=10)
        many(20, clinics["520123"], OCTOBER, answered=10)
        assert rows_of(client, official_of("520122"), span="1")["息烽县"][0] == ("10.0", "7")

    def test_the_map_hides_the_same(self, client, official, clinics):
        many(3, clinics["520121"], OCTOBER, answered=10)
        many(7, clinics["520122"], OCTOBER, answered=10)
        many(20, clinics["520123"], OCTOBER, answered=10)
        many(30, clinics["522634"], OCTOBER, answered=10)
        client.force_login(official)
        client.cookies["language"] = "en"
        page = client.get("/oversight/").content.decode()
        assert "<title>息烽县: not shown (n = –)</title>" in page
        assert "<title>开阳县: &lt;5 (n = &lt;5)</title>" in page
        assert "<title>修文县: 10.0 (n = 20)</title>" in page

    def test_a_share_of_few_or_of_all_but_few_is_only_bounded(self, client, official, clinics):
        many(17, clinics["520121"], OCTOBER, answered=10, decision="adopted")
        many(3, clinics["520121"], OCTOBER, answered=10)
        many(40, clinics["522634"], OCTOBER, answered=10, decision="adopted")
        many(40, clinics["522634"], OCTOBER, answered=10)
        rows = rows_of(client, official, show="closed")
        assert rows["贵州省"][0] == ("57.0", "100")
        assert rows["贵阳市"][0] == ("over 75", "20")
        assert rows["黔东南州"][0] == ("not shown", "80")

    def test_so_is_an_n_that_leaves_out_a_few(self, client, official, clinics):
        many(17, clinics["520121"], OCTOBER, answered=10)
        many(3, clinics["520121"], OCTOBER)
        row = rows_of(client, official, place="520121", span="1")["开阳县卫生院"]
        assert row[0] == ("10.0", "over 15")
        assert row[3] == ("20", "20")

    def test_the_last_of_three_receipts_is_not_the_rest(self, client, official, clinics):
        many(20, clinics["520121"], OCTOBER, answered=10, decision="adopted")
        many(8, clinics["520121"], OCTOBER, answered=10, decision="partly")
        many(2, clinics["520121"], OCTOBER, answered=10, decision="not_adopted")
        row = rows_of(client, official, show="adopted")["贵州省"]
        assert row == [("66.7", "30"), ("not shown", "30"), ("under 17", "30")]

    def test_a_filter_hides_few_too(self, client, official, clinics):
        many(20, clinics["520121"], OCTOBER, answered=10)
        many(3, clinics["520121"], OCTOBER, answered=99, specialty="surgery")
        assert rows_of(client, official, specialty="surgery")["贵州省"][0] == ("<5", "<5")
        assert rows_of(client, official, by="specialty")["Surgery"][0] == ("<5", "<5")
        page = page_of(client, official, path="/oversight/compare/", date="2026-10-10")
        assert "99" not in page

    def test_a_hospital_cannot_work_out_a_clinic_either(self, client, clinics):
        hospital = OrganisationFactory()
        for number, count in enumerate((2, 6, 30)):
            clinic = ClinicFactory(name=f"乡{number}卫生院")
            many(count, clinic, OCTOBER, hospital=hospital, answered=5)
        director = StaffFactory(role=Role.DIRECTOR, organisation=hospital)
        rows = rows_of(client, director, span="1")
        assert rows["乡0卫生院"][0] == ("<5", "<5")
        assert rows["乡1卫生院"][0] == ("not shown", "–")
        assert rows["乡2卫生院"][0] == ("5.0", "30")


REASONS = ("scope", "time", "conflict", "no_answer", "other")
DECISIONS = ("adopted", "partly", "not_adopted")
RESULTS = ("better", "same", "worse", "referred", "died", "lost")
GROUPS = tuple(PARTS[3:])
WHOLES = (
    DECISIONS,
    tuple(f"declined_{code}" for code in REASONS),
    tuple(f"fared_{result}" for result in RESULTS),
    *(tuple(f"{what}_{group}" for group in GROUPS) for what in ("owed", "kept")),
)


def random_counts(chance, size):
    """Counts that fit into each other as those of consults do."""
    sent = chance.choice([0, chance.randint(0, size)])
    answered = chance.randint(0, sent)
    declined, signed = chance.randint(0, answered), chance.randint(0, answered)
    due_3 = chance.choice([signed, chance.randint(0, signed)])
    due_7 = chance.choice([due_3, chance.randint(0, due_3)])
    due_30 = chance.choice([due_7, chance.randint(0, due_7)])
    due = {3: due_3, 7: due_7, 30: due_30}
    receipts = chance.randint(0, signed)
    known = {day: chance.randint(0, count) for day, count in due.items()}
    fared = chance.randint(max(known.values()), signed)
    pains = chance.randint(0, size)
    greens = {
        "chest_pains": pains,
        "ecg_in_time": chance.randint(0, pains),
        "wired": chance.randint(0, pains),
    }
    return greens | {
        "sent": sent,
        "answered": answered,
        "unanswered": sent - answered,
        "in_time": chance.randint(0, answered),
        "silent": chance.randint(0, sent - answered),
        "declined": declined,
        **{f"due_{day}": count for day, count in due.items()},
        "receipts": receipts,
        **split(chance, receipts, WHOLES[0]),
        **split(chance, declined, WHOLES[1]),
        **{f"outcome_{day}": count for day, count in known.items()},
        "fared": fared,
        **split(chance, fared, WHOLES[2]),
        **random_promises(chance, size),
    }


def random_promises(chance, size):
    """Services that were owed, each in one group or none, some of them kept."""
    counts = {f"{what}_{part}": 0 for part in PARTS for what in ("owed", "kept")}
    likely = chance.choices([*GROUPS, None], k=chance.randint(1, 4))
    for _ in range(chance.choice([0, chance.randint(0, size)])):
        kept, group = chance.random() < 0.6, chance.choice(likely)
        for part in ("all", chance.choice(["face", "remote"]), group):
            if part:
                counts[f"owed_{part}"] += 1
                counts[f"kept_{part}"] += kept
    return counts


def split(chance, count, keys):
    parts = dict.fromkeys(keys, 0)
    for _ in range(count):
        parts[chance.choice(keys)] += 1
    return parts


def cell_of(counts):
    figures = {}
    for one in scheme().indicators:
        n = counts[one.among]
        counted = counts[one.counted] if one.counted else None
        larger = scheme().within[one.among]
        of = counts[larger[0]] if larger else None
        figures[one.key] = Figure(value=1.0 if n else None, n=n, counted=counted, of=of)
    return Cell(figures, counts)


def check_sums(rows, hidden):
    """`rows`: counts of each part; nothing about the hidden ones follows from the whole."""
    gone = [row for key, row in rows.items() if key in hidden and any(row)]
    others = [row for key, row in rows.items() if key not in hidden and any(row)]
    if gone and others:
        assert len(gone) > 1
        assert not any(is_few(sum(column)) for column in zip(*gone, strict=True))


@pytest.mark.parametrize("seed", range(80))
def test_no_sum_of_random_places_gives_a_small_count_away(seed):
    chance, rules = random.Random(seed), scheme()  # noqa: S311
    size = chance.choice([8, 25, 200])
    counts = {f"p{n}": random_counts(chance, size) for n in range(chance.randint(2, 9))}
    whole = {what: sum(row[what] for row in counts.values()) for what in rules.within}
    marks = mark(cell_of(whole), rules)
    hidden = mark_parts(marks, {key: cell_of(row) for key, row in counts.items()}, rules)
    for what, larger in rules.within.items():
        rows = {
            key: (row[what], *(max(row[other] - row[what], 0) for other in larger))
            for key, row in counts.items()
        }
        gone = {key for key in counts if what in hidden[key]}
        if marks.get(what) is Mark.WITHHELD:
            assert gone == set(counts)
        if what not in marks:
            check_sums(rows, gone)
    for key, row in counts.items():
        for keys in WHOLES:
            check_sums({k: (row[k],) for k in keys}, {k for k in keys if k in hidden[key]})


@pytest.mark.parametrize("seed", range(80))
def test_no_shown_number_is_small_nor_the_difference_of_two(seed):
    chance, rules = random.Random(seed), scheme()  # noqa: S311
    row = random_counts(chance, chance.choice([8, 25, 200]))
    cell = cell_of(row)
    marks = mark(cell, rules)
    shown = {what for what in row if what not in marks}
    for what in shown:
        assert not is_few(row[what])
        for other in set(rules.within[what]) & shown:
            assert not is_few(row[other] - row[what])
    for one in rules.indicators:
        verdict = judge(cell, rules, marks)[one.key]
        if verdict.value is State.SHOWN and one.counted:
            assert {one.counted, one.among} <= shown
