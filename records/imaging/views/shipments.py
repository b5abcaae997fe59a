"""Files that are announced before they come, and what became of each."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from records.consent.queries import get_patient
from records.imaging import forms, queries, services
from telemed.core.errors import TooLarge
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

MOST_BYTES = 1 << 20  # of an announcement


@login_required
@require_POST
def announce(request: SignedIn, patient_id: UUID) -> JsonResponse:
    """What is coming, as JSON (forms.Announcement); answers what need not be sent again."""
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)  # whose it is comes before what is wrong
        services.require_upload(actor=request.user, patient=patient)
    if forms.length_of(request) > MOST_BYTES:
        raise TooLarge(_("Too many files are named at once."), path="Content-Length")
    said = forms.read_announcement(request.body)
    with intention(request.user, door="web"):
        shipment, done = services.announce_files(
            actor=request.user,
            patient=patient,
            about=said.about,
            coming=said.coming,
            dropped=said.dropped,
        )
    return JsonResponse({"shipment": str(shipment.pk) if shipment else None, "done": done})


def require_shipped(request: SignedIn) -> None:
    """Before anything of a file is kept: the shipment that it names is the sender's own."""
    if shipped := forms.read_shipped(request.headers.get("X-Shipment", "")):
        with intention(request.user, door="web"):
            queries.get_shipment(request.user, shipped[0])


def note_piece(request: SignedIn, received: int) -> None:
    """For who waits for it: so much of the file is here."""
    if shipped := forms.read_shipped(request.headers.get("X-Shipment", "")):
        shipment_id, key = shipped
        with intention(request.user, door="web"):
            services.note_piece(
                actor=request.user, shipment_id=shipment_id, key=key, received=received
            )


def note_file(request: SignedIn, said: dict[str, Any]) -> None:
    """For who waits for it: what became of the file."""
    if shipped := forms.read_shipped(request.headers.get("X-Shipment", "")):
        shipment_id, key = shipped
        with intention(request.user, door="web"):
            services.note_file(
                actor=request.user,
                shipment_id=shipment_id,
                key=key,
                came=len(said["accepted"]) + len(said["already"]),
                studies=[UUID(study["id"]) for study in said["studies"]],
            )
