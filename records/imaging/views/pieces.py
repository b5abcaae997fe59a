"""
A file that comes in pieces and goes on where it stopped, after a cut line, a reload or a day.

As in tus and draft-ietf-httpbis-resumable-upload: POST begins, HEAD says Upload-Offset, PATCH adds
a piece behind it, which may come gzip'ed: its place is that of the bytes inside. Beginning the same
file again answers with the one that is under way; POST to it when it is complete has it checked and
kept, and answers the same however often it is asked.
"""

import re
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from records.consent.queries import get_patient
from records.imaging import files, intake, parts, queries, services, squeezed
from records.imaging.forms import length_of
from records.imaging.models import PartialUpload
from records.imaging.views import shipments
from records.imaging.views.upload import attachment_of, file_name, require_room, take
from telemed.core.errors import Conflict, Invalid, TooLarge
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

MAX_PIECE = 16 << 20
PRINT = re.compile(r"[0-9a-z-]{1,64}\Z")


@login_required
@require_POST
def begin(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """
    Upload-Length, X-File-Name and X-File-Print (what tells this file from others) begin it, and
    X-Attachment, when it is no DICOM.
    """
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)  # whose it is comes before what is wrong
        services.require_upload(actor=request.user, patient=patient)
        attachment = attachment_of(request)
        size = _number(request, "Upload-Length")
        require_room(min(size, intake.limit()))
        upload = services.begin_upload(
            actor=request.user,
            patient=patient,
            name=file_name(request),
            fingerprint=_print(request),
            size=size,
            attachment=attachment,
        )
    return _where(upload, status=201)


@login_required
@require_http_methods(["GET", "HEAD", "PATCH", "POST"])
def piece(request: SignedIn, upload_id: UUID) -> HttpResponse:
    match request.method:
        case "PATCH":
            return _add(request, upload_id)
        case "POST":
            return _finish(request, upload_id)
    with intention(request.user, door="web"):
        return _where(queries.get_upload(request.user, upload_id))


def _add(request: SignedIn, upload_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        queries.get_upload(request.user, upload_id)  # whose it is comes before what is wrong
    if length_of(request) > MAX_PIECE:
        raise TooLarge(_("The piece is too large."), path="Content-Length")
    require_room(length_of(request))
    shipments.require_shipped(request)
    offset = _number(request, "Upload-Offset")
    stream = squeezed.unpacked(request, request, MAX_PIECE)
    try:
        with intention(request.user, door="web", timeout_ms=30_000):
            upload = services.add_piece(
                actor=request.user, upload_id=upload_id, offset=offset, stream=stream
            )
    except services.WrongOffset as wrong:
        return _where(wrong.upload, status=409)
    shipments.note_piece(request, upload.received)
    return _where(upload)


def _finish(request: SignedIn, upload_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        upload = queries.get_upload(request.user, upload_id)
        services.require_upload(actor=request.user, patient=upload.patient)
    shipments.require_shipped(request)
    outcome = upload.outcome or _take(request, upload)
    shipments.note_file(request, outcome["said"])
    return JsonResponse(outcome["said"], status=outcome["status"])


def _take(request: SignedIn, upload: PartialUpload) -> dict[str, Any]:
    """Check and keep what came; the answer is remembered, because it may be lost on its way."""
    if parts.offset_of(upload) < upload.size:
        raise Conflict(_("The file is not here completely yet."), path="Upload-Offset")
    path = parts.path_of(upload.pk)
    with files.arriving() as folder:
        arrived = files.take_over(path, folder / "1", intake.limit())
        sent = [(upload.name, arrived)]
        said, status = take(request, upload.patient, sent, upload.attachment)
    outcome = {"said": said, "status": status}
    with intention(request.user, door="web"):
        services.finish_upload(actor=request.user, upload_id=upload.pk, outcome=outcome)
    path.unlink(missing_ok=True)
    return outcome


def _where(upload: PartialUpload, status: int = 200) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Location"] = reverse("imaging:piece", args=[upload.pk])
    answer["Upload-Offset"] = str(upload.size if upload.outcome else parts.offset_of(upload))
    answer["Upload-Length"] = str(upload.size)
    answer["Cache-Control"] = "no-store"
    return answer


def _print(request: SignedIn) -> str:
    stated = request.headers.get("X-File-Print", "")
    if not PRINT.match(stated):
        raise Invalid(_("X-File-Print must be small letters and digits."), path="X-File-Print")
    return stated


def _number(request: SignedIn, header: str) -> int:
    stated = request.headers.get(header, "")
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 16):
        raise Invalid(_("{header} must be a whole number.").format(header=header), path=header)
    return int(stated)
