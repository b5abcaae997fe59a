from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.utils import translation

from records.consent import access
from records.consent import queries as consent
from records.consent.models import Basis, CareAccess
from records.consent.services import open_care
from records.mpi import fhir, merge_checks, services
from records.mpi.models import Merge, Pair, Patient
from telemed.core import publication
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import System
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import (
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db


def build():
    clinic = StaffFactory(role=Role.TOWNSHIP_DOCTOR).organisation
    elsewhere = OrganisationFactory()
    scene = SimpleNamespace(
        clinic=clinic,
        doctor=StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic),
        colleague=StaffFactory(role=Role.SPECIALIST, organisation=elsewhere),
        one=StaffFactory(role=Role.ADMINISTRATOR, organisation=clinic),
        two=StaffFactory(role=Role.ADMINISTRATOR, organisation=clinic),
        office=StaffFactory(role=Role.MEDICAL_OFFICE, organisation=clinic),
    )
    facts = {"managing_organisation": clinic, "registered_by": scene.doctor}
    scene.a = treated(PatientFactory(**facts), clinic)
    scene.b = treated(PatientFactory(phone="13900000000", **facts), elsewhere)
    return scene


@pytest.fixture
def scene():
    return build()


def act(by, actor, service, **facts):
    with translation.override("en"), by(actor):
        return getattr(services, service)(actor=actor, **facts)


def suggest(by, scene, one=None, other=None):
    pair = {"one": one or scene.a, "other": other or scene.b}
    return act(by, scene.one, "suggest_pair", said="the same person came twice", **pair)


def propose(by, scene, pair, survivor=None, who=None):
    survivor_id = (survivor or scene.a).pk
    return act(
        by, who or scene.one, "propose_merge",
        pair_id=pair.pk, survivor_id=survivor_id, reason="same card seen",
    )  # fmt: skip


def merge(by, scene, survivor=None):
    pair = suggest(by, scene)
    propose(by, scene, pair, survivor)
    return pair, act(by, scene.two, "confirm_merge", pair_id=pair.pk)


def separate(by, scene, pair):
    act(by, scene.one, "propose_separation", pair_id=pair.pk, reason="two people after all")
    return act(by, scene.office, "confirm_separation", pair_id=pair.pk)


def test_two_people_merge_and_one_record_stands_for_both(by, scene):
    _pair, kept = merge(by, scene)
    a, b = Patient.objects.get(pk=scene.a.pk), Patient.objects.get(pk=scene.b.pk)
    assert (b.merged_into, a.has_merged) == (a, True)
    assert a.rids == b.rids == sorted([a.rid, b.rid])
    assert (kept.proposed_by, kept.confirmed_by, kept.reason) == (
        scene.one, scene.two, "same card seen",
    )  # fmt: skip
    assert Pair.objects.get().state == Pair.State.MERGED
    assert Notification.objects.get(template="person.merged").recipient == scene.doctor


def test_whoever_sees_one_of_the_records_sees_both_and_finds_the_one_that_stays(by, scene):
    merge(by, scene)
    for reader in (scene.doctor, scene.colleague):
        for patient in (scene.a, scene.b):
            assert consent.get_patient(reader, patient.pk) == scene.a
            assert access.decide(reader, "read", patient).allowed
        (row,) = consent.search_patients(reader, "zsf").rows
        assert row.patient == scene.a
        assert consent.search_patients(reader, "13900000000").rows[0].patient == scene.a


def test_care_opened_later_reaches_both_records(by, scene):
    merge(by, scene)
    later = StaffFactory(role=Role.SPECIALIST)
    with by(later):
        survivor = Patient.objects.get(pk=scene.a.pk)
        open_care(organisation=later.organisation, patient=survivor, basis=Basis.TREATING)
    assert access.decide(later, "read", scene.b).allowed


def test_undone_by_two_both_are_as_before(by, scene):
    before = sorted(CareAccess.objects.values_list("org", "patient"))
    pair, _kept = merge(by, scene)
    separate(by, scene, pair)
    a, b = Patient.objects.get(pk=scene.a.pk), Patient.objects.get(pk=scene.b.pk)
    assert (b.merged_into, a.has_merged) == (None, False)
    assert sorted(CareAccess.objects.values_list("org", "patient")) == before
    assert Pair.objects.get().state == Pair.State.UNMERGED
    assert Merge.objects.get().undone_by == scene.office
    with pytest.raises(NotFound):
        consent.get_patient(scene.colleague, scene.a.pk)
    assert merge(by, scene)[1].survivor == scene.a  # and again, if need be


def test_the_world_sees_who_replaces_whom(by, scene):
    merge(by, scene)
    a = publication.as_json(fhir.PATIENT, Patient.objects.get(pk=scene.a.pk))
    b = publication.as_json(fhir.PATIENT, Patient.objects.get(pk=scene.b.pk))
    assert (a["active"], b["active"]) == (True, False)
    other = {"reference": f"Patient/{scene.b.fhir_id}"}
    assert a["link"] == [{"other": other, "type": "replaces"}]
    assert b["link"][0]["type"] == "replaced-by"


def test_linked_records_point_at_each_other(by, scene):
    pair = suggest(by, scene)
    act(by, scene.one, "link", pair_id=pair.pk, reason="looks like one person")
    link = publication.as_json(fhir.PATIENT, Patient.objects.get(pk=scene.a.pk))["link"]
    assert link[0]["type"] == "seealso"


