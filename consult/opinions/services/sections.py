"""Two write on one draft: each section is taken, saved and left by itself."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions.models import SECTIONS, Draft, SectionLease
from consult.opinions.queries import co_writers_of, leases_of
from consult.opinions.services import leases
from consult.opinions.services.drafting import case_of_writer, checked, find_open_draft, keep
from consult.requests.models import Case
from telemed.audit import services as audit
from telemed.core.errors import Invalid, Stale
from telemed.core.intentions import require_intention
from telemed.people.models import User


def take_section(
    *, actor: User, case_id: UUID, section: str, over: bool = False
) -> SectionLease | None:
    """
    Begin to type there: for half a minute, and longer as it is saved. None where nobody else
    writes along: there is nobody to keep out.

    `over`: another let their time run out. Raises Conflict, with who has it, otherwise.
    """
    require_intention()
    case, _draft = _open_section(actor, case_id, section)
    if not _is_shared(case, section):
        return None
    if leases.hold(case, actor, section, over=over):
        audit.record(action="opinion.section_taken", target=case)
        leases.ring_writers(case)
    return leases_of(case)[section]


def leave_section(*, actor: User, case_id: UUID, section: str) -> None:
    """Done typing there. Leaving what one does not hold changes nothing."""
    require_intention()
    case = case_of_writer(actor, case_id)
    if leases.leave(case, actor, _known(section)):
        leases.ring_writers(case)


def save_section(*, actor: User, case_id: UUID, section: str, version: int, text: str) -> Draft:
    """
    Keep what was typed in one section and nothing else; while several write, it is taken too.

    `version`: the section's, as the writer last saw it. Raises Stale when it was changed since; the
    same save sent again, because its answer was lost, answers the present state.
    """
    require_intention()
    case, draft = _open_section(actor, case_id, section)
    text = checked(section, text)
    if _is_shared(case, section):
        leases.hold(case, actor, section)
    stands = getattr(draft, f"{section}_version")
    if version != stands:
        if version + 1 == stands and getattr(draft, section) == text:
            return draft
        raise Stale(
            _("This section was changed elsewhere meanwhile; look at it again."), path=section
        )
    keep(case, draft, {section: text})
    leases.ring_writers(case)
    return draft


def _open_section(actor: User, case_id: UUID, section: str) -> tuple[Case, Draft]:
    case = case_of_writer(actor, case_id)
    _known(section)
    return case, find_open_draft(case) or Draft(case=case, author=case.holder or actor)


def _known(section: str) -> str:
    if section not in SECTIONS:
        raise Invalid(_("There is no such field."), path=section)
    return section


def _is_shared(case: Case, section: str) -> bool:
    """Somebody writes along, or left something unfinished there."""
    return bool(co_writers_of(case)) or section in leases_of(case)
