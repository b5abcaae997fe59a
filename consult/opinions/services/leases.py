"""Who types in which section of a draft: the case's row is locked by who calls."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.opinions.models import SectionLease
from consult.opinions.queries import co_writers_of, leases_of
from consult.requests.models import Case
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox
from telemed.people.models import User


def hold(case: Case, actor: User, section: str, *, over: bool = False) -> bool:
    """
    Take or renew it; whether it was taken. `over` one that another let run out.

    Raises Conflict, with who has it, where another types there.
    """
    require_intention()
    lease = leases_of(case).get(section)
    if lease and lease.writer_id != actor.pk:
        if lease.is_live:
            raise Conflict(_("{who} writes here.").format(who=lease.writer.name), path=section)
        if not over:
            message = _("{who} left this section unfinished; take it over first.")
            raise Conflict(message.format(who=lease.writer.name), path=section)
    taken = lease is None or lease.writer_id != actor.pk
    SectionLease.objects.update_or_create(
        case=case,
        section=section,
        defaults={"writer": actor, "until": timezone.now() + SectionLease.LEASE},
    )
    return taken


def refuse_held(case: Case, actor: User, sections: Iterable[str]) -> None:
    """Raises Conflict where another types, or left off, in one of these sections."""
    held = leases_of(case)
    for section in sections:
        lease = held.get(section)
        if lease and lease.writer_id != actor.pk:
            message = _("{who} writes in “{section}”; nothing of yours was saved there.")
            about = {"who": lease.writer.name, "section": lease.get_section_display()}
            raise Conflict(message.format(**about), path=section)


def check_signable(case: Case, actor: User, *, unfinished: bool) -> None:
    """
    Nobody else writes in it. Once their time ran out, who signs says that they sign all the same.

    Raises Conflict: path "held" while another types, "unfinished" after that.
    """
    others = [one for one in leases_of(case).values() if one.writer_id != actor.pk]
    for lease in sorted(others, key=lambda one: not one.is_live):
        about = {"who": lease.writer.name, "section": lease.get_section_display()}
        if lease.is_live:
            message = _("{who} writes in “{section}” now; sign when they have left it.")
            raise Conflict(message.format(**about), path="held")
        if not unfinished:
            message = _(
                "{who} left “{section}” unfinished; words may be missing. "
                "Say that you sign what is saved, or take the section over."
            )
            raise Conflict(message.format(**about), path="unfinished")


def leave(case: Case, writer: User, *sections: str) -> int:
    """Let go of these sections, or of all; how many were held."""
    require_intention()
    held = SectionLease.objects.filter(case=case, writer=writer)
    return (held.filter(section__in=sections) if sections else held).delete()[0]


def end_writing_together(case: Case) -> None:
    """Nothing is left to write: the sections are free and nobody writes along."""
    require_intention()
    ring_writers(case)
    SectionLease.objects.filter(case=case).delete()
    case.co_writers.filter(ended_at=None).update(ended_at=timezone.now())


def ring_writers(case: Case) -> None:
    """The open pages of all who write look again."""
    people = {one.writer_id for one in co_writers_of(case)}
    if people and case.holder_id:
        people.add(case.holder_id)
    for person in people:
        ring_inbox(person)
