"""
Who may do what with the network. Roles are words of `people`, above: the actor has them.
"""

from telemed.core.intentions import Actor
from telemed.organisations.models import Division, Organisation

ADMINISTRATOR, OFFICIAL = "administrator", "official"
PROVINCE_ROLES = frozenset({ADMINISTRATOR, OFFICIAL})


def may_see_province(actor: Actor) -> bool:
    return actor.role in PROVINCE_ROLES


def runs_province(actor: Actor, organisation: Organisation) -> bool:
    """At the province's authority, whose rules hold wherever an institution has none of its own."""
    return (
        actor.role in PROVINCE_ROLES
        and actor.organisation_id == organisation.pk
        and organisation.kind == Organisation.Kind.AUTHORITY
        and organisation.division.level == Division.Level.PROVINCE
    )


def may_set_policies(actor: Actor, organisation: Organisation) -> bool:
    """The administrator for the own institution; the authority's people for the province."""
    own = actor.role == ADMINISTRATOR and actor.organisation_id == organisation.pk
    return own or runs_province(actor, organisation)
