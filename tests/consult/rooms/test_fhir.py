"""Rooms as encounters, and the consents before them, as other systems read them."""

import json

import pytest

from consult.rooms import services
from records.consent.fhir import CONSENT
from records.fhir import queries as fhir
from telemed.core import publication
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from tests.factories.consult import accepted_case, drafted_case

pytestmark = pytest.mark.django_db


def read(resource_type, pk):
    found = fhir.read(resource_type, str(pk))
    return json.loads(found) if found else None


def enter(user, room):
    with intention(user, door="test"):
        services.join_room(actor=user, room_id=room.pk, connection=new_id())


def test_a_room_is_an_encounter_from_its_opening_to_its_end():
    scene = accepted_case()
    with intention(scene.asker, door="test"):
        room = services.open_room(actor=scene.asker, case_id=scene.case.pk)
    assert read("Encounter", room.pk)["status"] == "planned"
    enter(scene.asker, room)
    enter(scene.specialist, room)
    under_way = read("Encounter", room.pk)
    assert (under_way["status"], under_way["class"]["code"]) == ("in-progress", "VR")
    assert under_way["basedOn"] == [{"reference": f"ServiceRequest/{scene.case.pk}"}]
    assert len(under_way["participant"]) == 2
    with intention(scene.asker, door="test"):
        services.end_room(actor=scene.asker, room_id=room.pk)
    over = read("Encounter", room.pk)
    assert over["status"] == "finished"
    assert over["period"]["start"] <= over["period"]["end"]


def test_a_room_that_ended_before_both_met_was_no_encounter():
    scene = accepted_case()
    with intention(scene.asker, door="test"):
        room = services.open_room(actor=scene.asker, case_id=scene.case.pk)
    enter(scene.asker, room)
    with intention(scene.asker, door="test"):
        services.end_room(actor=scene.asker, room_id=room.pk)
    assert read("Encounter", room.pk)["status"] == "cancelled"


def test_a_signed_consent_is_active_and_shows_no_signature():
    scene = drafted_case()
    shown = read("Consent", scene.case.consent_id)
    assert shown["status"] == "active"
    assert shown["patient"] == {"reference": f"Patient/{scene.patient.fhir_id}"}
    assert "PNG" not in json.dumps(shown)
    assert not {"sourceAttachment", "sourceReference"} & shown.keys()


def test_a_consent_that_was_withdrawn_is_inactive_and_a_deferred_one_only_proposed():
    case = drafted_case().case
    case.consent.withdrawn_at = case.created_at
    assert publication.as_json(CONSENT, case.consent)["status"] == "inactive"
    case.consent.withdrawn_at = case.consent.given_at = None
    assert publication.as_json(CONSENT, case.consent)["status"] == "proposed"
