from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import Kind, Offer, Receipt, Status, Step
from records.consent.models import CareAccess
from records.consent.queries import get_patient
from telemed.audit.models import AuditRow
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.organisations.models import Agreement
from telemed.people.models import Role
from tests.factories.consult import (
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import (
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def told(user):
    return list(
        Notification.objects.filter(recipient=user)
        .order_by("id")
        .values_list("template", flat=True)
    )


def actions(case):
    return list(case.steps.order_by("at", "id").values_list("action", flat=True))


# Sending


def test_a_sent_case_is_numbered_routed_and_on_the_clock():
    scene = sent_case(specialists=2)

    case = scene.case
    assert case.status == Status.ROUTED
    assert case.number == f"C{timezone.localdate():%y%m%d}-0001"
    assert set(case.offers.values_list("status", flat=True)) == {Offer.Status.OFFERED}
    running = Clock.objects.filter(about=case.pk, state="running")
    assert set(running.values_list("kind", flat=True)) == {"case.accept", "case.remind"}
    assert told(scene.specialist) == ["case.offered"]
    assert actions(case) == ["case.draft", "consent.give", "case.submit", "case.route"]


def test_the_first_answer_of_a_consult_is_promised_in_four_working_hours():
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()

    due = Clock.objects.get(about=scene.case.pk, kind="case.accept").due_at
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


# Answering


def test_who_accepts_holds_the_case_and_may_read_the_record(by):
    scene = sent_case(specialists=2)
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)

    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    case = scene.refresh()
    assert (case.status, case.holder) == (Status.ACCEPTED, scene.specialist)
    assert get_patient(scene.specialist, scene.patient.pk) == scene.patient
    assert "case.accepted" in told(scene.asker)
    statuses = sorted(case.offers.values_list("status", flat=True))
    assert statuses == [Offer.Status.ACCEPTED, Offer.Status.WITHDRAWN]
    assert not Clock.objects.filter(about=case.pk, kind="case.accept", state="running").exists()


def test_a_colleague_of_the_holder_does_not_see_the_record():
    scene = accepted_case(specialists=2)
    other = scene.case.offers.get(status=Offer.Status.WITHDRAWN).doctor
    with pytest.raises(NotFound):
        get_patient(other, scene.patient.pk)


def test_who_comes_second_reads_who_has_it(by):
    scene = accepted_case(specialists=2)
    other = scene.case.offers.get(status=Offer.Status.WITHDRAWN).doctor

    with pytest.raises(Conflict) as refused, by(other):
        services.accept_case(actor=other, case_id=scene.case.pk)

    assert scene.specialist.name in refused.value.message
    assert told(other) == ["case.offered", "case.taken"]


def test_accepting_again_changes_nothing(by):
    scene = accepted_case()
    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    assert actions(scene.case).count("case.accept") == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"licensed_until": timezone.localdate() - timedelta(days=1)},
        {"state": "suspended", "state_reason": "待查"},
        {"practising_since": timezone.localdate() - timedelta(days=900)},
        {"specialty": "cardiology"},
    ],
)
def test_a_doctor_whose_licence_does_not_cover_it_can_not_accept(by, broken):
    scene = sent_case()
    practitioner = scene.specialist.practitioner
    for name, value in broken.items():
        setattr(practitioner, name, value)
    practitioner.save()
    scene.specialist.refresh_from_db()

    with pytest.raises(Conflict) as refused, by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    assert refused.value.path == "licence"
    assert scene.refresh().holder is None


def test_a_refusal_gives_a_reason_and_the_last_one_hands_the_case_to_the_coordinator(by):
    scene = sent_case()
    with pytest.raises(Invalid), by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="other", text="x")

    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")

    assert scene.refresh().status == Status.SUBMITTED
    assert "case.declined" in told(scene.asker)
    assert told(scene.coordinator) == ["case.escalated"]


# Escalation


