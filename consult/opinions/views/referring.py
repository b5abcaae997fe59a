"""From a consult to a hospital: the form of a referral, filled with what the case knows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.opinions.queries import newest_opinion
from consult.requests import permissions, queries, services
from consult.requests.models import Case
from records.chart import queries as chart
from scheduling.referrals import presenting
from scheduling.referrals.forms import SendForm
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def refer(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Where to, with everything that the consult knows filled in."""
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        instead = permissions.may_transfer(request.user, case)
        may = instead or permissions.may_refer_on(request.user, case)
        require(may, _("Only who asks and who holds the consult transfer it."))
        if not instead:
            services.open_case(actor=request.user, case=case)
        context = presenting.form(
            case.asking,
            case.patient,
            specialty=case.specialty,
            signed=_is_signed(case),
            first=case.asked_id,
            **_known(case),
        )
        context["banner"] = chart.banner_of(request.user, case.patient)
    context["action"] = reverse("opinions:refer_send", args=[case_id])
    context["doors"], context["transfers"] = "opinions:refer_send", instead
    return render(request, "referrals/new.html", context)


@login_required
@form_at("opinions:refer")
@require_POST
def send(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Before an opinion the consult ends with it; afterwards it stays."""
    with intention(request.user, door="web"):
        wish = SendForm(request.POST).wish()
        case = queries.get_case(request.user, case_id)
        early = permissions.may_transfer(request.user, case)
        service = services.transfer_case if early else services.refer_on
        sent = service(actor=request.user, case_id=case_id, wish=wish)
    messages.success(request, _("The hospital is asked."))
    if sent.sending_id == request.user.organisation_id:
        return redirect("referrals:referral", sent.pk)
    return redirect("/")


def _is_signed(case: Case) -> bool:
    consent = case.consent
    return consent is not None and consent.given_at is not None and not consent.withdrawn_at


def _known(case: Case) -> dict[str, Any]:
    """Why: as the opinion says, else as it was asked."""
    opinion = newest_opinion(case) if case.opinion_stands else None
    if opinion is None:
        return {"reason": case.reason, "summary": case.summary}
    found = f"{case.summary}\n\n{opinion.recommendations}".strip()
    return {"reason": opinion.conclusion[:500], "summary": found[:4000]}
