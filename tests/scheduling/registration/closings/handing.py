"""How tests close a team."""

from datetime import timedelta

from django.utils import timezone

from scheduling.registration import queries, services
from scheduling.registration.models import Contract
from scheduling.registration.services.signing import years_after
from telemed.core import outbox
from telemed.core.intentions import System, intention
from telemed.core.models import PolicyChange

WHY = "队长调离，卫生院合并团队"


def plan_for(team, successor):
    return dict.fromkeys(queries.people_by_village(team), successor and successor.pk)


def begin(head, team, successor, **more):
    facts = {"kind": "close", "reason": WHY, "plan": plan_for(team, successor), **more}
    with intention(head, door="test"):
        return services.begin_closing(actor=head, team_id=team.pk, **facts)


def closed(head, team, successor, **more):
    """Begun, worked off, and everybody told."""
    closing = begin(head, team, successor, **more)
    run_parts()
    outbox.deliver_waiting(1_000)
    closing.refresh_from_db()
    return closing


def run_parts(limit=25):
    while True:
        with intention(System("hand-over"), door="test"):
            if not services.hand_over_part(limit):
                return


def only(team, **facts):
    return Contract.objects.get(team=team, **facts)


def cap_is(n):
    PolicyChange.objects.create(
        name="registration.cap",
        value=n,
        effective_at=timezone.now(),
        set_by="test",
        set_by_name="test",
        reason="test",
    )


def signed_until(contract, *, years):
    return years_after(timezone.localdate(contract.signed_at), years) - timedelta(days=1)
