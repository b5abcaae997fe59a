"""A joint consult (MDT): from the request to the time that all have agreed to."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import Case, HalfHour, Kind, Meeting, Offer, Status
from consult.requests.services.ladders import OF_AN_OFFER
from records.consent import access
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import (
    accepted_case,
    drafted_case,
    half_hour_of,
    joint_accepted,
    joint_invited,
    joint_request,
    joint_sent,
    sent_case,
)
from tests.factories.people import AgreementFactory, PractitionerFactory, StaffFactory
from tests.factories.rota import on

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TEN = START + timedelta(days=1, hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _in_english():
    from django.utils import translation

    with translation.override("en"):
        yield


def colleague(scene, specialty):
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=doctor, specialty=specialty)
    return doctor


def convene(scene, by, actor=None, **changed):
    actor = actor or scene.coordinator
    experts = changed.pop("experts", None) or scene.seats
    plan = {"experts": experts, "chair": "neurology", "starts_at": TEN, **changed}
    with by(actor):
        return services.convene(actor=actor, case_id=scene.case.pk, **plan)


def accept(scene, by, doctor):
    with by(doctor):
        return services.accept_case(actor=doctor, case_id=scene.case.pk)


def decline(scene, by, doctor, code="time"):
    with by(doctor):
        return services.decline_case(actor=doctor, case_id=scene.case.pk, code=code)


def offer_of(scene, doctor):
    return scene.case.offers.get(doctor=doctor)


def test_a_township_doctor_asks_for_several_specialties_at_once(by):
    scene = joint_sent()
    case = scene.case
    assert (case.kind, case.specialties) == (Kind.MDT, ["neurology", "cardiology"])
    assert case.status == Status.SUBMITTED
    assert case.agreement.price_of("mdt") == 30000
    assert not case.offers.exists()
    assert told(scene.coordinator) == ["case.convene"]
    assert clock_states(case, "case.schedule") == {ClockState.RUNNING}
    assert clock_states(case, "case.accept") == set()


def test_the_asking_doctor_proposes_who_chairs_it(by):
    scene = joint_request()
    with by(scene.asker):
        services.save_draft(
            actor=scene.asker, case_id=scene.case.pk, wanted_doctor=scene.specialist.pk
        )
    assert scene.refresh().kind == Kind.MDT
    assert scene.case.wanted_doctor == scene.specialist


def test_one_specialty_alone_is_no_joint_consult(by):
    for further in ([], ["neurology"]):  # the first one again is none besides
        scene = joint_request(further=further)
        with pytest.raises(Invalid) as refused, by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)
        assert refused.value.path == "further"
        assert scene.refresh().status == Status.DRAFT


def test_without_an_agreement_that_includes_it_none_is_sent(by):
    scene = drafted_case()
    with by(scene.asker):
        services.save_draft(
            actor=scene.asker, case_id=scene.case.pk, joint=True, further=["cardiology"]
        )
    with pytest.raises(Conflict) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert "does not include this service" in refused.value.message


@pytest.mark.parametrize(
    ("further", "path"), [(["alchemy"], "further"), (list(Specialty.values), "further")]
)
def test_specialties_that_are_none_are_refused(by, further, path):
    scene = joint_request()
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, joint=True, further=further)
    assert refused.value.path == path


def test_the_coordinator_calls_doctors_a_chair_and_one_time_together(by):
    scene = joint_sent()
    case = convene(scene, by, agenda="  用药  ", half_hours=2)
    assert (case.status, case.agenda) == (Status.ROUTED, "用药")
    offers = {o.specialty: (o.doctor, o.role) for o in case.offers.select_related("doctor")}
    assert offers == {
        "neurology": (scene.specialist, "lead"),
        "cardiology": (scene.heart, "expert"),
        "respiratory": (scene.lungs, "expert"),
    }
    assert case.further == ["cardiology", "respiratory"]
    assert told(scene.specialist) == ["case.chair"]
    assert told(scene.heart) == told(scene.lungs) == ["case.invited"]
    assert told(scene.asker)[-1] == "case.proposed"
    # Everybody's time is kept: three doctors and who asks, two half hours each.
    assert HalfHour.objects.count() == 8
    clocks = Clock.objects.filter(kind=OF_AN_OFFER, state=ClockState.RUNNING)
    assert clocks.values("about").distinct().count() == 3
    assert {p["status"] for p in [published(o.pk) for o in case.offers.all()]} == {"requested"}
    convene(scene, by, half_hours=2)  # the same again
    assert case.offers.count() == 3
    with pytest.raises(Conflict):
        convene(scene, by, chair="cardiology", starts_at=TEN + timedelta(hours=4))


def test_a_consult_for_one_becomes_a_joint_one(by):
    scene = sent_case()
    heart = colleague(scene, "cardiology")
    seats = {"neurology": scene.specialist.pk, "cardiology": heart.pk}
    plan = {"experts": seats, "chair": "cardiology", "starts_at": TEN}
    with pytest.raises(Conflict) as refused, by(scene.coordinator):
        services.convene(actor=scene.coordinator, case_id=scene.case.pk, **plan)
    assert refused.value.path == "agreement"
    agreement = AgreementFactory(asking=scene.clinic, asked=scene.hospital, services=["mdt"])
    with by(scene.coordinator):
        services.convene(actor=scene.coordinator, case_id=scene.case.pk, **plan)
    case = scene.refresh()
    assert (case.kind, case.further, case.agreement) == (Kind.MDT, ["cardiology"], agreement)
    assert clock_states(case, "case.accept") == set()
    live = case.offers.filter(status__in=Offer.LIVE)
    assert set(live.values_list("doctor", flat=True)) == {scene.specialist.pk, heart.pk}


def test_an_emergency_or_one_that_somebody_holds_becomes_none(by):
    for scene in (sent_case(kind=Kind.EMERGENCY), accepted_case()):
        AgreementFactory(asking=scene.clinic, asked=scene.hospital, services=["mdt"])
        heart = colleague(scene, "cardiology")
        seats = {"neurology": scene.specialist.pk, "cardiology": heart.pk}
        before = Case.objects.filter(pk=scene.case.pk).values().get()
        with pytest.raises(Conflict), by(scene.coordinator):
            services.convene(
                actor=scene.coordinator,
                case_id=scene.case.pk,
                experts=seats,
                chair="neurology",
                starts_at=TEN,
            )
        assert Case.objects.filter(pk=scene.case.pk).values().get() == before


def test_a_plan_that_lacks_something_says_what(by):
    scene = joint_sent()
    elsewhere = StaffFactory(role=Role.SPECIALIST)
    PractitionerFactory(user=elsewhere, specialty="cardiology")
    chief = colleague(scene, "cardiology")
    green = colleague(scene, "respiratory")
    green.practitioner.practising_since = START.date() - timedelta(days=400)
    green.practitioner.save()
    one = {"neurology": scene.specialist.pk}
    refusals = [
        ({"experts": one}, Invalid, "specialties", "at least 2"),
        ({"chair": ""}, Invalid, "chair", "takes the chair"),
        ({"chair": "surgery"}, Invalid, "chair", "takes the chair"),
        (
            {"experts": {**one, "internal": chief.pk, "cardiology": chief.pk}},
            Invalid,
            "doctor-cardiology",
            "chosen twice",
        ),
        (
            {"experts": {**one, "cardiology": elsewhere.pk}},
            Invalid,
            "doctor-cardiology",
            "no specialist of",
        ),
        ({"experts": {**one, "cardiology": uuid4()}}, Invalid, "doctor-cardiology", "list"),
        (
            {"experts": {**one, "cardiology": scene.lungs.pk}},
            Conflict,
            "doctor-cardiology",
            "does not cover",
        ),
        ({"experts": {**one, "respiratory": green.pk}}, Conflict, "doctor-respiratory", "years"),
        ({"starts_at": START - timedelta(hours=1)}, Invalid, "starts_at", "passed"),
        ({"starts_at": TEN + timedelta(minutes=7)}, Invalid, "starts_at", "half hour"),
        ({"agenda": "x" * 1001}, Invalid, "agenda", "1000"),
    ]
    for changed, kind, path, words in refusals:
        with pytest.raises(kind) as refused:
            convene(scene, by, **changed)
        assert (refused.value.path, words in refused.value.message) == (path, True), changed
    assert not scene.case.offers.exists()
    assert scene.refresh().status == Status.SUBMITTED
    for actor in (scene.asker, scene.specialist):
        with pytest.raises((Forbidden, NotFound)):
            convene(scene, by, actor=actor)


def test_who_is_promised_elsewhere_is_not_called(by):
    first = joint_invited(at=TEN)
    second = joint_sent()
    AgreementFactory(asking=second.clinic, asked=first.hospital, services=["mdt"])
    Case.objects.filter(pk=second.case.pk).update(asked=first.hospital)
    with by(first.coordinator), pytest.raises(Conflict) as refused:
        services.convene(
            actor=first.coordinator,
            case_id=second.case.pk,
            experts=first.seats,
            chair="neurology",
            starts_at=TEN,
        )
    assert "is busy then" in refused.value.message
    assert not second.case.offers.exists()


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
            actor=scene.coordinator, case_id=case_id, kind="emergency", reason="病情加重了"
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
