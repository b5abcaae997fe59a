"""What is held: confirmed, given back, or over, also where the line comes and goes."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scheduling.appointments import fees, queries, services
from scheduling.appointments.forms import ConfirmForm
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.permissions import pools_of
from scheduling.appointments.views.showing import show
from scheduling.availability.models import Period
from scheduling.availability.queries import next_free
from telemed.core import idempotency, moments
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn
from telemed.web.error_pages import wants_json


@login_required
@require_safe
def held(request: SignedIn) -> HttpResponse:
    """What is kept, for how long, what it costs nothing to give back; one button books it."""
    with intention(request.user, door="web"):
        found = queries.find_hold(request.user)
        free = _next_free(request.user, found) if found else []
    if found is None:
        return redirect("booking:find")
    context = {"appointment": found, "fee_because": fees.reason_for(request.user, found)}
    context |= {"once": uuid4(), "free": free, "free_words": _words(free)}
    return show(request, "appointments/held", found.patient, [], **context)


@login_required
@require_POST
@form_at("booking:hold_over")
def confirm(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """What is sent again under its key, since no answer came, is answered the same."""
    form = ConfirmForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {}
    reason, key = sent.get("reason", ""), sent.get("key")
    with intention(request.user, door="web"):
        name, body = f"confirm:{key}", [str(appointment_id), reason]
        booked_id = idempotency.remembered(key=name, body=body) if key else None
        if booked_id is None:
            booked = services.confirm(
                actor=request.user, appointment_id=appointment_id, reason=reason
            )
            booked_id = str(booked.pk)
            if key:
                idempotency.keep(key=name, answer=booked_id)
    url = reverse("booking:ticket", args=[booked_id])
    return JsonResponse({"url": url}) if wants_json(request) else redirect(url)


@login_required
@require_safe
def over(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """The hold has ended: that nothing is booked, and what is free next; one tap keeps it."""
    with intention(request.user, door="web"):
        was = queries.get_booked_by(request.user, appointment_id)
        free = _next_free(request.user, was)
    if was.status == Status.HELD and was.held_until and was.held_until > moments.now():
        return redirect("booking:held")
    if was.status not in (Status.HELD, Status.EXPIRED):
        return redirect("booking:ticket", appointment_id)
    context = {"appointment": was, "free": free}
    return show(request, "appointments/over", was.patient, [], **context)


@login_required
@require_POST
def give_back(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.give_up_hold(actor=request.user, appointment_id=appointment_id)
    messages.success(request, _("The place went back."))
    return redirect("booking:find")


def _words(free: list[Period]) -> str:
    begins = (timezone.localtime(period.starts_at) for period in free)
    return _(", ").join(
        f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}" for begin in begins
    )


def _next_free(actor: User, was: Appointment) -> list[Period]:
    """The soonest in that department, with the same doctor first."""
    return next_free(was.period, pools_of(actor, was.organisation, was.patient))
