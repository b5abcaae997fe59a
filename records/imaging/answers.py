"""Pictures, samples and manifests as an answer; the door has asked who may have them."""

import asyncio
import base64
import zlib
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from records.imaging import children, files, forms, reasons
from records.imaging.models import Instance
from records.imaging.reader.wire import Refused
from telemed.core.errors import Invalid, Unavailable

Json = dict[str, Any]
Answer = TypeVar("Answer", bound=HttpResponseBase)


# Not `sandbox`: with it, browsers do not start their reader.
SEALED = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
BITES = 4  # a second, of what trickles
SLOWEST = 1000  # bytes a second


def pixels(request: HttpRequest, instance: Instance, index: int) -> HttpResponseBase:
    """
    The exact values of a frame, with what X-Pixels says of them.

    X-Pace asks for so many bytes a second: beside a call on a thin line, the sound goes first.
    """
    tag = f'"{instance.sha256}-{index}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    deflate = _accepts_deflate(request)
    said, body = _read(instance, "frame", index=index, deflate=deflate)
    answer = paced(request, body)
    answer["X-Pixels"] = "{dtype} {rows} {columns} {samples}".format(**said)
    answer["ETag"] = tag
    return _vary(answer, deflate)


def paced(request: HttpRequest, body: bytes) -> HttpResponseBase:
    """So many bytes a second as X-Pace says; without it, as fast as it goes."""
    kind = "application/octet-stream"
    pace = request.headers.get("X-Pace", "")
    if not (pace.isascii() and pace.isdecimal() and isinstance(request, ASGIRequest)):
        return HttpResponse(body, content_type=kind)
    bite = max(int(pace[:9]), SLOWEST) // BITES
    return StreamingHttpResponse(_in_bites(body, bite), content_type=kind)


async def _in_bites(body: bytes, bite: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), bite):
        yield body[start : start + bite]
        await asyncio.sleep(1 / BITES)


def samples(request: HttpRequest, instance: Instance) -> HttpResponse:
    """The exact samples of an ECG, with what X-Waveform says of them."""
    deflate = _accepts_deflate(request)
    said, body = _read(instance, "samples", deflate=deflate)
    answer = HttpResponse(body, content_type="application/octet-stream")
    kind = "int16" if said["signed"] else "uint16"
    answer["X-Waveform"] = f"{kind} {said['leads']} {said['samples']}"
    return _vary(answer, deflate)


def document(instance: Instance, *, keep: bool) -> HttpResponse:
    """
    A PDF that somebody sent: nothing in it may run, load or send anything, or be taken for a page.
    """
    _said, body = _read(instance, "document")
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Security-Policy"] = SEALED
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    way = "attachment" if keep else "inline"
    answer["Content-Disposition"] = f'{way}; filename="{instance.pk}.pdf"'
    return answer


def window_of(request: HttpRequest) -> Json:
    """How a preview is wanted."""
    form = forms.PreviewForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("This preview cannot be made."), path="preview")
    return form.cleaned_data


def quality_of_first(request: HttpRequest) -> int | None:
    """Of the preview that is wanted with the manifest."""
    form = forms.ManifestForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("This preview cannot be made."), path="first")
    return form.cleaned_data["first"]


def first(instance: Instance, index: int, quality: int | None) -> Json | None:
    """A preview within a manifest; none where it cannot be made: asked for alone, it says why."""
    try:
        picture = preview(instance, index, centre=None, width=None, size=None, quality=quality)
    except (Invalid, Unavailable):
        return None
    encoded = base64.b64encode(picture.content).decode()
    return {
        "instance": str(instance.pk),
        "frame": index,
        "picture": f"data:image/jpeg;base64,{encoded}",
    }


def preview(
    instance: Instance,
    index: int,
    *,
    centre: float | None,
    width: float | None,
    size: int | None,
    quality: int | None,
) -> HttpResponse:
    """A JPEG through a window; to look around with, not to diagnose from."""
    facts, frame = instance.facts, instance.frame(index)
    window = frame["window"] or [128, 256]
    if centre is not None and width:
        window = [centre, width]
    _said, body = _read(
        instance,
        "preview",
        index=index,
        slope=frame["slope"],
        intercept=frame["intercept"],
        window=window,
        invert=facts["photometric"] == "MONOCHROME1",
        size=size or 512,
        quality=quality or 70,
    )
    return HttpResponse(body, content_type="image/jpeg")


def packed(request: HttpRequest, said: Json) -> HttpResponse:
    """JSON, small: a manifest of 1,500 slices is much alike."""
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    deflate = _accepts_deflate(request)
    if deflate:
        answer.content = zlib.compress(answer.content, 6)
    return _vary(answer, deflate)


def _read(instance: Instance, do: str, **asked: Any) -> tuple[Json, bytes]:
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


def _vary(answer: Answer, deflate: bool) -> Answer:
    if deflate:
        answer["Content-Encoding"] = "deflate"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer
