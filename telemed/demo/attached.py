"""A photograph of a paper ECG and a PDF with the joint consult: drawn for it, and they say so."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from consult.requests.models import Case, Kind
from records.imaging import attaching, files, services
from records.imaging.attaching import Cover
from records.imaging.intake import Checked
from records.imaging.models import Attachment
from records.mpi.models import Patient
from telemed.demo import joint
from telemed.demo.accounts import get_user
from telemed.people.models import User

Act = tuple[User, Callable[[], object]]
FOLDER = Path(__file__).resolve().parent / "data"
SHEETS = (("paper-ecg.jpg", Attachment.PAPER_ECG), ("discharge.pdf", Attachment.DOCUMENT))


def story() -> Iterator[Act]:
    """As the asking doctor, through the limited reader. What hangs on the case stays as it is."""
    asker = get_user("township")
    patient = Patient.objects.get(name=joint.PATIENT, managing_organisation=asker.organisation_id)
    case = Case.objects.get(patient=patient, kind=Kind.MDT)
    if case.studies.exclude(attachment="").exists():
        return
    for name, attachment in SHEETS:
        covers: list[Cover] = []
        yield asker, partial(_cover, covers, asker, patient, attachment)
        with files.arriving() as folder:
            pictures = _read(folder, name, patient, covers[0])
            yield asker, partial(_keep, asker, case, pictures)


def _cover(covers: list[Cover], asker: User, patient: Patient, attachment: Attachment) -> None:
    covers.append(services.cover_for(actor=asker, patient=patient, attachment=attachment))


def _read(folder: Path, name: str, patient: Patient, cover: Cover) -> list[Checked]:
    """The reader takes its time: nothing is locked meanwhile."""
    with (FOLDER / name).open("rb") as stream:
        arrived = files.receive(stream, folder / "1")
    found = attaching.sort_out(arrived, name, f"upload {patient.pk}", cover)
    return [one for one in found if isinstance(one, Checked)]


def _keep(asker: User, case: Case, pictures: list[Checked]) -> None:
    kept = services.store_pictures(actor=asker, patient=case.patient, pictures=pictures)
    case.studies.add(*kept.studies)
