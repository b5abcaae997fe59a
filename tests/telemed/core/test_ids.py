from threading import Thread
from uuid import UUID, uuid4

from telemed.core import ids


def test_ids_are_version_8_and_variant_1():
    made = ids.new_id()
    assert (made.version, made.variant) == (8, "specified in RFC 4122")


def test_an_id_carries_the_record_number_it_was_made_from():
    for _ in range(1000):
        rid = ids.new_rid()
        assert ids.rid_of(ids._uuid8(rid, 0)) == rid


def test_a_foreign_id_carries_none():
    assert ids.rid_of(uuid4()) is None


def test_record_numbers_grow_and_fit_a_signed_bigint():
    made = [ids.new_rid() for _ in range(5000)]
    assert made == sorted(made)
    assert 0 < made[0] < made[-1] < 2**63


def test_ids_sort_by_time_as_text_too():
    made = [str(ids.new_id()) for _ in range(5000)]
    assert [UUID(one).version for one in made[:3]] == [8, 8, 8]
    assert made == sorted(made)


def test_threads_never_get_the_same_number():
    made = []
    threads = [Thread(target=lambda: made.extend(ids.new_rid() for _ in range(5000))) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == len(made) == 10_000


def test_a_clock_that_is_set_back_repeats_no_number(monkeypatch):
    first = ids.new_rid()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1)
    assert ids.new_rid() > first
