"""What the pages of duties show, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.duties import queries
from scheduling.duties.models import Duty, Reason, Status
from scheduling.duties.permissions import has_served, may_be_waived
from scheduling.registration import promises
from scheduling.registration import queries as registration
from scheduling.registration.models import Team
from telemed.people.models import User


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What this account can do with a duty now."""

    may_serve: bool
    reasons: list[tuple[str, Any]]
    may_settle: bool
    referred: bool


def acts_on(actor: User, duty: Duty) -> Acts:
    team = duty.contract.team
    leads = registration.leads(actor, team)
    ahead = duty.status in (Status.PLANNED, Status.DUE)
    return Acts(
        may_serve=duty.status == Status.DUE and registration.is_member(actor, team),
        reasons=[(one.value, one.label) for one in Reason if may_be_waived(duty, one)]
        if leads and ahead
        else [],
        may_settle=leads and duty.status == Status.DISPUTED and not has_served(actor, duty),
        referred=duty.is_warned and queries.is_referred(duty),
    )


def with_promises(teams: Sequence[Team]) -> list[tuple[Team, promises.Kept]]:
    kept = promises.kept_by(teams)
    return [(team, kept[team.pk]) for team in teams]
