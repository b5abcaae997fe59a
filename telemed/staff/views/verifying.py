"""The medical office: what waits to be verified, and licences stopped and resumed."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.errors import NotFound, require
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn
from telemed.staff import queries, services

ACTS = {
    "suspend": services.suspend_licence,
    "resume": services.resume_licence,
    "revoke": services.revoke_licence,
}


@login_required
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        office = request.user.role == Role.MEDICAL_OFFICE
        require(office, _("Licences are verified by the medical office."))
        entries = queries.to_verify(request.user)
    return render(request, "staff/queue.html", {"entries": entries})


@login_required
@require_POST
def verify(request: SignedIn, entry_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        practitioner = services.verify_licence(actor=request.user, entry_id=entry_id)
    messages.success(request, _("Verified: {who}").format(who=practitioner.user))
    return redirect("staff:queue")


@login_required
@require_POST
def send_back(request: SignedIn, entry_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.send_back(
            actor=request.user, entry_id=entry_id, reason=request.POST.get("reason", "")
        )
    messages.success(request, _("Sent back to the administrator."))
    return redirect("staff:queue")


@login_required
@require_POST
def change(request: SignedIn, user_id: UUID, act: str) -> HttpResponse:
    """suspend, resume, revoke."""
    if act not in ACTS:
        raise NotFound(_("There is no such act."))
    with intention(request.user, door="web"):
        practitioner = ACTS[act](
            actor=request.user, user_id=user_id, reason=request.POST.get("reason", "")
        )
    messages.success(request, str(practitioner.get_state_display()))
    return redirect("staff:person", user_id)
