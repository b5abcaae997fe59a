"""
What a night's work for family doctors takes: python -m tests.benchmarks nightly [--agreements N]

Lays agreements in bulk (else a million, with the groups, services done and clocks that such a
province has), then plays two nights, each beside the limit (15 minutes; exit 1 when it is broken):

- the first, in which every service that is owed is planned anew; its process is killed with -9 in
  the middle and the work begun again: what is there must not be there twice, and nothing missing;
- an ordinary one: what came due, what was missed, what was done the day before, the records whose
  turn it is, and the renewals that are asked for 60, 30 and 7 days before the end.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from scheduling.duties import calendar
from scheduling.duties.models import Duty
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration.models import Group, Member
from telemed.core import clocks
from telemed.people.models import Role
from tests.benchmarks import application
from tests.factories.people import StaffFactory
from tests.factories.registration import TeamFactory, signed

__all__ = ["application"]

LIMIT = 15 * 60.0  # s a night
OF_A_TEAM = 2_000  # what one doctor may sign
# Shares of the people who sign up; elderly and children are those by their birth dates.
SHARES = {
    Group.HYPERTENSION: 0.18,
    Group.DIABETES: 0.07,
    Group.PREGNANT: 0.01,
    Group.MENTAL: 0.005,
    Group.TUBERCULOSIS: 0.001,
}
NIGHT = """
import tests.benchmarks
from scheduling.duties.tasks import plan_duties_task
plan_duties_task()
"""
PEOPLE = """
    INSERT INTO mpi_patient SELECT r.* FROM mpi_patient base, generate_series(1, %s) n,
        LATERAL jsonb_populate_record(base, jsonb_build_object(
            'id', gen_random_uuid(), 'fhir_id', 'laid-' || n, 'rid', 10000000000 + n,
            'user_id', NULL, 'birth_date', current_date - (random() * 90 * 365)::int)) r
    WHERE base.id = %s
"""
CONTRACTS = """
    INSERT INTO registration_contract SELECT r.* FROM mpi_patient person
    JOIN registration_contract base ON base.id = (%s::uuid[])[1 + person.rid %% %s]
    CROSS JOIN LATERAL (SELECT current_date - (person.rid %% 365)::int AS first) since,
        LATERAL jsonb_populate_record(base, jsonb_build_object(
            'id', gen_random_uuid(), 'patient_id', person.id, 'person_key', person.id,
            'form', gen_random_uuid(), 'term', daterange(first, first + 365))) r
    WHERE person.fhir_id LIKE 'laid-%%'
"""
FACES = """
    INSERT INTO registration_{face} (id, created_at, contract_id)
    SELECT gen_random_uuid(), now(), id FROM registration_contract WHERE NOT id = ANY (%s::uuid[])
"""
COUNTED = """
    UPDATE registration_panel SET cap = greatest(cap, held), signed = held FROM (
        SELECT doctor_id AS doctor, count(*) AS held FROM registration_contract GROUP BY 1) one
    WHERE doctor_id = doctor
"""
PLANS = """
    INSERT INTO duties_plan (id, created_at, contract_id, groups, read_on)
    SELECT gen_random_uuid(), now(), contract.id, array_remove(ARRAY[
        CASE WHEN random() < {hypertension} THEN 'hypertension' END,
        CASE WHEN random() < {diabetes} THEN 'diabetes' END,
        CASE WHEN random() < {pregnant} THEN 'pregnant' END,
        CASE WHEN random() < {mental} THEN 'mental' END,
        CASE WHEN random() < {tuberculosis} THEN 'tuberculosis' END], NULL),
        current_date - (random() * 30)::int
    FROM registration_contract contract WHERE NOT contract.id = ANY (%s::uuid[])
"""
# The last service of each, somewhere in the time that it is good for; tuberculosis in the months in
# which that is a month.
SERVED = """
    INSERT INTO duties_duty (id, created_at, contract_id, rule, due_on, closes_on, face, status,
        mode, served_by_id, served_at, confirmed_at, signs, note, refusal, answered,
        waived_because, settled, filed, entries)
    SELECT gen_random_uuid(), now(), plan.contract_id, rule.code, at::date, at::date + rule.every,
        true, 'confirmed', 'face_to_face', contract.doctor_id, at, at, false, '', '', '', '', '',
        true,
        CASE rule.code WHEN 'tuberculosis' THEN '{"item-phase": "continued"}'::jsonb ELSE '{}' END
    FROM duties_plan plan JOIN registration_contract contract ON contract.id = plan.contract_id
    JOIN mpi_patient person ON person.id = contract.patient_id
    JOIN unnest(%s::text[], %s::text[], %s::int[]) AS rule (code, grp, every)
        ON rule.grp = ANY (plan.groups) OR rule.grp = 'elderly'
            AND person.birth_date <= current_date - interval '65 years'
    CROSS JOIN LATERAL (SELECT now() - random() * rule.every * interval '1 day' AS at
        WHERE plan.id IS NOT NULL) one
