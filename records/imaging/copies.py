"""What was attached by hand, for a copy that is read elsewhere: the thing itself, and a view."""

from dataclasses import dataclass
from typing import Any

from records.imaging import children, files
from records.imaging.models import Instance
from records.imaging.reader.wire import Refused

BASELINE = "1.2.840.10008.1.2.4.50"  # the transfer syntax of a JPEG that any reader opens
VIEW, QUALITY = 480, 60  # pixels of a side: enough to tell what it is on a printed page


@dataclass(frozen=True)
class Readable:
    """A JPEG or a PDF, as it lies in the DICOM file."""

    kind: str
    content: bytes


def readable_of(instance: Instance) -> Readable | None:
    """None for what came from another house in a form that only DICOM knows, or is damaged."""
    if instance.is_document:
        return _readable(instance, "document", "application/pdf")
    if instance.transfer_syntax == BASELINE:
        return _readable(instance, "photo", "image/jpeg")
    return None


def _readable(instance: Instance, do: str, kind: str) -> Readable | None:
    content = _read(instance, do)
    return Readable(kind, content) if content else None


def view_of(instance: Instance) -> bytes | None:
    """A small JPEG; None of a PDF, and of what cannot be drawn."""
    if instance.is_document or instance.facts["why_not_shown"]:
        return None
    frame = instance.frame(0)
    return _read(
        instance,
        "preview",
        index=0,
        slope=frame["slope"],
        intercept=frame["intercept"],
        window=frame["window"] or [128, 256],
        invert=instance.facts["photometric"] == "MONOCHROME1",
        size=VIEW,
        quality=QUALITY,
    )


def _read(instance: Instance, do: str, **asked: Any) -> bytes | None:
    path = str(files.path_of(instance.sha256))
    try:
        _said, body = children.call(str(instance.series.study_id), do, path=path, **asked)
    except Refused:
        return None
    return body
