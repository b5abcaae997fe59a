"""
Photographs, paper ECGs and PDFs of a closed case (ADR 0047), as both forms of a copy hold them.

Each is named by size and hash of its original. What is small enough is in the document itself, so
that a copy can be read where this house can't be asked.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fhir.resources.R4B.attachment import Attachment
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.documentreference import (
    DocumentReference,
    DocumentReferenceContent,
    DocumentReferenceContext,
)
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference

from consult.requests.fhir import doctor
from consult.requests.models import Case
from records.imaging.copies import Readable, readable_of, view_of
from records.imaging.models import Instance, Study

KINDS = "urn:telemed:attachment"
DIGEST = "urn:telemed:sha256"
# A photograph is made 700 kB at most on its way in (ADR 0047), so each is in the copy; a scan of
# many pages is named. Both sides keep every version of a copy: more would fill their disks.
LARGEST = 1 << 20
ALTOGETHER = 4 << 20
VIEWS = 24  # small pictures on the page that prints


@dataclass(frozen=True)
class Attached:
    """One file; `inside` says whether the document holds it, `view` is for the page."""

    instance: Instance
    readable: Readable | None
    inside: bool
    view: bytes | None

    @property
    def study(self) -> Study:
        return self.instance.series.study

    @property
    def picture(self) -> str:
        """For the page, which fetches nothing."""
        return base64.b64encode(self.view).decode() if self.view else ""


def attached_to(case: Case) -> list[Attached]:
    """In the order in which they came. The limited reader opens them, one after the other."""
    found = Instance.objects.filter(series__study__cases=case).exclude(series__study__attachment="")
    found = found.select_related("series__study__uploaded_by", "series__study__patient")
    left, taken = ALTOGETHER, []
    for place, instance in enumerate(found.order_by("created_at", "pk")):
        readable = readable_of(instance)
        size = len(readable.content) if readable else 0
        inside = 0 < size <= min(LARGEST, left)
        left -= size if inside else 0
        view = view_of(instance) if place < VIEWS else None
        taken.append(Attached(instance, readable, inside, view))
    return taken


def references_to(attached: Iterable[Attached], case: Case) -> list[DocumentReference]:
    return [_reference(one, case.pk) for one in attached]


def _reference(one: Attached, case_id: UUID) -> DocumentReference:
    study, instance = one.study, one.instance
    contents = [_original(instance)]
    if one.readable:
        contents.insert(0, _readable(one.readable, inside=one.inside))
    return DocumentReference(
        id=str(instance.pk),
        identifier=[Identifier(system="urn:dicom:uid", value=f"urn:oid:{instance.sop_uid}")],
        status="current",
        type=CodeableConcept(
            coding=[Coding(system=KINDS, code=study.attachment)], text=study.called
        ),
        subject=Reference(reference=f"Patient/{study.patient.fhir_id}"),
        date=study.studied_at or study.created_at,
        author=[doctor(study.uploaded_by)] if study.uploaded_by else None,
        custodian=Reference(reference=f"Organization/{study.organisation_id}"),
        description=study.called,
        content=contents,
        context=DocumentReferenceContext(
            related=[
                Reference(reference=f"urn:uuid:{case_id}"),
                Reference(reference=f"ImagingStudy/{study.pk}"),
            ]
        ),
    )


def _readable(readable: Readable, *, inside: bool) -> DocumentReferenceContent:
    """What anybody can open. FHIR's own hash is SHA-1; ours beside it is what copies go by."""
    content = readable.content
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()
    attachment = Attachment(
        extension=[_digest(hashlib.sha256(content).hexdigest())],
        contentType=readable.kind,
        size=len(content),
        hash=base64.b64encode(sha1),
        data=base64.b64encode(content) if inside else None,
    )
    return DocumentReferenceContent(attachment=attachment)


def _original(instance: Instance) -> DocumentReferenceContent:
    """The DICOM file as it is kept here, by its hash."""
    attachment = Attachment(
        extension=[_digest(instance.sha256)],
        contentType="application/dicom",
        size=instance.size,
        url=f"urn:oid:{instance.sop_uid}",
    )
    return DocumentReferenceContent(attachment=attachment)


def _digest(value: str) -> Extension:
    return Extension(url=DIGEST, valueString=value)
