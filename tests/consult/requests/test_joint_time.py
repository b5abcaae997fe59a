"""Clocks and times of a joint consult, and what the database holds of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import HalfHour, Meeting, Offer, Status
from records.consent import access
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict
from telemed.core.models import ClockState
from telemed.people.models import Role
from tests.consult.requests.convening import (
    START,
    TEN,
    _in_english,
    accept,
    clock,
    colleague,
    convene,
)
from tests.consult.requests.looking import clock_states, told
from tests.factories.consult import (
    half_hour_of,
    joint_accepted,
    joint_invited,
    joint_sent,
    sent_case,
)
from tests.factories.people import AgreementFactory, StaffFactory
from tests.factories.rota import on

pytestmark = pytest.mark.django_db
__all__ = ["_in_english", "clock"]  # fixtures


def test_each_invitation_has_a_clock_of_its_own(by, clock):
    scene = joint_invited(at=START + timedelta(days=3))
    director = StaffFactory(role=Role.DIRECTOR, organisation=scene.hospital)
    accept(scene, by, scene.specialist)
    clock.move_to(START + timedelta(hours=4, seconds=1))
    fire_due()
    assert told(scene.heart)[-1] == told(scene.lungs)[-1] == "clock.remind"
    assert "clock.remind" not in told(scene.specialist)
    accept(scene, by, scene.lungs)
    clock.move_to(START + timedelta(hours=10, seconds=1))  # eight working hours
    fire_due()
    assert told(scene.coordinator)[-1] == "case.replace"
    assert told(scene.coordinator).count("case.replace") == 1
    clock.move_to(START + timedelta(days=1, hours=10, seconds=1))
    fire_due()
    assert told(director)[-1] == "case.replace"
    assert scene.refresh().status == Status.ACCEPTED  # nothing expires


def test_without_an_agreed_time_the_coordinator_and_then_the_director_hear(by, clock):
    scene = joint_sent()
    director = StaffFactory(role=Role.DIRECTOR, organisation=scene.hospital)
    clock.move_to(START + timedelta(days=2, hours=10, seconds=1))
    fire_due()
    assert told(scene.coordinator)[-1] == "case.unscheduled"
    clock.move_to(START + timedelta(days=3, hours=10, seconds=1))
    fire_due()
    assert told(director)[-1] == "case.unscheduled"


def test_withdrawing_frees_everybody_and_taking_it_back_calls_them_again(by):
    scene = joint_accepted(at=TEN)
    with by(scene.asker):
        services.agree_time(
            actor=scene.asker, case_id=scene.case.pk, meeting_id=scene.case.meetings.get().pk
        )
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    assert not HalfHour.objects.exists()
    with by(scene.asker):
        services.undo_cancel(actor=scene.asker, case_id=scene.case.pk)
    assert scene.refresh().status == Status.SCHEDULED
    assert HalfHour.objects.count() == 4
    assert access.decide(scene.lungs, "read", scene.patient).allowed


def test_acts_for_one_doctor_are_refused(by):
    scene = joint_invited(at=TEN)
    case_id = scene.case.pk
    for act in (
        lambda: services.assign_case(
            actor=scene.coordinator, case_id=case_id, doctor_id=scene.heart.pk
        ),
        lambda: services.regrade_case(
            actor=scene.coordinator, case_id=case_id, grade="emergency", reason="病情加重了"
        ),
        lambda: services.switch_mode(actor=scene.asker, case_id=case_id, mode="offline"),
    ):
        actor = scene.asker if "switch" in act.__code__.co_names else scene.coordinator
        with pytest.raises(Conflict), by(actor):
            act()


def test_common_time_is_what_nobody_has_promised_on_working_days(by):
    scene = joint_sent()
    people = [scene.asker, *scene.experts]
    slots = queries.common_times(people)
    local = [timezone.localtime(slot.starts_at) for slot in slots]
    assert local[0] == START + timedelta(hours=1)
    assert {f"{t:%H}" for t in local} == {"08", "09", "10", "11", "14", "15", "16", "17"}
    days = sorted({t.date() for t in local})
    assert [d.isoformat() for d in days] == [
        *("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"),
        "2026-11-30",  # no weekend
    ]

    joint = joint_invited(at=half_hour_of(1, 10))
    HalfHour.objects.create(meeting=joint.case.meetings.get(), person=scene.heart, starts_at=TEN)
    assert TEN not in {slot.starts_at for slot in queries.common_times(people)}
    hour = {slot.starts_at for slot in queries.common_times(people, half_hours=2)}
    assert TEN - timedelta(minutes=30) not in hour
    assert TEN - timedelta(hours=1) in hour

    on(
        scene.lungs,
        scene.hospital,
        START.replace(hour=8) + timedelta(days=2),
        specialty="respiratory",
    )
    called = {slot.starts_at: slot.on_call for slot in queries.common_times(people)}
    assert called[TEN + timedelta(days=1)] == (scene.lungs,)
    assert called[TEN + timedelta(minutes=30)] == ()

    scene.heart.practitioner.licensed_until = days[1]
    scene.heart.practitioner.save()
    last = queries.common_times(people)[-1]
    assert timezone.localdate(last.starts_at) == days[1]


def test_one_lead_and_one_doctor_a_seat_says_the_database(by):
    scene = joint_accepted(at=TEN)
    common = {"case": scene.case, "organisation": scene.hospital, "status": "accepted"}
    doctor = colleague(scene, "neurology")
    with pytest.raises(IntegrityError, match="one_doctor_holds_a_case"):
        Offer.objects.create(doctor=doctor, role="lead", specialty="surgery", **common)


def test_one_doctor_a_seat_says_the_database(by):
    scene = joint_accepted(at=TEN)
    doctor = colleague(scene, "cardiology")
    with pytest.raises(IntegrityError, match="one_doctor_a_seat"):
        Offer.objects.create(
            case=scene.case, doctor=doctor, role="expert", specialty="cardiology", status="accepted"
        )


def test_a_meeting_that_was_missed_starts_the_search_again(by, clock):
    scene = joint_accepted(at=TEN)
    with by(scene.asker):
        services.agree_time(
            actor=scene.asker, case_id=scene.case.pk, meeting_id=scene.case.meetings.get().pk
        )
    clock.move_to(TEN + timedelta(minutes=31))
    fire_due()
    assert scene.refresh().status == Status.ACCEPTED
    assert scene.case.meetings.get().status == Meeting.Status.MISSED
    assert told(scene.heart)[-1] == "case.missed"
    assert clock_states(scene.case, "case.schedule") == {ClockState.RUNNING}


class TestAnotherFee:
    """A single consult became a joint one: what was agreed to was another price."""

    @pytest.fixture
    def turn(self, by):
        """turn(price): a single consult at 120 yuan that the coordinator made a joint one."""

        def make(price):
            scene = sent_case()
            here = {"asking": scene.clinic, "asked": scene.hospital}
            AgreementFactory(**here, services=["mdt"], price=price)
            heart = colleague(scene, "cardiology")
            seats = {"neurology": scene.specialist.pk, "cardiology": heart.pk}
            convene(scene, by, actor=scene.coordinator, experts=seats)
            scene.refresh()
            return scene

        return make

    @pytest.fixture
    def turned(self, turn):
        return turn(30000)

    def test_the_asking_doctor_is_told_and_has_a_day(self, turned, client):
        case = turned.case
        assert (case.fee_to_agree, case.consent_is_due) == (30000, True)
        assert "case.new_fee" in told(turned.asker)
        assert clock_states(case, "case.consent") == {ClockState.RUNNING}
        assert ClockState.RUNNING in clock_states(case, "case.schedule")  # nothing waits
        turned.asker.language = "en"
        turned.asker.save()
        client.force_login(turned.asker)
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "300 yuan. The consent names 120 yuan" in page

    def test_the_same_signature_again_counts_for_the_new_fee(self, turned, by):
        before = turned.case.consent
        signed = {"method": before.method, "relation": before.relation}
        with by(turned.asker):
            services.attach_consent(
                fee_shown=30000,
                actor=turned.asker,
                case_id=turned.case.pk,
                signature=bytes(before.signature),
                signer_name=before.signer_name,
                **signed,
            )
        case = turned.refresh()
        assert (case.fee_to_agree, case.consent_is_due) == (None, False)
        assert case.consent_id != before.pk
        assert case.consent.fee_shown == 30000
        assert ClockState.RUNNING not in clock_states(case, "case.consent")

    def test_a_fee_that_stays_the_same_asks_nobody(self, turn):
        scene = turn(12000)
        assert scene.case.fee_to_agree is None
        assert "case.new_fee" not in told(scene.asker)
