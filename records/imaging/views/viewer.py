"""The viewer's page and its data."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from records.consent import access
from records.consent.breakglass_queries import find_open
from records.consent.queries import get_patient
from records.imaging import answers, children, forms, manifest, queries, services
from records.imaging.models import Instance, Study
from records.imaging.presenting import as_choice, news_of
from records.imaging.words import viewer_words
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

# A frame's bytes never change, and only this browser may keep them.
NEWEST = 50  # studies of one answer
forever = cache_control(private=True, max_age=31_536_000, immutable=True)


@login_required
@require_GET
def studies(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """The studies of a person, newest first."""
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        found = list(queries.studies_of(request.user, patient)[:100])
        may_add = access.decide(request.user, "write", patient).allowed
        glass = find_open(request.user, patient)
    context = {"patient": patient, "studies": found, "may_add": may_add, "glass": glass}
    return render(request, "imaging/studies.html", context)


@login_required
@require_GET
def study(request: SignedIn, study_id: UUID) -> HttpResponse:
    """The viewer. Opening it is one audited read."""
    with intention(request.user, door="web"):
        opened = services.open_study(actor=request.user, study_id=study_id)
        glass = find_open(request.user, opened.patient)
        arriving = queries.arriving_with(opened)
        documents = queries.documents_of(opened)
    context = {
        "glass": glass,
        "arriving": arriving,
        "study": opened,
        "documents": [(one, one.facts["document"]["pages"]) for one in documents],
        "pictures": opened.frame_count > len(documents),
        "patient": opened.patient,
        "differs": _differs(opened),
        "words": viewer_words(),
        "news": news_of(opened.patient),
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
@never_cache
def news(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """
    Which studies came or grew since the page asked last: what they are called and how many pictures
    they have, as the list of them says, so that an open viewer need not be loaded anew.
    """
    since, now = forms.since_of(request.GET), timezone.now()
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        changed = list(queries.changed_since(request.user, patient, since)[:NEWEST])
    studies = [as_choice(study) for study in reversed(changed)]
    return JsonResponse({"at": now.isoformat(), "studies": studies})


@login_required
@require_GET
def series(request: SignedIn, study_id: UUID) -> HttpResponse:
    """
    The manifest; an opening of its own unless one still lasts.

    With ?first= the first preview is in it: on a long line each request costs a third of a second.
    """
    quality = answers.quality_of_first(request)
    with intention(request.user, door="web"):
        services.open_study(actor=request.user, study_id=study_id, again=False)
    children.warm(str(study_id))  # it starts while the manifest is made and on its way
    with intention(request.user, door="web"):
        said = manifest.build(queries.whole_study(study_id))
        place = manifest.shown_first(said) if quality else None
        first = _first(request, place)
    if first and (picture := answers.first(*first, quality)):
        said["first"] = picture
    answer = answers.packed(request, said)
    answer["Cache-Control"] = "private, no-cache"
    return answer


@login_required
@require_GET
@forever
def pixels(request: SignedIn, instance_id: UUID, index: int) -> HttpResponseBase:
    """
    The exact values of a frame: little endian, row by row; X-Pixels says int16, uint16 or uint8,
    rows, columns and samples (3 = RGB).
    """
    instance = _frame(request, instance_id, index)
    return answers.pixels(request, instance, index)


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
    return answers.samples(request, instance)


@login_required
@require_GET
@xframe_options_sameorigin
def document(request: SignedIn, instance_id: UUID) -> HttpResponse:
    """The PDF, for the browser's own reader; ?keep=1 for the folder of downloads."""
    with intention(request.user, door="web"):
        found = services.take_document(actor=request.user, instance_id=instance_id)
    return answers.document(found, keep="keep" in request.GET)


@login_required
@require_GET
@forever
def preview(request: SignedIn, instance_id: UUID, index: int) -> HttpResponse:
    """A JPEG through a window; to look around with, not to diagnose from."""
    wanted = answers.window_of(request)
    return answers.preview(_frame(request, instance_id, index), index, **wanted)


def _first(request: SignedIn, place: tuple[str, int] | None) -> tuple[Instance, int] | None:
    if not place:
        return None
    return services.take_frame(
        actor=request.user, instance_id=UUID(place[0]), index=place[1]
    ), place[1]


def _frame(request: SignedIn, instance_id: UUID, index: int) -> Instance:
    with intention(request.user, door="web"):
        return services.take_frame(actor=request.user, instance_id=instance_id, index=index)
