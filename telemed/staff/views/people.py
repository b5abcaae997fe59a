"""The list, and one person with what may be done about them."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telemed.audit import refusals
from telemed.core import policies
from telemed.core.errors import Conflict, DomainError, require
from telemed.core.intentions import intention
from telemed.people import open_work
from telemed.people.models import Role, User
from telemed.people.sessions import SignedIn
from telemed.staff import links, queries, rules, services
from telemed.staff.forms import InviteForm, LicenceForm, MoveForm, PostForm
from telemed.staff.permissions import administers, may_read, verifies

SHOWN = {"", "ending", "stopped", "unlicensed", "closed"}


@login_required
@require_safe
def people(request: SignedIn) -> HttpResponse:
    """/staff/?q=…&show=…&after=…"""
    text = request.GET.get("q", "").strip()[:60]
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    with intention(request.user, door="web"):
        require(may_read(request.user), _("This list is for administrators and medical offices."))
        found = queries.find_staff(
            request.user,
            text=text,
            show=show,
            after=request.GET.get("after", "")[:150],
            limit=queries.PAGE + 1,
        )
        waiting = len(queries.to_verify(request.user)) if _is_office(request) else 0
    more = len(found) > queries.PAGE
    context = {
        "people": found[: queries.PAGE],
        "after": found[queries.PAGE - 1].username if more else "",
        "q": text,
        "show": show,
        "waiting": waiting,
        "is_office": _is_office(request),
    }
    return render(request, "staff/list.html", context)


@login_required
@require_safe
def person(request: SignedIn, user_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        context = _card(request, user_id)
    return render(request, "staff/person.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def licence(request: SignedIn, user_id: UUID) -> HttpResponse:
    """Enter a licence, or its renewal."""
    error: DomainError | None = None
    form = LicenceForm(request.POST or None)
    if request.method == "POST":
        try:
            wanted = form.read()
            with intention(request.user, door="web"):
                services.enter_licence(actor=request.user, user_id=user_id, **wanted)
            messages.success(request, _("Entered. The medical office verifies it now."))
            return redirect("staff:person", user_id)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="staff:licence", error=refused)
    with intention(request.user, door="web"):
        user = queries.get_staff(request.user, user_id)
        held = queries.find_practitioner(user)
    if request.method == "GET" and held:
        form = LicenceForm(initial={name: getattr(held, name) for name in LicenceForm.base_fields})
    context = {"person": user, "form": form, "held": held, "error": error}
    return render(request, "staff/licence.html", context, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: SignedIn) -> HttpResponse:
    """A new account; the page after it shows the link to hand over."""
    error: DomainError | None = None
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        try:
            wanted = form.read()
            with intention(request.user, door="web"):
                invited = services.invite_person(
                    actor=request.user,
                    name=wanted["name"],
                    username=wanted["username"],
                    phone=wanted["phone"],
                    post=_post(wanted),
                )
            return redirect("staff:person", invited.user_id)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="staff:invite", error=refused)
    with intention(request.user, door="web"):
        require(
            request.user.role == Role.ADMINISTRATOR,
            _("Only the administrator of the institution does this."),
        )
        context = {
            "form": form,
            "organisations": queries.find_organisations(request.user),
            "own": request.user.organisation_id,
            "days": policies.value(rules.INVITATION).days,
            "error": error,
        }
    return render(request, "staff/invite.html", context, status=422 if error else 200)


@login_required
@require_POST
def invite_again(request: SignedIn, user_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.invite_again(actor=request.user, user_id=user_id)
    return redirect("staff:person", user_id)


@login_required
@require_POST
def give_role(request: SignedIn, user_id: UUID) -> HttpResponse:
    wanted = PostForm(request.POST).read()
    with intention(request.user, door="web"):
        services.give_role(actor=request.user, user_id=user_id, post=_post(wanted))
    messages.success(request, _("The role is given."))
    return redirect("staff:person", user_id)


@login_required
@require_POST
def end_role(request: SignedIn, role_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        role = services.end_role(
            actor=request.user, role_id=role_id, reason=request.POST.get("reason", "")
        )
    messages.success(request, _("The role has ended."))
    return redirect("staff:person", role.user_id)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: SignedIn, user_id: UUID) -> HttpResponse:
    """What is still in hand, to whom it goes, and why the account closes."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _close(request, user_id)
            messages.success(request, _("The account is closed and signed out everywhere."))
            return redirect("staff:person", user_id)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="staff:close", error=refused)
    with intention(request.user, door="web"):
        user = queries.get_staff(request.user, user_id)
        held = open_work.held_by(user)
        colleagues = queries.colleagues_of(user) if held else []
        context = {
            "person": user,
            "held": held,
            "colleagues": colleagues,
            "error": error,
            "reason": request.POST.get("reason", ""),
            "to": request.POST.get("to", "") if error else _likely(user, colleagues),
            "listed": "listed" in request.POST,
        }
    return render(request, "staff/close.html", context, status=422 if error else 200)


