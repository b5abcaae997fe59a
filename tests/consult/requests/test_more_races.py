"""Acts that meet: hand-over, signature, receipt, question, time, grade, and the clocks."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from consult.opinions import services as opinions
from consult.requests import services
from consult.requests.models import HELD, Case, Grade, HalfHour, Kind, Offer, Question, Status, Step
from telemed.core.clocks import fire_due
from telemed.core.models import Clock
from tests.consult.requests.acting import half_hour_ahead
from tests.consult.requests.test_handing import NOTE, colleague_of, hand_over
from tests.factories.consult import (
    PIN,
    accepted_case,
    drafted_case,
    sent_case,
    signed_case,
    write,
)
from tests.factories.people import AgreementFactory, OrganisationFactory
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def doing(by, actor, service, scene, **given):
    def act():
        with by(actor):
            service(actor=actor, case_id=scene.case.pk, **given)

    return act


def test_accepting_and_escalating_at_once_leaves_one_truth(by):
    scene = sent_case()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        ended = race([doing(by, scene.specialist, services.accept_case, scene), fire_due, fire_due])
    assert ended["won"] == 3
    assert scene.refresh().status == Status.ACCEPTED
    running = Clock.objects.filter(about=scene.case.pk, kind="case.accept", state="running")
    assert not running.exists()
    assert scene.case.offers.filter(status=Offer.Status.ACCEPTED).count() == 1


def test_the_same_rung_by_many_workers_is_climbed_once():
    scene = sent_case(kind=Kind.EMERGENCY)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=10)):
        race([fire_due] * 6)
    steps = Step.objects.filter(case=scene.case, action="case.escalate", facts__rung=1)
    assert steps.count() == 1


def test_a_hand_over_that_is_accepted_meets_the_signature_of_the_original(by):
    scene = accepted_case()
    write(scene)
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)

    ended = race(
        [
            doing(by, colleague, services.accept_case, scene),
            doing(by, scene.specialist, opinions.sign_opinion, scene, pin=PIN),
        ]
    )

    case = scene.refresh()
    assert ended["won"] == 1  # the first wins, the other reads how it stands
    if case.status == Status.SIGNED:
        assert case.holder == scene.specialist
        assert not case.offers.filter(status__in=Offer.LIVE).exists()
    else:
        assert (case.status in HELD, case.holder) == (True, colleague)
        assert not case.opinions.exists()


def test_a_receipt_meets_an_amendment(by):
    scene = signed_case()
    with by(scene.specialist):
        opinions.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )

    race(
        [
            doing(
                by,
                scene.asker,
                services.give_receipt,
                scene,
                version=1,
                decision="adopted",
                close=False,
            ),
            doing(by, scene.specialist, opinions.sign_opinion, scene, pin=PIN),
        ]
    )

    case = scene.refresh()
    assert (case.status, case.opinion_version) == (Status.SIGNED, 2)  # a new receipt is due
    assert case.receipts.count() in (0, 1)


def test_many_questions_at_once_are_three(by):
    scene = sent_case(specialists=5)
    doctors = [offer.doctor for offer in scene.case.offers.select_related("doctor")]
    ended = race(
        [doing(by, d, services.ask_question, scene, text="请补充既往病史") for d in doctors]
    )
    assert ended == {"won": 3, "Conflict": 2}
    assert Question.objects.filter(case=scene.case, status="open").count() == 3


def test_signing_meets_an_answer(by):
    scene = accepted_case()
    write(scene)
    with by(scene.specialist):
        question = services.ask_question(
            actor=scene.specialist, case_id=scene.case.pk, text="血糖是空腹测的吗？"
        )
    race(
        [
            doing(by, scene.specialist, opinions.sign_opinion, scene, pin=PIN),
            doing(
                by,
                scene.asker,
                services.answer_question,
                scene,
                question_id=question.pk,
                text="空腹",
            ),
        ]
    )
    assert scene.refresh().status == Status.SIGNED
    question.refresh_from_db()
    assert question.status in ("answered", "withdrawn")
    assert not Clock.objects.filter(about=scene.case.pk, state="paused").exists()


def test_regrading_meets_accepting(by):
    scene = sent_case()
    regrade = {"grade": Grade.EMERGENCY, "reason": "意识变差了"}
    ended = race(
        [
            doing(by, scene.specialist, services.accept_case, scene),
            doing(by, scene.asker, services.regrade_case, scene, **regrade),
        ]
    )
    assert ended == {"won": 2}
    assert (scene.refresh().status, scene.case.kind) == (Status.ACCEPTED, Kind.EMERGENCY)
    due = Clock.objects.get(about=scene.case.pk, kind="case.done", rung=1, state="running").due_at
    assert due - timezone.now() <= timedelta(hours=2)


def test_one_doctor_is_promised_to_one_of_two_meetings(by):
    scenes = [accepted_case(), accepted_case()]
    Case.objects.filter(pk=scenes[1].case.pk).update(requester=scenes[0].asker)
    meetings = []
    for scene in scenes:
        with by(scene.specialist):
            meetings.append(
                services.propose_time(
                    actor=scene.specialist, case_id=scene.case.pk, starts_at=half_hour_ahead()
                )
            )
    ended = race(
        [
            doing(by, scene.asker, services.agree_time, scene, meeting_id=meeting.pk)
            for scene, meeting in zip(scenes, meetings, strict=True)
        ]
    )
    assert ended == {"won": 1, "Conflict": 1}
    assert HalfHour.objects.filter(person=scenes[0].asker).count() == 1


def test_two_who_are_asked_to_take_over_one_after_the_other(by):
    scene = accepted_case()
    first, second = colleague_of(scene), colleague_of(scene)
    hand_over(scene, by, first)
    race(
        [
            doing(by, first, services.accept_case, scene),
            doing(by, scene.specialist, services.hand_over, scene, doctor_id=second.pk, note=NOTE),
        ]
    )
    accepted = scene.case.offers.filter(status=Offer.Status.ACCEPTED)
    assert [offer.doctor for offer in accepted] == [scene.refresh().holder]


def test_declining_meets_the_end_of_the_ladder(by):
    scene = sent_case()
    rungs = Clock.objects.filter(about=scene.case.pk, kind="case.accept").order_by("due_at")
    for clock in list(rungs)[:-1]:
        with time_machine.travel(clock.due_at, tick=False):
            fire_due()
    with time_machine.travel(rungs.last().due_at, tick=False):
        decline = doing(by, scene.specialist, services.decline_case, scene, code="time")
        ended = race([decline, fire_due, fire_due])
        fire_due()
    case, offer = scene.refresh(), scene.case.offers.get()
    assert case.status == Status.EXPIRED
    declined = case.steps.filter(action="offer.decline").count()
    assert (offer.status == Offer.Status.DECLINED) == bool(declined)
    assert offer.status in (Offer.Status.DECLINED, Offer.Status.LAPSED)
    assert ended == ({"won": 3} if declined else {"won": 2, "Conflict": 1})
    assert case.steps.filter(action="case.expire").count() == 1


def test_changing_the_hospital_meets_the_sending(by):
    scene = drafted_case()
    other = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=other, price=8000)
    ended = race(
        [
            doing(by, scene.asker, services.save_draft, scene, asked=other.pk),
            doing(by, scene.asker, services.submit_case, scene),
        ]
    )
    case = scene.refresh()
    assert ended == {"won": 1, "Conflict": 1}  # sent as signed, or not sent
    if case.status == Status.DRAFT:
        assert case.asked == other
    else:
        assert case.asked == case.consent.asked == scene.hospital
