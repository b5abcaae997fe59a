"""Web doors: upload, the viewer's page and its data."""

import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from records.consent import access
from records.consent.queries import get_patient
from records.imaging import children, files, forms, intake, manifest, queries, reasons, services
from records.imaging.models import Instance, Study
from records.imaging.reader.wire import Refused
from records.imaging.uploads import ArrivedUpload, ArrivingUpload
from records.imaging.words import upload_words, viewer_words
from records.mpi.models import Patient
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

# A frame's bytes never change, and only this browser may keep them.
forever = cache_control(private=True, max_age=31_536_000, immutable=True)
FORM_FIELDS = 64 << 10  # bytes of a multipart request beside its file
NAME_LIMIT = 200  # characters of a file name


@csrf_exempt  # its inner half is protected; reading the token parses a form, so size comes first
@login_required
@require_http_methods(["GET", "POST"])
def upload(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """
    The page, and what is sent to it: DICOM files or ZIP archives.

    The page's script posts one file as the bare body (application/octet-stream, its name
    percent-encoded in X-File-Name): a form of that size is parsed once by Twisted for nothing and
    once by Django, which halves the speed. Without script the form itself comes.
    """
    if request.method == "POST" and _length(request) > intake.limit() + FORM_FIELDS:
        why = reasons.reason("over_limit", limit=settings.UPLOAD_LIMIT_MB)
        return JsonResponse({"accepted": [], "refused": [{"name": "", "why": why}]}, status=413)
    if arrived := _arrived(request):
        return _upload(request, patient_id, arrived.path.parent)
    with files.arriving() as folder:
        request.upload_handlers = [ArrivingUpload(request, folder=folder, limit=intake.limit())]
        return _upload(request, patient_id, folder)


@csrf_protect
def _upload(request: SignedIn, patient_id: UUID, folder: Path) -> HttpResponse:
    said: dict[str, Any] = {}
    status = 200
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        services.require_upload(actor=request.user, patient=patient)
    if request.method == "POST":
        said, status = _take(request, patient, _sent(request, folder))
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(said, status=status)
    context = {
        "patient": patient,
        "limit": settings.UPLOAD_LIMIT_MB,
        "said": said,
        "words": upload_words(),
    }
    return render(request, "imaging/upload.html", context, status=status)


def _sent(request: SignedIn, folder: Path) -> list[tuple[str, files.Arrived]]:
    """What arrived in `folder`, by the names it had at the sender's."""
    if request.content_type == "application/octet-stream":
        name = unquote(request.headers.get("X-File-Name", ""))[-NAME_LIMIT:]
        return [(name, _arrived(request) or files.receive(request, folder / "1"))]
    try:
        sent = request.FILES.getlist("file")
    except MultiPartParserError:
        return []
    return [(one.name or "", one.arrived) for one in sent if isinstance(one, ArrivedUpload)]


def _arrived(request: SignedIn) -> files.Arrived | None:
    """What door.py took in."""
    arrived: files.Arrived | None = getattr(request, "scope", {}).get("arrived")
    return arrived


def _take(
    request: SignedIn, patient: Patient, sent: list[tuple[str, files.Arrived]]
) -> tuple[dict[str, Any], int]:
    """Check what came, outside any transaction; keep what is sound, in one."""
    if not sent:
        why = _("No file came, or it is larger than {limit} MB.")
        refused = {"name": "", "why": why.format(limit=settings.UPLOAD_LIMIT_MB)}
        return {"accepted": [], "already": [], "refused": [refused], "studies": []}, 422
    key = f"upload {patient.pk}"
    sorted_out = [item for name, file in sent for item in intake.sort_out(file, name, key)]
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
            }
            for study in kept.studies
        ],
    }


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isdecimal() else 0


