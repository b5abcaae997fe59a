"""A resident's pages: the next thing, one's consults, and who looked at the record."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consult.opinions.panels import earlier_panel, opinion_panel
from consult.residents import queries, services, words
from consult.rooms.record import records_of
from consult.visits.contributions import may_enter
from records.consent.breakglass_queries import emergencies_of
from records.mpi.models import Patient
from scheduling.appointments import waitlist
from scheduling.appointments.queries import coming_of
from scheduling.referrals.queries import live_of
from scheduling.referrals.words import state_words as referral_words
from scheduling.registration.queries import newest_of
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """
    What waits for a signature, else the next visit, else the newest consult, as the next thing.
    """
    with intention(request.user, door="web"):
        patient, people = _person(request)
        newest = queries.my_cases(request.user, patient, limit=1)
        visits = coming_of([patient]) if patient else []
        offers = waitlist.offers_to([patient]) if patient else []
        contract = newest_of(patient) if patient else None
        sent_on = live_of(patient) if patient else None
    case = newest[0] if newest else None
    context = {
        "patient": patient,
        "case": case,
        "state": words.state_words(case) if case else "",
        "clinic": patient.managing_organisation if patient else None,
        "people": people,
        "visit": visits[0] if visits else None,
        "enters": bool(visits) and may_enter(request.user, visits[0]),
        "offers": offers,
        "contract": contract,
        "to_sign": contract is not None and contract.status in ("agreed", "renewal_asked"),
        "referral": sent_on,
        "referred": referral_words(sent_on, resident=True) if sent_on else "",
    }
    return render(request, "residents/home.html", context)


@login_required
@require_safe
def cases(request: SignedIn) -> HttpResponse:
    """All consults about me, newest first."""
    with intention(request.user, door="web"):
        patient, people = _person(request)
        found = queries.my_cases(request.user, patient, request.GET.get("before", ""))
    context = {
        "patient": patient,
        "people": people,
        "rows": [(case, words.state_words(case)) for case in found],
        "following": found[-1].pk if len(found) == queries.PAGE else "",
    }
    return render(request, "residents/cases.html", context)


@login_required
@require_safe
def case(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Where it stands, the opinion in full, what my doctor decided, whom to ring."""
    with intention(request.user, door="web"):
        found = services.open_own_case(actor=request.user, case_id=case_id)
        decisions = queries.decisions_on(found)
        context = {
            "case": found,
            "state": words.state_words(found),
            "stages": queries.stages_of(found),
            "decisions": [(receipt, words.decision_words(receipt)) for receipt in decisions],
            "panel": opinion_panel(request.user, found),
            "earlier": earlier_panel(request.user, found),
            "talks": records_of(request.user, found),
        }
    return render(request, "residents/case.html", context)


@login_required
@require_safe
def who_looked(request: SignedIn) -> HttpResponse:
    """Everybody who opened or changed my record, and why they could."""
    with intention(request.user, door="web"):
        patient, people = _person(request)
        before = request.GET.get("before", "")
        looks, following = queries.who_looked(patient, before) if patient else ([], "")
        emergencies = emergencies_of(patient) if patient and not before else []
    context = {
        "emergencies": emergencies,
        "looks": looks,
        "following": following,
        "first": "before" not in request.GET,
        "patient": patient,
        "people": people,
    }
    return render(request, "residents/who_looked.html", context)


def _person(request: SignedIn) -> tuple[Patient | None, list[Patient]]:
    return services.choose_person(actor=request.user, wanted=request.GET.get("for", ""))
