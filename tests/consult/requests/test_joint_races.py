"""Two at once: for the chair, for a time, for an empty seat."""

from consult.requests import services
from consult.requests.models import HalfHour, Offer, Status
from telemed.core.intentions import intention
from tests.factories.consult import half_hour_of, joint_invited, joint_sent
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def doing(actor, service, **given):
    def act():
        with intention(actor, door="test", timeout_ms=20_000):
            service(actor=actor, **given)

    return act


def test_two_accept_the_chair_and_one_has_it():
    scene = joint_invited()
    other = StaffFactory(role="specialist", organisation=scene.hospital)
    PractitionerFactory(user=other)
    seat = scene.case.offers.get(role=Offer.Role.LEAD)
    doing(
        scene.coordinator,
        services.replace_expert,
        case_id=scene.case.pk,
        offer_id=seat.pk,
        doctor_id=other.pk,
    )()
    doing(scene.heart, services.accept_case, case_id=scene.case.pk)()
    ended = race(
        [doing(d, services.accept_case, case_id=scene.case.pk) for d in (scene.specialist, other)]
    )
    assert ended == {"won": 1, "Conflict": 1}
    case = scene.refresh()
    lead = case.offers.get(role=Offer.Role.LEAD, status=Offer.Status.ACCEPTED)
    assert (case.status, case.holder) == (Status.ACCEPTED, lead.doctor)
    assert case.steps.filter(action="case.accept").count() == 1


def test_all_accept_at_once_and_it_is_accepted_once():
    scene = joint_invited()
    ended = race([doing(d, services.accept_case, case_id=scene.case.pk) for d in scene.experts])
    assert ended == {"won": 3}
    assert scene.refresh().status == Status.ACCEPTED
    assert scene.case.steps.filter(action="case.accept").count() == 1


def test_two_coordinators_call_the_same_doctors_and_one_plan_stands():
    scene = joint_sent()
    other = StaffFactory(role="coordinator", organisation=scene.hospital)
    plans = [
        doing(
            who,
            services.convene,
            case_id=scene.case.pk,
            experts=scene.seats,
            chair="neurology",
            starts_at=half_hour_of(1, hour),
        )
        for who, hour in ((scene.coordinator, 10), (other, 11))
    ]
    assert race(plans) == {"won": 1, "Conflict": 1}
    assert scene.case.offers.count() == 3
    assert HalfHour.objects.count() == 4
