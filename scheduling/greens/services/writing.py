"""What was measured on the way, for everybody's page."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.greens import permissions
from scheduling.greens.models import Green
from scheduling.greens.queries import get_green
from scheduling.greens.services.opening import LONGEST_VITALS
from scheduling.greens.services.telling import ring
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def write_vitals(*, actor: User, green_id: UUID, vitals: str) -> Green:
    """What stands there now, for both sides."""
    require_intention()
    green = get_green(actor, green_id, lock=True)
    may = permissions.may_write(actor, green.referral)
    require(may, _("Only the two sides that have the patient write this."))
    if not green.is_open:
        sentence = _("This green channel is “{state}”; that cannot be done now.")
        raise Conflict(sentence.format(state=green.get_status_display()), path="status")
    vitals = vitals.strip()
    if len(vitals) > LONGEST_VITALS:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST_VITALS), path="vitals")
    if vitals != green.vitals:
        green.vitals = vitals
        green.save(update_fields=["vitals"])
        audit.record(action="green.vitals", target=green, patient_id=green.referral.patient_id)
        ring(green)
    return green
