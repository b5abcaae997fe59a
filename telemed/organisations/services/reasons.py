"""Why somebody does what others will ask about."""

from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention

SHORTEST, LONGEST = 5, 300  # characters


def checked_reason(reason: str, longest: int = LONGEST) -> str:
    """Without the space around it. Raises Invalid for one that says nothing, or too much."""
    require_intention()
    reason = reason.strip()
    if len(reason) < SHORTEST:
        refusal = _("Give a reason of at least {n} characters.")
        raise Invalid(refusal.format(n=SHORTEST), path="reason")
    if len(reason) > longest:
        raise Invalid(_("At most {n} characters.").format(n=longest), path="reason")
    return reason
