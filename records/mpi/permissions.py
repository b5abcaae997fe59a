"""Who may register a person, and who decides whether two records are one, as far as roles go."""

from records.mpi.models import Pair
from telemed.core.intentions import Actor
from telemed.organisations.models import Organisation
from telemed.people.models import CLINICAL, Role, User

REGISTRARS = CLINICAL | {"system"}  # the system: imports and the demonstration
REVIEWERS = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE})


def may_register(actor: Actor) -> bool:
    return actor.role in REGISTRARS


def may_relate(actor: Actor) -> bool:
    """Enter who acts for whom and who lives together, with the papers on the desk."""
    return actor.role == Role.TOWNSHIP_DOCTOR


def needs_one_source(actor: Actor) -> bool:
    """The medical office vouches for what it enters; others bring a second source of a death."""
    return actor.role == Role.MEDICAL_OFFICE


def may_review(actor: Actor) -> bool:
    """Link, tell apart, propose and confirm a merge, propose to separate."""
    return actor.role in REVIEWERS


def may_separate(actor: Actor) -> bool:
    """The second of the two who undo a merge."""
    return actor.role == Role.MEDICAL_OFFICE


def is_about(actor: User, pair: Pair) -> bool:
    """Nobody decides about himself."""
    return actor.pk in (pair.one.user_id, pair.other.user_id)


def may_keep_low_incomes(actor: User) -> bool:
    """Bring the low-income list of a county: the administrator of its health authority."""
    own = actor.organisation
    at_authority = own is not None and own.kind == Organisation.Kind.AUTHORITY
    return actor.role == Role.ADMINISTRATOR and at_authority
