"""What becomes of an offer, whoever decides it."""

from consult.requests.models import Offer
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read


def withdraw_offer(offer: Offer) -> None:
    """Its doctor is asked no more, and has nothing left to read about it."""
    require_intention()
    offer.status = Offer.Status.WITHDRAWN
    offer.save(update_fields=["status"])
    publication.publish(offer)
    mark_read(actor=offer.doctor, about=offer.case_id)
