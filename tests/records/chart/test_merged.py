"""Of a person whose records were merged, the page shows what both hold, under either address."""

import pytest

from records.mpi.models import Patient
from tests.factories.people import PatientFactory, treated
from tests.records.chart.r4 import condition

pytestmark = pytest.mark.django_db


def test_either_address_shows_the_survivor_with_the_contents_of_both(
    client, doctor, clinic, patient, keep
):
    other = treated(PatientFactory(name="吴今花"), clinic)
    keep(patient, condition("高血压"))
    keep(other, condition("糖尿病"))
    client.force_login(doctor)
    assert "糖尿病" not in client.get(f"/patients/{patient.pk}/").content.decode()

    Patient.objects.filter(pk=other.pk).update(merged_into=patient)
    Patient.objects.filter(pk=patient.pk).update(has_merged=True)

    for address in (patient.pk, other.pk):
        page = client.get(f"/patients/{address}/")
        assert page.context["patient"] == patient
        assert "高血压" in page.content.decode()
        assert "糖尿病" in page.content.decode()
