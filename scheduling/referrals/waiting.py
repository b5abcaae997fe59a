"""What of the referrals waits for somebody, as their first page says it."""

from django.urls import reverse
from django.utils.translation import ngettext

from scheduling.referrals import presenting, queries
from telemed.people.models import User
from telemed.web.needs import Need


def referrals_waiting(actor: User) -> Need | None:
    """Those whose next step is this account's; red once the time of one is up."""
    rows = [presenting.row(actor, one) for one in queries.board_of(actor)]
    mine = [one for one in rows if one.mine]
    if not mine:
        return None
    text = ngettext("{n} referral waits for you", "{n} referrals wait for you", len(mine))
    late = any(one.late for one in mine)
    return Need(text.format(n=len(mine)), reverse("referrals:list"), "refer", late)
