"""manage.py load_images --patient ID FILE…: keep DICOM files and ZIP archives from this disk."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from records.imaging import files, intake, queries, services
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention

COMMAND = System("command")


class Command(BaseCommand):
    help = "Keep DICOM files and ZIP archives as pictures of one person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--patient", type=UUID, required=True, help="id in the person index")
        parser.add_argument("--organisation", type=UUID, help="else the one that manages them")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"{path} is not a file.")
            kept = load(path, patient=options["patient"], organisation=options["organisation"])
            refused += len(kept.refused)
            for item in kept.refused:
                self.stderr.write(f"{item.name}: {item.why}")
            count = f"{len(kept.accepted)} kept, {len(kept.already)} already here"
            studies = " ".join(f"/images/studies/{study.pk}/" for study in kept.studies)
            self.stdout.write(f"{path.name}: {count} {studies}")
        if refused:
            raise CommandError(f"{refused} not taken.")


def load(path: Path, *, patient: UUID, organisation: UUID | None = None) -> services.Kept:
    """Check one file or archive and keep what is sound. Raises CommandError for no such person."""
    try:
        with intention(COMMAND, door="command"):
            receiver = queries.get_receiver(patient, organisation)
        with files.arriving() as folder:
            with path.open("rb") as stream:
                arrived = files.receive(stream, folder / "1")
            found = list(intake.sort_out(arrived, path.name, f"upload {patient}"))
            pictures = [item for item in found if isinstance(item, intake.Checked)]
            with intention(COMMAND, door="command", timeout_ms=60_000):
                kept = services.store_pictures_for(
                    patient=receiver.patient, organisation=receiver.organisation, pictures=pictures
                )
    except DomainError as error:
        raise CommandError(error.message) from error
    kept.refused += [item for item in found if isinstance(item, intake.NotTaken)]
    return kept
