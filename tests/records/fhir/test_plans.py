"""No plan and no state of the statistics may make a search read what it does not answer."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from records.consent.models import Basis, CareAccess
from records.fhir import search
from records.fhir.callers import Caller, Kind
from records.fhir.door import pool
from records.fhir.keys import parameter, rid_of
from records.fhir.search import parsing
from records.fhir.search.links import FEW
from records.fhir.work import Ask
from tests.factories.fhir import observation, patient
from tests.marks import committed

pytestmark = committed
MANY, OTHERS = 3000, 300  # observations; and the patients besides Wang who have as many together
PAGE = 21  # rows, each of them read in three tables at most
VISITED = """select coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::int8
 from pg_stat_xact_user_tables where relname ^@ 'fhir_' or relname = 'care_access'"""
# Copies of the one observation that the door stored, with record numbers of their own.
COPIES = """
with s as (select * from fhir_resource_observation where rid = %(rid)s),
c as (select n, s.rid + n * 2 + %(shift)s as rid, s.at - n * interval '1 minute' as at,
 case when %(others)s then %(first)s::int8 + mod(n, %(people)s) else s.patient end as patient
 from s, generate_series(1, %(count)s) n),
v as (insert into fhir_version (rid, version, type, updated, deleted, method, body)
 select c.rid, v.version, v.type, v.updated, false, 1, v.body from fhir_version v, c
 where v.rid = %(rid)s),
t as (insert into fhir_token select t.tok, c.at, c.rid from fhir_token t, c where t.rid = %(rid)s)
insert into fhir_resource (type, rid, fhir_id, version, updated, rev, patient, org, at, hi, has,
 tokens) select s.type, c.rid, 'copy-' || c.rid, s.version, s.updated - n * interval '1 minute',
 s.rev, c.patient, s.org, c.at, c.at + interval '1 second', s.has, array_replace(array_replace(
 s.tokens, s.patient # %(subject)s, c.patient # %(subject)s), s.patient # %(of)s,
 c.patient # %(of)s) from s, c"""
STATES = ("nothing", "one patient", "everything")
SYSTEM = Caller(kind=Kind.APPLICATION, actor_id="application:1", org=1)
DOCTOR = Caller(kind=Kind.CLINICIAN, actor_id="user:1", org=1)
STRANGER = Caller(kind=Kind.CLINICIAN, actor_id="user:2", org=2)


def ask(sql, values=None):
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def fill(*, others):
    """Wang's own observations, or those of the others."""
    keys = {
        "of": parameter("Observation", "patient"),
        "subject": parameter("Observation", "subject"),
    }
    which = {"rid": rid_of("Observation", "bp"), "first": rid_of("Patient", "li")}
    how_many = {"count": MANY, "people": OTHERS, "others": others, "shift": int(others)}
    ask(COPIES, {**which, **how_many, **keys})


def counted(caller, name, criteria, page=""):
    """The search as the door does it, and how many rows it visited in the store."""
    pairs = parsing.pairs_of(criteria + page)
    query = parsing.parse(name, pairs, base="https://testserver/fhir")
    yield Ask("begin", {})  # PostgreSQL gives up its counts only between transactions
    ((before,),) = yield Ask(VISITED, {})
    found = yield from search.search(caller, query, pairs)
    ((after,),) = yield Ask(VISITED, {})
    yield Ask("commit", {})
    return found, after - before


@pytest.fixture
def searches():
    """Name: caller, type, criteria, how many come."""
    now = timezone.now()
    short = (now - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    return {
        "of one patient": (SYSTEM, "Observation", "patient=wang&code=8480-6", 20),
        "of a patient of few": (SYSTEM, "Observation", "patient=li&code=8480-6", 10),
        "of nobody": (SYSTEM, "Observation", "patient=nobody", 0),
        "of several": (SYSTEM, "Observation", "patient=wang,li", 20),
        "oldest first": (SYSTEM, "Observation", "patient=wang&_sort=date", 20),
        "common code": (SYSTEM, "Observation", "code=8480-6", 20),
        "by id": (SYSTEM, "Observation", "_id=bp", 1),
        "newest": (SYSTEM, "Observation", "status=final", 20),
        "of a day long ago": (SYSTEM, "Observation", "date=2019-01-01", 0),
        "changed lately": (SYSTEM, "Observation", f"_lastUpdated=gt{short}", 11),
        "polled": (SYSTEM, "Observation", f"_lastUpdated=gt{short}&_sort=_lastUpdated", 11),
        "chained": (SYSTEM, "Observation", "patient.gender=male", 10),
        "who has one": (SYSTEM, "Patient", "_has:Observation:patient:code=8480-6", 2),
        "in care": (DOCTOR, "Observation", "code=8480-6", 10),
        "nobody in care": (STRANGER, "Observation", "code=8480-6", 0),
        "included": (SYSTEM, "Observation", "patient=wang&_include=Observation:patient", 20),
    }


@pytest.mark.parametrize("known", STATES)
def test_search_visits_little_more_than_it_answers_whatever_is_known_of_the_store(
    system, searches, known
):
    """`known`: what the statistics were made of, and the plan too, which lives on as more comes."""
    for body in (patient(id="wang"), patient(id="li", gender="male"), observation("wang", id="bp")):
        assert system.put(f"/fhir/{body['resourceType']}/{body['id']}", body).status == 201
    CareAccess.objects.create(org=1, patient=rid_of("Patient", "li"), basis=Basis.TREATING)

    with asyncio.Runner() as runner:

        def run(which, page=""):
            caller, name, criteria, _count = searches[which]
            return runner.run(pool.run(counted(caller, name, criteria, page)))

        for state in STATES:
            if state != "nothing":
                fill(others=state == "everything")
            if state == known:
                ask("analyze fhir_resource, fhir_version, fhir_token, care_access")
                for which in searches:
                    run(which)  # prepares its plan
        answers = {which: run(which) for which in searches}
        page = f"&_page={answers['of one patient'][0].next_page}"
        second, visited = run("of one patient", page)
        runner.run(pool.close())

    assert {which: len(found.bodies) for which, (found, _visited) in answers.items()} == {
        which: expected for which, (*_search, expected) in searches.items()
    }
    assert len(second.bodies) == 20
    most = dict.fromkeys(searches, 4 * PAGE) | {"who has one": 2 * FEW + 4 * PAGE}
    assert {which: rows for which, (_f, rows) in answers.items() if rows > most[which]} == {}
    assert visited <= 4 * PAGE
