"""Every rung of every ladder: who hears of it, and what it does. Times are Asia/Shanghai."""

from datetime import timedelta

import pytest
import time_machine

from consult.requests import services
from consult.requests.models import Case, Kind, Status
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock, PolicyChange
from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role
from tests.consult.requests.climbing import START, deferred, made, partner_of, pass_time, staff
from tests.consult.requests.looking import actions, told
from tests.factories.consult import (
    PIN,
    TEXTS,
    accepted_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import (
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


# The first answer


def test_an_emergency_climbs_from_the_doctors_to_the_prefecture(by):
    scene = made(sent_case, kind=Kind.EMERGENCY)
    director, office = staff(scene, Role.DIRECTOR), staff(scene, Role.MEDICAL_OFFICE)
    _other, [elsewhere] = partner_of(scene)
    prefecture = Division.objects.create(code="5201", level=Division.Level.PREFECTURE, name="市")
    Division.objects.filter(pk=scene.hospital.division_id).update(parent=prefecture)
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=prefecture)
    above = StaffFactory(role=Role.COORDINATOR, organisation=authority)

    pass_time(minutes=5)
    assert told(scene.asker) == ["case.unanswered"]
    assert told(scene.coordinator) == ["case.emergency", "case.escalated"]
    pass_time(minutes=10)
    assert "case.phone" in told(scene.coordinator)
    assert told(director) == []
    pass_time(minutes=15)
    assert sorted(told(director)) == ["case.nobody_in_room", "case.phone"]
    assert told(elsewhere) == ["case.emergency"]
    pass_time(minutes=30)
    assert told(office) == ["case.refer"]
    assert told(above) == ["case.passed_up", "case.refer"]
    assert told(scene.asker)[-1] == "case.refer"
    pass_time(days=30)
    assert scene.refresh().status == Status.ROUTED  # an emergency is closed by a person


def test_an_emergency_asks_five_at_once_and_the_next_ones_after_five_minutes(by):
    scene = made(sent_case, kind=Kind.EMERGENCY, specialists=8)
    assert scene.case.offers.count() == 5
    assert told(scene.coordinator) == ["case.emergency"]  # knows from the first moment

    pass_time(minutes=5)

    assert scene.case.offers.count() == 8
    assert {told(offer.doctor)[0] for offer in scene.case.offers.all()} == {"case.emergency"}
    assert told(scene.coordinator)[-1] == "case.escalated"


def test_where_nobody_is_next_the_coordinator_hears_of_it_then_and_not_later():
    scene = made(sent_case, kind=Kind.EMERGENCY, specialists=2)
    pass_time(minutes=5)
    assert scene.case.offers.count() == 2
    assert told(scene.coordinator) == ["case.emergency", "case.escalated"]
    assert told(scene.asker)[-1] == "case.unanswered"


def test_when_time_is_up_the_next_doctors_of_the_hospital_are_asked():
    scene = made(sent_case)
    late = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=late)
    pass_time(hours=4)
    assert told(late) == ["case.offered"]


def test_a_named_doctor_alone_is_asked_and_the_asking_doctor_chooses_a_substitute(by):
    scene = made(drafted_case, specialists=2)
    named, other = scene.hospital.roles.filter(role=Role.SPECIALIST).order_by("pk")
    with time_machine.travel(START, tick=False):
        with by(scene.asker):
            services.save_draft(
                actor=scene.asker, case_id=scene.case.pk, wanted_doctor=named.user_id
            )
        with by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)
        assert scene.refresh().kind == Kind.NAMED
        assert [offer.doctor for offer in scene.case.offers.all()] == [named.user]
        with pytest.raises(Conflict), by(scene.asker):
            services.ask_substitute(
                actor=scene.asker, case_id=scene.case.pk, doctor_id=other.user_id
            )
    pass_time(hours=4)
    assert told(scene.asker)[-1] == "case.substitutes"
    assert told(other.user) == []
    with time_machine.travel(START + timedelta(hours=6), tick=False), by(scene.asker):
        services.ask_substitute(actor=scene.asker, case_id=scene.case.pk, doctor_id=other.user_id)
    assert told(other.user) == ["case.assigned"]


