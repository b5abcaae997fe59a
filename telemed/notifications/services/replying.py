"""What comes back from a gateway: receipts, and the answers of people."""

import logging
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.notifications import replies
from telemed.notifications.models import Delivery, Preference, State
from telemed.notifications.queries import find_replied, owners_of_number
from telemed.notifications.replies import Answer
from telemed.notifications.services.reading import mark_read
from telemed.notifications.services.sending import give_up

logger = logging.getLogger(__name__)
ANSWERABLE = timedelta(hours=72)


def receive_reply(*, phone: str, text: str) -> Answer | None:
    """
    An SMS from somebody. It answers the newest question that was sent to that number.

    Strangers, and words that are no answer, change nothing; what they wrote is kept nowhere.
    """
    require_intention()
    owners = owners_of_number(phone)
    if not owners:
        logger.info("An SMS from a number that nobody verified was left alone")
        audit.record(action="sms.reply", target="unknown", refused="not_found")
        return None
    answer = replies.understand(text)
    if answer is None:
        audit.record(action="sms.reply", target=owners[0], refused="invalid")
        return None
    if answer == Answer.STOP:
        for owner in owners:
            Preference.objects.update_or_create(user=owner, defaults={"urgent_only": True})
            audit.record(action="sms.stop", target=owner)
        return answer
    question = find_replied(owners, since=timezone.now() - ANSWERABLE)
    audit.record(action="sms.reply", target=question or owners[0], reason=answer)
    if question is None:
        return None
    mark_read(actor=question.reader, pk=question.pk)
    replies.answer(question, answer)
    return answer


def receive_receipt(*, key: str, delivered: bool) -> None:
    """The gateway says whether a message arrived. Says it twice: the first counts."""
    require_intention()
    try:
        delivery_id = UUID(key)
    except ValueError:
        return
    row = Delivery.objects.select_for_update().filter(pk=delivery_id, state=State.SENT).first()
    if row is None:
        return
    if not delivered:
        give_up(delivery_id=delivery_id, error="not delivered")
        return
    row.become(State.DELIVERED)
    row.delivered_at = timezone.now()
    row.save(update_fields=["state", "delivered_at"])
