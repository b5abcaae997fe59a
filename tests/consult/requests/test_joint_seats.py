"""The seats of a joint consult: accepted, declined, filled anew, given back."""

from datetime import timedelta

import pytest

from consult.requests import services
from consult.requests.models import HalfHour, Offer, Status
from records.consent import access
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock, ClockState
from tests.consult.requests.convening import (
    TEN,
    _in_english,
    accept,
    clock,
    colleague,
    decline,
    offer_of,
)
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import (
    joint_accepted,
    joint_invited,
)

pytestmark = pytest.mark.django_db
__all__ = ["_in_english", "clock"]  # fixtures


def test_it_is_accepted_with_the_chair_and_a_second_specialty(by):
    scene = joint_invited(at=TEN)
    accept(scene, by, scene.heart)
    accept(scene, by, scene.lungs)
    assert (scene.refresh().status, scene.case.holder) == (Status.ROUTED, None)
    assert access.decide(scene.heart, "read", scene.patient).allowed
    accept(scene, by, scene.specialist)
    assert (scene.refresh().status, scene.case.holder) == (Status.ACCEPTED, scene.specialist)
    assert told(scene.asker)[-1] == "case.accepted"
    assert actions(scene.case)[-2:] == ["offer.accept", "case.accept"]
    assert clock_states(scene.case, "case.done") == set()  # from the end of the room on
    accept(scene, by, scene.heart)  # again
    assert actions(scene.case)[-1] == "case.accept"


def test_the_chair_alone_is_not_enough_and_a_third_may_still_come(by):
    scene = joint_invited(at=TEN)
    accept(scene, by, scene.specialist)
    assert scene.refresh().status == Status.ROUTED
    accept(scene, by, scene.heart)
    assert scene.refresh().status == Status.ACCEPTED
    assert offer_of(scene, scene.lungs).status == Offer.Status.OFFERED
    accept(scene, by, scene.lungs)
    assert scene.refresh().status == Status.ACCEPTED
    assert [p.pk for p in scene.case.experts] == [scene.heart.pk, scene.lungs.pk]


def test_the_time_holds_once_the_asking_side_agrees_before_or_after(by):
    for early in (True, False):
        scene = joint_invited(at=TEN)
        meeting = scene.case.meetings.get()

        def agree(scene=scene, meeting=meeting):
            with by(scene.asker):
                services.agree_time(actor=scene.asker, case_id=scene.case.pk, meeting_id=meeting.pk)

        if early:
            agree()
            assert scene.refresh().status == Status.ROUTED
        accept(scene, by, scene.specialist)
        accept(scene, by, scene.heart)
        if not early:
            agree()
        assert scene.refresh().status == Status.SCHEDULED
        assert clock_states(scene.case, "case.schedule") == set()
        assert told(scene.heart)[-1] == told(scene.lungs)[-1] == "case.scheduled"
        people = {p["actor"].get("display") for p in published(meeting.pk)["participant"]}
        assert {scene.specialist.name, scene.heart.name, scene.asker.name} <= people
        accept(scene, by, scene.lungs)
        assert HalfHour.objects.filter(meeting=meeting).count() == 4


def test_one_declines_and_the_others_keep_their_time(by):
    scene = joint_invited(at=TEN)
    accept(scene, by, scene.specialist)
    decline(scene, by, scene.heart)
    assert scene.refresh().status == Status.ROUTED
    held = set(HalfHour.objects.values_list("person", flat=True))
    assert held == {scene.specialist.pk, scene.lungs.pk, scene.asker.pk}
    assert told(scene.coordinator)[-1] == "case.replace"
    assert told(scene.asker)[-1] == "case.seat_empty"
    assert not Clock.objects.filter(
        about=offer_of(scene, scene.heart).pk, state=ClockState.RUNNING
    ).exists()

    other = colleague(scene, "cardiology")
    with by(scene.coordinator):
        offer = services.replace_expert(
            actor=scene.coordinator,
            case_id=scene.case.pk,
            offer_id=offer_of(scene, scene.heart).pk,
            doctor_id=other.pk,
        )
    assert (offer.role, offer.specialty) == ("expert", "cardiology")
    assert told(other) == ["case.invited"]
    assert HalfHour.objects.filter(person=other, starts_at=TEN).exists()
    accept(scene, by, other)
    assert scene.refresh().status == Status.ACCEPTED
    # who declined thinks better of it, too late
    with pytest.raises((Conflict, NotFound)):
        accept(scene, by, scene.heart)


