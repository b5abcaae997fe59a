"""Who signs a consent for a child, and for whom nobody else signs."""

import pytest
from django.urls import reverse

from consult.requests import services
from consult.requests.models import Case
from records.mpi import services as index
from records.mpi.models import Patient
from telemed.core.errors import Invalid
from tests.factories.consult import drafted_case
from tests.factories.people import PatientFactory, UserFactory
from tests.records.mpi.test_relations import BIRTH, years_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(by):
    scene = drafted_case()
    Case.objects.update(consent=None)
    Patient.objects.filter(pk=scene.patient.pk).update(birth_date=years_ago(8))
    scene.patient.refresh_from_db()
    scene.refresh()
    return scene


@pytest.fixture
def enter(by, scene):
    def enter(name="李小梅", kin="mother"):
        delegate = PatientFactory(name=name, birth_date=years_ago(30), user=UserFactory())
        with by(scene.asker):
            return index.add_relation(
                actor=scene.asker,
                subject=scene.patient,
                delegate=delegate,
                **{**BIRTH, "kin": kin},
            )

    return enter


def sign(by, scene, relation, **more):
    with by(scene.asker):
        case = services.attach_consent(
            fee_shown=12000,
            actor=scene.asker,
            case_id=scene.case.pk,
            method="drawn",
            relation=relation,
            signature=b"\x89PNG",
            **more,
        )
    return case.consent


def test_the_guardian_of_the_register_signs_by_name(by, scene, enter):
    relation = enter()
    consent = sign(by, scene, "guardian")
    assert (consent.signed_under, consent.signer_name) == (relation, "李小梅")
    assert sign(by, scene, "guardian") == consent  # the very same sent again


@pytest.mark.parametrize("relation", ["self", "next_of_kin"])
def test_under_14_nobody_but_a_guardian_signs(by, scene, enter, relation):
    enter()
    with pytest.raises(Invalid) as refused:
        sign(by, scene, relation)
    assert refused.value.path == "relation"
    assert scene.refresh().consent is None


def test_without_a_register_entry_there_is_no_guardian(by, scene):
    with pytest.raises(Invalid, match=r"No guardianship|监护"):
        sign(by, scene, "guardian")
    assert scene.refresh().consent is None


def test_of_two_guardians_one_is_chosen(by, scene, enter):
    enter()
    father = enter("陈大山", "father")
    with pytest.raises(Invalid, match="李小梅"):
        sign(by, scene, "guardian")
    assert sign(by, scene, "guardian", signed_under=father.pk).signed_under == father


def test_a_grown_patient_signs_without_a_guardian(by, scene, enter):
    enter()
    Patient.objects.filter(pk=scene.patient.pk).update(birth_date=years_ago(18))
    with pytest.raises(Invalid, match="18"):
        sign(by, scene, "guardian")
    assert sign(by, scene, "self").relation == "self"


def test_the_page_offers_the_guardians_of_the_register(client, scene, enter):
    relation = enter()
    client.force_login(scene.asker)
    page = client.get(reverse("requests:edit", args=[scene.case.pk])).content.decode()
    assert f'value="guardian:{relation.pk}"' in page
    assert "李小梅" in page
    at = reverse("requests:consent", args=[scene.case.pk])
    sent = {"way": "drawn", "relation": f"guardian:{relation.pk}", "signature": ""}
    answer = client.post(at, sent, headers={"accept": "application/json"})
    assert answer.status_code == 422
    for wrong in ("guardian:x", "uncle", ""):
        answer = client.post(at, sent | {"relation": wrong}, headers={"accept": "application/json"})
        assert answer.status_code == 422, wrong