def test_nobody_answers_so_the_clock_reminds_and_then_hands_over_to_the_coordinator(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 10:00:01+08:00", tick=False):
        assert fire_due() == 1
        assert told(scene.coordinator) == []
    with time_machine.travel("2026-11-24 12:00:01+08:00", tick=False):
        assert fire_due() == 1
        assert fire_due() == 0

    assert told(scene.specialist) == ["case.offered", "case.offered"]
    assert told(scene.coordinator) == ["case.escalated"]
    assert "case.escalated" in told(scene.asker)
    assert actions(scene.case)[-2:] == ["case.remind", "case.escalate"]


def test_the_coordinator_assigns_and_the_doctors_own_accept_binds(by):
    scene = sent_case()
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    late = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=late)

    with by(scene.coordinator):
        services.assign_case(actor=scene.coordinator, case_id=scene.case.pk, doctor_id=late.pk)
    assert scene.refresh().status == Status.ROUTED
    assert scene.case.holder is None

    with by(late):
        services.accept_case(actor=late, case_id=scene.case.pk)
    assert scene.refresh().holder == late


def test_after_an_assignment_the_promise_begins_anew_and_escalates_again(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 14:30+08:00", tick=False):
        fire_due()
        with by(scene.coordinator):
            services.assign_case(
                actor=scene.coordinator, case_id=scene.case.pk, doctor_id=scene.specialist.pk
            )
        clock = Clock.objects.get(about=scene.case.pk, kind="case.accept", state="running")
        assert timezone.localtime(clock.due_at).strftime("%d %H:%M") == "25 08:30"
    with time_machine.travel("2026-11-25 08:30:01+08:00", tick=False):
        fire_due()

    assert told(scene.coordinator) == ["case.escalated", "case.escalated"]


def test_an_accepted_case_does_not_escalate():
    scene = accepted_case()
    with time_machine.travel(timezone.now() + timedelta(hours=12)):
        fire_due()
    assert "case.escalated" not in told(scene.coordinator)


def test_a_late_opinion_is_told_to_the_doctor_and_the_coordinator():
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = accepted_case()
    with time_machine.travel("2026-11-25 18:00:01+08:00", tick=False):
        fire_due()
    assert told(scene.specialist)[-1] == "case.late"
    assert told(scene.coordinator)[-1] == "case.late"


# Acting on the opinion


def test_the_receipt_closes_the_case_and_the_record_closes_a_week_later():
    scene = closed_case()

    assert scene.case.status == Status.CLOSED
    assert told(scene.specialist)[-2:] == ["case.receipt", "case.closed"]
    left = CareAccess.objects.get(about=scene.case.pk).until - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    assert not Clock.objects.filter(
        about=scene.case.pk, state__in=[ClockState.RUNNING, ClockState.PAUSED]
    ).exists()


def test_not_adopting_gives_a_reason(by):
    scene = signed_case()
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="not_adopted"
        )
    assert refused.value.path == "reason"
    assert not Receipt.objects.exists()


def test_a_receipt_is_for_the_newest_version(by):
    scene = signed_case()
    scene.case.opinion_version = 2
    scene.case.save()
    with pytest.raises(Conflict) as refused, by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    assert refused.value.path == "version"


def test_withdrawing_tells_who_was_asked_and_closes_the_record(by):
    scene = accepted_case()
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")

    assert scene.refresh().status == Status.CANCELLED
    assert told(scene.specialist)[-1] == "case.cancelled"
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)


def test_after_signing_a_case_can_not_be_withdrawn(by):
    scene = signed_case()
    with pytest.raises(Conflict), by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="改主意了吧")


# Who sees and who may


def test_each_sees_the_cases_that_concern_them_and_nobody_elses():
    scene = sent_case()
    stranger = sent_case()

    for actor in (scene.asker, scene.specialist, scene.coordinator, scene.resident):
        assert list(queries.visible_to(actor)) == [scene.case]
        with pytest.raises(NotFound):
            queries.get_case(actor, stranger.case.pk)
    for role in (Role.ADMINISTRATOR, Role.OFFICIAL):
        actor = StaffFactory(role=role, organisation=scene.hospital)
        assert not queries.visible_to(actor).exists()
    assert not queries.visible_to(UserFactory()).exists()


