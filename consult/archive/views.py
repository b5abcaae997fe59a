"""Doors of a copy: the page that prints, and the document for systems."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consult.archive import services
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def page(request: SignedIn, case_id: UUID, version: int) -> HttpResponse:
    """The copy as it was filed, to read and to print."""
    with intention(request.user, door="web"):
        copy = services.read_copy(actor=request.user, case_id=case_id, version=version)
    return render(request, "archive/page.html", {"copy": copy, "case": copy.case})


@login_required
@require_safe
def bundle(request: SignedIn, case_id: UUID, version: int) -> HttpResponse:
    """The FHIR document, to the byte."""
    with intention(request.user, door="web"):
        copy = services.read_copy(actor=request.user, case_id=case_id, version=version)
    answer = HttpResponse(copy.bundle, content_type="application/fhir+json; charset=utf-8")
    name = f"{copy.case.number}-v{version}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
