"""
What a manifest and a preview may be asked for, how files are announced, and what an attachment is.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.imaging import intake
from records.imaging.models import Attachment
from records.imaging.services import Coming
from telemed.core.errors import Invalid, Malformed

MOST_AT_ONCE = 5000  # files of one announcement
MOST_IMAGES = 20_000  # of one file
KEY = re.compile(r"[0-9a-z]{1,32}\Z")
SHIPPED = re.compile(r"([0-9a-f-]{36}) ([0-9a-z]{1,32})\Z")


class AttachmentForm(forms.Form):
    """What a file is that is no DICOM: a photo, a paper ECG or a PDF. Silent of all others."""

    attachment = forms.ChoiceField(
        choices=Attachment,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Say what it is: a photo, a paper ECG or a PDF.")
        },
    )


class NewsForm(forms.Form):
    """?since=: when the page was made, or asked last."""

    since = forms.DateTimeField()  # ISO 8601, as this server said it


class ManifestForm(forms.Form):
    """?first=: with the preview that is looked at first, a JPEG of that quality."""

    first = forms.IntegerField(min_value=20, max_value=95, required=False)


class PreviewForm(forms.Form):
    """?size=&quality=&centre=&width=: all optional, all bounded."""

    size = forms.IntegerField(min_value=32, max_value=1024, required=False)
    quality = forms.IntegerField(min_value=20, max_value=95, required=False)
    centre = forms.FloatField(min_value=-1e6, max_value=1e6, required=False)
    width = forms.FloatField(min_value=1, max_value=1e6, required=False)


def since_of(sent: QueryDict) -> datetime:
    """Raises Invalid."""
    form = NewsForm(sent)
    if not form.is_valid():
        raise Invalid(_("It is not said since when."), path="since")
    return form.cleaned_data["since"]


def length_of(request: HttpRequest) -> int:
    """Bytes of the body, as its sender states."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isdecimal() else 0


def read_about(sent: QueryDict) -> UUID | None:
    """?about=: what the images are sent for. Raises Invalid."""
    try:
        return UUID(str(sent["about"])) if sent.get("about") else None
    except ValueError:
        raise Invalid(_("It is not said what the images are for."), path="about") from None


@dataclass(frozen=True)
class Announcement:
    """{"about": id, "files": [[key, images, bytes], …], "dropped": [key, …]}"""

    about: UUID
    coming: list[Coming]
    dropped: list[str]


def read_announcement(body: bytes) -> Announcement:
    """Raises Malformed or Invalid, naming what is wrong."""
    try:
        said = json.loads(body)
        about, files, dropped = UUID(said["about"]), said["files"], said.get("dropped", [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Malformed(_("What is to come could not be read."), path="body") from None
    if not (isinstance(files, list) and isinstance(dropped, list)) or not (files or dropped):
        raise Invalid(_("No file was named."), path="files")
    if len(files) + len(dropped) > MOST_AT_ONCE:
        raise Invalid(_("At most {n} files at once.").format(n=MOST_AT_ONCE), path="files")
    return Announcement(about, [_coming(one) for one in files], [_key(one) for one in dropped])


def _coming(said: Any) -> Coming:
    if not (isinstance(said, list) and len(said) == 3):
        raise Malformed(_("What is to come could not be read."), path="files")
    key, images, size = said
    if not _is_between(images, 0, MOST_IMAGES):
        raise Invalid(_("A file holds 0 to {n} images.").format(n=MOST_IMAGES), path="images")
    if not _is_between(size, 1, intake.limit()):
        most = _("A file has 1 byte to {n} MB.").format(n=intake.limit() >> 20)
        raise Invalid(most, path="bytes")
    return Coming(_key(key), images, size)


def _is_between(number: Any, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most


def _key(said: Any) -> str:
    if not (isinstance(said, str) and KEY.match(said)):
        raise Invalid(_("A file is told by 1 to 32 small letters and digits."), path="key")
    return said


def read_shipped(header: str) -> tuple[UUID, str] | None:
    """X-Shipment: of which shipment a file is, and which of its files. Raises Invalid."""
    if not header:
        return None
    try:
        shipment, key = SHIPPED.match(header).groups()  # type: ignore[union-attr]
        return UUID(shipment), key
    except (ValueError, AttributeError):
        wrong = _("X-Shipment must name a shipment and one of its files.")
        raise Invalid(wrong, path="X-Shipment") from None
