"""What becomes of an offer, whoever decides it."""

from consult.requests.models import Case, Offer
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read


def publish_offers(case: Case) -> None:
    """What the world reads of those that still count changes with the case, not with themselves."""
    require_intention()
    for offer in case.offers.filter(status__in=Offer.LIVE).select_related("doctor__practitioner"):
        offer.case = case
        publication.publish(offer)


def withdraw_offer(offer: Offer) -> None:
    """Its doctor is asked no more, and has nothing left to read about it."""
    require_intention()
    offer.status = Offer.Status.WITHDRAWN
    offer.save(update_fields=["status"])
    publication.publish(offer)
    mark_read(actor=offer.doctor, about=offer.case_id)
