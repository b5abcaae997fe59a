"""Filing a closed case for both sides."""

from datetime import timedelta
from uuid import UUID

from consult.archive import queries
from consult.archive.attached import attached_to
from consult.archive.documents import bundle_of, digest_of, page_of
from consult.archive.models import Copy
from consult.requests.models import OVER, Case
from consult.requests.queries import lock_case, thread_ends_at
from consult.requests.services import mark_archived
from records.consent import access
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.people.models import User

THREAD = "archive.thread"  # the clock of a case: its thread has ended


def archive_case(*, case_id: UUID) -> list[Copy]:
    """
    Build both forms, keep one copy for each side, and read them back.

    Called again, it files a further version only when something was added since; what is said
    while the thread is still open comes with the one that is filed at its end. Raises ValueError
    when what was read back is not what was written: then nothing is filed and it is tried again.
    """
    require_intention()
    case = lock_case(case_id)
    if case.status not in OVER:
        return []
    former, steps = queries.newest(case), queries.steps_of(case).count()
    messages = case.messages.count()
    _follow_thread(case)
    if former and (former.steps, former.messages) == (steps, messages):
        return []
    version = former.version + 1 if former else 1
    attached = attached_to(case)
    bundle, page = bundle_of(case, version, attached), page_of(case, version, attached)
    digest = digest_of(bundle, page)
    sides = [case.asking, case.addressee]
    copies = [
        Copy.objects.create(
            case=case,
            organisation=side,
            version=version,
            steps=steps,
            messages=messages,
            bundle=bundle,
            page=page,
            digest=digest,
        )
        for side in sides
    ]
    for copy in Copy.objects.filter(pk__in=[copy.pk for copy in copies]):
        if digest_of(copy.bundle, copy.page) != copy.digest:
            raise ValueError(f"Copy {copy.pk} was read back otherwise than it was written.")
    mark_archived(case=case, version=version)
    for copy in [*queries.earlier(case, version), *copies]:
        publication.publish(copy)
    return copies


def archive_thread(*, case_id: UUID) -> list[Copy]:
    """Its end has come: one version more if something was said since the last."""
    require_intention()
    case = lock_case(case_id)
    former = queries.newest(case)
    if former and former.messages == case.messages.count():
        return []
    return archive_case(case_id=case_id)


def _follow_thread(case: Case) -> None:
    """Both sides may still write: one version at the end has it all, not one for each message."""
    ends_at = thread_ends_at(case)
    stop_clocks(about=case.pk, kind=THREAD)
    if ends_at and (left := ends_at - moments.now()) > timedelta():
        start_clock(kind=THREAD, about=case.pk, allowance=left, calendar=Calendar.WALL)


def read_copy(*, actor: User, case_id: UUID, version: int) -> Copy:
    """One's own institution's copy; opening it is a read of the record, and traced."""
    require_intention()
    copy = queries.get_copy(actor, case_id, version)
    decision = access.decide(actor, "read", copy.case)
    reason = decision.reasons[0] if decision.allowed else "archive"
    audit.record(
        action="case.read", target=copy.case, patient_id=copy.case.patient_id, reason=reason
    )
    return copy