def _likely(user: User, colleagues: list[User]) -> str:
    """Who would take the work over: the first of the same specialty; empty where there is none."""
    practitioner = queries.find_practitioner(user)
    if practitioner is None:
        return ""
    same = (
        one
        for one in colleagues
        if hasattr(one, "practitioner") and one.practitioner.specialty == practitioner.specialty
    )
    found = next(same, None)
    return str(found.pk) if found else ""


@login_required
@require_POST
def reopen(request: SignedIn, user_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.enable_account(
            actor=request.user, user_id=user_id, reason=request.POST.get("reason", "")
        )
    return redirect("staff:person", user_id)


@login_required
@require_POST
def unlock(request: SignedIn, user_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        user = services.unlock_account(actor=request.user, user_id=user_id)
    get_adapter(request).unlock(request, user)
    messages.success(request, _("Wrong passwords are forgotten; the account can sign in."))
    return redirect("staff:person", user_id)


@login_required
@require_POST
def end_session(request: SignedIn, user_id: UUID, session_id: int) -> HttpResponse:
    with intention(request.user, door="web"):
        services.end_session_of(actor=request.user, user_id=user_id, session_id=session_id)
    messages.success(request, _("Signed out there."))
    return redirect("staff:person", user_id)


def _close(request: SignedIn, user_id: UUID) -> None:
    """
    Moving and closing stand or fall together: what the colleague can't have keeps the account open,
    unless whoever closes it hands that over by phone.
    """
    post, moving = request.POST, bool(request.POST.get("to"))
    wanted = MoveForm(post).read() if moving else {}
    listed, reason = post.get("listed") == "on", post.get("reason", "")
    with intention(request.user, door="web"):
        if moving:
            _moved, refused = services.move_work(
                actor=request.user, user_id=user_id, to_id=wanted["to"], reason=reason
            )
            if refused and not listed:
                raise Conflict(_not_moved(refused), path="to")
        services.disable_account(
            actor=request.user, user_id=user_id, reason=reason, listed=moving or listed
        )


def _not_moved(refused: list[services.NotMoved]) -> str:
    """Each by itself: another colleague may be fit for it."""
    said = "; ".join(f"{one.label}: {one.why}" for one in refused)
    message = _("Nothing was moved. These can't go to this colleague: {items}")
    return message.format(items=said)


def _card(request: SignedIn, user_id: UUID) -> dict[str, Any]:
    actor = request.user
    user = queries.get_staff(actor, user_id)
    roles = queries.roles_of(user)
    places = [role.organisation for role in roles if role.ends_on is None]
    admin = any(administers(actor, role.organisation) for role in roles)
    invitation = queries.open_invitation(user) if admin else None
    return {
        "person": user,
        "roles": roles,
        "practitioner": queries.find_practitioner(user),
        "entries": queries.entries_of(user),
        "sessions": queries.sessions_of(user) if admin else [],
        "admin": admin and user != actor,
        "office": any(verifies(actor, place) for place in places) and user != actor,
        "invitation": invitation,
        "link": request.build_absolute_uri(links.path_of(invitation)) if invitation else "",
        "organisations": queries.find_organisations(actor) if admin else [],
        "role_choices": PostForm.base_fields["role"].choices,  # type: ignore[attr-defined]
    }


def _post(wanted: dict[str, Any]) -> services.Post:
    """The form's ids as the service wants them; what is not there is refused by it."""
    return services.Post(
        organisation=queries.get_organisation(wanted["organisation"]),
        role=wanted["role"],
        department=queries.find_department(wanted["department"]),
    )


def _is_office(request: SignedIn) -> bool:
    return request.user.role == Role.MEDICAL_OFFICE
