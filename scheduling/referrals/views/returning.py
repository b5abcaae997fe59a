"""Back at home: the plan is taken over, and done item by item."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scheduling.referrals import services
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@form_at("referrals:referral")
@require_POST
def take_plan(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.take_plan(actor=request.user, referral_id=referral_id)
    messages.success(request, _("The plan is on your list."))
    return redirect("referrals:referral", referral_id)


@login_required
@require_POST
def finish(request: SignedIn, referral_id: UUID, item_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.finish_item(actor=request.user, referral_id=referral_id, item_id=item_id)
    return redirect("referrals:referral", referral_id)