def test_told_apart_is_remembered(by, scene):
    pair = suggest(by, scene)
    act(by, scene.one, "tell_apart", pair_id=pair.pk, reason="two cousins")
    assert suggest(by, scene).state == Pair.State.DIFFERENT
    with pytest.raises(Conflict):
        propose(by, scene, pair)


def test_who_proposes_does_not_confirm(by, scene):
    pair = suggest(by, scene)
    propose(by, scene, pair)
    with pytest.raises(Forbidden, match="second person"):
        act(by, scene.one, "confirm_merge", pair_id=pair.pk)
    with pytest.raises(Conflict, match="proposed this already"):
        propose(by, scene, pair, who=scene.two)
    assert not Merge.objects.exists()


def test_a_record_is_not_merged_with_itself(by, scene):
    with pytest.raises(Invalid, match="one and the same record"):
        suggest(by, scene, scene.a, scene.a)


def test_no_chains_in_words_and_in_the_database(by, scene):
    merge(by, scene)
    third = PatientFactory(managing_organisation=scene.clinic)
    into_loser = suggest(by, scene, third, scene.b)
    with pytest.raises(Conflict, match="was merged into"):
        propose(by, scene, into_loser, survivor=scene.b)
    with pytest.raises(Conflict, match="Others were merged"):
        propose(by, scene, suggest(by, scene, third, scene.a), survivor=third)
    with pytest.raises(IntegrityError, match="merged record"):
        Patient.objects.filter(pk=third.pk).update(merged_into=scene.b)


def test_what_is_open_comes_first_and_is_named(by, scene, monkeypatch):
    monkeypatch.setitem(merge_checks._checks, "bookings", lambda loser, survivor: ["2 bookings"])
    with pytest.raises(Conflict, match="Settle first: 2 bookings"):
        propose(by, scene, suggest(by, scene))


def test_the_record_with_the_account_stays(by, scene):
    Patient.objects.filter(pk=scene.b.pk).update(user=UserFactory())
    with pytest.raises(Conflict, match="account"):
        propose(by, scene, suggest(by, scene))


def test_nobody_decides_about_himself(by, scene):
    Patient.objects.filter(pk=scene.a.pk).update(user=scene.one)
    pair = act(by, scene.two, "suggest_pair", one=scene.a, other=scene.b, said="same person")
    with pytest.raises(Forbidden, match="your own"):
        propose(by, scene, pair)


def test_only_reviewers_of_an_institution_concerned(by, scene):
    pair = suggest(by, scene)
    with pytest.raises(Forbidden):
        propose(by, scene, pair, who=scene.doctor)
    with pytest.raises(NotFound):
        propose(by, scene, pair, who=StaffFactory(role=Role.ADMINISTRATOR))
    propose(by, scene, pair)
    act(by, scene.two, "confirm_merge", pair_id=pair.pk)
    act(by, scene.one, "propose_separation", pair_id=pair.pk, reason="two people after all")
    with pytest.raises(Forbidden, match="medical office"):
        act(by, scene.two, "confirm_separation", pair_id=pair.pk)


def test_a_withdrawn_proposal_leaves_the_pair_as_it_was(by, scene):
    pair = suggest(by, scene)
    propose(by, scene, pair)
    act(by, scene.two, "withdraw_proposal", pair_id=pair.pk)
    with pytest.raises(Conflict, match="Nothing is proposed"):
        act(by, scene.two, "confirm_merge", pair_id=pair.pk)


def test_a_temporary_number_ends_with_the_merge_and_runs_again_after(by, scene):
    with by(scene.doctor):
        scene.b = services.register_temporary(
            actor=scene.doctor, organisation=scene.clinic, because="undocumented", name="张三丰"
        )
    pair, _kept = merge(by, scene)
    assert not Patient.objects.get(pk=scene.b.pk).is_temporary
    separate(by, scene, pair)
    assert Patient.objects.get(pk=scene.b.pk).is_temporary


@committed
def test_confirmed_twice_at_once_is_one_merge(by):
    scene = build()
    pair = suggest(by, scene)
    propose(by, scene, pair)
    calls = [
        lambda w=w: act(by, w, "confirm_merge", pair_id=pair.pk) for w in (scene.two, scene.office)
    ]
    assert race(calls) == {"won": 1, "Conflict": 1}
    assert Merge.objects.count() == 1


@committed
def test_merges_that_cross_end_in_one_survivor(by):
    """A into B and C into A at the same time: one of them has to see the other."""
    scene = build()
    c = PatientFactory(managing_organisation=scene.clinic)
    first, second = suggest(by, scene), suggest(by, scene, scene.a, c)
    propose(by, scene, first, survivor=scene.b)
    propose(by, scene, second, survivor=scene.a)
    calls = [
        lambda: act(by, scene.two, "confirm_merge", pair_id=first.pk),
        lambda: act(by, scene.office, "confirm_merge", pair_id=second.pk),
    ]
    assert race(calls) == {"won": 1, "Conflict": 1}
    assert Patient.objects.filter(merged_into__isnull=False).count() == 1


@committed
def test_a_into_b_and_b_into_a_at_once(by):
    scene = build()
    pair = suggest(by, scene)
    calls = [
        lambda: propose(by, scene, pair, survivor=scene.a, who=scene.one),
        lambda: propose(by, scene, pair, survivor=scene.b, who=scene.two),
    ]
    assert race(calls) == {"won": 1, "Conflict": 1}


def test_the_system_decides_nothing(by, scene):
    pair = suggest(by, scene)
    with pytest.raises(Forbidden):
        act(by, System("clocks"), "link", pair_id=pair.pk, reason="because")
