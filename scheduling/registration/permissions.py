"""Who keeps teams, packages and panels, as far as roles go. Pure."""

from telemed.notifications.persons import Voice
from telemed.organisations.models import Organisation
from telemed.people.models import CLINICAL, Role, User

KEEPERS = frozenset({Role.HEAD, Role.ADMINISTRATOR})
LEADS = frozenset({Role.TOWNSHIP_DOCTOR})  # who can lead a team or have a panel
COUNTY = 6  # digits of a county's code


def may_keep_teams(actor: User) -> bool:
    """The head and the administrator of a clinic: teams are its own."""
    if actor.role not in KEEPERS or actor.organisation is None:
        return False
    return actor.organisation.kind == Organisation.Kind.TOWNSHIP_CLINIC


def may_price(actor: User) -> bool:
    """Contents, price and shares are the health authority's."""
    if actor.role != Role.ADMINISTRATOR or actor.organisation is None:
        return False
    return actor.organisation.kind == Organisation.Kind.AUTHORITY


def may_review(actor: Voice) -> bool:
    """Whom a team's page is for, if they belong to one."""
    return actor.role in CLINICAL and actor.organisation_id is not None


def is_resident(actor: Voice) -> bool:
    return actor.role == Role.RESIDENT


def may_see_left(actor: User) -> bool:
    """Who was left without a team is the county's coordinators' to see to."""
    return actor.role == Role.COORDINATOR and actor.organisation_id is not None
