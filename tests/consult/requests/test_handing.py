import pytest
import time_machine
from django.utils import timezone

from consult.opinions import services as opinions
from consult.requests import services
from consult.requests.models import Kind, Offer, Status
from records.consent.queries import get_patient
from telemed.core import outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.people import open_work, signing
from telemed.people.events import AccountDisabled, LicenceExpired, LicenceSuspended
from telemed.people.models import Role
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import PIN, TEXTS, accepted_case, sent_case, signed_case
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOTE = "夜班交接：血压未控制，等复查 CT"


def colleague_of(scene):
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=doctor)
    return doctor


def hand_over(scene, by, to, actor=None, note=NOTE):
    actor = actor or scene.specialist
    with by(actor):
        return services.hand_over(actor=actor, case_id=scene.case.pk, doctor_id=to.pk, note=note)


def accept(scene, by, doctor):
    with by(doctor):
        return services.accept_case(actor=doctor, case_id=scene.case.pk)


def give_back(scene, by, reason="突发急诊手术"):
    with by(scene.specialist):
        return services.return_case(actor=scene.specialist, case_id=scene.case.pk, reason=reason)


def test_until_the_new_doctor_accepts_the_old_one_stays_responsible(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    assert scene.refresh().holder == scene.specialist
    assert told(colleague) == ["case.handover"]
    before = Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1).due_at

    accept(scene, by, colleague)

    assert scene.refresh().holder == colleague
    assert scene.case.status == Status.ACCEPTED
    assert scene.case.offers.get(doctor=scene.specialist).status == Offer.Status.HANDED_OVER
    assert Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1).due_at == before
    assert get_patient(colleague, scene.patient.pk) == scene.patient
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)
    assert told(scene.asker)[-1] == "case.accepted"


def test_the_original_may_sign_before_the_new_one_accepts(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    with by(scene.specialist):
        opinions.save_draft(actor=scene.specialist, case_id=scene.case.pk, **TEXTS)
    with by(scene.specialist):
        opinions.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN)
    with pytest.raises((Conflict, NotFound)):
        accept(scene, by, colleague)
    assert scene.refresh().holder == scene.specialist


def test_the_new_doctor_writes_on_with_the_draft_that_was_begun(by):
    scene = accepted_case()
    with by(scene.specialist):
        opinions.save_draft(actor=scene.specialist, case_id=scene.case.pk, **TEXTS)
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    accept(scene, by, colleague)
    with by(colleague):
        signing.create_key(user=colleague, pin=PIN)
    with by(colleague):
        opinion = opinions.sign_opinion(actor=colleague, case_id=scene.case.pk, pin=PIN)
    assert opinion.author == colleague


def test_a_colleague_who_declines_leaves_the_case_where_it_is(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    with by(colleague):
        services.decline_case(actor=colleague, case_id=scene.case.pk, code="time")
    assert scene.refresh().status == Status.ACCEPTED
    assert scene.case.holder == scene.specialist
    assert told(scene.specialist)[-1] == "case.declined"


def test_only_one_colleague_is_asked_at_a_time(by):
    scene = accepted_case()
    first, second = colleague_of(scene), colleague_of(scene)
    hand_over(scene, by, first)
    hand_over(scene, by, first)
    hand_over(scene, by, second)
    live = scene.case.offers.filter(status__in=Offer.LIVE)
    assert {offer.doctor for offer in live} == {scene.specialist, second}
    with pytest.raises(Conflict):
        accept(scene, by, first)


def test_a_hand_over_says_what_the_colleague_has_to_know_and_who_may(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    with pytest.raises(Invalid):
        hand_over(scene, by, colleague, note="交班")
    with pytest.raises(Invalid):
        hand_over(scene, by, scene.specialist)
    with pytest.raises(Forbidden):
        hand_over(scene, by, colleague, actor=scene.asker)
    suspended = colleague_of(scene)
    suspended.practitioner.state = "suspended"
    suspended.practitioner.state_reason = "待查"
    suspended.practitioner.save()
    with pytest.raises(Conflict):
        hand_over(scene, by, suspended)
    hand_over(scene, by, colleague, actor=scene.coordinator)


@pytest.mark.parametrize("maker", [sent_case, signed_case])
def test_what_nobody_holds_or_what_is_signed_is_not_handed_over(by, maker):
    scene = maker()
    with pytest.raises(Conflict):
        hand_over(scene, by, colleague_of(scene), actor=scene.coordinator)


def test_a_case_that_is_given_back_is_asked_again_with_what_was_left(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case(specialists=2)
        other = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        accept(scene, by, scene.specialist)
    with time_machine.travel("2026-11-24 11:00+08:00", tick=False):
        give_back(scene, by)
        due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1).due_at

    assert scene.refresh().status == Status.ROUTED
    assert scene.case.holder is None
    assert timezone.localtime(due).strftime("%H:%M") == "16:00"  # three working hours were left
    assert told(other)[-1] == "case.offered"
    assert clock_states(scene.case, "case.done") == set()
    for person in (scene.asker, scene.coordinator):
        assert told(person)[-1] == "case.given_back"
        assert Notification.objects.get(recipient=person, template="case.given_back").urgent
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)
    accept(scene, by, other)
    assert scene.refresh().holder == other


@pytest.mark.parametrize(("kind", "minutes"), [(Kind.SINGLE, 30), (Kind.EMERGENCY, 5)])
def test_at_least_some_minutes_are_left_after_a_return(by, kind, minutes):
    start = {Kind.SINGLE: "11:55", Kind.EMERGENCY: "08:04"}[kind]
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case(kind=kind)
    with time_machine.travel(f"2026-11-24 {start}+08:00", tick=False):
        accept(scene, by, scene.specialist)
    with time_machine.travel("2026-11-24 14:00+08:00", tick=False):
        give_back(scene, by)
        due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1).due_at
        assert (due - timezone.now()).total_seconds() == minutes * 60


