"""When a signed opinion is withdrawn: the case needs a new one; what it earned is taken back."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests.events import CaseAddedTo
from consult.requests.models import OVER, Case, Offer, Outcome, Status
from consult.requests.policies import READABLE_AFTER_CLOSE, outcome_clock
from consult.requests.services.accruing import restore, reverse
from consult.requests.services.holding import begin_holding
from consult.requests.services.ladders import AFTER_SIGNING, start_ladder, stop_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent.services import end_care
from telemed.core import outbox, publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User


def mark_withdrawn(*, case: Case, reason: str, by: tuple[User, User]) -> None:
    """
    The newest opinion was just withdrawn by these two (the caller holds the case's lock).

    The doctor who holds the case owes a new one. A closed case stays closed until that is signed.
    """
    require_intention()
    before, version = case.status, case.opinion_version
    over = before in OVER
    case.withdrawn_version = version
    if not over:
        case.become(Status.IN_PROGRESS, _("There is no signed opinion to withdraw."))
        _take_up_again(case)
    case.save(update_fields=["status", "withdrawn_version"])
    if case.holder:
        begin_holding(case=case, doctor=case.holder)
    start_ladder(case=case, clock="case.done")
    settle(about=case.pk)
    take_step(
        case=case,
        action="opinion.withdraw",
        before=before,
        version=version,
        asked=by[0].name,
        confirmed=by[1].name,
    )
    reverse(case=case, reason=reason)
    if over:
        outbox.announce(CaseAddedTo(case_id=case.pk))
    people = [case.requester, *([case.patient.user] if case.patient.user else [])]
    for person in people:
        tell(case=case, recipient=person, template="opinion.withdrawn", turn=version)


def _take_up_again(case: Case) -> None:
    """Nothing is asked about an opinion that is no longer; its doctor holds the case again."""
    clocks = (*AFTER_SIGNING, *(outcome_clock(day) for day in Outcome.DAYS))
    stop_ladders(case=case, clocks=clocks)
    offers = case.offers.filter(status=Offer.Status.DONE).select_related("case__patient", "doctor")
    held = offers.filter(doctor=case.holder).order_by("-pk")[:1]
    for offer in offers.order_by("pk") if case.is_joint else held:
        if case.is_joint:
            begin_holding(case=case, doctor=offer.doctor)
        offer.status = Offer.Status.ACCEPTED
        offer.save(update_fields=["status"])
        publication.publish(offer)


def finish_new_opinion(*, case: Case) -> None:
    """The closed case has an opinion again: it is settled as before and closes to its doctor."""
    require_intention()
    stop_ladders(case=case, clocks=("case.done",))
    end_care(about=case.pk, until=timezone.now() + READABLE_AFTER_CLOSE)
    restore(case=case, reason=_("A new opinion was signed."))
    settle(about=case.pk)
