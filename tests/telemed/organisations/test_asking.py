from datetime import timedelta

import pytest
from django.utils import timezone, translation

from telemed.organisations.models import Agreement, Service, Specialty
from telemed.organisations.queries import (
    alternatives,
    find_agreement,
    partners_with_state,
    why_no_agreement,
)
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db
State = Agreement.State
TODAY, DAY = timezone.localdate(), timedelta(days=1)


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (None, "There is no agreement"),
        ({"state": State.EXPIRED, "ends_on": TODAY - DAY}, f"ended on {TODAY - DAY}"),
        ({"ends_on": TODAY - DAY}, f"ended on {TODAY - DAY}"),
        ({"state": State.TERMINATED, "terminates_on": TODAY - DAY}, f"terminated on {TODAY - DAY}"),
        ({"state": State.SUSPENDED}, "is suspended"),
        ({"state": State.SIGNED, "starts_on": TODAY + DAY}, f"in force from {TODAY + DAY}"),
        ({"state": State.PROPOSED, "starts_on": TODAY}, "not signed yet"),
        ({"services": ["ecg"]}, "does not include this service"),
        ({"state": State.DRAFT}, "There is no agreement"),
        ({}, ""),
    ],
)
def test_why_one_may_not_be_asked_is_said_in_a_sentence(clinic, facts, said):
    hospital = OrganisationFactory()
    if facts is not None:
        AgreementFactory(asking=clinic, asked=hospital, **facts)
    with translation.override("en"):
        sentence = why_no_agreement(clinic, hospital, Service.CONSULT)
    assert said in sentence
    assert bool(sentence) == bool(said)
    assert (find_agreement(clinic, hospital) is None) == bool(said)


def test_the_nearest_to_holding_is_the_reason(clinic):
    hospital = OrganisationFactory()
    AgreementFactory(asking=clinic, asked=hospital, state=State.EXPIRED, ends_on=TODAY - DAY)
    AgreementFactory(asking=clinic, asked=hospital, state=State.SUSPENDED)
    with translation.override("en"):
        assert "suspended" in why_no_agreement(clinic, hospital, Service.CONSULT)
        assert "include" in why_no_agreement(clinic, hospital, Service.ECG) or "no agreement" in (
            why_no_agreement(clinic, hospital, Service.ECG)
        )


def test_an_agreement_after_its_notice_holds_to_the_last_day(clinic):
    agreement = AgreementFactory(asking=clinic, terminates_on=TODAY)
    assert find_agreement(clinic, agreement.asked) == agreement
    later = TODAY + DAY
    assert why_no_agreement(clinic, agreement.asked, Service.CONSULT, later)


def test_who_else_may_be_asked_the_nearest_first(clinic):
    DivisionFactory(code="520121", longitude=106.97, latitude=27.06)
    clinic.division.longitude, clinic.division.latitude = 106.97, 27.06
    clinic.division.save()
    near = DivisionFactory(code="520122", name="息烽县", longitude=106.74, latitude=27.09)
    far = DivisionFactory(code="520201", name="钟山区", longitude=104.84, latitude=26.57)
    hospitals = [
        OrganisationFactory(division=division)
        for division in (far, near, DivisionFactory(code="520999", name="无坐标"))
    ]
    for n, hospital in enumerate(hospitals):
        AgreementFactory(asking=clinic, asked=hospital, price=10_000 + n)
        DepartmentFactory(organisation=hospital, specialty=Specialty.NEUROLOGY)
    AgreementFactory(asking=clinic, asked=OrganisationFactory(), services=["ecg"])
    AgreementFactory(asking=clinic, asked=OrganisationFactory(), state=State.SUSPENDED)

    found = alternatives(clinic, Service.CONSULT, Specialty.NEUROLOGY)

    assert [a.organisation for a in found] == [hospitals[1], hospitals[0], hospitals[2]]
    assert [a.price for a in found] == [10_001, 10_000, 10_002]
    assert found[0].distance == pytest.approx(23, abs=2)
    assert found[2].distance is None
    assert found[0].fee == "100"
    assert alternatives(clinic, Service.CONSULT, Specialty.SURGERY) == []


def test_partners_are_those_who_may_be_asked_then_those_whose_agreement_ran_out(clinic):
    over = AgreementFactory(
        asking=clinic, state=State.EXPIRED, ends_on=TODAY - DAY, activated_at=timezone.now()
    )
    now = AgreementFactory(asking=clinic, price=8_000)
    AgreementFactory(asking=clinic, asked=now.asked, state=State.PROPOSED, activated_at=None)
    AgreementFactory(asking=clinic, services=["ecg"])

    found = partners_with_state(clinic)

    assert [(p.organisation, p.in_force) for p in found] == [
        (now.asked, True),
        (over.asked, False),
    ]
    assert found[0].fee == "80"