def test_a_promise_on_the_phone_holds_the_ladder_five_minutes_once(by):
    scene = made(sent_case, kind=Kind.EMERGENCY)
    promise = {"case_id": scene.case.pk, "doctor_id": scene.specialist.pk}
    with time_machine.travel(START + timedelta(minutes=4), tick=False):
        with pytest.raises(Forbidden), by(scene.specialist):
            services.note_promise(actor=scene.specialist, **promise)
        with by(scene.coordinator):
            services.note_promise(actor=scene.coordinator, **promise)
        with pytest.raises(Conflict), by(scene.coordinator):
            services.note_promise(actor=scene.coordinator, **promise)
    pass_time(minutes=6)
    assert "case.escalated" not in told(scene.coordinator)
    assert scene.refresh().holder is None  # only the doctor's own accept binds
    pass_time(minutes=10)
    assert "case.escalated" in told(scene.coordinator)


# Meeting, opinion, consent, receipt


def test_nobody_in_the_room_of_an_emergency_is_told_after_ten_minutes():
    scene = made(accepted_case, kind=Kind.EMERGENCY)
    director = staff(scene, Role.DIRECTOR)
    pass_time(minutes=10)
    assert told(scene.coordinator)[-1] == "case.nobody_in_room"
    pass_time(minutes=15)
    assert told(director) == ["case.nobody_in_room"]


def test_once_the_consult_has_begun_the_room_clock_is_over(by):
    scene = made(accepted_case, kind=Kind.EMERGENCY)
    with by(scene.specialist):
        services.begin_case(case_id=scene.case.pk)
    pass_time(minutes=20)
    assert "case.nobody_in_room" not in told(scene.coordinator)


def test_a_late_opinion_climbs_from_the_doctor_to_the_medical_office():
    scene = made(accepted_case)
    director, office = staff(scene, Role.DIRECTOR), staff(scene, Role.MEDICAL_OFFICE)
    pass_time(hours=10)  # a working day: half of sixteen hours
    assert told(scene.specialist)[-1] == "clock.remind"
    said = Notification.objects.get(recipient=scene.specialist, template="clock.remind").facts
    assert said["left"] == "24 时"  # until the promise: at 18:00 tomorrow
    assert "case.late" not in told(scene.coordinator)
    pass_time(days=1, hours=10)
    assert told(scene.specialist)[-1] == told(scene.coordinator)[-1] == "case.late"
    pass_time(days=2, hours=10)
    assert told(director) == ["case.late"]
    assert told(office) == []
    pass_time(days=3, hours=10)
    assert told(office) == ["case.late"]


def test_an_emergency_opinion_is_due_in_two_hours_and_escalates_in_working_time():
    scene = made(accepted_case, kind=Kind.EMERGENCY)
    director = staff(scene, Role.DIRECTOR)
    pass_time(hours=2)
    assert told(scene.coordinator)[-1] == "case.late"
    pass_time(hours=25, minutes=59)
    assert "case.late" not in told(director)
    pass_time(hours=26)  # 10:00 and eight working hours: 10:00 the next day
    assert told(director)[-1] == "case.late"


def test_a_missing_receipt_climbs_and_in_the_end_the_case_closes_without_it(by):
    scene = made(signed_case)
    near = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.clinic)
    pass_time(hours=10)
    assert told(scene.asker)[-1] == "case.receipt_due"
    assert told(near) == []
    pass_time(days=1, hours=10)
    assert told(near) == ["case.receipt_due"]
    pass_time(days=2, hours=10)
    assert told(office) == ["case.receipt_due"]
    assert scene.refresh().status == Status.SIGNED
    pass_time(days=8, hours=10)
    assert scene.refresh().status == Status.CLOSED
    assert scene.case.closing == Case.Closing.NO_RECEIPT
    assert told(scene.asker)[-1] == "case.no_receipt"
    with by(scene.asker):  # a late receipt is still taken, and the case stays closed
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    assert scene.refresh().status == Status.CLOSED
    assert scene.case.receipts.count() == 1


