"""Statements that are kept prepared: what they write, together or alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from telemed.core import clocks, outbox, statements
from telemed.core.clocks import Start
from telemed.core.ids import new_id
from telemed.core.models import Calendar, Clock, OutboxEvent
from telemed.core.outbox import EventDied

pytestmark = pytest.mark.django_db


def event(topic, **facts):
    return OutboxEvent(topic=topic, payload={"n": 1}, trace_id=new_id(), **facts)


def test_a_row_is_what_save_would_have_written(by, stranger):
    later = datetime(2027, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    with by(stranger):
        statements.insert(event('a "quoted", {braced} 中文\n', available_at=later))
        event("saved", available_at=later).save()
    kept, saved = OutboxEvent.objects.order_by("id")
    assert (kept.topic, kept.available_at) == ('a "quoted", {braced} 中文\n', later)
    assert (kept.payload, kept.attempts, kept.dead_at) == (saved.payload, saved.attempts, None)
    assert kept.created_at.tzinfo is not None


def test_rows_of_one_model_may_lack_different_things(by, stranger):
    later = datetime(2027, 3, 4, tzinfo=UTC)
    with by(stranger):
        statements.insert(event("first"), event("second", available_at=later))
    assert dict(OutboxEvent.objects.values_list("topic", "available_at")) == {
        "first": None,
        "second": later,
    }


def test_what_is_inserted_together_is_one_statement(by, stranger):
    rungs = [Start("test.kind", rung, timedelta(hours=1), Calendar.WALL) for rung in (0, 1)]
    with by(stranger), CaptureQueriesContext(connection) as asked, statements.together():
        clocks.start_clocks(about=new_id(), rungs=rungs, new=True)
        outbox.announce(EventDied(event_id=7))
        with statements.together():  # one inside another changes nothing
            outbox.announce(EventDied(event_id=8))
        assert not OutboxEvent.objects.exists()
    assert len(asked) == 2  # the look inside, and the one that wrote
    assert (Clock.objects.count(), OutboxEvent.objects.count()) == (2, 2)


def test_nothing_is_written_when_what_is_inside_refuses(by, stranger):
    def refuse():
        with by(stranger), statements.together():
            outbox.announce(EventDied(event_id=7))
            raise LookupError

    with pytest.raises(LookupError):
        refuse()
    assert not OutboxEvent.objects.exists()


def test_a_constraint_refuses_as_it_does_for_save(by, stranger):
    about = new_id()
    clock = {"kind": "k", "about": about, "calendar": Calendar.WALL, "due_at": timezone.now()}
    with pytest.raises(IntegrityError, match="each_rung_fires_once"), by(stranger):
        statements.insert(Clock(**clock), Clock(**clock))


def test_outside_an_intention_nothing_is_asked():
    with pytest.raises(RuntimeError):
        statements.ask("SELECT 1")
    with pytest.raises(RuntimeError):
        statements.insert(event("loose"))


def test_a_value_that_no_column_takes_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="object"):
        statements.as_text(object())
