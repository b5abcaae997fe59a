"""The list of devices, an institution's page, and the measuring of its line."""

from secrets import token_bytes
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telemed.core import policies
from telemed.core.doors import form_at
from telemed.core.errors import Invalid, require
from telemed.core.intentions import intention
from telemed.devices import forms, queries, rules, services, sheet
from telemed.devices.models import Device, Reason
from telemed.devices.permissions import KEEPERS, may_keep, sees_devices
from telemed.people.door.bringing import Sheet
from telemed.people.sessions import SignedIn

SAMPLE = 64_000  # bytes: a second on a line of 0.5 Mbit/s


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """/devices/?show=idle|ticket&q=…&after=…"""
    show, text = forms.filter_of(request.GET.get("show", "")), request.GET.get("q", "").strip()[:60]
    actor = request.user
    with intention(actor, door="web"):
        require(sees_devices(actor), _("Your role here does not see the devices."))
        page = queries.list_devices(actor, show=show, text=text, after=request.GET.get("after", ""))
        days = policies.value(rules.IDLE).days
    context = {
        "page": page,
        "show": show,
        "q": text,
        "days": days,
        "keeps": actor.role in KEEPERS,
        "here": actor.organisation_id,
    }
    return render(request, "devices/home.html", context)


@login_required
@require_safe
def clinic(request: SignedIn, organisation_id: UUID) -> HttpResponse:
    """Its devices, the faults that are open, and how its line was."""
    actor = request.user
    with intention(actor, door="web"):
        organisation = queries.get_institution(actor, organisation_id)
        found = queries.look_at(organisation)
    context = {
        "clinic": found,
        "organisation": organisation,
        "keeps": may_keep(actor, organisation),
        "own": actor.organisation_id == organisation.pk,
        "reasons": Reason.choices,
    }
    return render(request, "devices/clinic.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """One device of the own institution."""
    require(request.user.role in KEEPERS, _("The institution's administrator keeps its devices."))
    if request.method == "GET":
        return render(request, "devices/new.html", {"kinds": Device.Kind.choices})
    form = forms.DeviceForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        device = services.register_device(actor=request.user, **form.cleaned_data)
    messages.success(request, _("{name} is in the register.").format(name=device.name))
    return redirect("devices:clinic", device.organisation_id)


SHEET = Sheet(
    name="devices",
    columns=sheet.COLUMNS,
    example=sheet.EXAMPLE,
    bring=services.import_devices,
    said=gettext_noop("{n} devices stored, {known} were there already."),
    onward=lambda request, brought: redirect("devices:clinic", request.user.organisation_id),
)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: SignedIn) -> HttpResponse:
    require(request.user.role in KEEPERS, _("The institution's administrator keeps its devices."))
    return SHEET.answer(request)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return SHEET.empty()


@login_required
@require_POST
def used(request: SignedIn, device_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        device = services.say_used(actor=request.user, device_id=device_id)
    return redirect("devices:clinic", device.organisation_id)


@login_required
@require_POST
def reason(request: SignedIn, device_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        device = services.give_reason(
            actor=request.user,
            device_id=device_id,
            reason=request.POST.get("reason", ""),
            text=request.POST.get("text", ""),
        )
    return redirect("devices:clinic", device.organisation_id)


@login_required
@require_POST
def retire(request: SignedIn, device_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        device = services.retire_device(actor=request.user, device_id=device_id)
    messages.success(request, _("{name} left the register.").format(name=device.name))
    return redirect("devices:clinic", device.organisation_id)


@login_required
@form_at("devices:clinic")
@require_POST
def ticket(request: SignedIn, organisation_id: UUID) -> HttpResponse:
    """Report a fault of a device, or of the line where none is named."""
    about = request.POST.get("device", "")
    try:
        device_id = UUID(about) if about else None
    except ValueError:
        raise Invalid(_("Choose one of the values offered."), path="device") from None
    with intention(request.user, door="web"):
        services.open_ticket(
            actor=request.user,
            organisation_id=organisation_id,
            text=request.POST.get("text", ""),
            device_id=device_id,
        )
    messages.success(request, _("The fault is noted."))
    return redirect("devices:clinic", organisation_id)


@login_required
@require_POST
def done(request: SignedIn, ticket_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        closed = services.close_ticket(
            actor=request.user, ticket_id=ticket_id, done=request.POST.get("done", "")
        )
    return redirect("devices:clinic", closed.organisation_id)


@login_required
@require_POST
def link(request: SignedIn) -> HttpResponse:
    """What a page measured of its line."""
    form = forms.LinkForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.note_link(actor=request.user, **form.cleaned_data)
    return HttpResponse(status=204)


@login_required
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Bytes that no proxy compresses, to measure a line with."""
    size = SAMPLE if "big" in request.GET else 1
    response = HttpResponse(token_bytes(size), content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    return response
