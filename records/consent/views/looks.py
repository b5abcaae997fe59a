"""The auditor's search: who opened what of whom, and why."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from records.consent import looking
from records.consent.forms import LooksForm
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.oversight.forms import mark_of
from telemed.people.sessions import SignedIn
from telemed.web import refused

TIMEOUT = 20_000  # ms
KEPT = ("first", "last", "kind", "who")


@login_required
@form_at("looks:search")
@require_http_methods(["GET", "POST"])
@never_cache
def search(request: SignedIn) -> HttpResponse:
    """/who-opened/: a page of it; a number that is typed becomes the person, and is in no URL."""
    actor = request.user
    if request.method == "POST":
        with intention(actor, door="web"):
            person = looking.find_person(actor=actor, number=request.POST.get("number", ""))
        return redirect(f"{reverse('looks:search')}?{_query(request.POST, person.pk)}")
    wanted = wanted_of(request.GET)
    with intention(actor, door="web", timeout_ms=TIMEOUT):
        found = looking.search(actor=actor, wanted=wanted)
    context = {
        "found": found,
        "wanted": wanted,
        "kinds": looking.KINDS,
        "address": _query(request.GET, wanted.patient),
        "without": _query(request.GET, None),
        "today": timezone.localdate(),
        "refusal": refused.find(request),
    }
    return render(request, "looks/search.html", context)


@login_required
@require_safe
def csv(request: SignedIn) -> HttpResponse:
    """/who-opened/table.csv: the same as a table."""
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        table = looking.export(actor=request.user, wanted=wanted_of(request.GET))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"telemed-who-opened-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def wanted_of(query: QueryDict) -> looking.Wanted:
    """The filter in the address. Raises Invalid that names what is wrong with it."""
    form = LooksForm(query)
    form.check()
    typed = form.cleaned_data
    first, last = looking.default_period()
    return looking.Wanted(
        first=typed["first"] or first,
        last=typed["last"] or last,
        kind=typed["kind"],
        who=typed["who"].strip(),
        patient=typed["patient"],
        before=mark_of(query.get("before", "")),
    )


def _query(typed: QueryDict, patient: UUID | None) -> str:
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := typed.get(name, "").strip():
            kept[name] = value
    if patient:
        kept["patient"] = str(patient)
    return kept.urlencode()
