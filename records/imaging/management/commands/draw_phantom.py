"""manage.py draw_phantom --patient ID: a synthetic thorax CT, kept like any other upload."""

import tempfile
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from records.imaging import phantom, queries
from records.imaging.management.commands.load_images import COMMAND, load
from telemed.core.errors import DomainError
from telemed.core.intentions import intention

MOST = 1_500


class Command(BaseCommand):
    help = "Draw a synthetic thorax CT for one person. The same day gives the same study."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patient", type=UUID, required=True, help="id in the person index")
        parser.add_argument("--organisation", type=UUID, help="else the one that manages them")
        parser.add_argument("--slices", type=int, default=300)

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["slices"]
        if not 1 <= count <= MOST:
            raise CommandError(f"--slices must be from 1 to {MOST}.")
        today = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
        try:
            with intention(COMMAND, door="command"):
                patient = queries.get_receiver(options["patient"], options["organisation"]).patient
        except DomainError as error:
            raise CommandError(error.message) from error
        drawn = phantom.slices(
            key=f"{patient.pk}/{today:%Y%m%d}/{count}",
            name=patient.name,
            patient_id=patient.fhir_id,
            count=count,
            at=today,
        )
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "phantom.zip"
            with zipfile.ZipFile(archive, "w") as packed:
                for name, content in drawn:
                    packed.writestr(name, content)
            kept = load(archive, patient=patient.pk, organisation=options["organisation"])
        if kept.refused:
            raise CommandError(f"{kept.refused[0].name}: {kept.refused[0].why}")
        (study,) = kept.studies
        count_kept = f"{len(kept.accepted)} kept, {len(kept.already)} already here"
        self.stdout.write(f"{count_kept} /images/studies/{study.pk}/")
