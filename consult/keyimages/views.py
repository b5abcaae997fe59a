"""The viewer of a case, and what is kept of it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from consult.keyimages import forms, panels, services
from consult.requests import presenting
from consult.requests.queries import get_case
from records.imaging import children, files, intake, reasons
from records.imaging.presenting import as_choice
from records.imaging.reader.wire import Refused
from records.imaging.words import viewer_words
from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def viewer(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The images of a case beside each other, with its key images."""
    with intention(request.user, door="web"):
        case = get_case(request.user, case_id)
        data = panels.desk(request.user, case)
        coming = presenting.arriving(request.user, case)
    if not data["studies"]:
        raise NotFound(_("There are no images here, or they are not yours to see."))
    data["csrf"] = get_token(request)
    context = {
        "case": case,
        "patient": case.patient,
        "data": data,
        "words": viewer_words(),
        **coming,
    }
    return render(request, "keyimages/viewer.html", context)


@login_required
@require_POST
def keep(request: SignedIn, case_id: UUID) -> HttpResponse:
    """A key image: the picture is decoded and drawn anew in the limited reader, then kept."""
    with intention(request.user, door="web"):  # nobody else's picture is worth a reader
        case = get_case(request.user, case_id)
        services.require_keeping(actor=request.user, case=case)
    form = forms.KeyImageForm(request.POST, request.FILES)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = dict(form.cleaned_data)
    picture, study_id = sent.pop("picture"), sent.pop("study")
    with files.arriving() as folder:
        came = files.receive(picture.file, folder / "came")
        try:
            said, body = children.call(f"still {case_id}", "redraw", path=str(came.path))
        except Refused as refusal:
            raise Invalid(reasons.in_words(refusal), path="picture") from None
        (folder / "drawn").write_bytes(body)
        drawn = files.settle(folder / "drawn")
        with intention(request.user, door="web"):
            kept = services.keep_key_image(
                actor=request.user,
                case_id=case_id,
                study_id=study_id,
                picture=drawn,
                size=(said["columns"], said["rows"]),
                **sent,
            )
    return JsonResponse(panels.as_data(kept))


@login_required
@require_POST
def still(request: SignedIn, case_id: UUID) -> HttpResponse:
    """A picture out of the room's video: it becomes a study of the case like any other."""
    with intention(request.user, door="web"):
        case = get_case(request.user, case_id)
        services.require_keeping(actor=request.user, case=case)
    form = forms.StillForm(request.POST, request.FILES)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = dict(form.cleaned_data)
    picture, now = sent.pop("picture"), timezone.localtime()
    with files.arriving() as folder:
        came = files.receive(picture.file, folder / "came")
        drawn, key = folder / "still.dcm", f"still {case_id}"
        try:
            children.call(
                key,
                "still",
                path=str(came.path),
                target=str(drawn),
                seed=str(sent["client_id"]),
                day=f"{now:%Y%m%d}",
                clock=f"{now:%H%M%S}",
                described=_("Still of the video"),
            )
        except Refused as refusal:
            raise Invalid(reasons.in_words(refusal), path="picture") from None
        checked = intake.check(files.measure(drawn), "still.dcm", key)
        if isinstance(checked, intake.NotTaken):
            raise Invalid(checked.why, path="picture")
        with intention(request.user, door="web"):
            kept = services.keep_still(actor=request.user, case_id=case_id, picture=checked, **sent)
    return JsonResponse(as_choice(kept))


@login_required
@require_GET
@cache_control(private=True, max_age=31_536_000, immutable=True)
def picture(request: SignedIn, key_image_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        found = services.read_picture(actor=request.user, key_image_id=key_image_id)
    path = files.path_of(found.sha256)
    if not path.exists():
        raise NotFound(_("There is no such picture."))
    return HttpResponse(path.read_bytes(), content_type="image/jpeg")


@login_required
@require_POST
def remove(request: SignedIn, key_image_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        gone = services.remove_key_image(actor=request.user, key_image_id=key_image_id)
    if "json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return redirect("requests:case", gone.case_id)


@login_required
@require_POST
def place(request: SignedIn, key_image_id: UUID) -> HttpResponse:
    form = forms.PlaceForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        placed = services.place_key_image(
            actor=request.user, key_image_id=key_image_id, **form.cleaned_data
        )
    if "json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return redirect("requests:case", placed.case_id)
