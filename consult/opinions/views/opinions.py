"""Doors of an opinion: the draft, its signature, its paper, and the check that anybody may make."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult.opinions import forms, panels, queries, sealing, services
from consult.requests.queries import get_case
from consult.requests.services import open_case
from records.chart.queries import banner_of
from telemed.core import idempotency
from telemed.core.caches import count
from telemed.core.doors import form_at
from telemed.core.errors import Conflict, NotFound
from telemed.core.ids import new_id
from telemed.core.intentions import System, intention
from telemed.people.models import User
from telemed.people.refusals import counting_wrong_pins
from telemed.people.sessions import SignedIn
from telemed.web import qr
from telemed.web.error_pages import wants_json

CHECKS_A_MINUTE = 30  # of one address; a code has 49 bits, this only keeps the page free
PUBLIC = System("check")


@login_required
@form_at("opinions:draft")
@require_http_methods(["GET", "POST"])
def draft(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The text being written: GET its page, POST what was typed."""
    if request.method == "POST":
        wanted = forms.read(forms.DraftForm(request.POST))
        with intention(request.user, door="web"):
            saved = services.save_draft(actor=request.user, case_id=case_id, **wanted)
        if not wants_json(request):
            return redirect("opinions:draft", case_id)
        at = f"{timezone.localtime(saved.saved_at):%H:%M}"
        return JsonResponse({"version": saved.version, "saved_at": at})
    with intention(request.user, door="web"):
        case = get_case(request.user, case_id)
        panel = panels.draft_panel(request.user, case)
        if panel and not panel["signs"]:
            open_case(actor=request.user, case=case)  # it shows what was asked, too
    if panel is None:
        raise NotFound(_("There is no opinion for you to write here."), path=f"Case/{case_id}")
    return render(request, "opinions/draft.html", {"case": case, "panel": panel})