def test_a_consent_that_was_deferred_is_asked_for_and_blocks_closing(by):
    from consult.opinions import services as opinions
    from telemed.people import signing

    scene = deferred(by)
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.clinic)
    pass_time(hours=12)
    assert told(scene.asker)[-1] == "case.consent_due"
    pass_time(hours=24)
    assert told(office) == ["case.consent_due"]

    doctor, case_id = scene.specialist, scene.case.pk
    with by(doctor):
        signing.create_key(user=doctor, pin=PIN)
        services.accept_case(actor=doctor, case_id=case_id)
        opinions.save_draft(actor=doctor, case_id=case_id, **TEXTS)
    with by(doctor):
        opinions.sign_opinion(actor=doctor, case_id=case_id, pin=PIN)
    with by(scene.asker):
        services.give_receipt(actor=scene.asker, case_id=case_id, version=1, decision="adopted")
    assert scene.refresh().status == Status.RECEIPTED  # the consent is missing
    with by(scene.asker):
        services.attach_consent(
            fee_shown=12000,
            actor=scene.asker,
            case_id=case_id,
            method="drawn",
            relation="next_of_kin",
            signature=b"\x89PNG",
        )
    assert scene.refresh().status == Status.CLOSED


def test_a_consent_that_was_given_is_not_taken_again(by):
    scene = sent_case(kind=Kind.EMERGENCY)
    with pytest.raises(Conflict), by(scene.asker):
        services.attach_consent(
            fee_shown=12000,
            actor=scene.asker,
            case_id=scene.case.pk,
            method="drawn",
            relation="self",
            signature=b"\x89PNG",
        )


def test_a_receipted_case_closes_by_itself_after_a_working_day(by):
    scene = made(signed_case)
    with time_machine.travel(START, tick=False), by(scene.asker):
        services.give_receipt(
            actor=scene.asker,
            case_id=scene.case.pk,
            version=1,
            decision="adopted",
            close=False,
        )
    assert scene.refresh().status == Status.RECEIPTED
    pass_time(hours=10)
    assert scene.refresh().status == Status.CLOSED
    assert scene.case.closing == Case.Closing.RECEIPT


def test_a_draft_is_remembered_a_week_before_it_ends():
    scene = made(drafted_case)
    pass_time(days=23)
    assert told(scene.asker) == ["case.draft_ends"]
    pass_time(days=30)
    assert scene.refresh().status == Status.CANCELLED
    assert actions(scene.case)[-1] == "case.drop"


def test_where_policy_says_so_the_coordinator_sorts_first(by, monkeypatch):
    from consult.requests import policies

    monkeypatch.setattr(policies, "needs_triage", lambda organisation_id: True)
    scene = made(sent_case)
    assert scene.refresh().status == Status.SUBMITTED
    assert told(scene.specialist) == []
    assert told(scene.coordinator) == ["case.triage"]
    pass_time(minutes=30)
    assert scene.refresh().status == Status.ROUTED
    assert told(scene.specialist) == ["case.offered"]


def test_the_coordinator_lets_a_sorted_request_go(by, monkeypatch):
    from consult.requests import policies

    monkeypatch.setattr(policies, "needs_triage", lambda organisation_id: True)
    scene = sent_case()
    with pytest.raises((Forbidden, NotFound)), by(scene.specialist):
        services.route_by_hand(actor=scene.specialist, case_id=scene.case.pk)
    with by(scene.coordinator):
        services.route_by_hand(actor=scene.coordinator, case_id=scene.case.pk)
    assert scene.refresh().status == Status.ROUTED


def test_an_institution_sets_its_own_lengths(by):
    scene = made(drafted_case)
    with time_machine.travel(START, tick=False):
        PolicyChange.objects.create(
            name="case.accept",
            organisation_id=scene.hospital.pk,
            value=3600,
            effective_at=START,
            set_by="user:test",
            set_by_name="管理员",
            reason="试行",
        )
        with by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1).due_at
    assert due == START + timedelta(hours=1)
