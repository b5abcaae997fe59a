"""Nobody of the asked hospital can: another hospital of the pool is asked, or those above look."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import queries, services
from consult.requests.models import Kind, Offer, Status
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role
from tests.consult.requests.climbing import made, partner_of, pass_time
from tests.consult.requests.looking import actions, told
from tests.factories.consult import accepted_case, drafted_case, joint_sent, sent_case
from tests.factories.people import (
    AgreementFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


REASON = "本院神经内科今日无人值班"


def pass_on(scene, by, hospital, doctor, *, actor=None, reason=REASON):
    actor = actor or scene.coordinator
    with by(actor):
        return services.pass_on(
            actor=actor,
            case_id=scene.case.pk,
            hospital_id=hospital.pk,
            doctor_id=doctor.pk,
            reason=reason,
        )


def authority_of(scene, level, code, above=None):
    """A health authority with a coordinator, over the asked hospital."""
    division, _new = Division.objects.get_or_create(
        code=code, defaults={"level": level, "name": code, "parent": above}
    )
    place = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=division)
    return place, StaffFactory(role=Role.COORDINATOR, organisation=place)


def test_a_coordinator_without_a_doctor_passes_the_case_to_another_hospital(by):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)
    there = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    before = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1).due_at

    pass_on(scene, by, hospital, doctor)

    case = scene.refresh()
    assert (case.asked, case.status, case.holder) == (hospital, Status.ROUTED, None)
    assert case.agreement.asked == hospital
    assert case.offers.get(doctor=scene.specialist).status == Offer.Status.WITHDRAWN
    assert told(doctor) == ["case.assigned"]
    for person in (scene.asker, scene.specialist, there):
        assert told(person)[-1] == "case.passed_on"
    assert "case.passed_on" not in told(scene.coordinator)  # who did it knows
    step = case.steps.get(action="case.pass_on")
    assert step.facts == {
        "org": hospital.name,
        "old": scene.hospital.name,
        "reason": REASON,
        "doctor": doctor.name,
    }
    after = Clock.objects.get(about=case.pk, kind="case.accept", rung=1, state="running").due_at
    assert after == before  # the clock of a case is not set back by whom it is passed to
    assert queries.get_case(scene.coordinator, case.pk) == case  # who passed it on may look on
    with by(doctor):
        services.accept_case(actor=doctor, case_id=case.pk)
    assert scene.refresh().holder == doctor
    with pytest.raises(NotFound), by(scene.specialist):
        services.open_case(actor=scene.specialist, case=queries.get_case(scene.specialist, case.pk))


def test_time_that_is_over_is_given_anew(by):
    scene = made(sent_case)
    hospital, [doctor] = partner_of(scene)
    with time_machine.travel("2026-11-24 14:30+08:00", tick=False):
        fire_due()
        pass_on(scene, by, hospital, doctor)
        due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1, state="running")
        assert timezone.localtime(due.due_at).strftime("%d %H:%M") == "25 08:30"


def test_dearer_than_the_patient_agreed_to_waits_for_the_clinic(by):
    scene = sent_case()
    hospital = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=hospital, price=15000)
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    PractitionerFactory(user=doctor)
    with pytest.raises(Conflict, match=r"150 yuan; the patient agreed to 120\."):
        pass_on(scene, by, hospital, doctor)
    assert scene.refresh().asked == scene.hospital
    assert not Offer.objects.filter(doctor=doctor).exists()

    [there] = queries.pool_of(scene.case)
    assert (there.organisation, there.dearer, there.yuan) == (hospital, True, "150")


@pytest.mark.parametrize("price", [12000, 9000])
def test_as_much_or_less_goes(by, price):
    scene = sent_case()
    hospital = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=hospital, price=price)
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    PractitionerFactory(user=doctor)
    pass_on(scene, by, hospital, doctor)
    assert scene.refresh().agreement.price_of("consult") == price


def test_what_can_not_be_is_refused_and_changes_nothing(by):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)
    stranger = OrganisationFactory()
    unfit = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    PractitionerFactory(user=unfit, specialty="cardiology")
    for fault, kwargs in (
        (Invalid, {"reason": "忙"}),
        (Conflict, {"hospital": stranger}),
        (Invalid, {"doctor": scene.specialist}),
        (Invalid, {"hospital": scene.hospital}),
        (Conflict, {"doctor": unfit}),
        (Forbidden, {"actor": scene.specialist}),
        (Forbidden, {"actor": scene.asker}),
        (NotFound, {"actor": StaffFactory(role=Role.COORDINATOR, organisation=hospital)}),
    ):
        wanted = {"hospital": hospital, "doctor": doctor, **kwargs}
        with pytest.raises(fault):
            pass_on(scene, by, **wanted)
    assert scene.refresh().asked == scene.hospital
    assert "case.pass_on" not in actions(scene.case)
    for other in (accepted_case(), joint_sent()):
        there, [one] = partner_of(other)
        with pytest.raises(Conflict):
            pass_on(other, by, there, one)


def test_sent_twice_it_is_passed_once(by):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)
    pass_on(scene, by, hospital, doctor)
    there = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    pass_on(scene, by, hospital, doctor, actor=there)
    assert actions(scene.case).count("case.pass_on") == 1


def test_who_was_asked_before_reads_where_it_is_now(by):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)
    pass_on(scene, by, hospital, doctor)
    with by(scene.specialist), pytest.raises(Conflict, match=hospital.name):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)


@committed
def test_passed_on_and_accepted_at_once_it_is_one_of_both(by):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)

    def accept():
        with by(scene.specialist):
            services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    ended = race([accept, lambda: pass_on(scene, by, hospital, doctor)])
    assert ended == {"won": 1, "Conflict": 1}
    case = scene.refresh()
    assert (case.asked == hospital) == (case.holder is None)


# Up


def test_where_no_hospital_can_the_coordinators_above_have_it_one_level_after_the_other(by):
    scene = made(sent_case)
    prefecture = Division.objects.create(code="5201", level="prefecture", name="市")
    Division.objects.filter(pk=scene.hospital.division_id).update(parent=prefecture)
    county, low = authority_of(scene, "county", scene.hospital.division_id)
    _city, high = authority_of(scene, "prefecture", "5201")
    with pytest.raises(NotFound):
        queries.get_case(low, scene.case.pk)

    pass_time(days=1)  # 08:00 of the next day: eight working hours
    assert scene.refresh().passed_to == county
    assert told(low) == ["case.passed_up"]
    assert told(high) == []
    assert told(scene.asker)[-1] == "case.no_route"
    assert queries.get_case(low, scene.case.pk) == scene.case
    assert [case.pk for case in queries.needs_me(low)] == [scene.case.pk]

    pass_time(days=1, hours=4)  # twelve
    assert told(high) == ["case.passed_up"]
    assert queries.get_case(low, scene.case.pk) == scene.case  # may still look on

    clinic_asks = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=clinic_asks)
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=clinic_asks)
    PractitionerFactory(user=doctor)
    with time_machine.travel("2026-11-25 12:10+08:00", tick=False):
        pass_on(scene, by, clinic_asks, doctor, actor=high)
        assert scene.refresh().asked == clinic_asks
        assert queries.needs_me(high) == []  # it waits for the doctor now


def test_where_the_next_hospital_is_asked_and_does_not_answer_it_goes_up_too(by):
    scene = made(sent_case)
    _hospital, [elsewhere] = partner_of(scene)
    county, low = authority_of(scene, "county", scene.hospital.division_id)
    pass_time(days=1)
    assert told(elsewhere) == ["case.offered"]
    assert told(scene.asker)[-1] == "case.widened"
    assert told(low) == []
    pass_time(days=1, hours=4)
    assert scene.refresh().passed_to == county
    assert told(low) == ["case.passed_up"]


def test_where_nobody_is_above_nothing_is_said_that_is_not_so(by):
    scene = made(sent_case)
    pass_time(days=2)
    assert scene.refresh().passed_to is None
    assert "case.no_route" not in told(scene.asker)
    assert "case.widened" not in told(scene.asker)


def test_an_emergency_goes_up_at_a_quarter_of_an_hour_where_no_hospital_can(by):
    scene = made(sent_case, kind=Kind.EMERGENCY)
    _county, low = authority_of(scene, "county", scene.hospital.division_id)
    pass_time(minutes=15)
    assert told(low) == ["case.passed_up"]
    with time_machine.travel("2026-11-24 08:16+08:00", tick=False):
        late = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
        PractitionerFactory(user=late)
        with by(low):
            services.assign_case(actor=low, case_id=scene.case.pk, doctor_id=late.pk)
    assert told(late) == ["case.assigned"]


# The page


def test_the_page_offers_the_pool_and_passes_on(by, client):
    scene = sent_case()
    hospital, [doctor] = partner_of(scene)
    client.force_login(scene.coordinator)
    address = reverse("requests:pass_on", args=[scene.case.pk])
    assert address in client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    page = client.get(address).content.decode()
    assert hospital.name in page
    assert doctor.name in page
    assert scene.patient.name not in page
    sent = {"doctor": f"{hospital.pk}:{doctor.pk}", "reason": REASON}
    assert client.post(address, sent).status_code == 302
    assert scene.refresh().asked == hospital
    assert client.get(reverse("requests:case", args=[scene.case.pk])).status_code == 200


@pytest.mark.parametrize("doctor", ["", "x", "a:b", f"{'0' * 200}"])
def test_nonsense_is_refused_at_the_page(client, doctor):
    scene = sent_case()
    client.force_login(scene.coordinator)
    address = reverse("requests:pass_on", args=[scene.case.pk])
    answer = client.post(address, {"doctor": doctor, "reason": REASON}, follow=True)
    assert answer.status_code in (200, 422)
    assert scene.refresh().asked == scene.hospital


def test_the_pool_is_asked_in_few_queries_however_large(django_assert_max_num_queries):
    scene = sent_case()
    for _ in range(8):
        partner_of(scene, doctors=3)
    with django_assert_max_num_queries(14):
        pool = queries.pool_of(scene.case)
    assert len(pool) == 5
    assert all(len(one.doctors) == 3 for one in pool)


def test_a_draft_has_no_pool_page(client):
    scene = drafted_case()
    client.force_login(scene.coordinator)
    assert client.get(reverse("requests:pass_on", args=[scene.case.pk])).status_code == 404
