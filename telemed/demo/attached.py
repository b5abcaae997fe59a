"""A photograph of a paper ECG and a PDF with the joint consult: drawn for it, and they say so."""

from pathlib import Path

from consult.requests.models import Case, Kind
from records.imaging import attaching, files, services
from records.imaging.intake import Checked
from records.imaging.models import Attachment
from records.mpi.models import Patient
from telemed.core.intentions import intention
from telemed.demo import joint
from telemed.demo.accounts import get_user

FOLDER = Path(__file__).resolve().parent / "data"
SHEETS = (("paper-ecg.jpg", Attachment.PAPER_ECG), ("discharge.pdf", Attachment.DOCUMENT))


def lay_attachments() -> None:
    """As the asking doctor, through the limited reader. What hangs on the case stays as it is."""
    asker = get_user("township")
    patient = Patient.objects.get(name=joint.PATIENT, managing_organisation=asker.organisation_id)
    case = Case.objects.get(patient=patient, kind=Kind.MDT)
    if case.studies.exclude(attachment="").exists():
        return
    for name, attachment in SHEETS:
        with files.arriving() as folder:
            with (FOLDER / name).open("rb") as stream:
                arrived = files.receive(stream, folder / "1")
            with intention(asker, door="worker"):
                cover = services.cover_for(actor=asker, patient=patient, attachment=attachment)
            found = list(attaching.sort_out(arrived, name, f"upload {patient.pk}", cover))
            checked = [one for one in found if isinstance(one, Checked)]
            with intention(asker, door="worker"):
                kept = services.store_pictures(actor=asker, patient=patient, pictures=checked)
                case.studies.add(*kept.studies)
