from datetime import timedelta

import pytest
import time_machine
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import queries, services
from consult.requests.models import Case, Kind, Message, Status
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.people.models import Role
from tests.consult.requests.looking import published, told
from tests.factories.consult import (
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
START = "2026-11-24 08:00+08:00"
LATER = timedelta(hours=72, seconds=1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def say(scene, by, actor, text="血钾复查了吗？", **more):
    with by(actor):
        return services.write_message(actor=actor, case_id=scene.case.pk, text=text, **more)


def ask_again(scene, by, actor=None):
    actor = actor or scene.asker
    with by(actor):
        return services.ask_again(actor=actor, case_id=scene.case.pk)


def page(client, scene, actor):
    client.force_login(actor)
    return client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()


def post(client, scene, actor, door="requests:write", **sent):
    client.force_login(actor)
    return client.post(reverse(door, args=[scene.case.pk]), sent)


def coordinator_of_clinic(scene):
    return StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)


# Writing


def test_a_message_is_kept_audited_announced_and_told_to_the_other_side(by):
    scene = accepted_case()
    message = say(scene, by, scene.specialist)
    assert (message.side, message.written_by) == ("answering", scene.specialist)
    assert told(scene.asker)[-1] == "case.message"
    assert "case.message" not in told(scene.specialist)
    assert "case.message" not in told(scene.coordinator)  # nothing in it is for them
    assert AuditRow.objects.filter(action="case.message").count() == 1
    event = OutboxEvent.objects.get(topic="case.message_written")
    assert event.payload["message_id"] == str(message.pk)
    assert message.text not in str(event.payload)


def test_before_somebody_holds_it_the_doctors_who_were_asked_are_told(by):
    scene = sent_case(specialists=2)
    say(scene, by, scene.asker)
    assert told(scene.specialist)[-1] == "case.message"


def test_the_other_side_is_told_once_in_a_quarter_of_an_hour(by):
    with time_machine.travel(START, tick=False) as clock:
        scene = accepted_case()
        for minutes in (0, 14, 1):  # the third comes a quarter of an hour after the first
            clock.shift(timedelta(minutes=minutes))
            say(scene, by, scene.specialist)
        assert told(scene.asker).count("case.message") == 2
        say(scene, by, scene.asker)
    assert told(scene.specialist).count("case.message") == 1
    assert [m.turn for m in scene.case.messages.order_by("id")] == [1, 1, 2, 3]


def test_what_is_for_coordinators_is_told_to_those_of_the_other_side(by):
    scene = accepted_case()
    clinics = coordinator_of_clinic(scene)
    say(scene, by, scene.asker, "下午停电，请晚点连线", for_coordinators=True)
    assert told(scene.coordinator)[-1] == "case.message"
    assert "case.message" not in told(clinics)
    say(scene, by, scene.coordinator, "好的，改到四点")
    assert scene.case.messages.latest("id").for_coordinators
    assert told(clinics)[-1] == "case.message"


def test_who_takes_no_part_writes_nothing(by):
    scene = sent_case()
    with pytest.raises(Forbidden):
        say(scene, by, scene.specialist)  # asked, and holds it not yet
    with pytest.raises(Forbidden):
        say(scene, by, scene.resident)
    with pytest.raises(NotFound):
        say(scene, by, StaffFactory(role=Role.TOWNSHIP_DOCTOR))
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "why"), [(" \n", "Write the message first."), ("字" * 1001, "this has 1001.")]
)
def test_a_message_has_1_to_1000_characters(by, text, why):
    scene = accepted_case()
    with pytest.raises(Invalid, match=why):
        say(scene, by, scene.asker, text)
    say(scene, by, scene.asker, "字" * 1000)


def test_a_draft_and_what_was_withdrawn_take_no_messages(by):
    scene = drafted_case()
    with pytest.raises(Conflict, match="Draft"):
        say(scene, by, scene.asker)
    scene = accepted_case()
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    with pytest.raises(Conflict, match="Cancelled"):
        say(scene, by, scene.asker)


def test_the_thread_ends_72_hours_after_the_opinion_was_signed_also_of_a_closed_case(by):
    with time_machine.travel(START, tick=False) as clock:
        scene = closed_case()
        clock.shift(LATER - timedelta(seconds=2))
        say(scene, by, scene.asker)
        clock.shift(timedelta(seconds=1))
        with pytest.raises(Conflict, match="72 hours"):
            say(scene, by, scene.asker)
        with pytest.raises(Conflict, match="72 hours"):
            say(scene, by, scene.specialist)


def test_the_database_takes_no_empty_message(by):
    scene = accepted_case()
    message = say(scene, by, scene.asker)
    message.pk, message.text = None, ""
    with pytest.raises(IntegrityError, match="a_message_says_something"):
        message.save(force_insert=True)


# The page


def test_the_door_keeps_one_message_of_what_is_sent_twice(client):
    scene = accepted_case()
    for _ in range(2):
        answer = post(client, scene, scene.asker, text="片子已补拍", key="k-1")
        assert answer.status_code == 302
        assert answer["Location"].endswith("#thread")
    assert scene.case.messages.count() == 1
    assert (
        post(client, scene, scene.asker, text="另一句话", key="k-1").status_code == 303
    )  # other words
    assert scene.case.messages.count() == 1


def test_both_sides_read_it_and_the_time_line_counts(client, by):
    scene = accepted_case()
    say(scene, by, scene.specialist, "血钾复查了吗？")
    for reader in (scene.asker, scene.specialist):
        shown = page(client, scene, reader)
        assert "血钾复查了吗？" in shown
        assert 'action="' + reverse("requests:write", args=[scene.case.pk]) in shown


def test_a_coordinator_reads_who_wrote_and_the_words_of_what_is_for_coordinators(client, by):
    scene = accepted_case()
    say(scene, by, scene.specialist, "血钾复查了吗？")
    say(scene, by, scene.asker, "下午停电", for_coordinators=True)
    for reader in (scene.coordinator, coordinator_of_clinic(scene)):
        shown = page(client, scene, reader)
        assert "血钾复查了吗？" not in shown
        assert scene.specialist.name in shown
        assert "下午停电" in shown


def test_the_resident_sees_nothing_of_it(client, by):
    scene = signed_case()
    say(scene, by, scene.specialist, "血钾复查了吗？")
    client.force_login(scene.resident)
    answer = client.get(reverse("residents:case", args=[scene.case.pk]))
    assert answer.status_code == 200
    assert "血钾复查了吗？" not in answer.content.decode()


def test_afterwards_the_field_gives_way_to_asking_again(client):
    with time_machine.travel(START, tick=True) as clock:
        scene = closed_case()
        write, again = (
            f'action="{reverse(door, args=[scene.case.pk])}"'
            for door in ("requests:write", "requests:ask_again")
        )
        shown = page(client, scene, scene.asker)
        assert write in shown
        assert again not in shown
        clock.shift(LATER)
        shown = page(client, scene, scene.asker)
        assert write not in shown
        assert again in shown


# Asking again


def test_asking_again_begins_a_request_that_replaces_this_one(client, by):
    with time_machine.travel(START, tick=True) as clock:
        scene = closed_case()
        clock.shift(LATER)
        answer = post(client, scene, scene.asker, "requests:ask_again")
        draft = Case.objects.get(replaces=scene.case)
        assert answer["Location"] == reverse("requests:edit", args=[draft.pk])
        assert ask_again(scene, by) == draft  # a second click, the same draft
        assert (draft.status, draft.kind) == (Status.DRAFT, Kind.SINGLE)
        assert (draft.reason, draft.summary) == (scene.case.reason, scene.case.summary)
        assert draft.asked == scene.hospital
        former = reverse("requests:case", args=[scene.case.pk])
        assert former in client.get(answer["Location"]).content.decode()
        assert reverse("requests:case", args=[draft.pk]) in page(client, scene, scene.asker)
        assert str(draft.pk) not in page(client, scene, scene.specialist)  # not sent yet


def test_the_world_reads_what_a_request_replaces(by):
    with time_machine.travel(START, tick=True) as clock:
        scene = closed_case()
        clock.shift(LATER)
        ask_again(scene, by)
        again = sent_case(around=scene)
    resource = published(again.case.pk)
    assert resource["replaces"] == [{"reference": f"ServiceRequest/{scene.case.pk}"}]


def test_one_does_not_ask_again_while_one_may_write_nor_over_another_draft(by):
    with time_machine.travel(START, tick=True) as clock:
        scene = closed_case()
        with pytest.raises(Conflict, match="still open"):
            ask_again(scene, by)
        clock.shift(LATER)
        with pytest.raises(Forbidden):
            ask_again(scene, by, scene.specialist)
        other = drafted_case(around=scene)
        with pytest.raises(Conflict, match="begun already"):
            ask_again(scene, by)
    assert other.refresh().replaces is None


def test_no_case_replaces_itself():
    scene = drafted_case()
    with pytest.raises(IntegrityError, match="no_case_replaces_itself"):
        Case.objects.filter(pk=scene.case.pk).update(replaces=scene.case.pk)


def test_the_thread_of_an_unanswered_case_has_no_end():
    assert queries.thread_ends_at(sent_case().case) is None
    assert queries.thread_ends_at(signed_case().case) > timezone.now()


def test_a_script_that_sends_again_is_told_where_it_stands_and_says_it_once(client, by):
    scene = accepted_case()
    client.force_login(scene.asker)
    door = reverse("requests:write", args=[scene.case.pk])
    sent = {"text": "血钾 3.1", "key": "a-key"}
    answers = [client.post(door, sent, headers={"accept": "application/json"}) for _ in "12"]
    assert {answer.json()["url"] for answer in answers} == {f"/cases/{scene.case.pk}/#thread"}
    assert scene.case.messages.count() == 1
