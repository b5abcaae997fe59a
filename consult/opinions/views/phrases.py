"""The page on which a doctor keeps phrases."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult.opinions import forms, queries, services
from consult.opinions.models import PHRASE
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn


@login_required
@form_at("opinions:phrases")
@require_http_methods(["GET", "POST"])
def phrases(request: SignedIn) -> HttpResponse:
    """GET the doctor's own and the department's; POST keeps a new one, or one changed."""
    if request.method == "POST":
        wanted = forms.read(forms.PhraseForm(request.POST))
        phrase_id = wanted.pop("phrase")
        with intention(request.user, door="web"):
            services.keep_phrase(actor=request.user, phrase_id=phrase_id, **wanted)
        return redirect("opinions:phrases")
    with intention(request.user, door="web"):
        require(request.user.role == Role.SPECIALIST, _("Only specialists keep phrases."))
        context = {
            "phrases": queries.phrases_of(request.user),
            "may_share": bool(queries.own_specialty(request.user)),
            "limits": PHRASE,
        }
    return render(request, "opinions/phrases.html", context)


@login_required
@require_POST
def drop(request: SignedIn, phrase_id: UUID) -> HttpResponse:
    """Offer it no more."""
    with intention(request.user, door="web"):
        services.drop_phrase(actor=request.user, phrase_id=phrase_id)
    return redirect("opinions:phrases")
