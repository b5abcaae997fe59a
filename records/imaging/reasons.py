"""Why a file was not taken, in words (codes: records.imaging.reader)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from records.imaging.reader.wire import Refused

REASONS = {
    "empty": gettext_noop("The file is empty."),
    "not_dicom": gettext_noop("This is not a DICOM file."),
    "directory": gettext_noop("This is the index of a disc, not a picture. It is not needed."),
    "missing": gettext_noop("The DICOM file lacks {tag}, so it cannot be placed."),
    "bad_uid": gettext_noop("{tag} of the DICOM file is not a valid identifier."),
    "no_picture": gettext_noop("The DICOM file holds no picture."),
    "no_pixels": gettext_noop("The DICOM file ends before its picture. Send it again."),
    "truncated": gettext_noop(
        "The picture is cut off: {there} of {wanted} bytes are there. Send it again."
    ),
    "damaged": gettext_noop("The picture in the DICOM file is damaged."),
    "unreadable": gettext_noop("The DICOM file is damaged and cannot be read."),
    "too_deep": gettext_noop("The DICOM file is nested too deeply to be genuine."),
    "too_big": gettext_noop("The picture is larger than this system reads."),
    "too_many_frames": gettext_noop("The DICOM file has more than {limit} pictures."),
    "reader_died": gettext_noop("Reading the file took too long or broke the reader."),
    "over_limit": gettext_noop("The file is larger than {limit} MB."),
    "bad_zip": gettext_noop("The ZIP archive is damaged."),
    "empty_zip": gettext_noop("The ZIP archive is empty."),
    "zip_too_many": gettext_noop("The ZIP archive has more than {limit} files."),
    "zip_bomb": gettext_noop("The ZIP archive would unpack to far more than it may."),
    "unsafe_name": gettext_noop("The name of this file points outside the archive."),
    "not_a_file": gettext_noop("This is a link or a device, not a file."),
    "encrypted": gettext_noop("The file in the archive is locked with a password."),
    "bad_member": gettext_noop("The file in the archive is damaged."),
    "nested_zip": gettext_noop("An archive inside an archive is not opened."),
    "wave_alone": gettext_noop(
        "This is the header of an ECG record. Send it in one ZIP with its .dat file."
    ),
    "wave_empty": gettext_noop("The ECG holds no recording."),
    "wave_rate": gettext_noop("The ECG does not say how fast it was sampled, or says nonsense."),
    "wave_scale": gettext_noop("The ECG does not say what its samples are in millivolt."),
    "wave_format": gettext_noop("The samples of this ECG are of a format that is not read here."),
    "wave_leads": gettext_noop("The ECG names two of its leads alike."),
    "photo_heic": gettext_noop(
        "HEIC pictures cannot be read here. Set the camera to JPEG (“most compatible”), or send it"
        " from the phone that took it."
    ),
    "photo_pdf": gettext_noop("This is a PDF, not a picture. Choose “PDF” and send it again."),
    "photo_unknown": gettext_noop("This is no JPEG or PNG picture."),
    "photo_damaged": gettext_noop("The picture is damaged or cut off. Take or send it again."),
    "photo_pixels": gettext_noop(
        "The picture has more than {limit} million pixels. Take it at a lower resolution."
    ),
    "photo_small": gettext_noop("The picture is too small to show anything."),
    "pdf_unknown": gettext_noop("This is not a PDF file."),
    "pdf_locked": gettext_noop(
        "The PDF is locked with a password. Save it without one and send it again."
    ),
    "pdf_damaged": gettext_noop("The PDF is damaged or not complete. Make it anew and send it."),
    "pdf_pages": gettext_noop("The PDF has more than {limit} pages. Send the part that matters."),
    "drawn_unreadable": gettext_noop("The picture could not be read."),
    # kept, and not shown
    "depth": gettext_noop("This kind of picture is kept but cannot be shown here."),
    "compression": gettext_noop(
        "The picture is kept but cannot be shown here: its compression is not supported."
    ),
}


def in_words(refusal: Refused) -> str:
    return reason(refusal.code, **refusal.facts)


def reason(code: str, **facts: Any) -> str:
    return _(REASONS.get(code, REASONS["unreadable"])).format(**facts)
