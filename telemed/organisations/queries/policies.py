"""The rules of the house as their page shows them."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core import policies
from telemed.core.errors import Conflict, NotFound
from telemed.core.models import PolicyChange
from telemed.core.policies import Policy, Preview

DEFAULT, PROVINCE, OWN = "default", "province", "own"


@dataclass(frozen=True)
class Line:
    """One change in words; `planned` ones come later, the one in force holds now."""

    change: PolicyChange
    said: str
    planned: bool
    in_force: bool


@dataclass(frozen=True)
class Rule:
    """A policy as it stands for one organisation, or for the province."""

    policy: Policy
    value: Any
    said: str
    source: str  # DEFAULT, PROVINCE or OWN
    change: PolicyChange | None
    planned: Line | None
    editable: bool


@dataclass(frozen=True)
class Group:
    label: str
    rules: list[Rule]


def list_rules(organisation_id: UUID | None, text: str = "") -> list[Group]:
    """All policies by group; `text` is part of a name, a label or an explanation."""
    wanted = text.strip().casefold()
    found = [
        policy
        for policy in policies.defined()
        if wanted in f"{policy.name} {policy.label} {policy.help} {policy.group}".casefold()
    ]
    return [
        Group(label, [read_rule(policy, organisation_id) for policy in group])
        for label, group in groupby(found, key=lambda policy: str(policy.group))
    ]


def get_policy(name: str) -> Policy:
    policy = policies.find(name)
    if policy is None:
        raise NotFound(_("There is no such rule."), path="name")
    return policy


def get_rule(name: str, organisation_id: UUID | None) -> Rule:
    return read_rule(get_policy(name), organisation_id)


def read_rule(policy: Policy, organisation_id: UUID | None) -> Rule:
    change = policies.in_force(policy.name, organisation_id)
    value = policies.value(policy.name, organisation_id)
    if change is None:
        source = DEFAULT
    else:
        source = OWN if change.organisation_id == organisation_id else PROVINCE
    planned = [line for line in list_lines(policy, organisation_id) if line.planned]
    return Rule(
        policy=policy,
        value=value,
        said=policy.say(value),
        source=source,
        change=change,
        planned=min(planned, key=lambda line: line.change.effective_at, default=None),
        editable=organisation_id is None or not policy.province_only,
    )


def list_lines(policy: Policy, organisation_id: UUID | None) -> list[Line]:
    """The history of one policy; newest first."""
    now = timezone.now()
    holding = policies.in_force(policy.name, organisation_id)
    return [
        Line(
            change,
            _say(policy, change),
            change.effective_at > now,
            holding is not None and change.pk == holding.pk,
        )
        for change in policies.history(policy.name, organisation_id)
    ]


def _say(policy: Policy, change: PolicyChange) -> str:
    if change.value is None:
        return _("as the province") if change.organisation_id else _("as delivered")
    return policy.say(policy.kind.load(change.value))


@dataclass(frozen=True)
class Ahead:
    """What would hold, in words, and what is open and would be touched (None: nothing to say)."""

    said: str
    preview: Preview | None


def look_ahead(policy: Policy, organisation_id: UUID | None, value: Any) -> Ahead:
    """Raises Invalid or Conflict for what cannot be set."""
    check_value(policy, organisation_id, value)
    if value is None:
        value = policies.value(policy.name) if organisation_id else policy.default
    preview = policy.preview(organisation_id, value) if policy.preview else None
    return Ahead(policy.say(value), preview)


def check_value(policy: Policy, organisation_id: UUID | None, value: Any) -> None:
    """Refuses what the policy cannot be, and what its slice cannot live with now."""
    if value is None:
        return
    policy.kind.check(value)
    if policy.refuse and (refusal := policy.refuse(organisation_id, value)):
        raise Conflict(refusal, path="value")
