"""Setting a policy: for the own institution, or at the authority for the province."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.errors import Forbidden, Invalid, Stale
from telemed.core.intentions import Actor, require_intention
from telemed.core.models import PolicyChange
from telemed.core.policies import Policy
from telemed.core.reasons import checked_reason
from telemed.organisations.models import Organisation
from telemed.organisations.permissions import may_set_policies, runs_province
from telemed.organisations.queries.policies import check_value, get_policy

LONGEST_REASON = 200


def set_policy(
    *,
    actor: Actor,
    name: str,
    value: Any,
    reason: str,
    effective_at: datetime | None = None,
    organisation_id: UUID | None = None,
    seen: int | None = None,
) -> PolicyChange:
    """
    From `effective_at` (now) on this value holds; None gives up an own value. What runs, runs on.

    `organisation_id` None is the province. `seen`: the last change that the actor knew of (0 for
    none); Stale when there is another by now. Raises Invalid for a value that the policy does
    not take, Conflict for one that its slice refuses.
    """
    require_intention()
    organisation = policy_scope(actor, lock=True)  # two who change the same take turns
    policy = get_policy(name)
    province = runs_province(actor, organisation)
    if organisation_id != (None if province else organisation.pk):
        raise Forbidden(_("You set the rules of your own institution only."))
    if policy.province_only and not province:
        raise Forbidden(_("This rule is the same for the whole province."))
    moment = _checked_moment(effective_at)
    reason = checked_reason(reason, longest=LONGEST_REASON)
    check_value(policy, organisation_id, value)
    _check_seen(policy, organisation_id, seen)
    change = PolicyChange.objects.create(
        name=name,
        organisation_id=organisation_id,
        value=None if value is None else policy.kind.dump(value),
        effective_at=moment,
        set_by=actor.actor_id,
        set_by_name=getattr(actor, "name", ""),
        reason=reason,
    )
    policies.forget()
    audit.record(action="policy.set", target=f"PolicyChange/{name}/{change.pk}")
    return change


def policy_scope(actor: Actor, *, lock: bool = False) -> Organisation:
    """The institution whose rules the actor sets. Raises Forbidden for anybody else."""
    organisations = Organisation.objects.select_related("division")
    if lock:
        organisations = organisations.select_for_update(of=("self",), no_key=True)
    own = actor.organisation_id
    organisation = organisations.filter(pk=own).first() if own else None
    if organisation is None or not may_set_policies(actor, organisation):
        raise Forbidden(_("Rules are set by the administrator of an institution."))
    return organisation


def _checked_moment(effective_at: datetime | None) -> datetime:
    now = timezone.now()
    if effective_at is None:
        return now
    if effective_at < now:
        raise Invalid(_("That time has passed."), path="effective_at")
    return effective_at


def _check_seen(policy: Policy, organisation_id: UUID | None, seen: int | None) -> None:
    if seen is None:
        return
    policies.forget()  # the lock may have been waited for
    changes = policies.history(policy.name, organisation_id)
    if (changes[0].pk if changes else 0) != seen:
        who = changes[0].set_by_name
        raise Stale(_("{who} just changed this; look again before deciding.").format(who=who))
