"""What waits for the teams and for their keepers, as their first pages say it."""

from django.urls import reverse
from django.utils.translation import ngettext

from scheduling.registration import queries
from scheduling.registration.permissions import may_keep_teams
from telemed.core import moments
from telemed.people.models import User
from telemed.web.needs import Need


def teams_without_leader(actor: User) -> Need | None:
    """Their leader has left: another is named, or the residents are handed over."""
    teams = queries.leaderless(actor.organisation_id) if may_keep_teams(actor) else []
    if not teams:
        return None
    text = ngettext("{n} team has no leader", "{n} teams have no leader", len(teams))
    return Need(text.format(n=len(teams)), reverse("contracts:keep", args=[teams[0].pk]), "users")


def applications(actor: User) -> Need | None:
    """Who wants to sign up with this account's teams; red once one is past its time."""
    waiting = queries.desk_of(queries.teams_of(actor)).applied
    if not waiting:
        return None
    text = ngettext("{n} application waits", "{n} applications wait", len(waiting))
    late = any(due <= moments.now() for due in queries.deadlines_of(waiting).values())
    return Need(text.format(n=len(waiting)), reverse("contracts:desk"), "users", late)
