"""Asking, answering, and the pieces that the recorder's page sends."""

import errno
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.recordings import files, forms, queries, services
from telemed.core.errors import TooLarge, Unavailable
from telemed.core.intentions import System, intention
from telemed.people.sessions import SignedIn

DISK = System("recordings")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


@login_required
@require_GET
def state(request: SignedIn, room_id: UUID) -> HttpResponse:
    """What the room's page shows about it."""
    with intention(request.user, door="web"):
        return JsonResponse(queries.state(request.user, room_id))


@login_required
@require_POST
def ask(request: SignedIn, room_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.ask_recording(actor=request.user, room_id=room_id)
    return HttpResponse(status=204)


@login_required
@require_POST
def answer(request: SignedIn, recording_id: UUID) -> HttpResponse:
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = form.cleaned_data
    with intention(request.user, door="web"):
        services.answer_recording(
            actor=request.user,
            recording_id=recording_id,
            agrees=sent["agrees"] == "yes",
            patient=sent["patient"],
            relation=sent["relation"],
        )
    return HttpResponse(status=204)


@login_required
@require_POST
def stop(request: SignedIn, recording_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.stop_recording(actor=request.user, recording_id=recording_id)
    return HttpResponse(status=204)


@login_required
@require_POST
def piece(request: SignedIn, recording_id: UUID, number: int) -> HttpResponse:
    """One piece, as the body; the answer says which is the next."""
    if int(request.headers.get("Content-Length") or 0) > files.PIECE:
        raise TooLarge(_("The piece is too large."), path="piece")
    try:
        with intention(request.user, door="web"):
            recording = services.add_piece(
                actor=request.user,
                recording_id=recording_id,
                number=number,
                piece=request.read(files.PIECE + 1),
                media_type=request.headers.get("X-Media-Type", ""),
            )
    except OSError as error:
        if error.errno not in FULL:
            raise
        with intention(DISK, door="web"):
            services.disk_failed(recording_id=recording_id)
        said = _("The disk takes no more: the recording has stopped. What is here is kept.")
        raise Unavailable(said, path="disk") from None
    return JsonResponse({"next": recording.pieces})


@login_required
@require_POST
def finish(request: SignedIn, recording_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.finish_recording(actor=request.user, recording_id=recording_id)
    return HttpResponse(status=204)
