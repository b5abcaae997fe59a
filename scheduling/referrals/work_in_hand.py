"""The referrals of a doctor, for who closes an account."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from scheduling.referrals import services
from scheduling.referrals.models import THERE, Referral
from scheduling.referrals.services.handing_on import AWAITED
from telemed.core.intentions import Actor
from telemed.people.models import User
from telemed.people.open_work import Item

MOST = 100


def held(user: User) -> Iterable[Item]:
    """What they sent, or were given, and hear of still; and whom they treat, sent by others."""
    sent = Q(kept_by=user) | Q(sender=user, kept_by=None)
    rows = Referral.objects.filter(sent & Q(status__in=AWAITED) | Q(doctor=user, status__in=THERE))
    for one in rows.select_related("organisation").order_by("created_at", "pk")[:MOST]:
        label = _("{no} to {org}: {state}")
        state = one.get_status_display()
        yield Item(
            id=one.pk,
            label=label.format(no=one.number, org=one.organisation.name, state=state),
            url=f"/referrals/{one.pk}/",
            urgent=one.is_urgent,
        )


def move(_actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """To a colleague at once: nothing of it waits for an accept."""
    services.hand_on(user=user, to=to, referral_id=item_id)
