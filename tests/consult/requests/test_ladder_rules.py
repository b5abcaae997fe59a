"""Lengths and ladders of a case are rules of the house: with previews, from their day on."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from consult.requests import ladder_rules, rules, services
from consult.requests import policies as cases
from consult.requests.models import Kind, Status
from consult.requests.rungs import AGAIN, END
from consult.requests.services.answering import waits_in_vain
from telemed.core import policies
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.climbing import START, deferred, made, pass_time, staff
from tests.consult.requests.looking import told
from tests.factories.consult import accepted_case, drafted_case, sent_case, signed_case
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.ruling import Page, lay

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def ours():
    return [one for one in policies.defined() if one.name.split(".")[0] in ("case", "room")]


def hours(clock, kind):
    """(number, hours in the ladder's calendar, hours of work besides)"""
    return [
        (rung.number, rung.after / HOUR, rung.plus / HOUR)
        for rung in cases.ladder(clock, kind).rungs
        if rung.number != AGAIN
    ]


def test_the_ladders_are_those_of_the_workflows_until_somebody_sets_others():
    assert hours("case.accept", Kind.SINGLE) == [
        *((0, 2, 0), (1, 4, 0), (2, 5, 0), (3, 8, 0), (4, 12, 0), (5, 20, 0), (6, 28, 0)),
        (END, 40, 0),
    ]
    minutes = [(number, after * 60) for number, after, _plus in hours("case.accept", "emergency")]
    assert minutes == [(1, 5), (2, 10), (3, 15), (4, 30)]
    assert hours("case.done", Kind.SINGLE) == [(0, 8, 0), (1, 16, 0), (2, 24, 0), (3, 32, 0)]
    assert hours("case.done", Kind.EMERGENCY) == [(0, 1, 0), (1, 2, 0), (2, 2, 8), (3, 2, 16)]
    assert hours("case.receipt", Kind.SINGLE) == [(0, 8, 0), (1, 16, 0), (2, 24, 0), (END, 16, 40)]
    assert hours("case.receipt", "emergency") == [(0, 1, 0), (1, 2, 0), (2, 2, 8), (END, 2, 40)]
    assert hours("case.outcome_7", Kind.MDT) == [(1, 0, 0), (2, 48, 0), (3, 120, 0), (END, 168, 0)]
    assert hours("case.draft", Kind.SINGLE) == [(0, 23 * 24, 0), (1, 30 * 24, 0)]
    assert hours("room.open", Kind.SINGLE) == [(1, -0.5, 0)]


def test_every_rule_of_a_case_has_a_preview_that_the_database_answers():
    assert len(ours()) > 30
    here = OrganisationFactory().pk
    for policy in ours():
        policy.kind.check(policy.default)
        if policy.preview:
            assert all(policy.preview(at, policy.default) is None for at in (None, here))
    silent = {policy.name for policy in ours() if not policy.preview}
    assert silent <= {"room.idle", "room.legal", "room.line"} | {
        policy.name for policy in ours() if policy.group != rules.GROUP
    }


def test_a_draft_is_counted_and_as_it_has_no_number_none_is_shown():
    drafted_case()
    draft = next(one for one in ours() if one.name == rules.DRAFT)
    shown = draft.preview(None, 40 * 24 * HOUR)
    assert (shown.count, shown.examples) == (1, ())


def test_who_hears_is_a_rule_and_what_runs_keeps_the_one_of_its_day(by):
    before = made(accepted_case)
    director, office = staff(before, Role.DIRECTOR), staff(before, Role.MEDICAL_OFFICE)
    steps = ladder_rules.steps(
        (50, timedelta(), "doctor"), (100, timedelta(), "office"), (100, HOUR, "director")
    )
    with time_machine.travel(START + timedelta(minutes=1), tick=False):
        lay(
            ladder_rules.DONE,
            steps,
            organisation_id=before.hospital.pk,
            since=START + timedelta(seconds=30),
        )
        after = accepted_case(around=before)
    assert Clock.objects.filter(about=after.case.pk, kind="case.done").count() == 4  # and AGAIN

    pass_time(days=2, minutes=5)  # two working days are over
    assert told(office) == ["case.late"]  # of the new one
    assert told(director) == []
    pass_time(days=2, hours=1, minutes=5)
    assert told(director) == ["case.late"]
    numbers = {clock.about: clock.state for clock in Clock.objects.filter(kind="case.done", rung=3)}
    assert list(numbers) == [before.case.pk]


def test_a_receipt_with_many_steps_still_ends():
    steps = ladder_rules.steps(
        *((50, timedelta(), "doctor"), (100, timedelta(), "coordinator")),
        *((100, n * HOUR, "coordinator") for n in (1, 2, 3)),
    )
    lay(ladder_rules.RECEIPT, steps, since=START - HOUR)
    lay(rules.UNRECEIPTED, 8 * HOUR, since=START - HOUR)
    scene = made(signed_case)
    other = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
    pass_time(days=2, hours=6)
    assert told(other).count("case.receipt_due") == 4
    assert scene.refresh().status == Status.SIGNED
    pass_time(days=2, hours=11)
    assert scene.refresh().status == Status.CLOSED


def test_the_page_says_what_runs_under_a_ladder(client):
    scene = sent_case()
    page = Page(client, scene.hospital)
    sent = {"percent_0": "50", "plus_0": "0", "call_0": "asked"}
    sent |= {"percent_1": "100", "plus_1": "0", "call_1": "director"}
    _status, said = page.ask("case.accept.ladder", **sent)
    assert "1 open consult keeps the time that it was promised" in said


def test_a_doctor_may_decline_by_the_rule_of_the_day_of_the_question(by):
    scene = made(sent_case)
    lay(rules.UNANSWERED, 3 * HOUR, since=START + 2 * HOUR)
    for hour, waited in ((1, 3), (2, 2)):  # asked at; hours later it is not yet too long
        with time_machine.travel(START + hour * HOUR, tick=False), by(scene.specialist):
            asked = services.ask_question(
                actor=scene.specialist, case_id=scene.case.pk, fields=["summary"]
            )
        scene.case.questions.exclude(pk=asked.pk).update(status="withdrawn")
        with time_machine.travel(START + (hour + waited) * HOUR, tick=False):
            assert not waits_in_vain(scene.specialist, scene.case)
    with time_machine.travel(START + 8 * HOUR, tick=False):
        assert waits_in_vain(scene.specialist, scene.case)


def test_who_may_not_decline_yet_reads_the_length_of_the_day_of_the_question(by):
    scene = made(sent_case)
    lay(rules.UNANSWERED, 3 * HOUR, since=START + HOUR)
    with time_machine.travel(START, tick=False), by(scene.specialist):
        services.ask_question(actor=scene.specialist, case_id=scene.case.pk, fields=["summary"])
    declines = {"actor": scene.specialist, "case_id": scene.case.pk, "code": "no_answer"}
    with (
        time_machine.travel(START + 4 * HOUR, tick=False),
        by(scene.specialist),
        pytest.raises(Conflict, match="40"),
    ):
        services.decline_case(**declines)


def test_the_page_of_a_deferred_consent_names_the_length_it_began_with(by, client):
    lay(rules.CONSENT, 6 * HOUR, since=START - HOUR)
    scene = deferred(by)
    lay(rules.CONSENT, 5 * HOUR, since=START + HOUR)
    client.cookies["language"] = "en"
    client.force_login(scene.asker)
    with time_machine.travel(START + 2 * HOUR, tick=False):
        page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert "Within 6 h of sending: photograph the signed paper." in page


def test_ladders_that_ran_before_go_on_to_their_end(by):
    scene, urgent = made(sent_case), made(sent_case, kind=Kind.EMERGENCY)
    rows = Clock.objects.filter(about=scene.case.pk, kind="case.accept")
    for now, then in ((4, 5), (5, 6), (6, 7), (END, 4)):  # as it was numbered
        rows.filter(rung=now).update(rung=then + 50)
    for then in (4, 5, 6, 7):
        rows.filter(rung=then + 50).update(rung=then)
    of_urgent = Clock.objects.filter(about=urgent.case.pk, kind="case.accept")
    kept = dict(of_urgent.values_list("rung", "due_at"))
    last = rows.get(rung=4).due_at

    migration = import_module("consult.requests.migrations.0009_ends_of_ladders").Migration
    with connection.cursor() as cursor:
        for operation in migration.operations:
            cursor.execute(operation.sql)

    assert rows.get(rung=END).due_at == last
    assert sorted(rows.values_list("rung", flat=True)) == [0, 1, 2, 3, 4, 5, 6, END]
    assert dict(of_urgent.values_list("rung", "due_at")) == kept
