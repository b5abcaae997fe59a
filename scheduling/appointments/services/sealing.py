"""What seals an account's tickets on its own phone (ADR 0036)."""

from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import secrecy
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import Role, User


def seal_of(*, actor: User) -> str:
    """The account's key, handed out to the account alone."""
    require_intention()
    require(actor.role == Role.RESIDENT, _("Tickets are kept by residents."))
    audit.record(action="appointment.seal", target=actor)
    return secrecy.device_key(str(actor.pk))
