"""
Act by person by state, from one table: who is not in it is refused, and nothing changes.

An act that stands in MAY may still answer the present state without a step (doing it twice).
"""

from dataclasses import dataclass, fields

import pytest

from consult.requests.models import Case, Step
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.people.models import Role, User
from tests.consult.requests.acting import ACTS
from tests.factories.consult import (
    Scene,
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
REFUSALS = (Forbidden, NotFound, Conflict, Invalid)


@dataclass(frozen=True)
class Crowd(Scene):
    """A scene with everybody else who might try."""

    colleague: User
    others: dict[str, User]


def crowd(scene):
    elsewhere = OrganisationFactory()

    def staff(role, organisation=scene.hospital):
        return StaffFactory(role=role, organisation=organisation)

    colleague = staff(Role.SPECIALIST)
    PractitionerFactory(user=colleague)
    others = {
        "asker": scene.asker,
        "specialist": scene.specialist,
        "coordinator": scene.coordinator,
        "resident": scene.resident,
        "near coordinator": staff(Role.COORDINATOR, scene.clinic),
        "director": staff(Role.DIRECTOR),
        "medical office": staff(Role.MEDICAL_OFFICE),
        "administrator": staff(Role.ADMINISTRATOR),
        "official": staff(Role.OFFICIAL),
        "head": staff(Role.HEAD),
        "colleague": colleague,
        "stranger": staff(Role.TOWNSHIP_DOCTOR, None),
        "far specialist": staff(Role.SPECIALIST, elsewhere),
        "far coordinator": staff(Role.COORDINATOR, elsewhere),
        "far director": staff(Role.DIRECTOR, elsewhere),
    }
    shared = {f.name: getattr(scene, f.name) for f in fields(Scene)}
    return Crowd(**shared, colleague=colleague, others=others)


# state: {act: who may}
MAY = {
    "draft": {
        "submit": "asker",
        "save": "asker",
        "cancel": "asker",
        "unsend": "asker",  # it is a draft already
        "mode": "asker",
        "mode_back": "asker",
    },
    "sent": {
        "submit": "asker",
        "unsend": "asker",
        "accept": "specialist",
        "decline": "specialist",
        "assign": "coordinator, director",
        "route": "coordinator",
        "promise": "coordinator",
        "ask": "specialist, coordinator",
        "mode": "asker",
        "mode_back": "asker",
        "upgrade": "asker, coordinator",
        "cancel": "asker, near coordinator",
    },
    "accepted": {
        "submit": "asker",
        "accept": "specialist",
        "ask": "specialist, coordinator",
        "hand_over": "specialist, coordinator",
        "return": "specialist",
        "propose": "asker, near coordinator, specialist, coordinator",
        "mode": "asker, specialist",
        "mode_back": "asker, specialist",
        "upgrade": "asker, specialist, coordinator",
        "sign": "specialist",
        "cancel": "asker, near coordinator",
    },
    "signed": {
        "submit": "asker",
        "accept": "specialist",
        "receipt": "asker",
        "mode_back": "asker, specialist",  # it is so already
    },
    "closed": {
        "submit": "asker",
        "accept": "specialist",
        "receipt": "asker",
        "close": "asker",
        "mode_back": "asker, specialist",
    },
}
MAKERS = {
    "draft": drafted_case,
    "sent": sent_case,
    "accepted": accepted_case,
    "signed": signed_case,
    "closed": closed_case,
}


def looks(scene):
    case = Case.objects.values().get(pk=scene.case.pk)
    return case, Step.objects.count(), list(scene.case.offers.values_list("status", flat=True))


@pytest.mark.parametrize("state", MAKERS)
def test_whoever_is_not_in_the_table_is_refused_and_changes_nothing(by, state):
    scene = crowd(MAKERS[state]())
    before = looks(scene)
    for name, act in ACTS.items():
        may = MAY[state].get(name, "").split(", ")
        for who, actor in scene.others.items():
            if who in may:
                continue
            with pytest.raises(REFUSALS), by(actor):
                act(scene, actor)
            assert looks(scene) == before, (name, who)


@pytest.mark.parametrize(
    ("state", "name", "who"),
    [
        (state, name, who)
        for state, acts in MAY.items()
        for name, people in acts.items()
        for who in people.split(", ")
    ],
)
def test_whoever_is_in_the_table_may(by, state, name, who):
    scene = crowd(MAKERS[state]())
    actor = scene.others[who]
    with by(actor):
        ACTS[name](scene, actor)


@pytest.mark.parametrize("state", ["sent", "accepted", "signed"])
def test_the_hidden_is_absent_to_those_outside(by, state):
    scene = crowd(MAKERS[state]())
    outside = ["stranger", "far specialist", "far coordinator", "far director", "official", "head"]
    for who in outside:
        for act in (ACTS["cancel"], ACTS["ask"], ACTS["propose"]):
            with pytest.raises(NotFound), by(scene.others[who]):
                act(scene, scene.others[who])
