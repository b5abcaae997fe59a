"""Why somebody does what others will ask about."""

from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention

SHORTEST, LONGEST = 5, 300  # characters


def checked_reason(
    reason: str, *, shortest: int = SHORTEST, longest: int = LONGEST, path: str = "reason"
) -> str:
    """
    Without the space around it. Raises Invalid for one that says nothing, or too much.

    `path`: the field of the form; `shortest` and `longest` in characters.
    """
    require_intention()
    reason = reason.strip()
    if len(reason) < shortest:
        refusal = _("Give a reason of at least {n} characters.")
        raise Invalid(refusal.format(n=shortest), path=path)
    if len(reason) > longest:
        raise Invalid(_("At most {n} characters.").format(n=longest), path=path)
    return reason
