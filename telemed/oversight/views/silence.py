"""Institutions that ask nothing: the list, the reason, the word to the county."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from telemed.core import policies
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.devices.queries import idle_in
from telemed.notifications.services import mark_read
from telemed.oversight import permissions, rules, services
from telemed.oversight.forms import reason_filter_of
from telemed.oversight.models import Reason
from telemed.oversight.places import find_spot
from telemed.oversight.queries import silences
from telemed.oversight.queries.people import county_of
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def silent_list(request: SignedIn) -> HttpResponse:
    """/oversight/silent/?place=…&reason=none|given&after=…"""
    reason = reason_filter_of(request.GET.get("reason", ""))
    place = request.GET.get("place", "")
    actor = request.user
    with intention(actor, door="web"):
        require(permissions.sees_silences(actor), _("Your role here does not see this list."))
        name = ""
        if permissions.oversees(actor):
            spot = find_spot(actor, place)
            place, name = (spot.here.query or {}).get("place", ""), spot.here.name
        else:
            place = ""
        page = silences.list_silences(
            actor, place=place, reason=reason, after=request.GET.get("after", "")
        )
        days = policies.value(rules.SILENT).days
        devices, idle = idle_in(place, actor)
    context = {
        "page": page,
        "place": place,
        "name": name,
        "reason": reason,
        "days": days,
        "devices": devices,
        "idle": idle,
        "may_tell": permissions.may_tell(actor),
    }
    return render(request, "oversight/silent.html", context)


@login_required
@require_safe
def silent_detail(request: SignedIn, silence_id: UUID) -> HttpResponse:
    """Since when, what was said about it, and what one can do."""
    actor = request.user
    with intention(actor, door="web"):
        require(permissions.sees_silences(actor), _("Your role here does not see this list."))
        silence = silences.get_silence(actor, silence_id)
        mark_read(actor=actor, about=silence.pk)
        entries = silences.entries_of(silence)
        tells = permissions.may_tell(actor)
        county, people = county_of(silence.organisation) if tells else ("", [])
        pause = policies.value(rules.ASK_AGAIN)
    context = {
        "silence": silence,
        "days": silences.days_of(silence),
        "entries": entries,
        "reasons": Reason.choices,
        "may_tell": tells,
        "county": county,
        "people": len(people),
        "pause": pause.days,
        "own": silence.organisation_id == actor.organisation_id,
    }
    return render(request, "oversight/silence.html", context)


@login_required
@require_POST
def give_reason(request: SignedIn, silence_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.give_reason(
            actor=request.user,
            silence_id=silence_id,
            reason=request.POST.get("reason", ""),
            text=request.POST.get("text", ""),
        )
    messages.success(request, _("Thank you. It is in the history, and is asked again later."))
    return redirect("oversight:silence", silence_id)


@login_required
@require_POST
def tell_county(request: SignedIn, silence_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        count = services.tell_county(actor=request.user, silence_id=silence_id)
    told = ngettext("{n} person was told.", "{n} people were told.", count)
    messages.success(request, told.format(n=count))
    return redirect("oversight:silence", silence_id)
