"""The province, for administrators and officials."""

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from telemed.core.errors import require
from telemed.core.intentions import Actor, intention
from telemed.organisations import progress
from telemed.organisations.models import Organisation
from telemed.organisations.overview import get_overview
from telemed.organisations.permissions import may_see_province


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """/organisations/?division=…&kind=…&q=…&after=…"""
    actor = cast(Actor, request.user)
    asked = {name: request.GET.get(name, "") for name in ("division", "kind", "q")}
    with intention(actor, door="web"):
        require(may_see_province(actor), _("The province is for administrators and officials."))
        province = get_overview(
            division=asked["division"],
            kind=asked["kind"],
            text=asked["q"],
            after=request.GET.get("after", ""),
        )
        running = progress.running()
    context = {
        "province": province,
        "running": running,
        "kinds": Organisation.Kind.choices,
        "here": urlencode({name: value for name, value in asked.items() if value}),
        **asked,
    }
    return render(request, "organisations/overview.html", context)
