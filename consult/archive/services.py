"""Filing a closed case for both sides."""

from uuid import UUID

from consult.archive import queries
from consult.archive.documents import bundle_of, digest_of, page_of
from consult.archive.models import Copy
from consult.requests.models import OVER
from consult.requests.queries import lock_case
from consult.requests.services import mark_archived
from records.consent import access
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.people.models import User


def archive_case(*, case_id: UUID) -> list[Copy]:
    """
    Build both forms, keep one copy for each side, and read them back.

    Called again, it files a further version only when something was added since. Raises ValueError
    when what was read back is not what was written: then nothing is filed and it is tried again.
    """
    require_intention()
    case = lock_case(case_id)
    if case.status not in OVER:
        return []
    former, steps = queries.newest(case), queries.steps_of(case).count()
    if former and former.steps == steps:
        return []
    version = former.version + 1 if former else 1
    bundle, page = bundle_of(case, version), page_of(case, version)
    digest = digest_of(bundle, page)
    sides = [case.asking, case.addressee]
    copies = [
        Copy.objects.create(
            case=case,
            organisation=side,
            version=version,
            steps=steps,
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
