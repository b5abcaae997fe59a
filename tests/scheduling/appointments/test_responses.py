"""What patients answer, as other systems read it (FHIR AppointmentResponse)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from records.fhir.models import Resource, Version
from records.fhir.walker import check
from scheduling.appointments import fhir, services
from scheduling.appointments.models import Appointment, Response
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import clocks, outbox
from telemed.core.errors import NotFound
from telemed.core.models import Clock
from telemed.core.publication import as_json
from tests.factories.fhir import token_for
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed
OPEN, ACCEPTED, DECLINED = Response.Status


@pytest.fixture(autouse=True)
def by_day():
    """Nobody is asked in the night."""
    with time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=1)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


def resident():
    return PatientFactory(user=UserFactory()).user


def book(by, period, actor):
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


@pytest.fixture
def offered(by, period):
    """Somebody cancelled; the one who waited is asked."""
    first, second = resident(), resident()
    booked = book(by, period, first)
    with by(second):
        entry = services.join(
            actor=second,
            patient=second.patient,
            department_id=period.department_id,
            day=period.session.day,
        )
    with by(first):
        services.cancel(actor=first, appointment_id=booked.pk)
    fire("place.return")
    entry.refresh_from_db()
    return entry


@pytest.fixture
def displaced(by, period, clerk):
    """Booked, stopped, and asked to take the same doctor's other day."""
    other = SessionFactory(
        department=period.department,
        clinician=period.clinician,
        day=period.session.day + timedelta(days=1),
    )
    PeriodFactory(session=other, public=2)
    booked = book(by, period, resident())
    with by(clerk):
        availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="开会", plan=Stop.Plan.ANOTHER_DAY
        )
    outbox.deliver_waiting()
    fire("stop.undo")
    outbox.deliver_waiting()
    booked.refresh_from_db()
    return booked


def fire(kind):
    due = Clock.objects.filter(kind=kind, state="running").latest("pk").due_at
    with time_machine.travel(due + timedelta(seconds=1)):
        clocks.fire_due()


def act(by, actor, service, appointment, **more):
    with by(actor):
        return service(actor=actor, appointment_id=appointment.pk, **more)


def one(appointment):
    return Response.objects.get(appointment=appointment)


def test_an_offer_is_a_question_with_its_time(offered):
    response = one(offered)
    assert (response.about, response.status, response.said_by) == ("offer", OPEN, "")
    told = as_json(fhir.RESPONSE, response)
    assert not check(told)[0]
    assert told["participantStatus"] == "needs-action"
    assert told["appointment"] == {"reference": f"Appointment/{offered.pk}"}
    assert told["actor"] == {"reference": f"Patient/{offered.patient.fhir_id}"}
    assert told["start"] == fhir.moment(offered.during.lower)


def test_both_builders_say_the_same(offered):
    built = fhir.response(one(offered))
    assert built.model_dump(mode="json")["participantStatus"] == "needs-action"
    assert as_json(fhir.RESPONSE, one(offered)) == fhir.response_to_plain(one(offered))


def test_accepting_is_its_next_version(by, offered):
    act(by, offered.patient.user, services.accept, offered)
    response = one(offered)
    assert (response.status, response.said_by) == (ACCEPTED, "self")
    kept = Resource.objects.get(fhir_id=str(response.pk))
    assert (kept.owner, kept.version) == ("appointments", 2)
    act(by, offered.patient.user, services.accept, offered)
    assert Version.objects.filter(rid=kept.rid).count() == 2


def test_declining_is_the_persons_answer(by, offered):
    act(by, offered.patient.user, services.decline, offered)
    assert (one(offered).status, one(offered).said_by) == (DECLINED, "self")


def test_silence_is_nobodys_answer(offered):
    fire("waitlist.offer")
    response = one(offered)
    assert (response.status, response.said_by) == (DECLINED, "nobody")
    assert as_json(fhir.RESPONSE, response)["comment"] == "Nobody answered in time."


def test_the_desk_that_answers_for_somebody_is_named_as_the_desk(by, clerk, offered):
    act(by, clerk, services.accept, offered)
    assert (one(offered).status, one(offered).said_by) == (ACCEPTED, "desk")


def test_leaving_the_list_while_asked_declines(by, offered):
    act(by, offered.patient.user, services.leave, offered)
    assert one(offered).status == DECLINED


def test_a_stopped_clinic_asks_for_the_time_that_is_kept(displaced):
    response = one(displaced)
    assert (response.about, response.status) == ("stop", OPEN)
    assert response.starts_at == displaced.plan_period.starts_at


