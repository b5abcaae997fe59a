from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import services
from consult.requests.models import Kind, Offer, Status
from consult.requests.rungs import PROMISE
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.models import Clock
from telemed.organisations.models import Agreement
from tests.consult.requests.looking import actions, told
from tests.factories.consult import (
    drafted_case,
    sent_case,
)
from tests.factories.people import (
    PatientFactory,
)

pytestmark = pytest.mark.django_db


def test_a_sent_case_is_numbered_routed_and_on_the_clock():
    scene = sent_case(specialists=2)

    case = scene.case
    assert case.status == Status.ROUTED
    assert case.number == f"C{timezone.localdate():%y%m%d}-0001"
    assert set(case.offers.values_list("status", flat=True)) == {Offer.Status.OFFERED}
    running = Clock.objects.filter(about=case.pk, state="running")
    assert set(running.values_list("kind", flat=True)) == {"case.accept"}
    assert told(scene.specialist) == ["case.offered"]
    assert actions(case) == ["case.draft", "consent.give", "case.submit", "case.route"]


def test_the_first_answer_of_a_consult_is_promised_in_four_working_hours():
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()

    due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=PROMISE).due_at
    assert timezone.localtime(due).strftime("%H:%M") == "12:00"


def test_a_draft_without_a_hospital_is_not_sent_and_has_no_addressee(by):
    scene = drafted_case()
    with by(scene.asker):
        draft = services.save_draft(actor=scene.asker, case_id=scene.case.pk, asked="")
    with pytest.raises(Conflict) as refused:
        assert draft.addressee
    assert refused.value.path == "asked"
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert refused.value.path == "asked"
    assert scene.refresh().status == Status.DRAFT


@pytest.mark.parametrize("field", ["reason", "aim", "wanted_time", "summary", "specialty"])
def test_a_case_without_one_of_the_five_legal_fields_is_not_sent(by, field):
    scene = drafted_case(**{field: ""})

    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert refused.value.path == field
    assert scene.refresh().status == Status.DRAFT
    assert scene.case.number is None


def test_without_consent_nothing_is_sent(by):
    scene = drafted_case()
    scene.case.consent = None
    scene.case.save()

    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert refused.value.path == "consent"


@pytest.mark.parametrize(
    "broken",
    [
        {"ends_on": timezone.localdate() - timedelta(days=1)},
        {"state": Agreement.State.SUSPENDED},
        {"starts_on": timezone.localdate() + timedelta(days=1)},
    ],
)
def test_without_an_agreement_in_force_today_nothing_is_sent(by, broken):
    scene = drafted_case()
    Agreement.objects.update(**broken)

    with pytest.raises(Conflict) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert refused.value.path == "asked"
    assert scene.hospital.name in refused.value.message
    assert not scene.case.offers.exists()


def test_an_emergency_needs_a_reason_and_a_specialty_and_calls_the_coordinator_too(by):
    scene = drafted_case(kind=Kind.EMERGENCY, aim="", summary="", wanted_time="")

    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert scene.refresh().status == Status.ROUTED
    assert told(scene.specialist) == ["case.emergency"]
    assert told(scene.coordinator) == ["case.emergency"]


def test_consent_may_wait_only_in_an_emergency(by):
    scene = drafted_case()
    with pytest.raises(Invalid), by(scene.asker):
        services.attach_consent(
            fee_shown=12000,
            actor=scene.asker,
            case_id=scene.case.pk,
            method="deferred",
            relation="self",
            reason="unconscious",
        )


def test_sending_twice_is_one_case(by):
    scene = sent_case()
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert actions(scene.case).count("case.submit") == 1


def test_a_doctor_without_three_years_of_practice_is_not_asked_and_the_coordinator_is_told(by):
    scene = drafted_case()
    scene.specialist.practitioner.practising_since = timezone.localdate() - timedelta(days=900)
    scene.specialist.practitioner.save()

    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert scene.refresh().status == Status.SUBMITTED
    assert told(scene.specialist) == []
    assert told(scene.coordinator) == ["case.escalated"]


def test_a_case_is_asked_only_about_ones_own_patient(by):
    scene = drafted_case()
    with pytest.raises(NotFound), by(scene.asker):
        services.draft_case(actor=scene.asker, patient=PatientFactory())


def test_the_same_draft_is_found_again(by):
    scene = drafted_case()
    with by(scene.asker):
        again = services.draft_case(actor=scene.asker, patient=scene.patient)
    assert again.pk == scene.case.pk


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE x; --", "𠮷\u202e"])
def test_hostile_text_is_kept_as_text(by, text):
    scene = drafted_case()
    with by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, reason=text)
    assert scene.refresh().reason == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", "x" * 501),
        ("summary", "x" * 4001),
        ("reason", "a\x00b"),
        ("specialty", "witchcraft"),
        ("wanted_time", "yesterday"),
        ("status", "closed"),
        ("holder", "me"),
        ("asked", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_a_value_that_a_field_can_not_hold_is_refused(by, field, value):
    scene = drafted_case()
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, **{field: value})
    assert refused.value.path == field