"""
CLOCKS = """
    INSERT INTO core_clock (id, created_at, kind, about, rung, turn, calendar, due_at, provisional,
        state, attempts)
    SELECT gen_random_uuid(), now(), kind, id, rung, 0, 'wall', upper(term) - before,
        false, 'running', 0
    FROM registration_contract,
        (VALUES ('contract.renewal', 0, 60), ('contract.renewal', 1, 30),
            ('contract.renewal', 2, 7), ('contract.end', 0, 0)) AS clock (kind, rung, before)
    WHERE upper(term) - before > current_date AND NOT id = ANY (%s::uuid[])
"""
# What was due and has been done, one of fourteen; then everything is a day nearer.
NEXT_DAY = (
    """UPDATE duties_duty SET status = 'confirmed', mode = 'face_to_face', served_at = now(),
           served_by_id = (SELECT doctor_id FROM registration_contract c WHERE c.id = contract_id)
       WHERE status = 'due' AND random() < 0.07""",
    """UPDATE duties_duty SET due_on = due_on - 1, closes_on = closes_on - 1
       WHERE status IN ('planned', 'due')""",
    "UPDATE duties_plan SET read_on = read_on - 1",
    """UPDATE core_clock SET due_at = due_at - interval '1 day' WHERE state = 'running'""",
)
TABLES = ("mpi_patient", "registration_contract", "duties_plan", "duties_duty", "core_clock")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--agreements", type=int, default=1_000_000)
    options = parser.parse_args()
    timed("agreements laid", lambda: lay(options.agreements))
    slow = first_night() > LIMIT
    move_on()
    slow |= timed("an ordinary night", plan_duties_task, LIMIT) > LIMIT
    slow |= timed("the renewals of a morning", fire, LIMIT) > LIMIT
    return 1 if slow else 0


def first_night() -> float:
    began = time.perf_counter()
    night = subprocess.Popen([sys.executable, "-c", NIGHT])  # noqa: S603 - our own
    while night.poll() is None and not Duty.objects.filter(status="planned").exists():
        time.sleep(1)
    time.sleep(5)
    night.kill()
    night.wait()
    there = Duty.objects.filter(status="planned").count()
    if not there:
        raise RuntimeError("The night was over before it could be killed: more agreements, please")
    killed = time.perf_counter() - began
    say("planned when it was killed", f"{there:,}")
    rest = timed("the rest of the first night", plan_duties_task, LIMIT)
    made = Duty.objects.exclude(status="confirmed").count()
    again = plan_duties_task()
    say("duties of a first night; made by one more run", f"{made:,}; {again} (0)")
    if again:
        raise RuntimeError("Work that was cut off was not finished, or was done twice")
    return killed + rest


def move_on() -> None:
    with connections["owner"].cursor() as cursor:
        for statement in NEXT_DAY:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def fire() -> int:
    done = 0
    while fired := clocks.fire_due():
        done += fired
    say("clocks fired", f"{done:,}")
    return done


def lay(agreements: int) -> None:
    teams = [TeamFactory() for _ in range(max(1, agreements // OF_A_TEAM))]
    StaffFactory(role=Role.COORDINATOR, organisation=teams[0].organisation)  # of all in the county
    base = [signed(team) for team in teams]
    ids = [contract.pk for contract in base]
    rules = [rule for rule in calendar.RULES if rule.is_repeated]
    served = [[str(getattr(rule, name)) for rule in rules] for name in ("code", "who", "every")]
    shares = {group.value: share for group, share in SHARES.items()}
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(PEOPLE, [agreements, base[0].patient_id])
        cursor.execute("ANALYZE mpi_patient")
        cursor.execute(CONTRACTS, [ids, len(ids)])
        for face in ("assignment", "episode"):
            cursor.execute(FACES.format(face=face), [ids])
        cursor.execute(COUNTED)
        cursor.execute(PLANS.format(**shares), [ids])
        cursor.execute(SERVED, [served[0], served[1], [int(every) for every in served[2]]])
        cursor.execute(CLOCKS, [ids])
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")
    say("members of teams; duties done", f"{Member.objects.count():,}; {Duty.objects.count():,}")


def timed(name: str, work: Callable[[], Any], limit: float | None = None) -> float:
    began = time.perf_counter()
    work()
    spent = time.perf_counter() - began
    say(f"{name}, s", f"{spent:.0f}" + (f" ({limit:.0f})" if limit else ""))
    return spent


def say(name: str, figure: str) -> None:
    sys.stdout.write(f"{name:<50} {figure:>24}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    connection.ensure_connection()
    sys.exit(main())
