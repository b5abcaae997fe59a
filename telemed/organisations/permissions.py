"""
Who may do what with the network. Roles are words of `people`, above: the actor has them.
"""

from telemed.core.intentions import Actor
from telemed.organisations.models import Agreement, Division, Organisation, Statement

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


COORDINATOR, HEAD, MEDICAL_OFFICE = "coordinator", "head", "medical_office"
DIRECTOR, TOWNSHIP_DOCTOR = "director", "township_doctor"
AGREEMENT_WRITERS = frozenset({ADMINISTRATOR, COORDINATOR})
AGREEMENT_READERS = AGREEMENT_WRITERS | {HEAD, MEDICAL_OFFICE, DIRECTOR, TOWNSHIP_DOCTOR}
OVERSEERS = frozenset({ADMINISTRATOR, OFFICIAL, COORDINATOR})
DECIDERS = frozenset({ADMINISTRATOR, COORDINATOR})
LEDGER_READERS = AGREEMENT_WRITERS | {HEAD, MEDICAL_OFFICE, DIRECTOR}


def is_party(actor: Actor, agreement: Agreement | Statement) -> bool:
    return bool(agreement.side_of(actor.organisation_id))


def may_write_agreement(actor: Actor, agreement: Agreement) -> bool:
    return actor.role in AGREEMENT_WRITERS and is_party(actor, agreement)


def may_answer_agreement(actor: Actor, agreement: Agreement) -> bool:
    """Counter or reject: the side that did not write this version."""
    return may_write_agreement(actor, agreement) and actor.organisation_id != agreement.author_id


def may_sign_agreement(actor: Actor, agreement: Agreement) -> bool:
    return actor.role == HEAD and is_party(actor, agreement)


def may_review(actor: Actor, statement: Statement) -> bool:
    """The coordinator of the side that did the work."""
    return actor.role == COORDINATOR and statement.side_of(actor.organisation_id) == "asked"


def may_confirm(actor: Actor, statement: Statement) -> bool:
    """The administrator or the medical office of the side that asked."""
    paying = statement.side_of(actor.organisation_id) == "asking"
    return paying and actor.role in {ADMINISTRATOR, MEDICAL_OFFICE}


def may_dispute(actor: Actor, statement: Statement) -> bool:
    return actor.role == ADMINISTRATOR and statement.side_of(actor.organisation_id) == "asking"


def may_decide(actor: Actor, statement: Statement) -> bool:
    """The authority, when a dispute was not settled in time; it sees no other's statements."""
    return actor.role in DECIDERS and not is_party(actor, statement)


def may_export(actor: Actor, statement: Statement) -> bool:
    return actor.role == ADMINISTRATOR and is_party(actor, statement)
