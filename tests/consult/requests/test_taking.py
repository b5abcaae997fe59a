"""A shift ends: who comes on duty takes cases, invitations and seats, and has them at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import services, work_in_hand
from consult.requests.models import HalfHour, Kind, Offer, Status
from records.consent.queries import get_patient
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock
from telemed.people.models import PractitionerRole, Role
from telemed.rota import services as rota
from telemed.rota.models import HandOver, HandOverItem
from tests.consult.requests.looking import actions, told
from tests.factories.consult import accepted_case, joint_accepted, joint_invited, sent_case
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.rota import on
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def incoming_of(scene, specialty="neurology", **licence):
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=doctor, specialty=specialty, **licence)
    return doctor


def shift_ends(scene, incoming, outgoing=None):
    """Everything that the outgoing doctor has in hand, on the list of the shift's end."""
    outgoing = outgoing or scene.specialist
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=10)
    shift = on(outgoing, scene.hospital, start, hours=11)
    hand_over = HandOver.objects.create(shift=shift, outgoing=outgoing, incoming=incoming)
    for kind, held in (
        ("case", work_in_hand.held),
        ("case.offer", work_in_hand.asked),
        ("case.seat", work_in_hand.seated),
    ):
        for item in held(outgoing):
            hand_over.items.create(kind=kind, item=item.id, label=item.label, url=item.url)
    return hand_over


def take(by, doctor, hand_over, kind="case"):
    item = hand_over.items.get(kind=kind)
    with by(doctor):
        return rota.take_item(actor=doctor, item_id=item.pk)


def test_who_comes_on_duty_and_takes_a_case_has_it_at_once(by):
    scene = accepted_case()
    incoming = incoming_of(scene)
    due = Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1).due_at
    hand_over = shift_ends(scene, incoming)

    assert take(by, incoming, hand_over).state == "taken"

    assert scene.refresh().holder == incoming
    assert scene.case.status == Status.ACCEPTED
    states = dict(scene.case.offers.values_list("doctor", "status"))
    assert states == {scene.specialist.pk: "handed_over", incoming.pk: "accepted"}
    assert actions(scene.case)[-1] == "offer.hand_over"
    assert Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1).due_at == due
    assert told(scene.asker)[-1] == told(scene.specialist)[-1] == "case.accepted"
    assert "case.handover" not in told(incoming)  # nobody has to be asked what they just did
    assert get_patient(incoming, scene.patient.pk) == scene.patient
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)
    with by(incoming):
        assert rota.acknowledge(actor=incoming, hand_over_id=hand_over.pk).acknowledged_at


@pytest.mark.parametrize(
    ("licence", "why"),
    [
        ({"specialty": "cardiology"}, "does not cover"),
        ({"state": "suspended", "state_reason": "待查"}, "suspended"),
        ({"licensed_until": timezone.localdate() - timedelta(days=1)}, "ended on"),
    ],
)
def test_who_may_not_answer_reads_why_and_the_item_stays_open(by, licence, why):
    scene = accepted_case()
    incoming = incoming_of(scene, **licence)
    hand_over = shift_ends(scene, incoming)
    with pytest.raises(Conflict, match=why):
        take(by, incoming, hand_over)
    assert scene.refresh().holder == scene.specialist
    assert hand_over.items.get().state == "open"
    with pytest.raises(Conflict, match="1 items"), by(incoming):
        rota.acknowledge(actor=incoming, hand_over_id=hand_over.pk)


def test_nobody_answers_what_they_asked_themselves(by):
    scene = accepted_case()
    both = scene.asker
    here = PractitionerRole.objects.create(
        user=both, organisation=scene.hospital, role=Role.SPECIALIST
    )
    both.practitioner.specialty = "neurology"
    both.practitioner.save()
    both.acting_as = here
    both.save()
    hand_over = shift_ends(scene, both)
    with pytest.raises(Conflict, match="asked for this consult"):
        take(by, both, hand_over)
    assert scene.refresh().holder == scene.specialist


def test_only_a_specialist_of_the_asked_hospital_takes_it(by):
    scene = accepted_case()
    director = StaffFactory(role=Role.DIRECTOR, organisation=scene.hospital)
    PractitionerFactory(user=director)
    elsewhere = StaffFactory(role=Role.SPECIALIST)
    PractitionerFactory(user=elsewhere)
    for person in (director, elsewhere):
        with pytest.raises((Forbidden, Conflict)), by(person):
            services.move_case(
                actor=person, holder=scene.specialist, to=person, case_id=scene.case.pk
            )
    assert scene.refresh().holder == scene.specialist


def test_an_invitation_that_is_taken_is_accepted_by_who_takes_it(by):
    scene = sent_case(specialists=2)
    incoming = incoming_of(scene)
    hand_over = shift_ends(scene, incoming)
    assert hand_over.items.get().label.endswith("not answered yet")

    take(by, incoming, hand_over, kind="case.offer")

    assert scene.refresh().holder == incoming
    assert scene.case.offers.get(doctor=scene.specialist).status == Offer.Status.WITHDRAWN
    assert told(scene.asker)[-1] == "case.accepted"


def test_who_was_asked_themselves_answers_for_both(by):
    scene = sent_case(specialists=2)
    other = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    hand_over = shift_ends(scene, other)
    take(by, other, hand_over, kind="case.offer")
    assert scene.refresh().holder == other
    assert scene.case.offers.filter(doctor=other).count() == 1


