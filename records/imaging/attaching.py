"""From a photograph or a PDF that arrived to the checked DICOM file that keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from records.imaging import children, files, intake, reasons
from records.imaging.intake import Checked, NotTaken
from records.imaging.reader.wire import Refused

LIMIT_MB = 30
DAY, CLOCK = "%Y%m%d", "%H%M%S"


@dataclass(frozen=True)
class Cover:
    """What its DICOM file says of an attachment: whose it is, what it is, in which study."""

    attachment: str
    described: str
    study: UUID
    studied_at: datetime
    person: dict[str, str]
    institution: str


def limit() -> int:
    """Bytes that one attachment may have."""
    return min(LIMIT_MB << 20, intake.limit())


def sort_out(
    arrived: files.Arrived, name: str, key: str, cover: Cover
) -> Iterator[Checked | NotTaken]:
    """The one file, wrapped and checked, or why it is not taken."""
    if arrived.size > limit():
        yield NotTaken(name, reasons.reason("over_limit", limit=limit() >> 20))
        return
    target = arrived.path.with_name(f"{arrived.path.name}.dcm")
    asked = {"path": str(arrived.path), "target": str(target), "cover": said(cover, name)}
    try:
        children.call(key, "wrap", **asked)
    except Refused as refusal:
        yield NotTaken(name, reasons.in_words(refusal))
        return
    checked = intake.check(files.measure(target), name, key)
    yield checked if isinstance(checked, NotTaken) else replace(checked, wrapped=True)


def said(cover: Cover, title: str) -> dict[str, Any]:
    """For the child, in the forms of DICOM (PS3.5 6.2)."""
    then, now = timezone.localtime(cover.studied_at), timezone.localtime()
    return {
        "attachment": cover.attachment,
        "described": cover.described,
        "title": title,
        "study": str(cover.study),
        "day": f"{then:{DAY}}",
        "clock": f"{then:{CLOCK}}",
        "now_day": f"{now:{DAY}}",
        "now_clock": f"{now:{CLOCK}}",
        "patient": cover.person,
        "institution": cover.institution,
    }