def test_taking_the_kept_place_accepts(by, displaced):
    kept = displaced.plan_period.starts_at
    act(by, displaced.patient.user, services.rebook, displaced)
    response = one(displaced)
    assert (response.status, response.starts_at) == (ACCEPTED, kept)


def test_choosing_another_time_declines_the_kept_one(by, period, displaced):
    kept = displaced.plan_period.starts_at
    free = PeriodFactory(
        session=SessionFactory(
            department=period.department, day=period.session.day + timedelta(days=3)
        ),
        public=1,
    )
    act(by, displaced.patient.user, services.move, displaced, period_id=free.pk)
    response = one(displaced)
    assert (response.status, response.starts_at) == (DECLINED, kept)


def test_cancelling_instead_declines(by, displaced):
    act(by, displaced.patient.user, services.cancel, displaced)
    assert (one(displaced).status, one(displaced).said_by) == (DECLINED, "self")


def test_no_answer_to_a_stop_is_nobodys(displaced):
    due = Clock.objects.get(about=displaced.pk, kind="displaced.choice", rung=1).due_at
    with time_machine.travel(due + timedelta(seconds=1)):
        clocks.fire_due()
    assert (one(displaced).status, one(displaced).said_by) == (DECLINED, "nobody")


def test_a_clinic_that_takes_place_after_all_ends_the_question(by, clerk, period):
    """Whoever would set out within a day was asked at once."""
    booked = book(by, period, resident())
    with time_machine.travel(period.starts_at - timedelta(hours=20)):
        with by(clerk):
            about = {"actor": clerk, "session_id": period.session_id}
            availability.stop_session(**about, reason="开会", plan=Stop.Plan.CANCEL)
        outbox.deliver_waiting()
        assert (one(booked).status, one(booked).starts_at) == (OPEN, None)
        with by(clerk):
            availability.restore_session(**about)
        outbox.deliver_waiting()
    response = one(booked)
    assert (response.status, response.said_by) == (ACCEPTED, "clinic")
    assert response.starts_at == period.starts_at


def test_while_asked_the_patient_has_not_accepted(by, offered):
    def patient():
        return as_json(fhir.APPOINTMENT, Appointment.objects.get(pk=offered.pk))["participant"][0]

    assert patient()["status"] == "needs-action"
    act(by, offered.patient.user, services.accept, offered)
    assert patient()["status"] == "accepted"


def test_one_question_at_a_time_stands_open(offered):
    with pytest.raises(IntegrityError, match="one_open_question_a_booking"):
        Response.objects.create(appointment=offered, about="stop")


def test_a_refused_answer_leaves_the_question_open(by, offered):
    stranger = resident()
    with pytest.raises(NotFound):
        act(by, stranger, services.accept, offered)
    assert one(offered).status == OPEN
    assert Appointment.objects.get(pk=offered.pk).status == "offered"


# ---- at the door ----


def found(client, query):
    answer = client.get(f"/fhir/AppointmentResponse?{query}")
    assert answer.status == 200, answer.body
    return [entry["resource"]["id"] for entry in answer.json.get("entry", [])]


def test_it_is_found_by_appointment_person_and_status(by, offered):
    owner = Client(token_for(offered.patient.user))
    response = one(offered)
    patient = f"Patient/{offered.patient.fhir_id}"
    for query in (
        f"appointment=Appointment/{offered.pk}",
        f"patient={patient}",
        f"actor={patient}",
        "part-status=needs-action",
        "_lastUpdated=ge2020-01-01",
        f"_id={response.pk}",
    ):
        assert found(owner, query) == [str(response.pk)], query
    assert found(owner, "part-status=accepted") == []
    act(by, offered.patient.user, services.accept, offered)
    assert found(owner, "part-status=accepted") == [str(response.pk)]
    history = owner.get(f"/fhir/AppointmentResponse/{response.pk}/_history").json
    said = [entry["resource"]["participantStatus"] for entry in history["entry"]]
    assert said == ["accepted", "needs-action"]


def test_strangers_find_nothing(offered):
    stranger = Client(token_for(resident()))
    assert found(stranger, f"appointment=Appointment/{offered.pk}") == []
    assert stranger.get(f"/fhir/AppointmentResponse/{one(offered).pk}").status == 404


def test_ours_is_not_written_over_rest(offered):
    owner = Client(token_for(offered.patient.user))
    response = one(offered)
    told = as_json(fhir.RESPONSE, response) | {"participantStatus": "accepted"}
    answer = owner.put(f"/fhir/AppointmentResponse/{response.pk}", told)
    assert answer.status in (403, 405), answer.body
    assert one(offered).status == OPEN