def test_a_request_for_somebody_by_name_is_not_taken(by):
    scene = sent_case()
    type(scene.case).objects.filter(pk=scene.case.pk).update(
        kind=Kind.NAMED, wanted_doctor=scene.specialist
    )
    incoming = incoming_of(scene)
    hand_over = shift_ends(scene, incoming)
    with pytest.raises(Conflict, match="by name"):
        take(by, incoming, hand_over, kind="case.offer")
    with by(scene.specialist):
        rota.keep_item(actor=scene.specialist, item_id=hand_over.items.get().pk)


def test_an_experts_seat_goes_over_with_its_time(by):
    scene = joint_accepted()
    incoming = incoming_of(scene, "cardiology")
    hand_over = shift_ends(scene, incoming, scene.heart)
    assert hand_over.items.get().kind == "case.seat"

    take(by, incoming, hand_over, kind="case.seat")

    assert scene.case.offers.get(doctor=scene.heart).status == Offer.Status.HANDED_OVER
    seat = scene.case.offers.get(doctor=incoming)
    assert (seat.status, seat.role, seat.specialty) == ("accepted", "expert", "cardiology")
    people = set(HalfHour.objects.values_list("person", flat=True))
    assert incoming.pk in people
    assert scene.heart.pk not in people
    assert get_patient(incoming, scene.patient.pk) == scene.patient
    assert scene.refresh().holder == scene.specialist  # the chair stays
    for person in (scene.asker, scene.heart, scene.specialist):
        assert told(person)[-1] == "case.seat_taken"


def test_who_is_busy_then_cannot_take_the_seat(by):
    scene = joint_accepted()
    incoming = incoming_of(scene, "cardiology")
    meeting = scene.case.meetings.get()
    other = joint_accepted(at=meeting.starts_at)
    HalfHour.objects.create(
        meeting=other.case.meetings.get(), person=incoming, starts_at=meeting.starts_at
    )
    hand_over = shift_ends(scene, incoming, scene.heart)
    with pytest.raises(Conflict, match="busy then"):
        take(by, incoming, hand_over, kind="case.seat")
    assert scene.case.offers.get(doctor=scene.heart).status == Offer.Status.ACCEPTED


def test_an_open_invitation_to_a_seat_is_taken_too_and_its_clock_ends(by):
    scene = joint_invited()
    incoming = incoming_of(scene, "cardiology")
    hand_over = shift_ends(scene, incoming, scene.heart)
    asked = scene.case.offers.get(doctor=scene.heart)
    take(by, incoming, hand_over, kind="case.offer")
    assert scene.case.offers.get(doctor=incoming).status == Offer.Status.ACCEPTED
    assert not Clock.objects.filter(about=asked.pk, state="running").exists()


def test_the_administrator_only_asks(by):
    scene = joint_accepted()
    colleague = incoming_of(scene, "cardiology")
    admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital)
    seat = scene.case.offers.get(doctor=scene.heart)
    with by(admin):
        services.move_seat(actor=admin, doctor=scene.heart, to=colleague, offer_id=seat.pk)
    seat.refresh_from_db()
    assert seat.status == Offer.Status.ACCEPTED
    assert told(colleague) == ["case.handover"]

    with by(colleague):
        services.accept_case(actor=colleague, case_id=scene.case.pk)
    seat.refresh_from_db()
    assert seat.status == Offer.Status.HANDED_OVER


def test_the_administrator_moves_an_invitation(by):
    scene = sent_case()
    colleague = incoming_of(scene)
    admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital)
    offer = scene.case.offers.get()
    with by(admin):
        services.move_offer(actor=admin, doctor=scene.specialist, to=colleague, offer_id=offer.pk)
    offer.refresh_from_db()
    assert offer.status == Offer.Status.WITHDRAWN
    assert scene.case.offers.get(doctor=colleague).status == Offer.Status.OFFERED
    assert told(colleague) == ["case.assigned"]
    assert scene.refresh().holder is None


def test_the_page_says_what_is_so(by, client):
    scene = accepted_case()
    incoming = incoming_of(scene)
    hand_over = shift_ends(scene, incoming)
    with by(scene.specialist):
        rota.keep_item(actor=scene.specialist, item_id=hand_over.items.get().pk)
    client.force_login(incoming)
    client.cookies["language"] = "en"
    address = reverse("rota:acknowledge", args=[hand_over.pk])
    page = client.post(address, follow=True)
    said = f"You are on. {scene.specialist} finishes 1 item; you have the rest."
    assert said in page.content.decode()
    assert scene.refresh().holder == scene.specialist


@committed
def test_two_colleagues_take_at_once_and_one_has_it(by):
    scene = accepted_case()
    first, second = incoming_of(scene), incoming_of(scene)
    hand_over = shift_ends(scene, None)
    ended = race([lambda d=d: take(by, d, hand_over) for d in (first, second)])
    assert ended == {"won": 1, "NotFound": 1}
    holder = scene.refresh().holder
    assert holder in (first, second)
    assert HandOver.objects.get().incoming == holder
    assert scene.case.offers.filter(status="accepted").get().doctor == holder


@committed
def test_who_takes_at_the_shifts_end_and_who_was_asked_to_take_over_race(by):
    scene = accepted_case()
    incoming, colleague = incoming_of(scene), incoming_of(scene)
    with by(scene.specialist):
        services.hand_over(
            actor=scene.specialist,
            case_id=scene.case.pk,
            doctor_id=colleague.pk,
            note="夜班交接：等复查 CT",
        )
    hand_over = shift_ends(scene, incoming)

    def accept():
        with by(colleague):
            services.accept_case(actor=colleague, case_id=scene.case.pk)

    ended = race([lambda: take(by, incoming, hand_over), accept])
    item = HandOverItem.objects.get()
    assert ended["won"] >= 1
    holder = scene.refresh().holder
    assert holder in (incoming, colleague)
    assert (item.state == "taken") == (holder == incoming)
