"""Who holds a case may read the record; who no longer does may not."""

from consult.requests.models import Case, Offer
from records.consent.models import Basis
from records.consent.services import end_care, open_care
from telemed.core.clocks import stop_clocks
from telemed.core.intentions import require_intention
from telemed.people.models import User


def begin_holding(*, case: Case, doctor: User) -> None:
    require_intention()
    open_care(
        organisation=case.addressee,
        patient=case.patient,
        basis=Basis.CASE,
        about=case.pk,
        person=doctor.pk,
    )


def end_holding(*, case: Case, doctor: User) -> None:
    require_intention()
    end_care(about=case.pk, person=doctor.pk)
    Case.objects.filter(pk=case.pk).update(ready_at=None)  # the next doctor reads it first
    stop_clocks(about=case.pk, kind="opinion.ready")


def revive_declined(actor: User, case: Case) -> Offer | None:
    """The offer that this doctor declined last, made live again."""
    require_intention()
    offers = case.offers.filter(doctor=actor, organisation=actor.organisation_id)
    offer = offers.filter(status=Offer.Status.DECLINED).order_by("-created_at").first()
    if offer:
        offer.status = Offer.Status.SEEN
        offer.save(update_fields=["status"])
    return offer
