"""Whom a request is sent to: in which order, for what reasons, and how a person overrides it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import presenting, queries, services
from consult.requests.models import Case, Status, Step
from consult.requests.queries.routing import FEWEST
from telemed.core.errors import Invalid
from telemed.organisations.models import Division, Specialty
from telemed.people.models import Presence
from tests.consult.requests.looking import actions
from tests.factories.consult import LEGAL, CaseFactory, drafted_case, sent_case
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)
from tests.factories.rota import on

pytestmark = pytest.mark.django_db
NEUROLOGY = Specialty.NEUROLOGY


@pytest.fixture
def clinic():
    return ClinicFactory()


def hospital(clinic, *, doctors=1, present=0, duty=0, specialty=NEUROLOGY, **kwargs):
    """A partner with so many doctors of a specialty, at the desk and on duty."""
    made = OrganisationFactory(**kwargs)
    AgreementFactory(asking=clinic, asked=made)
    for n in range(doctors):
        doctor = StaffFactory(organisation=made, role="specialist")
        PractitionerFactory(user=doctor, specialty=specialty)
        if n < present:
            Presence.objects.create(user=doctor, seen_at=timezone.now())
        if n < duty:
            on(doctor, made, timezone.now() - timedelta(hours=1), specialty=specialty)
    return made


def answered(asked, minutes, times=FEWEST, days=2):
    """Requests of some days ago that got their first answer after so long."""
    for _n in range(times):
        case = CaseFactory(asked=asked, specialty=NEUROLOGY, status=Status.ACCEPTED, **THE_REST)
        sent = timezone.now() - timedelta(days=days)
        step(case, "case.submit", sent)
        step(case, "case.accept", sent + timedelta(minutes=minutes))


THE_REST = {name: text for name, text in LEGAL.items() if name != "specialty"}


def step(case, action, moment):
    Step.objects.create(case=case, action=action, from_status="", to_status="", at=moment)


def order(clinic, specialty=NEUROLOGY):
    return [route.organisation for route in queries.propose(clinic, specialty)]


def test_who_can_answer_now_comes_first(clinic):
    nobody = hospital(clinic, doctors=0)
    away = hospital(clinic)
    at_desk = hospital(clinic, present=1)
    on_duty = hospital(clinic, duty=1)
    both = hospital(clinic, present=1, duty=1)

    assert order(clinic) == [both, on_duty, at_desk, away, nobody]


def test_of_those_alike_the_quicker_comes_first_then_the_idle_then_the_near(clinic):
    far = hospital(clinic, division=DivisionFactory(code="520122", longitude=108.0, latitude=26.0))
    near = hospital(clinic, division=DivisionFactory(code="520123", longitude=107.1, latitude=26.0))
    busy, slow, quick = hospital(clinic), hospital(clinic), hospital(clinic)
    Division.objects.filter(pk=clinic.division_id).update(longitude=107, latitude=26)
    answered(slow, 200)
    answered(quick, 9)
    CaseFactory(asked=busy, status=Status.ROUTED, **LEGAL)

    assert order(clinic) == [quick, near, far, busy, slow]
    routes = {route.organisation: route for route in queries.propose(clinic, NEUROLOGY)}
    assert routes[quick].minutes == pytest.approx(9)
    assert routes[near].kilometres == pytest.approx(10, abs=0.5)


def test_a_few_answers_say_nothing_and_old_ones_neither(clinic):
    few = hospital(clinic)
    answered(few, 1, times=FEWEST - 1)
    old = hospital(clinic)
    answered(old, 1, days=120)

    assert {route.minutes for route in queries.propose(clinic, NEUROLOGY)} == {None}


def test_a_doctor_whose_licence_does_not_cover_it_does_not_count(clinic):
    surgeons = hospital(clinic, specialty=Specialty.SURGERY, present=1)
    young = hospital(clinic)
    novice = queries.specialists_of(young).get().practitioner
    novice.practising_since = timezone.localdate()
    novice.save()

    routes = queries.propose(clinic, NEUROLOGY)

    assert {route.organisation: route.fit for route in routes} == {surgeons: 0, young: 0}
    with translation.override("en"):
        (way, _other) = presenting.ways(routes, specialty=NEUROLOGY)
    assert way.lacks == "nobody there for Neurology; the coordinator decides"
    assert [route.fit for route in queries.propose(clinic, "")] == [1, 0]


def test_an_agreement_that_ran_out_comes_last_and_cannot_be_chosen(clinic):
    today = timezone.localdate()
    over = OrganisationFactory()
    AgreementFactory(
        asking=clinic,
        asked=over,
        starts_on=today - timedelta(days=90),
        ends_on=today - timedelta(days=1),
    )
    held = hospital(clinic, doctors=0)

    routes = queries.propose(clinic, NEUROLOGY)

    first, last = presenting.ways(routes, specialty=NEUROLOGY, wanted=str(over.pk))
    assert (first.organisation, first.proposed, first.chosen) == (held, True, False)
    assert (last.organisation, last.open, last.chosen) == (over, False, False)


def test_it_says_what_speaks_for_each(clinic):
    hospital(clinic, doctors=2, present=1, duty=2)
    with translation.override("en"):
        (way,) = presenting.ways(queries.propose(clinic, NEUROLOGY), specialty=NEUROLOGY)
    assert way.speaks[:2] == ["2 on duty", "1 at the desk"]
    assert way.speaks[-1].startswith("agreement until 2")


def test_the_number_of_queries_is_the_same_for_many_partners(clinic):
    hospital(clinic, present=1, duty=1)
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.propose(clinic, NEUROLOGY)
    for _n in range(6):
        hospital(clinic, doctors=3, present=1, duty=1)
    with CaptureQueriesContext(connection) as many:
        queries.propose(clinic, NEUROLOGY)
    assert len(many) == len(one) <= 9


@pytest.mark.parametrize("specialty", [NEUROLOGY, ""])
def test_the_licences_of_the_partners_are_read_not_those_of_the_province(clinic, specialty):
    hospital(clinic)
    with CaptureQueriesContext(connection) as asked:
        queries.propose(clinic, specialty)
    (statement,) = (query["sql"] for query in asked if 'JOIN "people_presence"' in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = [line for (line,) in cursor.fetchall()]
    assert [line for line in plan if "Index Cond" in line and "user_id = ANY (" in line], plan


def test_an_institution_without_partners_is_proposed_nobody(clinic):
    assert order(clinic) == []
    assert order(clinic, "") == []


def test_another_hospital_than_the_proposed_one_needs_a_reason(by):
    scene = drafted_case()
    proposed = hospital(scene.clinic, present=1)
    with by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, proposed=proposed.pk)
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert refused.value.path == "route_reason"
    assert proposed.name in str(refused.value)
    assert scene.refresh().status == Status.DRAFT

    with by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, route_reason="患者要求")
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    sent = scene.refresh().steps.get(action="case.submit")
    with translation.override("en"):
        said = presenting.step_words(sent)
    assert said == (f"Sent to {scene.hospital.name}, not to {proposed.name} as proposed: 患者要求")


def test_the_proposed_one_needs_none_and_keeps_none(by):
    scene = drafted_case()
    with by(scene.asker):
        services.save_draft(
            actor=scene.asker,
            case_id=scene.case.pk,
            proposed=scene.hospital.pk,
            route_reason="x",
        )
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert scene.refresh().route_reason == ""


def test_what_is_no_partner_is_not_proposed(by):
    scene = drafted_case()
    with by(scene.asker):
        case = services.save_draft(
            actor=scene.asker, case_id=scene.case.pk, proposed=OrganisationFactory().pk
        )
    assert case.proposed is None


def test_an_emergency_goes_wherever_it_is_sent(by):
    scene = drafted_case()
    other = hospital(scene.clinic, present=1)
    Case.objects.filter(pk=scene.case.pk).update(kind="emergency", proposed=other)
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert scene.refresh().status == Status.ROUTED


def test_the_time_line_says_who_was_asked_and_why_in_this_order(by):
    scene = drafted_case(specialists=2)
    second = queries.specialists_of(scene.hospital).exclude(pk=scene.specialist.pk).get()
    Presence.objects.create(user=second, seen_at=timezone.now())
    on(second, scene.hospital, timezone.now() - timedelta(hours=1))
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    routed = scene.case.steps.get(action="case.route")
    with translation.override("en"):
        said = presenting.step_words(routed)
    assert f"asked: {second.name} (on duty, call 1, at the desk), " in said


def test_nobody_left_here_the_next_hospital_is_the_best_of_the_others(by):
    scene = sent_case()
    hospital(scene.clinic)
    better = hospital(scene.clinic, present=1)
    assert queries.next_hospitals(scene.case)[0] == better
    assert scene.hospital not in queries.next_hospitals(scene.case)


def test_the_part_of_the_page_follows_the_specialty(client):
    scene = drafted_case()
    other = hospital(scene.clinic, specialty=Specialty.CARDIOLOGY, present=1)
    client.force_login(scene.asker)
    address = reverse("requests:routes")

    page = client.get(address, {"specialty": "cardiology"}).content.decode()
    kept = client.get(address, {"what": "stroke", "asked": other.pk}).content.decode()

    assert page.index(other.name) < page.index(scene.hospital.name)
    assert page.count("checked") == 1
    assert kept.index(scene.hospital.name) < kept.index(other.name)
    assert "checked" in kept[kept.index(str(other.pk)) :]
    assert client.get(address, {"specialty": "witchcraft"}).status_code == 422
    assert actions(scene.case)[-1:] == ["consent.give"]
