"""The page for adding pictures, and files that come whole."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from records.consent.queries import get_patient
from records.imaging import (
    attaching,
    files,
    forms,
    intake,
    purposes,
    queries,
    reasons,
    services,
    squeezed,
)
from records.imaging.forms import length_of, read_about
from records.imaging.presenting import attaching_to
from records.imaging.uploads import ArrivedUpload, ArrivingUpload
from records.imaging.views import shipments
from records.imaging.words import upload_words
from records.mpi.models import Patient
from telemed.core.errors import Invalid, Unavailable
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

FORM_FIELDS = 64 << 10  # bytes of a multipart request beside its file
NAME_LIMIT = 200  # characters of a file name
LARGEST_PACKED = 16 << 20  # bytes that a whole file unpacks to; larger ones come in pieces


@csrf_exempt  # its inner half is protected; reading the token parses a form, so size comes first
@login_required
@require_http_methods(["GET", "POST"])
def upload(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """
    The page, and what is sent to it: DICOM files or ZIP archives; photographs and PDFs when
    X-Attachment, or the form's field of that name, says what they are.

    The page's script posts one file as the bare body (application/octet-stream, its name
    percent-encoded in X-File-Name): a form of that size is parsed once by Twisted for nothing and
    once by Django, which halves the speed. Without script the form itself comes.
    """
    if request.method == "POST" and length_of(request) > intake.limit() + FORM_FIELDS:
        why = reasons.reason("over_limit", limit=settings.UPLOAD_LIMIT_MB)
        return JsonResponse({"accepted": [], "refused": [{"name": "", "why": why}]}, status=413)
    if request.method == "POST":
        require_room(length_of(request))
    if arrived := _arrived(request):
        return _upload(request, patient_id, arrived.path.parent)
    with files.arriving() as folder:
        request.upload_handlers = [ArrivingUpload(request, folder=folder, limit=intake.limit())]
        return _upload(request, patient_id, folder)


@csrf_protect
def _upload(request: SignedIn, patient_id: UUID, folder: Path) -> HttpResponse:
    said: dict[str, Any] = {}
    status, purpose, about = 200, None, read_about(request.GET)
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        services.require_upload(actor=request.user, patient=patient)
        unfinished = list(queries.unfinished_of(request.user, patient))
        if about:
            purpose = purposes.get_purpose(request.user, patient, about)
    if request.method == "POST":
        shipments.require_shipped(request)
        said, status = take(request, patient, _sent(request, folder), attachment_of(request))
        shipments.note_file(request, said)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(said, status=status)
    context = {
        "patient": patient,
        "about": about,
        "purpose": purpose,
        "limit": settings.UPLOAD_LIMIT_MB,
        "attached": attaching_to(patient),
        "said": said,
        "unfinished": unfinished,
        "words": upload_words(),
    }
    return render(request, "imaging/upload.html", context, status=status)


def _sent(request: SignedIn, folder: Path) -> list[tuple[str, files.Arrived]]:
    """What arrived in `folder`, by the names it had at the sender's."""
    if request.content_type == "application/octet-stream":
        arrived = _arrived(request) or files.receive(request, folder / "1")
        return [
            (
                file_name(request),
                squeezed.unpack(request, arrived, folder / "unpacked", LARGEST_PACKED),
            )
        ]
    try:
        sent = request.FILES.getlist("file")
    except MultiPartParserError:
        return []
    return [(one.name or "", one.arrived) for one in sent if isinstance(one, ArrivedUpload)]


def file_name(request: SignedIn) -> str:
    """As it is called at the sender's."""
    name = unquote(request.headers.get("X-File-Name", ""))
    return "".join(c for c in name if c.isprintable())[-NAME_LIMIT:]


def _arrived(request: SignedIn) -> files.Arrived | None:
    """What door.py took in."""
    arrived: files.Arrived | None = getattr(request, "scope", {}).get("arrived")
    return arrived


def attachment_of(request: SignedIn) -> str:
    """What the sender says the file is, when it is no DICOM. Raises Invalid."""
    stated = request.headers.get("X-Attachment")
    sent = {"attachment": stated} if stated is not None else request.POST
    form = forms.AttachmentForm(sent)
    if not form.is_valid():
        raise Invalid(str(form.errors["attachment"][0]), path="attachment")
    return str(form.cleaned_data["attachment"])


def take(
    request: SignedIn,
    patient: Patient,
    sent: list[tuple[str, files.Arrived]],
    attachment: str = "",
) -> tuple[dict[str, Any], int]:
    """Check what came, outside any transaction; keep what is sound, in one."""
    if not sent:
        why = _("No file came, or it is larger than {limit} MB.")
        refused = {"name": "", "why": why.format(limit=settings.UPLOAD_LIMIT_MB)}
        return {"accepted": [], "already": [], "refused": [refused], "studies": []}, 422
    key = f"upload {patient.pk}"
    if attachment:
        with intention(request.user, door="web"):
            cover = services.cover_for(actor=request.user, patient=patient, attachment=attachment)
        found = [attaching.sort_out(file, name, key, cover) for name, file in sent]
    else:
        found = [intake.sort_out(file, name, key) for name, file in sent]
    sorted_out = [item for items in found for item in items]
    pictures = [item for item in sorted_out if isinstance(item, intake.Checked)]
    with intention(request.user, door="web", timeout_ms=30_000):
        kept = services.store_pictures(actor=request.user, patient=patient, pictures=pictures)
    kept.refused = [i for i in sorted_out if isinstance(i, intake.NotTaken)] + kept.refused
    taken = kept.accepted or kept.already
    return _outcome(kept), 200 if taken else 422


def _outcome(kept: services.Kept) -> dict[str, Any]:
    return {
        "accepted": kept.accepted,
        "already": kept.already,
        "refused": [{"name": item.name, "why": item.why} for item in kept.refused],
        "notShown": [{"name": item.name, "why": item.why} for item in kept.hidden],
        "studies": [
            {
                "id": str(study.pk),
                "stated": study.stated,
                "frames": study.frame_count,
                "called": study.called,
                "document": study.is_document,
            }
            for study in kept.studies
        ],
    }


def require_room(size: int) -> None:
    """Before anything of it is kept: half a file is worth nothing."""
    if not files.has_room(size):
        said = _(
            "The disk is nearly full: no images can be taken in. The administrator has to act."
        )
        raise Unavailable(said, path="disk")
