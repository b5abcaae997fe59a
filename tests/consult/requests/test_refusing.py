"""A consent that is refused: kept, seen, and nothing is sent; they may think better of it."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation

from consult.requests import presenting, services
from consult.requests.models import Case, Kind, Status
from records.consent.models import Consent
from records.mpi import services as index
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.people.models import Role
from tests.consult.requests.looking import actions, published
from tests.factories.consult import drafted_case, sent_case
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.records.mpi.test_relations import BIRTH, years_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    """A complete draft that nobody signed yet."""
    scene = drafted_case()
    Case.objects.update(consent=None)
    scene.refresh()
    scene.asker.language = "en"
    scene.asker.save()
    client.force_login(scene.asker)
    return scene


def at(name, scene):
    return reverse(f"requests:{name}", args=[scene.case.pk])


def refuse(by, scene, actor=None, **more):
    actor = actor or scene.asker
    with by(actor):
        return services.refuse_consent(
            actor=actor, case_id=scene.case.pk, **{"relation": "self", **more}
        )


def sign(by, scene):
    with by(scene.asker):
        services.attach_consent(
            actor=scene.asker,
            case_id=scene.case.pk,
            method="drawn",
            relation="self",
            signature=b"\x89PNG",
            fee_shown=12000,
        )


def send(by, scene):
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)


def test_it_is_kept_who_refused_when_and_why_and_nothing_is_sent(by, scene):
    consent = refuse(by, scene, relation="next_of_kin", reason=" 想先观察 ").consent
    assert (consent.relation, consent.reason, consent.asked) == (
        "next_of_kin",
        "想先观察",
        scene.hospital,
    )
    assert consent.refused_at
    assert consent.given_at is None
    with pytest.raises(Invalid) as refused:
        send(by, scene)
    assert refused.value.path == "consent"
    assert scene.refresh().status == Status.DRAFT
    assert not scene.case.offers.exists()


def test_it_leaves_its_trace_and_the_world_reads_that_it_was_rejected(by, scene):
    consent = refuse(by, scene, reason="想先观察").consent
    assert actions(scene.case)[-1] == "consent.refuse"
    assert AuditRow.objects.filter(action="consent.refuse", patient_id=scene.patient.pk).exists()
    with translation.override("en"):
        step = scene.case.steps.get(action="consent.refuse")
        said = presenting.step_words(step)
        assert said == "Consent refused (The patient), not sent: 想先观察"
    assert published(consent.pk)["status"] == "rejected"
    assert "verification" not in published(consent.pk)


def test_what_was_signed_before_ends(by):
    scene = drafted_case()
    before = scene.case.consent
    refuse(by, scene)
    before.refresh_from_db()
    assert before.withdrawn_at
    assert published(before.pk)["status"] == "inactive"
    with pytest.raises(Invalid):
        send(by, scene)


def test_a_later_consent_may_follow_and_it_is_sent(by, scene):
    refuse(by, scene)
    sign(by, scene)
    send(by, scene)
    assert scene.refresh().status == Status.ROUTED
    kept = Consent.objects.filter(about=scene.case.pk, method="refused")
    assert kept.count() == 1
    assert [one for one in actions(scene.case) if one.startswith("consent.")][-2:] == [
        "consent.refuse",
        "consent.give",
    ]


def test_the_same_signature_as_before_the_refusal_is_a_new_consent(by):
    scene = drafted_case()
    refuse(by, scene)
    sign(by, scene)
    assert scene.refresh().consent.given_at
    send(by, scene)


def test_refused_twice_is_one_refusal(by, scene):
    first = refuse(by, scene, reason="不想去").consent
    assert refuse(by, scene, reason="不想去").consent == first
    assert refuse(by, scene, reason="家里人反对").consent != first


def test_only_the_asking_side_keeps_it_and_only_of_a_draft(by, scene):
    with pytest.raises(Conflict):
        refuse(by, sent_case())
    for role in (Role.COORDINATOR, Role.SPECIALIST):
        with pytest.raises(NotFound):
            refuse(by, scene, actor=StaffFactory(role=role, organisation=scene.clinic))
    assert not Consent.objects.filter(about=scene.case.pk, method="refused").exists()


def test_for_a_child_a_guardian_of_the_register_refuses(by, scene):
    Patient.objects.filter(pk=scene.patient.pk).update(birth_date=years_ago(8))
    scene.patient.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        refuse(by, scene)
    assert refused.value.path == "relation"
    mother = PatientFactory(name="李小梅", birth_date=years_ago(30), user=UserFactory())
    with by(scene.asker):
        row = index.add_relation(
            actor=scene.asker,
            subject=scene.patient,
            delegate=mother,
            **{**BIRTH, "kin": "mother"},
        )
    consent = refuse(by, scene, relation="guardian").consent
    assert (consent.signed_under, consent.signer_name) == (row, "李小梅")


def test_nobody_refuses_before_a_hospital_is_chosen(by, scene):
    Case.objects.update(asked=None)
    with pytest.raises(Invalid) as refused:
        refuse(by, scene)
    assert refused.value.path == "asked"


def test_the_page_keeps_what_was_typed_and_says_who_refused(client, scene):
    form = {"reason": "先写的", "relation": "next_of_kin", "why_refused": "想先观察"}
    answer = client.post(at("refuse", scene), form)
    assert answer.url == at("edit", scene) + "#f-consent"
    page = client.get(at("edit", scene)).content.decode()
    assert "Not agreed to by: Next of kin" in page
    assert "想先观察" in page
    assert "data-consent-state></span>" in page
    assert scene.refresh().reason == "先写的"
    sent = client.post(at("send", scene), {}, follow=True).content.decode()
    assert 'href="#consent"' in sent


@pytest.mark.parametrize("relation", ["", "neighbour", "guardian:x"])
def test_who_refused_has_to_be_said(client, scene, relation):
    form = {"relation": relation, "why_refused": "想先观察"}
    answer = client.post(at("refuse", scene), form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["path"]) == (422, "relation")
    assert scene.refresh().consent is None


@pytest.mark.parametrize("door", ["consent", "emergency"])
def test_no_form_takes_a_refusal_for_a_way_to_sign(client, scene, door):
    if door == "consent":
        sent = {"way": "refused", "relation": "self", "fee": "12000"}
        answer = client.post(at("consent", scene), sent, headers={"accept": "application/json"})
    else:
        sent = {"patient": scene.patient.pk, "what": "stroke", "asked": scene.hospital.pk}
        sent |= {"consent": "refused", "key": "once"}
        answer = client.post("/cases/emergency/", sent, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert not Case.objects.filter(kind=Kind.EMERGENCY).exists()


@pytest.mark.parametrize(
    "wrong", [{"refused_at": None}, {"given_at": "2026-11-24T09:00+08:00"}, {"method": "deferred"}]
)
def test_the_database_keeps_it_whole(by, scene, wrong):
    consent = refuse(by, scene).consent
    with pytest.raises(IntegrityError, match="a_refused_consent"):
        Consent.objects.filter(pk=consent.pk).update(**wrong)
