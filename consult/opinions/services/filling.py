"""An opinion started from a template, filled with what is known."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions import facts, phrasing
from consult.opinions.models import Draft
from consult.opinions.queries import leases_of
from consult.opinions.services import leases
from consult.opinions.services.drafting import case_of_writer, checked, find_open_draft, keep
from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention
from telemed.people.models import User


def start_from_template(*, actor: User, case_id: UUID, key: str) -> Draft:
    """
    Fill the sections that are empty, and that nobody else writes in; what stands there stays.

    The texts are drafted, not signed: who signs has them on the page, and a blank that is left
    refuses the signature. Asked again, nothing is left to fill.
    """
    require_intention()
    case = case_of_writer(actor, case_id)
    draft = find_open_draft(case) or Draft(case=case, author=case.holder or actor)
    template = phrasing.find_template(case.specialty, key)
    if template is None:
        raise Invalid(_("Choose a template from the list."), path="template")
    texts = phrasing.filled(template, facts.of_case(actor, case))
    theirs = {name for name, lease in leases_of(case).items() if lease.writer_id != actor.pk}
    free = {
        name: checked(name, text)
        for name, text in texts.items()
        if name not in theirs and not getattr(draft, name).strip()
    }
    if free:
        keep(case, draft, free)
        leases.ring_writers(case)
    return draft
