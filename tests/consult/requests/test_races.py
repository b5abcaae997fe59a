import pytest

from consult.requests import services
from consult.requests.models import Offer, Receipt, Status
from tests.factories.consult import accepted_case, drafted_case, sent_case, signed_case
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def test_two_who_accept_at_once_one_gets_it(by):
    scene = sent_case(specialists=5)
    doctors = [offer.doctor for offer in scene.case.offers.select_related("doctor")]

    def accept(doctor):
        with by(doctor):
            services.accept_case(actor=doctor, case_id=scene.case.pk)

    ended = race([lambda d=doctor: accept(d) for doctor in doctors])

    case = scene.refresh()
    assert ended == {"won": 1, "Conflict": 4}
    assert case.offers.filter(status=Offer.Status.ACCEPTED).count() == 1
    assert case.steps.filter(action="case.accept").count() == 1


def test_accepting_and_withdrawing_at_once_leaves_one_truth(by):
    scene = sent_case()

    def accept():
        with by(scene.specialist):
            services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    def cancel():
        with by(scene.asker):
            services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")

    race([accept, cancel])

    case = scene.refresh()
    assert case.status == Status.CANCELLED  # an accepted case may still be withdrawn
    assert not case.offers.filter(status__in=Offer.LIVE).exists()


def test_two_receipts_at_once_are_one(by):
    scene = signed_case()

    def give(decision, reason):
        with by(scene.asker):
            services.give_receipt(
                actor=scene.asker,
                case_id=scene.case.pk,
                version=1,
                decision=decision,
                reason=reason,
            )

    ended = race(
        [lambda: give("adopted", ""), lambda: give("partly", "只采纳第一条")] * 3, won="given"
    )

    assert Receipt.objects.filter(case=scene.case).count() == 1
    # who repeats the same decision reads the present state; the other decision is a conflict
    assert ended == {"given": 3, "Conflict": 3}


def test_sent_twice_at_once_it_is_one_case_with_one_number(by):
    scene = drafted_case()

    def send():
        with by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert race([send] * 4, won="sent") == {"sent": 4}
    assert scene.refresh().steps.filter(action="case.submit").count() == 1


def test_numbers_of_one_day_are_each_given_once(by):
    scenes = [drafted_case() for _ in range(6)]

    def send(scene):
        with by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    assert race([lambda s=scene: send(s) for scene in scenes], won="sent") == {"sent": 6}
    numbers = sorted(scene.refresh().number for scene in scenes)
    assert [number[-4:] for number in numbers] == [f"{n:04d}" for n in range(1, 7)]


def test_the_constraint_stands_behind_the_lock():
    scene = accepted_case(specialists=2)
    other = scene.case.offers.get(status=Offer.Status.WITHDRAWN)
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="one_doctor_holds_a_case"):
        Offer.objects.filter(pk=other.pk).update(status=Offer.Status.ACCEPTED)
