"""Who may look over the whole province. Roles are words of `people`, above: the actor has them."""

from telemed.core.intentions import Actor

PROVINCE_ROLES = frozenset({"administrator", "official"})


def may_see_province(actor: Actor) -> bool:
    return actor.role in PROVINCE_ROLES
