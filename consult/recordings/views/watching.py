"""A stored recording: its page, and its picture and sound."""

import re
from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.recordings import files, queries, services
from consult.recordings.models import Recording
from telemed.core.errors import Gone
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

CHUNK = 1 << 18  # bytes
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})").fullmatch


@login_required
@require_GET
def page(request: SignedIn, recording_id: UUID) -> HttpResponse:
    """Who agreed, how long, its hash, and the player; opening it is a read."""
    with intention(request.user, door="web"):
        recording = services.watch_recording(actor=request.user, recording_id=recording_id)
        consents = queries.consents_of(recording)
    context = {"recording": recording, "case": recording.room.consult, "consents": consents}
    return render(request, "recordings/page.html", context)


@login_required
@require_GET
def media(request: SignedIn, recording_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The file, or the part of it that a player asks for (RFC 9110, 14.2, one range)."""
    with intention(request.user, door="web"):
        recording = queries.get_recording(request.user, recording_id)
    if recording.status != Recording.Status.STORED:
        raise Gone(_("This recording is not there to be played."), path="status")
    size = recording.size
    asked = RANGE(request.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]), size - 1) if asked and asked[2] else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    body = _part(recording, first, last + 1 - first)
    answer = StreamingHttpResponse(body, content_type=recording.media_type)
    if asked:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Content-Length"] = str(last + 1 - first)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _part(recording: Recording, first: int, length: int) -> Iterator[bytes]:
    with files.path_of(recording.pk).open("rb") as file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
