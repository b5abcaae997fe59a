import pytest
import time_machine
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import Kind, Offer, Status
from records.consent.queries import get_patient
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.looking import clock_states, published, told
from tests.factories.consult import accepted_case, sent_case
from tests.factories.people import StaffFactory
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db
START = "2026-11-24 08:00+08:00"


def cancel(scene, by, actor=None, **more):
    actor = actor or scene.asker
    with by(actor):
        return services.cancel_case(
            actor=actor, case_id=scene.case.pk, **({"reason": "病人已转院"} | more)
        )


def uncancel(scene, by, actor=None):
    actor = actor or scene.asker
    with by(actor):
        return services.undo_cancel(actor=actor, case_id=scene.case.pk)


def unsend(scene, by, actor=None):
    actor = actor or scene.asker
    with by(actor):
        return services.undo_submit(actor=actor, case_id=scene.case.pk)


# Sending


def test_what_nobody_has_seen_can_be_taken_back_for_two_minutes(by):
    scene = sent_case()
    number = scene.case.number
    unsend(scene, by)
    assert scene.refresh().status == Status.DRAFT
    assert not scene.case.offers.filter(status__in=Offer.LIVE).exists()
    assert clock_states(scene.case, "case.accept") == set()
    for actor in (scene.specialist, scene.coordinator, scene.resident):
        assert not queries.visible_to(actor).exists()
    assert published(scene.case.pk)["status"] == "revoked"
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert scene.refresh().status == Status.ROUTED
    assert scene.case.number == number
    assert published(scene.case.pk)["status"] == "active"


def test_what_somebody_has_read_is_not_taken_back(by):
    scene = sent_case()
    with by(scene.specialist):
        services.read_offer(actor=scene.specialist, case=scene.case)
    with pytest.raises(Conflict) as refused:
        unsend(scene, by)
    assert refused.value.path == "seen"


def test_after_two_minutes_nothing_is_taken_back(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 08:02:01+08:00", tick=False), pytest.raises(Conflict):
        unsend(scene, by)
    with pytest.raises((Forbidden, NotFound)):
        unsend(scene, by, actor=scene.specialist)
    with pytest.raises(Conflict):
        unsend(accepted_case(), by)


# Withdrawing


def test_a_withdrawal_is_taken_back_with_what_the_clocks_had_left(by):
    with time_machine.travel(START, tick=False):
        scene = accepted_case()
        with by(scene.specialist):
            question = services.ask_question(
                actor=scene.specialist, case_id=scene.case.pk, text="血糖是空腹测的吗？"
            )
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        cancel(scene, by)
        with pytest.raises(NotFound):
            get_patient(scene.specialist, scene.patient.pk)
    with time_machine.travel("2026-11-24 09:10+08:00", tick=False):
        uncancel(scene, by)
        assert scene.refresh().status == Status.ACCEPTED
        assert clock_states(scene.case, "case.done") == {"paused"}
        assert get_patient(scene.specialist, scene.patient.pk) == scene.patient
        assert scene.case.offers.get().status == Offer.Status.ACCEPTED
        with by(scene.asker):
            services.answer_question(
                actor=scene.asker, case_id=scene.case.pk, question_id=question.pk, text="空腹"
            )
        now_due = Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1).due_at
    # Due on the 25th at 18:00; the hour of the question and the ten minutes did not count.
    assert timezone.localtime(now_due).strftime("%d %H:%M") == "26 09:10"
    assert told(scene.specialist)[-2:] == ["case.uncancelled", "case.answered"]


def test_a_withdrawal_of_what_was_only_asked_is_taken_back(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case(specialists=2)
        cancel(scene, by)
    with time_machine.travel("2026-11-24 08:05+08:00", tick=False):
        uncancel(scene, by)
    assert scene.refresh().status == Status.ROUTED
    assert set(scene.case.offers.values_list("status", flat=True)) == {Offer.Status.OFFERED}
    assert (scene.case.cancel_reason, scene.case.cancelled_at) == ("", None)


def test_a_withdrawal_is_taken_back_by_who_made_it_within_ten_minutes(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case()
        cancel(scene, by)
        near = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
        with pytest.raises(Forbidden):
            uncancel(scene, by, actor=near)
    with time_machine.travel("2026-11-24 08:10:01+08:00", tick=False), pytest.raises(Conflict):
        uncancel(scene, by)
    with pytest.raises(Conflict):
        uncancel(sent_case(), by)


def test_the_coordinator_of_the_asking_side_withdraws_too(by):
    scene = accepted_case()
    near = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
    cancel(scene, by, actor=near)
    assert scene.refresh().status == Status.CANCELLED
    assert told(scene.asker)[-1] == "case.cancelled"


def test_the_coordinator_of_the_asked_side_withdraws_a_duplicate_by_the_others_number(by):
    scene = sent_case()
    with by(scene.asker):
        other = services.draft_case(actor=scene.asker, patient=scene.patient, kind=Kind.EMERGENCY)
    type(other).objects.filter(pk=other.pk).update(
        status="routed", number="C261124-9999", asked=scene.hospital
    )
    with pytest.raises(Invalid):
        cancel(scene, by, actor=scene.coordinator, duplicate_of=scene.case.number)
    with pytest.raises(Invalid):
        cancel(scene, by, actor=scene.coordinator, duplicate_of="C000000-0000")
    cancel(scene, by, actor=scene.coordinator, duplicate_of="C261124-9999")
    assert scene.refresh().status == Status.CANCELLED
    assert "C261124-9999" in scene.case.cancel_reason


def test_while_people_are_in_the_room_nothing_is_withdrawn(by):
    scene = accepted_case()
    room = RoomFactory(case=scene.case, status="live")
    room.participants.create(user=scene.specialist, role="specialist", seen_at=timezone.now())
    with pytest.raises(Conflict) as refused:
        cancel(scene, by)
    assert refused.value.path == "room"
