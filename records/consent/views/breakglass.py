"""Emergency access: finding the person, opening the record, ending it, and the review."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records.consent import breakglass
from records.consent import breakglass_queries as queries
from records.consent.models import BreakGlass
from telemed.core.doors import form_at
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import intention
from telemed.oversight import tracing
from telemed.people import signing
from telemed.people.queries import find_key
from telemed.people.refusals import counting_wrong_pins
from telemed.people.sessions import SignedIn
from telemed.web import refused

FINDINGS = (BreakGlass.Status.JUSTIFIED, BreakGlass.Status.MISUSE)


@login_required
@form_at("breakglass:find")
@require_http_methods(["GET", "POST"])
@never_cache
def find(request: SignedIn) -> HttpResponse:
    """/emergency-access/: whom, by a whole number; and one's own of today."""
    actor = request.user
    if request.method == "POST":
        with intention(actor, door="web"):
            found = breakglass.find_in_emergency(actor=actor, number=request.POST.get("number", ""))
        return redirect("breakglass:open", found.pk)
    with intention(actor, door="web"):
        breakglass.check_right(actor)
        sessions = queries.sessions_of(actor)
        left = max(queries.A_DAY - queries.opened_today(actor), 0)
    context = {"sessions": sessions, "left": left, "refusal": refused.find(request)}
    return render(request, "breakglass/find.html", context)


@sensitive_post_parameters()
@login_required
@form_at("breakglass:open")
@require_http_methods(["GET", "POST"])
@never_cache
def open_record(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """/emergency-access/<id>/: who it is, masked, what the emergency is, and one's PIN."""
    actor = request.user
    if request.method == "POST":
        return _open(request, patient_id)
    with intention(actor, door="web"):
        patient = breakglass.get_looked_up(actor=actor, patient_id=patient_id)
        has_pin = find_key(actor) is not None
    context = {
        "patient": patient,
        "has_pin": has_pin,
        "codes": BreakGlass.Code.choices,
        "shortest": breakglass.SHORTEST,
        "refusal": refused.find(request),
    }
    return render(request, "breakglass/open.html", context)


def _open(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """Nobody opens it from a page that was left open: the PIN, or the password, comes first."""
    actor, sent = request.user, request.POST
    with intention(actor, door="web"):
        breakglass.get_looked_up(actor=actor, patient_id=patient_id)
        has_pin = find_key(actor) is not None
    if not has_pin:
        _check_password(request)
    with counting_wrong_pins(actor, door="web"), intention(actor, door="web"):
        if has_pin:
            signing.check_pin(user=actor, pin=sent.get("pin", ""))
        glass = breakglass.open_record(
            actor=actor,
            patient_id=patient_id,
            code=sent.get("code", ""),
            text=sent.get("text", ""),
        )
    return redirect("chart:patient", glass.patient_id)


def _check_password(request: SignedIn) -> None:
    """As often as at sign-in, and no oftener."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise Conflict(_("Too many attempts. Wait a minute, then try again."), path="password")
    if not request.user.check_password(request.POST.get("password", "")):
        raise Invalid(_("The password is wrong."), path="password")


@login_required
@form_at("breakglass:find")
@require_POST
def end(request: SignedIn, break_glass_id: UUID) -> HttpResponse:
    """/emergency-access/sessions/<id>/end/: the record is closed again."""
    with intention(request.user, door="web"):
        breakglass.end_session(actor=request.user, break_glass_id=break_glass_id)
    messages.success(request, _("Ended: the record is closed to you again."))
    return redirect("breakglass:find")


@login_required
@require_safe
@never_cache
def reviews(request: SignedIn) -> HttpResponse:
    """/emergency-access/reviews/: what waits for a review, and what was found."""
    before = request.GET.get("before", "")
    with intention(request.user, door="web"):
        waiting, done, following = breakglass.list_reviews(actor=request.user, before=before)
    context = {
        "waiting": [] if before else waiting,
        "n": len(waiting),
        "late": sum(glass.review_by <= timezone.now() for glass in waiting),
        "done": done,
        "following": following,
        "first": not before,
    }
    return render(request, "breakglass/reviews.html", context)


@login_required
@form_at("breakglass:review")
@require_http_methods(["GET", "POST"])
@never_cache
def review(request: SignedIn, break_glass_id: UUID) -> HttpResponse:
    """/emergency-access/reviews/<id>/: who, why, what was opened; and what the reviewer found."""
    actor = request.user
    if request.method == "POST":
        with intention(actor, door="web"):
            breakglass.review(
                actor=actor,
                break_glass_id=break_glass_id,
                finding=request.POST.get("finding", ""),
                text=request.POST.get("text", ""),
            )
        messages.success(request, _("Reviewed. The doctor and the resident are told."))
        return redirect("breakglass:reviews")
    with intention(actor, door="web"):
        glass = breakglass.open_review(actor=actor, break_glass_id=break_glass_id)
        past = queries.reviews_of(glass)
        context = {
            "glass": glass,
            "past": past,
            "opened": tracing.in_words(queries.opened_under(glass)),
            "since": queries.relation_since(glass),
            "near": queries.is_near(actor, glass),
            "second": bool(past) and all(one.reviewer_id != actor.pk for one in past),
            "turns": len(past),
        }
    context |= {
        "findings": [(one.value, one.label) for one in FINDINGS],
        "shortest": breakglass.SHORTEST,
        "refusal": refused.find(request),
    }
    return render(request, "breakglass/review.html", context)
