"""The viewer's page and its data."""

import zlib
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from records.consent import access
from records.consent.queries import get_patient
from records.imaging import children, files, forms, manifest, queries, reasons, services
from records.imaging.models import Instance, Study
from records.imaging.reader.wire import Refused
from records.imaging.words import viewer_words
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

# A frame's bytes never change, and only this browser may keep them.
forever = cache_control(private=True, max_age=31_536_000, immutable=True)


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
def waveform(request: SignedIn, instance_id: UUID) -> HttpResponse:
    """
    The exact samples of an ECG, packed as records.imaging.reader.waveform.samples says; X-Waveform
    says int16 or uint16, leads and samples a lead.
    """
    with intention(request.user, door="web"):
        instance = services.take_frame(
            actor=request.user, instance_id=instance_id, index=0, recording=True
        )
    deflate = _accepts_deflate(request)
    said, body = _read(instance, "samples", deflate=deflate)
    answer = HttpResponse(body, content_type="application/octet-stream")
    kind = "int16" if said["signed"] else "uint16"
    answer["X-Waveform"] = f"{kind} {said['leads']} {said['samples']}"
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