def test_the_chair_declines_and_another_takes_the_chair(by):
    scene = joint_invited(at=TEN)
    accept(scene, by, scene.heart)
    accept(scene, by, scene.lungs)
    decline(scene, by, scene.specialist)
    assert scene.refresh().status == Status.ROUTED
    other = colleague(scene, "neurology")
    with by(scene.coordinator):
        services.replace_expert(
            actor=scene.coordinator,
            case_id=scene.case.pk,
            offer_id=offer_of(scene, scene.specialist).pk,
            doctor_id=other.pk,
        )
    assert told(other) == ["case.chair"]
    accept(scene, by, other)
    assert (scene.refresh().status, scene.case.holder) == (Status.ACCEPTED, other)


def test_a_replacement_has_to_fit_be_free_and_the_seat_empty(by):
    scene = joint_invited(at=TEN)
    accept(scene, by, scene.heart)

    def replace(doctor, seat=scene.lungs, actor=scene.coordinator):
        with by(actor):
            services.replace_expert(
                actor=actor,
                case_id=scene.case.pk,
                offer_id=offer_of(scene, seat).pk,
                doctor_id=doctor.pk,
            )

    hearts, lungs = colleague(scene, "cardiology"), colleague(scene, "respiratory")
    with pytest.raises(Conflict, match="has taken this seat"):
        replace(hearts, seat=scene.heart)
    with pytest.raises(Conflict, match="does not cover"):
        replace(hearts)
    with pytest.raises(Conflict, match="asked already"):
        replace(scene.specialist)
    with pytest.raises(Forbidden):
        replace(lungs, actor=scene.asker)
    other = joint_invited(at=TEN - timedelta(hours=1)).case.meetings.get()
    busy = HalfHour.objects.create(meeting=other, person=lungs, starts_at=TEN)
    with pytest.raises(Conflict, match="busy"):
        replace(lungs)
    busy.delete()
    replace(lungs)
    replace(lungs)  # again
    assert scene.case.offers.count() == 4
    accept(scene, by, lungs)  # of the two, the first has the seat
    assert offer_of(scene, scene.lungs).status == Offer.Status.WITHDRAWN
    assert told(scene.lungs)[-1] == "case.taken"
    with pytest.raises(Conflict, match="has taken this seat"):
        accept(scene, by, scene.lungs)


def test_everybody_declines_and_the_coordinator_has_it_again(by):
    scene = joint_invited(at=TEN)
    for doctor in scene.experts:
        decline(scene, by, doctor)
    assert scene.refresh().status == Status.SUBMITTED
    accept(scene, by, scene.heart)  # thinks better of it
    assert scene.refresh().status == Status.ROUTED
    assert HalfHour.objects.filter(person=scene.heart).exists()


def test_a_seat_is_given_back_before_the_opinion(by):
    scene = joint_accepted(at=TEN)
    for doctor, status in ((scene.lungs, Status.ACCEPTED), (scene.heart, Status.ROUTED)):
        with by(doctor):
            services.return_case(actor=doctor, case_id=scene.case.pk, reason="临时有急诊手术")
        assert scene.refresh().status == status
        assert not access.decide(doctor, "read", scene.patient).allowed
    assert scene.case.holder is None
    assert offer_of(scene, scene.specialist).status == Offer.Status.ACCEPTED


def test_an_account_that_ends_leaves_its_seat(by):
    scene = joint_accepted(at=TEN)
    with by(scene.coordinator):
        services.return_open_work(doctor_id=scene.specialist.pk, reason="Account closed")
    assert (scene.refresh().status, scene.case.holder) == (Status.ROUTED, None)
    assert offer_of(scene, scene.heart).status == Offer.Status.ACCEPTED