def test_nobody_left_after_a_return_means_the_coordinator_has_it(by):
    scene = accepted_case()
    give_back(scene, by)
    assert scene.refresh().status == Status.SUBMITTED
    assert told(scene.coordinator)[-1] == "case.escalated"
    assert actions(scene.case)[-2:] == ["offer.return", "case.return"]


def test_giving_back_needs_a_reason_and_ends_with_the_signature(by):
    scene = accepted_case()
    with pytest.raises(Invalid):
        give_back(scene, by, reason="忙")
    scene = signed_case()
    with pytest.raises(Conflict):
        give_back(scene, by)


def test_when_a_licence_ends_what_the_doctor_holds_and_was_asked_is_asked_anew(by):
    held, asked = accepted_case(), sent_case(specialists=2)
    for scene in (held, asked):
        with by(scene.coordinator):
            services.return_open_work(doctor_id=scene.specialist.pk, reason="执业暂停")
    assert held.refresh().holder is None
    assert held.case.offers.get(doctor=held.specialist).status == Offer.Status.RETURNED
    assert asked.refresh().status == Status.ROUTED  # the other doctor is still asked
    assert asked.case.offers.get(doctor=asked.specialist).status == Offer.Status.RETURNED


def test_a_decline_is_told_to_the_asking_doctor_and_to_the_coordinator(by):
    scene = sent_case(specialists=2)
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    for person in (scene.asker, scene.coordinator):
        assert told(person)[-1] == "case.declined"


def test_when_one_of_five_declines_the_next_in_line_is_asked_at_once(by):
    scene = sent_case(specialists=7)
    asked = {offer.doctor for offer in scene.case.offers.all()}
    assert len(asked) == 5
    first = scene.case.offers.order_by("pk").first().doctor
    with by(first):
        services.decline_case(actor=first, case_id=scene.case.pk, code="time")
    waiting = {o.doctor for o in scene.case.offers.filter(status__in=Offer.WAITING)}
    assert len(waiting) == 5
    assert len(waiting - asked) == 1
    assert told((waiting - asked).pop()) == ["case.offered"]


def test_who_declined_may_still_accept_while_nobody_holds_it(by):
    scene = sent_case()
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    assert scene.refresh().status == Status.SUBMITTED
    accept(scene, by, scene.specialist)
    assert scene.refresh().holder == scene.specialist
    assert scene.case.offers.get().status == Offer.Status.ACCEPTED


def test_who_declined_comes_too_late_when_somebody_holds_it(by):
    scene = sent_case(specialists=2)
    other = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    accept(scene, by, other)
    with pytest.raises(Conflict):
        accept(scene, by, scene.specialist)


def test_each_offer_is_a_task_of_its_own(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    offer = hand_over(scene, by, colleague)
    old = scene.case.offers.get(doctor=scene.specialist)
    assert published(old.pk)["status"] == "accepted"
    assert published(offer.pk)["status"] == "requested"
    accept(scene, by, colleague)
    assert published(old.pk)["status"] == "cancelled"
    task = published(offer.pk)
    assert task["status"] == "accepted"
    assert task["focus"]["reference"] == f"ServiceRequest/{scene.case.pk}"


def test_the_end_of_a_licence_or_account_returns_the_work_by_itself(by):
    for event in (LicenceSuspended, LicenceExpired):
        scene = accepted_case()
        with by(scene.coordinator):
            outbox.announce(
                event(practitioner_id=scene.specialist.practitioner.pk, user_id=scene.specialist.pk)
            )
        outbox.deliver_waiting()
        assert scene.refresh().holder is None
    scene = accepted_case()
    with by(scene.coordinator):
        outbox.announce(AccountDisabled(user_id=scene.specialist.pk))
    outbox.deliver_waiting()
    assert scene.refresh().holder is None


def test_who_was_asked_to_take_over_stays_asked_when_the_account_closes(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    [held] = open_work.held_by(scene.specialist)
    with by(scene.coordinator):
        open_work.move(
            actor=scene.coordinator,
            user=scene.specialist,
            to=colleague,
            kind="case",
            item_id=held.item.id,
        )
        outbox.announce(AccountDisabled(user_id=scene.specialist.pk))
    outbox.deliver_waiting()

    offer = scene.case.offers.get(doctor=colleague)
    assert (scene.refresh().status, scene.case.holder) == (Status.ROUTED, None)
    assert (offer.status, offer.takes_over) == (Offer.Status.OFFERED, None)
    accept(scene, by, colleague)
    assert scene.refresh().holder == colleague


def test_what_a_doctor_has_in_hand_is_counted_and_moved_to_a_colleague(by):
    scene = accepted_case()
    colleague = colleague_of(scene)
    [held] = open_work.held_by(scene.specialist)
    assert scene.case.number in held.item.label
    assert scene.patient.name not in held.item.label
    move = {"user": scene.specialist, "to": colleague, "kind": "case", "item_id": held.item.id}
    stranger = StaffFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(Forbidden), by(stranger):
        open_work.move(actor=stranger, **move)
    with by(scene.coordinator):
        open_work.move(actor=scene.coordinator, **move)
    assert scene.refresh().holder == scene.specialist  # until the colleague accepts
    accept(scene, by, colleague)
    assert open_work.held_by(scene.specialist) == []
