"""decide() and visible() are one rule in two forms: held together over everybody that matters."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from records.consent import access, queries
from records.consent.models import Basis, Consent
from records.mpi.models import Patient
from telemed.core.errors import NotFound
from telemed.people.models import Role, User
from tests.factories.people import (
    CareAccessFactory,
    ClinicFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)

pytestmark = pytest.mark.django_db
ACTIONS = ["read", "write", "ask", "book", "no such action"]


@pytest.fixture
def world():
    """A clinic, a hospital, everybody who may come, and a person in every relation to them."""
    clinic, hospital = ClinicFactory(), OrganisationFactory()
    users = {
        f"{role}@{place}": StaffFactory(role=role, organisation=organisation)
        for role in Role
        if role != Role.RESIDENT
        for place, organisation in (("clinic", clinic), ("hospital", hospital))
    }
    users["resident"] = UserFactory()
    users["closed"] = StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic, is_active=False)
    users["closed resident"] = UserFactory(is_active=False)
    named = users["specialist@hospital"]
    soon, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(seconds=1)
    patients = {
        "nobody's": PatientFactory(),
        "the resident": PatientFactory(user=users["resident"]),
        "the closed resident": PatientFactory(user=users["closed resident"]),
        "a doctor as patient": PatientFactory(user=users["township_doctor@clinic"]),
        "treated at the clinic": treated(PatientFactory(), clinic),
        "treated at both": treated(treated(PatientFactory(), clinic), hospital),
    }
    for name, facts in {
        "case for the hospital": {"org": hospital.number, "until": soon},
        "case that ended": {"org": hospital.number, "until": past},
        "case for one specialist": {"org": hospital.number, "person": named.pk},
        "case for somebody else": {"org": hospital.number, "person": uuid4()},
    }.items():
        patients[name] = PatientFactory()
        rid = patients[name].rid
        CareAccessFactory(patient=rid, basis=Basis.CASE, about=uuid4(), **facts)
    return users, patients


def test_both_forms_agree_for_every_actor_person_and_action(world):
    users, patients = world
    for who, actor in users.items():
        actor = User.objects.get(pk=actor.pk)
        for action in ACTIONS:
            seen = set(access.visible(actor, action, Patient.objects.all()))
            for whose, patient in patients.items():
                decision = access.decide(actor, action, patient)
                assert decision.allowed == (patient in seen), (who, action, whose)
                assert decision.reasons, (who, action, whose)


def test_a_list_in_order_shows_the_same_people(world):
    users, _patients = world
    everybody = Patient.objects.all()
    for who, actor in users.items():
        actor = User.objects.get(pk=actor.pk)
        for action in ACTIONS:
            seen = set(access.visible(actor, action, everybody))
            assert set(access.listed(actor, action, everybody)) == seen, (who, action)


def test_a_list_in_order_is_no_walk_through_everybody(world):
    """Several conditions joined by OR would be one: half a minute among a million."""
    users, _patients = world
    doctor = User.objects.get(pk=users["township_doctor@clinic"].pk)
    listed = access.listed(doctor, "read", Patient.objects.order_by("pinyin"))
    assert str(listed.query).count(" UNION ") >= 2


def test_both_forms_of_each_registered_relationship_agree(world):
    users, patients = world
    assert access.RELATIONSHIPS
    for relationship in access.RELATIONSHIPS:
        for who, actor in users.items():
            listed = set(Patient.objects.filter(relationship.where(actor)))
            held = {p for p in patients.values() if relationship.holds(actor, p)}
            assert held == listed, (relationship.reason, who)


def test_the_reasons_of_a_page_are_those_of_the_decision(world, django_assert_num_queries):
    users, _ = world
    for actor in users.values():
        seen = list(access.visible(actor, "read", Patient.objects.all()))
        with django_assert_num_queries(1 if seen else 0):
            reasons = queries.reasons_for(actor, "read", seen)
        assert reasons == {p.pk: access.decide(actor, "read", p).reasons for p in seen}


@pytest.mark.parametrize(
    ("who", "whose", "action", "allowed"),
    [
        ("township_doctor@clinic", "treated at the clinic", "write", True),
        ("township_doctor@clinic", "case for the hospital", "read", False),
        ("specialist@hospital", "case for the hospital", "read", True),
        ("specialist@hospital", "case for the hospital", "write", False),
        ("specialist@hospital", "case that ended", "read", False),
        ("specialist@hospital", "case for one specialist", "read", True),
        ("specialist@hospital", "case for somebody else", "read", False),
        ("specialist@hospital", "treated at the clinic", "read", False),
        ("coordinator@hospital", "case for the hospital", "read", False),
        ("administrator@clinic", "treated at the clinic", "read", False),
        ("official@clinic", "treated at both", "read", False),
        ("resident", "the resident", "read", True),
        ("resident", "the resident", "write", False),
        ("resident", "treated at the clinic", "read", False),
        ("closed", "treated at the clinic", "read", False),
        ("closed resident", "the closed resident", "read", False),
    ],
)
def test_who_may_do_what(world, who, whose, action, allowed):
    users, patients = world
    assert access.decide(users[who], action, patients[whose]).allowed is allowed


def test_a_hidden_person_and_an_absent_one_look_the_same(world):
    users, patients = world
    actor = users["specialist@hospital"]
    said = set()
    for patient_id in (patients["nobody's"].pk, uuid4()):
        with pytest.raises(NotFound) as refused:
            queries.get_patient(actor, patient_id)
        said.add(refused.value.message)
    assert len(said) == 1


def test_a_list_of_things_about_patients_shows_those_of_visible_patients(world):
    users, patients = world
    actor = users["township_doctor@clinic"]
    for patient in patients.values():
        Consent.objects.create(
            patient=patient, organisation=actor.organisation, taken_by=actor, method="deferred"
        )
    consents = access.visible(actor, "read", Consent.objects.all())
    assert {c.patient for c in consents} == set(
        access.visible(actor, "read", Patient.objects.all())
    )


def test_a_page_that_only_reads_asks_each_relationship_once(world, django_assert_num_queries):
    users, patients = world
    doctor, patient = users["township_doctor@clinic"], patients["treated at the clinic"]
    with access.remembering():
        assert access.allows(doctor, "read", patient)
        with django_assert_num_queries(0):
            assert access.allows(doctor, "read", patient)
    with CaptureQueriesContext(connection) as asked:
        assert access.allows(doctor, "read", patient)
    assert asked.captured_queries  # outside of such a page it is asked again


def test_what_is_remembered_is_of_one_account_and_one_person(world):
    users, patients = world
    doctor, patient = users["township_doctor@clinic"], patients["treated at the clinic"]
    with access.remembering():
        assert access.allows(doctor, "read", patient)
        assert not access.allows(users["closed"], "read", patient)
        assert not access.allows(doctor, "read", PatientFactory())
