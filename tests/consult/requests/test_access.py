import pytest

from consult.requests import queries, services
from consult.requests.models import Step
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from telemed.people.models import Role
from tests.consult.requests.looking import actions
from tests.factories.consult import (
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import (
    OrganisationFactory,
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


VERBS = {
    "submit": lambda s, a: services.submit_case(actor=a, case_id=s.case.pk),
    "save": lambda s, a: services.save_draft(actor=a, case_id=s.case.pk, reason="x"),
    "accept": lambda s, a: services.accept_case(actor=a, case_id=s.case.pk),
    "decline": lambda s, a: services.decline_case(actor=a, case_id=s.case.pk, code="time"),
    "assign": lambda s, a: services.assign_case(
        actor=a, case_id=s.case.pk, doctor_id=s.specialist.pk
    ),
    "receipt": lambda s, a: services.give_receipt(
        actor=a, case_id=s.case.pk, version=1, decision="adopted"
    ),
    "cancel": lambda s, a: services.cancel_case(actor=a, case_id=s.case.pk, reason="不需要会诊了"),
}
# In each state, who may do what; everybody else is refused, and nothing changes.
MAY = {
    "draft": {("submit", "asker"), ("save", "asker"), ("cancel", "asker")},
    "sent": {
        ("submit", "asker"),
        ("accept", "specialist"),
        ("decline", "specialist"),
        ("assign", "coordinator"),
        ("cancel", "asker"),
    },
    "accepted": {("submit", "asker"), ("accept", "specialist"), ("cancel", "asker")},
    "signed": {("submit", "asker"), ("accept", "specialist"), ("receipt", "asker")},
    "closed": {("submit", "asker"), ("accept", "specialist"), ("receipt", "asker")},
}
MAKERS = {
    "draft": drafted_case,
    "sent": sent_case,
    "accepted": accepted_case,
    "signed": signed_case,
    "closed": closed_case,
}


@pytest.mark.parametrize("state", MAKERS)
def test_every_transition_by_the_wrong_person_or_in_the_wrong_state_is_refused(by, state):
    scene = MAKERS[state]()
    elsewhere = OrganisationFactory()
    actors = {
        "asker": scene.asker,
        "specialist": scene.specialist,
        "coordinator": scene.coordinator,
        "resident": scene.resident,
        "stranger": StaffFactory(role=Role.TOWNSHIP_DOCTOR),
        "other specialist": StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital),
        "other coordinator": StaffFactory(role=Role.COORDINATOR, organisation=elsewhere),
        "administrator": StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital),
        "official": StaffFactory(role=Role.OFFICIAL, organisation=scene.hospital),
    }
    before = (scene.refresh().status, Step.objects.count())
    for verb, act in VERBS.items():
        for who, actor in actors.items():
            if (verb, who) in MAY[state]:
                continue
            with pytest.raises((Forbidden, NotFound, Conflict, Invalid)), by(actor):
                act(scene, actor)
            assert (scene.refresh().status, Step.objects.count()) == before, (verb, who)


def test_a_refusal_never_says_more_than_that_nothing_is_there(by):
    scene = sent_case()
    stranger = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    for act in (VERBS["accept"], VERBS["decline"]):
        with pytest.raises(DomainError) as refused, by(stranger):
            act(scene, stranger)
        assert isinstance(refused.value, NotFound)


def test_every_step_is_audited_under_its_patient():
    scene = closed_case()
    audited = set(
        AuditRow.objects.filter(patient_id=str(scene.patient.pk)).values_list("action", flat=True)
    )
    assert set(actions(scene.case)) <= audited