@login_required
@require_GET
def studies(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """The studies of a person, newest first."""
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        found = list(queries.studies_of(request.user, patient)[:100])
        may_add = access.decide(request.user, "write", patient).allowed
    context = {"patient": patient, "studies": found, "may_add": may_add}
    return render(request, "imaging/studies.html", context)


@login_required
@require_GET
def study(request: SignedIn, study_id: UUID) -> HttpResponse:
    """The viewer. Opening it is one audited read."""
    with intention(request.user, door="web"):
        opened = services.open_study(actor=request.user, study_id=study_id)
    context = {
        "study": opened,
        "patient": opened.patient,
        "differs": _differs(opened),
        "words": viewer_words(),
    }
    return render(request, "imaging/study.html", context)


def _differs(study: Study) -> str:
    """Who the files say it is, when that is not how the patient is called here."""
    name, number = study.stated.get("name", ""), study.stated.get("id", "")
    if name.replace(" ", "") == study.patient.name.replace(" ", ""):
        return ""
    return f"{name} {number}".strip()


@login_required
@require_GET
def series(request: SignedIn, study_id: UUID) -> HttpResponse:
    """The manifest; an opening of its own unless one still lasts."""
    with intention(request.user, door="web"):
        services.open_study(actor=request.user, study_id=study_id, again=False)
        whole = queries.whole_study(study_id)
        said = manifest.build(whole)
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    answer["Cache-Control"] = "private, no-cache"
    return _deflated(request, answer)


@login_required
@require_GET
@forever
def pixels(request: SignedIn, instance_id: UUID, index: int) -> HttpResponse:
    """
    The exact values of a frame: little endian, row by row; X-Pixels says int16, uint16 or uint8,
    rows, columns and samples (3 = RGB).
    """
    instance = _frame(request, instance_id, index)
    tag = f'"{instance.sha256}-{index}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    deflate = _accepts_deflate(request)
    said, body = _read(instance, "frame", index=index, deflate=deflate)
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["X-Pixels"] = "{dtype} {rows} {columns} {samples}".format(**said)
    answer["ETag"] = tag
    if deflate:
        answer["Content-Encoding"] = "deflate"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


@login_required
@require_GET
@forever
def preview(request: SignedIn, instance_id: UUID, index: int) -> HttpResponse:
    """A JPEG through a window; to look around with, not to diagnose from."""
    form = forms.PreviewForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("This preview cannot be made."), path="preview")
    wanted = form.cleaned_data
    instance = _frame(request, instance_id, index)
    facts, frame = instance.facts, instance.frame(index)
    window = frame["window"] or [128, 256]
    if wanted["centre"] is not None and wanted["width"]:
        window = [wanted["centre"], wanted["width"]]
    _said, body = _read(
        instance,
        "preview",
        index=index,
        slope=frame["slope"],
        intercept=frame["intercept"],
        window=window,
        invert=facts["photometric"] == "MONOCHROME1",
        size=wanted["size"] or 512,
        quality=wanted["quality"] or 70,
    )
    return HttpResponse(body, content_type="image/jpeg")


def _frame(request: SignedIn, instance_id: UUID, index: int) -> Instance:
    with intention(request.user, door="web"):
        return services.take_frame(actor=request.user, instance_id=instance_id, index=index)


def _read(instance: Instance, do: str, **asked: Any) -> tuple[dict[str, Any], bytes]:
    """Let the study's child read the original; no transaction is open while it works."""
    if why_not := instance.facts["why_not_shown"]:
        raise Invalid(reasons.reason(why_not), path=f"Instance/{instance.pk}")
    path = str(files.path_of(instance.sha256))
    try:
        return children.call(str(instance.series.study_id), do, path=path, **asked)
    except Refused as refusal:
        raise Invalid(reasons.in_words(refusal), path=f"Instance/{instance.pk}") from None


def _accepts_deflate(request: HttpRequest) -> bool:
    return "deflate" in request.headers.get("Accept-Encoding", "")


def _deflated(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if _accepts_deflate(request):
        answer.content = zlib.compress(answer.content, 6)
        answer["Content-Encoding"] = "deflate"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer
