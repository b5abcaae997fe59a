import pytest

from consult.requests import queries
from telemed.audit.models import AuditRow
from telemed.core.errors import DomainError, NotFound
from telemed.people.models import Role
from tests.consult.requests.acting import ACTS
from tests.consult.requests.looking import actions
from tests.factories.consult import (
    closed_case,
    drafted_case,
    sent_case,
)
from tests.factories.people import (
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_each_sees_the_cases_that_concern_them_and_nobody_elses():
    scene = sent_case()
    stranger = sent_case()

    for actor in (scene.asker, scene.specialist, scene.coordinator, scene.resident):
        assert list(queries.visible_to(actor)) == [scene.case]
        with pytest.raises(NotFound):
            queries.get_case(actor, stranger.case.pk)
    for role in (Role.ADMINISTRATOR, Role.OFFICIAL):
        actor = StaffFactory(role=role, organisation=scene.hospital)
        assert not queries.visible_to(actor).exists()
    assert not queries.visible_to(UserFactory()).exists()


def test_a_draft_is_the_asking_sides_alone():
    scene = drafted_case()
    assert list(queries.visible_to(scene.asker)) == [scene.case]
    for actor in (scene.specialist, scene.coordinator, scene.resident):
        assert not queries.visible_to(actor).exists()


def test_a_closed_account_sees_nothing():
    scene = sent_case()
    scene.asker.is_active = False
    assert not queries.visible_to(scene.asker).exists()


def test_a_refusal_never_says_more_than_that_nothing_is_there(by):
    scene = sent_case()
    stranger = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    for act in (ACTS["accept"], ACTS["decline"]):
        with pytest.raises(DomainError) as refused, by(stranger):
            act(scene, stranger)
        assert isinstance(refused.value, NotFound)


def test_every_step_is_audited_under_its_patient():
    scene = closed_case()
    audited = set(
        AuditRow.objects.filter(patient_id=str(scene.patient.pk)).values_list("action", flat=True)
    )
    assert set(actions(scene.case)) <= audited
