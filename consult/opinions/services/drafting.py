"""The text being written. Outside its writers' pages nobody sees it before it is signed."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions.models import LIMITS, SECTIONS, Draft
from consult.opinions.phrasing import BLANK
from consult.opinions.queries import may_write
from consult.opinions.services import leases
from consult.requests import permissions
from consult.requests.models import ANSWERED, HELD, OVER, Case
from consult.requests.queries import get_case
from consult.requests.services import begin_case
from telemed.audit import services as audit
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, Stale, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

TEXTS = SECTIONS
AMENDABLE = (*ANSWERED, *OVER)
REASON = 5  # characters


def save_draft(*, actor: User, case_id: UUID, version: int | None = None, **texts: str) -> Draft:
    """
    Keep what was typed. With `version`, raises Stale when another window saved since; the same
    save sent again, because its answer was lost, answers the present state.

    Raises Conflict once the opinion is signed and no amendment was begun, and where a text that
    was changed is another writer's section.
    """
    case = case_of_writer(actor, case_id)
    draft = find_open_draft(case) or Draft(case=case, author=case.holder or actor)
    if version is not None and version != draft.version:
        if _is_repeated(draft, version, texts):
            return draft
        raise Stale(_("This text was saved in another window; look again."), path="version")
    for name, text in texts.items():
        if name not in TEXTS:
            raise Invalid(_("There is no such field."), path=name)
        checked(name, text)
    leases.refuse_held(case, actor, _changed(draft, texts))
    keep(case, draft, texts)
    leases.leave(case, actor)
    leases.ring_writers(case)
    return draft


def _changed(draft: Draft, texts: dict[str, str]) -> list[str]:
    return [name for name, text in texts.items() if getattr(draft, name) != text]


def keep(case: Case, draft: Draft, texts: dict[str, str]) -> None:
    """One more save of the locked case's draft; each section that it changes counts it too."""
    changed = _changed(draft, texts)
    for name in changed:
        setattr(draft, name, texts[name])
        setattr(draft, f"{name}_version", getattr(draft, f"{name}_version") + 1)
    draft.version += 1
    draft.save()
    if case.ready_at and changed:
        case.ready_at = None
        case.save(update_fields=["ready_at"])
        stop_clocks(about=case.pk, kind="opinion.ready")
    if case.status in HELD:
        begin_case(case_id=case.pk)
    audit.record(action="opinion.draft", target=case, patient_id=case.patient_id)


def _is_repeated(draft: Draft, version: int, texts: dict[str, str]) -> bool:
    """Whether the newest save is this very one."""
    same = all(getattr(draft, name, None) == text for name, text in texts.items())
    return bool(texts) and same and draft.version == version + 1


def start_amendment(*, actor: User, case_id: UUID, reason: str) -> Draft:
    """Begin the next version from the text of the newest; the signed one stays as it is."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_holder(actor, case), _("Only the accepting doctor amends the opinion."))
    if case.status not in AMENDABLE or case.is_withdrawn:
        raise Conflict(_("There is no signed opinion to amend."), path="status")
    reason = checked("reason", reason).strip()
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    newest = case.opinions.order_by("-version").first()
    if newest is None:
        raise Conflict(_("There is no signed opinion to amend."), path="status")
    draft, new = Draft.objects.get_or_create(
        case=case,
        defaults={
            "author": actor,
            "amends": newest.version,
            "reason": reason,
            **{name: getattr(newest, name) for name in TEXTS},
        },
    )
    if not new:
        draft.reason = reason
        draft.save(update_fields=["reason"])
    audit.record(action="opinion.draft", target=case, patient_id=case.patient_id)
    return draft


def drop_amendment(*, actor: User, case_id: UUID) -> None:
    """Give up an amendment that was begun; the signed version stands."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_holder(actor, case), _("Only the accepting doctor amends the opinion."))
    if Draft.objects.filter(case=case, amends__gt=0).delete()[0]:
        leases.end_writing_together(case)
    audit.record(action="opinion.drop_draft", target=case, patient_id=case.patient_id)


def check_complete(draft: Draft | None) -> Draft:
    """The draft, if it could be signed as it stands."""
    if draft is None or not draft.conclusion.strip():
        raise Invalid(_("Write a conclusion before signing."), path="conclusion")
    for name in TEXTS:
        if BLANK in getattr(draft, name):
            raise Invalid(_("A blank of the template is not filled in yet (____)."), path=name)
    return draft


def find_open_draft(case: Case) -> Draft | None:
    """The text that may be written on now, if begun. Raises Conflict where none may be."""
    draft = Draft.objects.filter(case=case).first()
    if case.status in HELD:
        return draft
    if case.status not in AMENDABLE:
        raise Conflict(_("This consult can't be answered any more."), path="status")
    if draft is None and case.opinion_stands:
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    return draft


def checked(name: str, text: str) -> str:
    """What can be kept of it as that field. Raises Invalid."""
    if "\x00" in text:
        raise Invalid(_("This can't be kept as text."), path=name)
    limit = LIMITS[name]
    if len(text) > limit:
        message = _("At most {limit} characters; this has {count}.")
        raise Invalid(message.format(limit=limit, count=len(text)), path=name)
    return text


def case_of_writer(actor: User, case_id: UUID) -> Case:
    """The case, locked, for who holds it or writes along."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(may_write(actor, case), _("Only the accepting doctor writes the opinion."))
    return case


def case_of_holder(actor: User, case_id: UUID) -> Case:
    """The case, locked, for the doctor who holds it."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_holder(actor, case), _("Only the accepting doctor or chair signs."))
    return case