def test_a_draft_is_the_asking_sides_alone():
    scene = drafted_case()
    assert list(queries.visible_to(scene.asker)) == [scene.case]
    for actor in (scene.specialist, scene.coordinator, scene.resident):
        assert not queries.visible_to(actor).exists()


def test_a_closed_account_sees_nothing():
    scene = sent_case()
    scene.asker.is_active = False
    assert not queries.visible_to(scene.asker).exists()


VERBS = {
    "submit": lambda s, a: services.submit_case(actor=a, case_id=s.case.pk),
    "save": lambda s, a: services.save_draft(actor=a, case_id=s.case.pk, reason="x"),
    "accept": lambda s, a: services.accept_case(actor=a, case_id=s.case.pk),
    "decline": lambda s, a: services.decline_case(actor=a, case_id=s.case.pk, code="time"),
    "assign": lambda s, a: services.assign_case(
        actor=a, case_id=s.case.pk, doctor_id=s.specialist.pk
    ),
    "receipt": lambda s, a: services.give_receipt(
        actor=a, case_id=s.case.pk, version=1, decision="adopted"
    ),
    "cancel": lambda s, a: services.cancel_case(actor=a, case_id=s.case.pk, reason="不需要会诊了"),
}
# In each state, who may do what; everybody else is refused, and nothing changes.
MAY = {
    "draft": {("submit", "asker"), ("save", "asker"), ("cancel", "asker")},
    "sent": {
        ("submit", "asker"),
        ("accept", "specialist"),
        ("decline", "specialist"),
        ("assign", "coordinator"),
        ("cancel", "asker"),
    },
    "accepted": {("submit", "asker"), ("accept", "specialist"), ("cancel", "asker")},
    "signed": {("submit", "asker"), ("accept", "specialist"), ("receipt", "asker")},
    "closed": {("submit", "asker"), ("accept", "specialist"), ("receipt", "asker")},
}
MAKERS = {
    "draft": drafted_case,
    "sent": sent_case,
    "accepted": accepted_case,
    "signed": signed_case,
    "closed": closed_case,
}


@pytest.mark.parametrize("state", MAKERS)
def test_every_transition_by_the_wrong_person_or_in_the_wrong_state_is_refused(by, state):
    scene = MAKERS[state]()
    elsewhere = OrganisationFactory()
    actors = {
        "asker": scene.asker,
        "specialist": scene.specialist,
        "coordinator": scene.coordinator,
        "resident": scene.resident,
        "stranger": StaffFactory(role=Role.TOWNSHIP_DOCTOR),
        "other specialist": StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital),
        "other coordinator": StaffFactory(role=Role.COORDINATOR, organisation=elsewhere),
        "administrator": StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital),
        "official": StaffFactory(role=Role.OFFICIAL, organisation=scene.hospital),
    }
    before = (scene.refresh().status, Step.objects.count())
    for verb, act in VERBS.items():
        for who, actor in actors.items():
            if (verb, who) in MAY[state]:
                continue
            with pytest.raises((Forbidden, NotFound, Conflict, Invalid)), by(actor):
                act(scene, actor)
            assert (scene.refresh().status, Step.objects.count()) == before, (verb, who)


def test_a_refusal_never_says_more_than_that_nothing_is_there(by):
    scene = sent_case()
    stranger = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    for act in (VERBS["accept"], VERBS["decline"]):
        with pytest.raises(DomainError) as refused, by(stranger):
            act(scene, stranger)
        assert isinstance(refused.value, NotFound)


def test_every_step_is_audited_under_its_patient():
    scene = closed_case()
    audited = set(
        AuditRow.objects.filter(patient_id=str(scene.patient.pk)).values_list("action", flat=True)
    )
    assert set(actions(scene.case)) <= audited


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
