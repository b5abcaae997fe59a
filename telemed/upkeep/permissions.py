"""Who looks after the platform itself."""

from telemed.organisations.models import Organisation
from telemed.people.models import Role, User


def is_platform_administrator(actor: User) -> bool:
    """What failed belongs to no institution: the administrator of the health authority sees it."""
    organisation = actor.organisation
    return (
        actor.role == Role.ADMINISTRATOR
        and organisation is not None
        and organisation.kind == Organisation.Kind.AUTHORITY
    )
