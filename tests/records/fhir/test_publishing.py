from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection
from fhir.resources.R4B.observation import Observation

from records.fhir import queries
from records.fhir.models import Resource, Version
from records.fhir.store.rows import Unfit
from telemed.core import publication
from telemed.core.publication import Mapping
from telemed.organisations.fhir import ORGANISATION
from telemed.organisations.models import Organisation
from tests.factories.people import OrganisationFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital(by, stranger):
    organisation = OrganisationFactory(name="开阳县人民医院")
    with by(stranger):
        publication.publish(organisation)
    return organisation


def versions(organisation):
    return queries.versions("Organization", str(organisation.pk))


def test_what_a_slice_publishes_is_kept_with_every_version(hospital, by, stranger):
    hospital.name = "开阳县中医医院"
    with by(stranger):
        publication.publish(hospital)

    assert [v.version for v in versions(hospital)] == [2, 1]
    kept = queries.read("Organization", str(hospital.pk)).decode()
    assert '"versionId":"2"' in kept
    assert "开阳县中医医院" in kept
    assert Resource.objects.get().owner == "organisations"


def test_publishing_what_did_not_change_makes_no_version(hospital, by, stranger):
    with by(stranger):
        publication.publish(hospital)

    assert len(versions(hospital)) == 1


def test_a_mapping_that_builds_no_valid_resource_is_found_out(by, stranger, monkeypatch):
    organisation = OrganisationFactory()
    monkeypatch.setattr(
        publication, "as_json", lambda *_: {"resourceType": "Organization", "active": "yes"}
    )

    with pytest.raises(Unfit) as refused, by(stranger):
        publication.publish(organisation)

    assert refused.value.issues[0].path == "Organization.active"
    assert not Resource.objects.exists()


def test_decimals_keep_the_digits_of_the_model(by, stranger):
    def build(organisation):
        return Observation(
            id=str(organisation.pk),
            status="final",
            code={"text": "cTnI"},
            valueQuantity={"value": Decimal("1.00")},
        )

    mapping = Mapping(
        model=Organisation,
        resource_type="Observation",
        build=build,
        organisation=lambda o: o.number,
    )
    organisation = OrganisationFactory()
    publication.register(mapping)
    try:
        with by(stranger):
            publication.publish(organisation)
    finally:
        publication.register(ORGANISATION)

    assert b'"value":1.00' in queries.read("Observation", str(organisation.pk))
    assert Resource.objects.get().org == organisation.number


@committed
@pytest.mark.parametrize(
    "statement", ["UPDATE fhir_version SET body = ''", "DELETE FROM fhir_version"]
)
def test_the_application_cannot_change_a_stored_version(statement, by, stranger):
    with by(stranger):
        publication.publish(OrganisationFactory())

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Version.objects.count() == 1
