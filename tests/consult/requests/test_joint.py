"""A joint consult (MDT) is asked for, and the coordinator calls its doctors to one time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consult.requests import services
from consult.requests.models import Case, HalfHour, Kind, Offer, Status
from consult.requests.services.ladders import OF_AN_OFFER
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from tests.consult.requests.convening import START, TEN, _in_english, clock, colleague, convene
from tests.consult.requests.looking import clock_states, published, told
from tests.factories.consult import (
    accepted_case,
    drafted_case,
    joint_invited,
    joint_request,
    joint_sent,
    sent_case,
)
from tests.factories.people import AgreementFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
__all__ = ["_in_english", "clock"]  # fixtures


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