@login_required
@require_safe
def similar(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Closed cases that are like this one: a page, or the list alone beside the draft."""
    with intention(request.user, door="web"):
        found = services.find_similar(actor=request.user, case_id=case_id)
    alone = request.GET.get("part") == "list"
    template = "opinions/_similar.html" if alone else "opinions/similar.html"
    return render(request, template, {"found": found, "case_id": case_id})


@login_required
@form_at("opinions:draft")
@require_POST
def sign(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Keep what stands on the page, then sign it: a wrong PIN never loses a word."""
    wanted = forms.read(forms.SignForm(request.POST))
    key = request.headers.get("Idempotency-Key") or wanted.get("key") or new_id().hex
    pin, version = wanted.pop("pin"), wanted.pop("version", None)
    off_duty, unfinished = wanted.pop("off_duty", ""), wanted.pop("unfinished", False)
    wanted.pop("key", None)
    known = _find_signed(request.user, case_id, key)
    if known is None and wanted:
        with intention(request.user, door="web"):
            saved = services.save_draft(
                actor=request.user, case_id=case_id, version=version, **wanted
            )
        version = saved.version
    try:
        number = known or _sign(
            request.user,
            case_id,
            key,
            pin=pin,
            version=version,
            off_duty=off_duty,
            unfinished=unfinished,
        )
    except Conflict as refusal:
        if refusal.path != "pin":
            raise
        with intention(request.user, door="web"):
            services.mark_ready(actor=request.user, case_id=case_id, version=version)
        raise Conflict(_("No signing key; kept as ready to sign."), path="pin") from refusal
    paper = reverse("opinions:paper", args=[case_id, number])
    if wants_json(request):
        return JsonResponse({"version": number, "url": paper})
    return redirect(f"/cases/{case_id}/")


def _find_signed(actor: User, case_id: UUID, key: str) -> int | None:
    """The version that was signed under this key already."""
    with intention(actor, door="web"):
        return idempotency.find_answer(key=_name(key), body=str(case_id))


def _sign(actor: User, case_id: UUID, key: str, *, pin: str, **given: Any) -> int:
    with counting_wrong_pins(actor, door="web"), intention(actor, door="web"):
        # The PIN is no part of the fingerprint: six digits are found from any hash.
        known = idempotency.remembered(key=_name(key), body=str(case_id))
        if known is not None:
            return known
        opinion = services.sign_opinion(actor=actor, case_id=case_id, pin=pin, **given)
        idempotency.keep(key=_name(key), answer=opinion.version)
        return opinion.version


def _name(key: str) -> str:
    return f"opinion.sign:{key}"[:80]


@login_required
@form_at("opinions:draft")
@require_POST
def ready(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The text is done and signed later: keep what stands on the page and say so."""
    wanted = forms.read(forms.DraftForm(request.POST))
    with intention(request.user, door="web"):
        saved = services.save_draft(actor=request.user, case_id=case_id, **wanted)
        services.mark_ready(actor=request.user, case_id=case_id, version=saved.version)
    if wants_json(request):
        return JsonResponse({"version": saved.version})
    return redirect("opinions:draft", case_id)


@login_required
@form_at("requests:case")
@require_POST
def state(request: SignedIn, case_id: UUID) -> HttpResponse:
    """An expert of a joint consult agrees or dissents; a dissent is signed with the PIN."""
    wanted = forms.read(forms.StateForm(request.POST))
    with counting_wrong_pins(request.user, door="web"), intention(request.user, door="web"):
        services.state_view(actor=request.user, case_id=case_id, **wanted)
    return redirect("requests:case", case_id)


@login_required
@require_POST
def amend(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Begin the next version of a signed opinion."""
    wanted = forms.read(forms.AmendForm(request.POST))
    with intention(request.user, door="web"):
        services.start_amendment(actor=request.user, case_id=case_id, **wanted)
    return redirect("opinions:draft", case_id)


@login_required
@require_POST
def drop_amendment(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Give up an amendment that was begun."""
    with intention(request.user, door="web"):
        services.drop_amendment(actor=request.user, case_id=case_id)
    return redirect(f"/cases/{case_id}/")


@login_required
@form_at("requests:case")
@require_POST
def withdraw(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Ask to withdraw the signed opinion; somebody else confirms."""
    wanted = forms.read(forms.WithdrawForm(request.POST))
    with intention(request.user, door="web"):
        services.ask_withdrawal(actor=request.user, case_id=case_id, **wanted)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def confirm(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The second person withdraws it."""
    with intention(request.user, door="web"):
        services.confirm_withdrawal(actor=request.user, case_id=case_id)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def keep(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The opinion stays: what was asked is declined, or taken back."""
    with intention(request.user, door="web"):
        services.drop_withdrawal(actor=request.user, case_id=case_id)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def ask_amendment(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The medical office asks who signed for a new version."""
    wanted = forms.read(forms.AmendForm(request.POST))
    with intention(request.user, door="web"):
        services.ask_amendment(actor=request.user, case_id=case_id, **wanted)
    return redirect("requests:case", case_id)


@login_required
@require_safe
def paper(request: SignedIn, case_id: UUID, version: int) -> HttpResponse:
    """One signed version on A4, with seal, QR code and the receipt line."""
    with intention(request.user, door="web"):
        opinion = services.read_opinion(actor=request.user, case_id=case_id, version=version)
        address = reverse("opinions:check_code", args=[opinion.check_code])
        context = {
            "case": opinion.case,
            "signed": panels.signed(opinion),
            "asker_title": queries.title_of(opinion.case.requester),
            "sent_at": queries.sent_at(opinion.case),
            "newest": opinion.case.opinion_version,
            "stands": opinion.case.opinion_stands,
            "safety": banner_of(request.user, opinion.case.patient).safety,
            "qr": qr.draw(request.build_absolute_uri(address)),
            "back": queries.page_of(request.user, opinion.case),
        }
    return render(request, "opinions/paper.html", context)


@require_safe
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper is genuine and the newest: for whoever holds it, without sign-in."""
    typed = code or request.GET.get("code", "")
    if not typed:
        return _checked(request, 200, state="ask")
    known = sealing.read_check_code(typed)
    if known and not code:
        return redirect("opinions:check_code", known)
    if _is_too_many(request):
        return _checked(request, 429, state="busy")
    with intention(PUBLIC, door="web"):
        opinion = queries.find_by_code(typed)
        if opinion is None:
            return _checked(request, 404, state="unknown", typed=typed[:20])
        return _checked(
            request,
            200,
            state="found",
            institution=str(opinion.case.asked),
            at=opinion.signed_at,
            version=opinion.version,
            newest=opinion.case.opinion_version,
            withdrawn=opinion.withdrawal,
            stands=opinion.case.opinion_stands,
            intact=sealing.is_intact(opinion),
            demonstration=queries.is_demonstration(opinion),
            **panels.signer(opinion),
        )


def _checked(request: HttpRequest, status: int, **said: Any) -> HttpResponse:
    return render(request, "opinions/check.html", said, status=status)


def _is_too_many(request: HttpRequest) -> bool:
    """Counted for each address and minute, across all processes."""
    key = f"check:{request.META.get('REMOTE_ADDR', '')}:{timezone.now():%H%M}"
    return count(key, seconds=120) > CHECKS_A_MINUTE
