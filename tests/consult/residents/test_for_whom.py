"""A guardian's pages: for whom they are, and what of a child they show."""

import pytest

from records.mpi import services as index
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from tests.factories.consult import sent_case
from tests.factories.people import PatientFactory, UserFactory
from tests.records.mpi.test_relations import BIRTH, years_ago

pytestmark = pytest.mark.django_db
CASES = "/my/cases/"


@pytest.fixture
def scene(by):
    """A consult about a child, and its mother with an account."""
    scene = sent_case()
    Patient.objects.filter(pk=scene.patient.pk).update(birth_date=years_ago(8), user=None)
    scene.patient.refresh_from_db()
    object.__setattr__(
        scene,
        "mother",
        PatientFactory(name="李小梅", birth_date=years_ago(30), user=UserFactory()),
    )
    return scene


@pytest.fixture
def relation(by, scene):
    with by(scene.asker):
        return index.add_relation(
            actor=scene.asker, subject=scene.patient, delegate=scene.mother, **BIRTH
        )


def test_a_guardian_switches_to_the_child_and_opens_its_consult(client, scene, relation):
    client.force_login(scene.mother.user)
    own = client.get(CASES)
    assert own.context["rows"] == []
    assert f"?for={scene.patient.pk}" in own.content.decode()
    theirs = client.get(CASES, {"for": scene.patient.pk})
    assert [case.pk for case, _state in theirs.context["rows"]] == [scene.case.pk]
    assert client.get(f"{CASES}{scene.case.pk}/").status_code == 200
    for action in ("case.list", "case.read"):
        row = AuditRow.objects.get(action=action, actor_id=scene.mother.user.actor_id)
        assert (row.patient_id, row.reason) == (str(scene.patient.pk), "acts_for")


def test_when_it_has_ended_the_child_is_gone(client, by, scene, relation):
    with by(scene.asker):
        index.end_relation(actor=scene.asker, relation=relation, because="custody")
    client.force_login(scene.mother.user)
    assert "?for=" not in client.get(CASES).content.decode()
    assert client.get(CASES, {"for": scene.patient.pk}).status_code == 404
    assert client.get(f"{CASES}{scene.case.pk}/").status_code == 404


@pytest.mark.parametrize("wanted", ["x", "0", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_for_somebody_unknown_there_is_no_page(client, scene, relation, wanted):
    client.force_login(scene.mother.user)
    assert client.get(CASES, {"for": wanted}).status_code == 404
