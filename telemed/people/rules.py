"""Who has to set up a second step at sign-in: the rule of the house, on the deployment's floor."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from telemed.core import policies
from telemed.people.models import PractitionerRole, Role, User

SECOND_STEP = "accounts.second_step"
# The roles that each value names; the variable MFA_ROLES comes on top of it.
NAMED: dict[str, frozenset[str]] = {
    "deployed": frozenset(),
    "managing": frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.MEDICAL_OFFICE, Role.OFFICIAL}),
    "staff": frozenset(set(Role.values) - {Role.RESIDENT}),
}


def define() -> None:
    """Called in ready()."""
    policies.define(
        SECOND_STEP,
        label=_("Who needs a second step at sign-in"),
        kind=policies.Choice(
            options={
                "deployed": _("whom the deployment names"),
                "managing": _("administrators, auditors, medical offices and officials"),
                "staff": _("everybody but residents"),
            }
        ),
        default="deployed",
        group=_("Accounts"),
        help=_(
            "Asked at the next sign-in. An institution can ask more than the province, never less."
        ),
        preview=without_one,
    )


def asks_second_step(user: User) -> bool:
    """Whether the rules of the province, or of where this account works, name a role it holds."""
    province = NAMED[policies.value(SECOND_STEP)]
    roles = user.roles.filter(ends_on=None).values_list("role", "organisation")
    return any(
        role in province | NAMED[policies.value(SECOND_STEP, place)] for role, place in roles
    )


def without_one(organisation_id: UUID | None, wanted: str | None) -> policies.Preview | None:
    """How many accounts would have to set one up."""
    held = PractitionerRole.objects.filter(
        user=OuterRef("pk"), ends_on=None, role__in=NAMED.get(wanted or "", frozenset())
    )
    if organisation_id:
        held = held.filter(organisation=organisation_id)
    has = Authenticator.objects.filter(user=OuterRef("pk"))
    many = User.objects.filter(Exists(held), ~Exists(has), is_active=True).count()
    if not many:
        return None
    sentence = ngettext(
        "{n} account has no second step and sets one up at its next sign-in.",
        "{n} accounts have no second step and set one up at their next sign-in.",
        many,
    )
    return policies.Preview(count=many, sentence=sentence.format(n=many))
