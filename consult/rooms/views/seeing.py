"""The images of a room for its guests: what is shown now, and nothing that outlasts it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from consult.rooms import services
from consult.rooms.shown import manifest_of
from records.imaging import answers, files
from records.imaging.models import Instance
from telemed.core.errors import NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

never = cache_control(private=True, no_store=True)  # the right ends with the view


@login_required
@require_GET
@never
def shown(request: SignedIn, room_id: UUID) -> HttpResponse:
    """{"views": [{"study", "series", "manifest"}, …]}: one, two beside each other, or none."""
    with intention(request.user, door="web"):
        room, parts = services.open_shown(actor=request.user, room_id=room_id)
        views = [
            {
                "study": str(part.study.pk),
                "series": part.series,
                "manifest": manifest_of(part, room),
            }
            for part in parts
        ]
    return answers.packed(request, {"views": views})


@login_required
@require_GET
@never
def pixels(request: SignedIn, room_id: UUID, instance_id: UUID, index: int) -> HttpResponseBase:
    return answers.pixels(request, _frame(request, room_id, instance_id, index), index)


@login_required
@require_GET
@never
def preview(request: SignedIn, room_id: UUID, instance_id: UUID, index: int) -> HttpResponse:
    wanted = answers.window_of(request)
    return answers.preview(_frame(request, room_id, instance_id, index), index, **wanted)


@login_required
@require_GET
@never
def samples(request: SignedIn, room_id: UUID, instance_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        instance = services.take_shown(
            actor=request.user, room_id=room_id, instance_id=instance_id, recording=True
        )
    return answers.samples(request, instance)


@login_required
@require_GET
@never
def key_image(request: SignedIn, room_id: UUID, key_image_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        found = services.read_shown_key_image(
            actor=request.user, room_id=room_id, key_image_id=key_image_id
        )
    path = files.path_of(found.sha256)
    if not path.exists():
        raise NotFound(_("There is no such picture."))
    return HttpResponse(path.read_bytes(), content_type="image/jpeg")


def _frame(request: SignedIn, room_id: UUID, instance_id: UUID, index: int) -> Instance:
    with intention(request.user, door="web"):
        return services.take_shown(
            actor=request.user, room_id=room_id, instance_id=instance_id, index=index
        )
