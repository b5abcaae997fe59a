"""The ladder beyond the hospital that was asked: the next one, its fee, and the end."""

import pytest

from consult.requests import services
from consult.requests.models import Offer, Status
from telemed.organisations.models import AgreementService
from telemed.people.models import Role
from tests.consult.requests.climbing import made, partner_of, pass_time, staff
from tests.consult.requests.looking import told
from tests.factories.consult import (
    sent_case,
)

pytestmark = pytest.mark.django_db


def test_a_consult_climbs_to_the_next_hospital_and_then_expires(by):
    scene = made(sent_case)
    director = staff(scene, Role.DIRECTOR)
    other, [elsewhere] = partner_of(scene)

    pass_time(hours=4)  # 12:00
    assert told(scene.coordinator) == ["case.escalated"]
    pass_time(hours=7)  # 15:00: five working hours
    assert told(director) == ["case.escalated"]
    assert told(elsewhere) == []
    pass_time(hours=10)  # 18:00
    assert told(elsewhere) == ["case.offered"]
    assert told(scene.asker)[-1] == "case.widened"
    with by(elsewhere):
        assert services.accept_case(actor=elsewhere, case_id=scene.case.pk).asked == other


@pytest.mark.parametrize(("more", "asked"), [(100, True), (0, False), (-100, False)])
def test_a_next_hospital_that_costs_more_has_the_consent_given_anew(by, more, asked):
    scene = made(sent_case)
    other, [elsewhere] = partner_of(scene)
    services_of = AgreementService.objects.filter(agreement__asked=other)
    services_of.update(price=scene.case.consent.fee_shown + more)
    pass_time(hours=10)
    with by(elsewhere):
        case = services.accept_case(actor=elsewhere, case_id=scene.case.pk)
    assert case.fee_to_agree == (scene.case.consent.fee_shown + more if asked else None)
    assert ("case.dearer" in told(scene.asker)) == asked


def test_after_forty_working_hours_it_expires_and_names_who_else_could_be_asked():
    scene = made(sent_case)
    for _ in range(2):
        partner_of(scene, doctors=0)
    pass_time(days=6, hours=9, minutes=59)
    assert scene.refresh().status == Status.ROUTED
    pass_time(days=6, hours=10)
    assert scene.refresh().status == Status.EXPIRED
    assert set(scene.case.offers.values_list("status", flat=True)) == {Offer.Status.LAPSED}
    assert told(scene.asker)[-1] == "case.expired"
    assert len(scene.case.steps.get(action="case.expire").facts["others"]) == 2


def test_a_rung_at_which_nobody_is_there_is_passed_at_once():
    scene = made(sent_case)  # the hospital has no director
    _hospital, [elsewhere] = partner_of(scene)
    pass_time(hours=7)
    assert told(elsewhere) == ["case.offered"]  # three working hours before its own time
    step = scene.case.steps.filter(action="case.escalate").order_by("at")[1]
    assert (step.facts["rung"], step.facts["told"]) == (2, [])
