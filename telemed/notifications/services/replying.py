"""What comes back from a gateway: receipts, and the answers of people."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.notifications import replies
from telemed.notifications.models import Delivery, Notification, Preference, State
from telemed.notifications.persons import Person, people_at
from telemed.notifications.queries import digits_of, find_asked, owners_of_number
from telemed.notifications.replies import Answer
from telemed.notifications.services.reading import mark_answered
from telemed.notifications.services.sending import give_up
from telemed.notifications.services.telling import notify, notify_person
from telemed.people.models import User

logger = logging.getLogger(__name__)
ANSWERABLE = timedelta(hours=72)
WHOM = "reply.whom"


def receive_reply(*, phone: str, text: str) -> Answer | None:
    """
    An SMS from somebody. It answers the newest question that was sent to whom that number is: an
    account that proved it, or somebody of the index without one. Where several of them are asked,
    the answer says for whom: “1 5511”, the last four of the ID card, or the name.

    Strangers, and words that are no answer, change nothing; what they wrote is kept nowhere.
    """
    require_intention()
    owners, people = owners_of_number(phone), people_at(digits_of(phone))
    if not owners and not people:
        logger.info("An SMS from a number that nobody has was left alone")
        audit.record(action="sms.reply", target="unknown", refused="not_found")
        return None
    answer, whom = replies.understand_for(text)
    if answer is None:
        audit.record(action="sms.reply", target=_target(owners), refused="invalid")
        return None
    if answer == Answer.STOP:
        for owner in owners:
            Preference.objects.update_or_create(user=owner, defaults={"urgent_only": True})
            audit.record(action="sms.stop", target=owner)
        return answer
    asked = find_asked(owners, people, since=timezone.now() - ANSWERABLE)
    question = _meant(asked, people, whom)
    audit.record(action="sms.reply", target=question or _target(owners), reason=answer)
    if question is None:
        if len(asked) > 1:
            _ask_whom(asked[0])
        return None
    mark_answered(question)
    replies.answer(question, answer)
    return answer


def _meant(
    asked: Sequence[Notification], people: dict[UUID, Person], whom: str
) -> Notification | None:
    """The one that can be meant; None where several can, or nobody of that name was asked."""
    if whom:
        asked = [one for one in asked if whom.upper() in _names(one, people)]
    elif len(asked) > 1:  # whoever has read it on the page has probably answered there
        asked = [one for one in asked if one.read_at is None] or asked
    return asked[0] if len(asked) == 1 else None


def _names(question: Notification, people: dict[UUID, Person]) -> set[str]:
    """By which a household tells apart who is asked."""
    account = question.recipient
    theirs = [
        one
        for key, one in people.items()
        if key == question.person_id or (account and one.account_id == account.pk)
    ]
    names = [account.name if account else "", *(one.name for one in theirs)]
    return {name.upper() for name in (*names, *(one.card for one in theirs)) if name}


def _ask_whom(question: Notification) -> None:
    """In one SMS to the number that they share."""
    if question.recipient:
        notify(recipient=question.recipient, template=WHOM, about=question.pk, url="/inbox/")
    elif question.person_id and question.sender_id:
        notify_person(
            person_id=question.person_id,
            template=WHOM,
            about=question.pk,
            desk=question.sender_id,
        )


def _target(owners: Sequence[User]) -> User | str:
    return owners[0] if owners else "unknown"


def receive_receipt(*, key: str, delivered: bool) -> None:
    """The gateway says whether a message arrived. Says it twice: the first counts."""
    require_intention()
    try:
        delivery_id = UUID(key)
    except ValueError:
        return
    sent = Delivery.objects.select_for_update(no_key=True).filter(state=State.SENT)
    row = sent.filter(pk=delivery_id).first()
    if row is None:
        return
    if not delivered:
        give_up(delivery_id=delivery_id, error="not delivered")
        return
    row.become(State.DELIVERED)
    row.delivered_at = timezone.now()
    row.save(update_fields=["state", "delivered_at"])
