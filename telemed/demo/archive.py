"""The residents' records and images of the story, laid through the same doors as anybody's."""

import json
from pathlib import Path

from django.core.management import call_command

from records.fhir import importing
from records.fhir.callers import Caller, Kind
from records.fhir.models import Version
from records.fhir.writing import Change
from records.imaging import queries as imaging
from records.mpi import queries as mpi
from telemed.core.intentions import System, require_intention
from telemed.demo.records import clinical_resources
from telemed.demo.residents import RESIDENTS

PICTURES = Path(__file__).resolve().parent.parent.parent / "records" / "imaging" / "demo"
# Whose pictures they are in the story; the phantom is drawn.
HEAD_OF, PHANTOM_OF, THORAX_OF = "吴金花", "张国富", "曾庆云"
# What comes last is what a new request of that person begins with.
SERIES = ((HEAD_OF, "ecg.zip"), (HEAD_OF, "ct-head-human.zip"), (PHANTOM_OF, "ct-head-phantom.zip"))


def lay_records() -> int:
    """Problems, medicines, results and visits of every resident; again, nothing changes."""
    require_intention()
    caller = Caller(kind=Kind.SYSTEM, actor_id=System("demo").actor_id)
    report = importing.store(
        caller,
        [
            Change(
                Version.Method.UPDATE,
                resource["resourceType"],
                resource["id"],
                json.dumps(resource, ensure_ascii=False).encode(),
            )
            for patient in mpi.by_id_cards([r.id_card for r in RESIDENTS])
            for resource in clinical_resources(patient)
        ],
    )
    if report.refused:
        raise RuntimeError(f"The story's records are not valid: {report.refused[:3]}")
    return report.stored.total()


def lay_pictures() -> None:
    """The real series and ECG, and the drawn thorax. It takes seconds: for the worker."""
    residents = {r.name: r.id_card for r in RESIDENTS}
    for name, archive in SERIES:
        (patient,) = mpi.by_id_cards([residents[name]])
        call_command("load_images", str(PICTURES / archive), patient=str(patient.pk))
    (patient,) = mpi.by_id_cards([residents[THORAX_OF]])
    if not imaging.has_studies(patient):
        call_command("draw_phantom", patient=str(patient.pk))
