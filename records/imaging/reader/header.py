"""What a DICOM file says about itself, checked (PS3.3, PS3.10)."""

import math
import os
import re
from typing import Any, BinaryIO

from pydicom import config, dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.pixels import get_decoder
from pydicom.uid import EncapsulatedPDFStorage

from records.imaging.reader import pdf, waveform, wfdb, wrapping
from records.imaging.reader.pixels import auto_window, decode
from records.imaging.reader.wire import Refused

UID = re.compile(r"[0-9]+(\.[0-9]+)*\Z")
DIRECTORY = "1.2.840.10008.1.3.10"  # Media Storage Directory: the index of a disc
DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
PIXEL_DATA = 0x7FE00010
MAX_SAMPLES = 64_000_000  # of one frame
MAX_FRAMES = 20_000
CENTIMETRE = 3  # PS3.3 C.8.5.5.1.15, physical units
SPATIAL_2D = 1  # PS3.3 C.8.5.5.1.1, region spatial format

Json = dict[str, Any]

config.settings.reading_validation_mode = config.IGNORE  # what is used of a header is checked here


def inspect(path: str) -> tuple[Json, bytes]:
    """The facts of one file, as JSON; Refused when it cannot be taken."""
    with open(path, "rb") as file:
        dataset = read(file)
        if str(dataset.file_meta.get("MediaStorageSOPClassUID", "")) == DIRECTORY:
            raise Refused("directory")
        syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
        if "WaveformSequence" in dataset and dataset.get("Rows") is None:
            return recording(path, dataset) | {"transfer_syntax": syntax}, b""
        if str(dataset.get("SOPClassUID", "")) == EncapsulatedPDFStorage:
            return document(path, dataset) | {"transfer_syntax": syntax}, b""
        facts = identity(dataset) | matrix(dataset)
        if syntax != DEFLATED:
            check_length(file, dataset, facts, encapsulated=not is_native(syntax))
    facts |= {"transfer_syntax": syntax} | place(dataset)
    facts["frames"] = frames(dataset, facts["frame_count"])
    facts["why_not_shown"] = try_it(path, syntax, facts)
    return facts, b""


def recording(path: str, dataset: FileDataset) -> Json:
    """The facts of a file that holds a waveform in place of a picture."""
    heard = waveform.facts(path)
    return identity(dataset) | {"frame_count": 1, "why_not_shown": "", "waveform": heard}


def document(path: str, dataset: FileDataset) -> Json:
    """The facts of a file that holds a PDF in place of a picture."""
    try:
        _said, content = pdf.document(path)
    except AttributeError:
        raise Refused("pdf_damaged") from None
    held = {"pages": pdf.pages_of(content), "size": len(content)}
    said = identity(dataset) | {"frame_count": 1, "why_not_shown": "", "document": held}
    return said | {"attachment": wrapping.DOCUMENT}


def attachment(dataset: Dataset) -> str:
    """What a clinic said of a photograph that it attached (reader.wrapping); "" of all others."""
    kinds = {value: kind for kind, (value, _meaning) in wrapping.CODES.items()}
    for item in dataset.get("AcquisitionContextSequence") or []:
        name, said = (first(item.get(f"Concept{of}CodeSequence")) for of in ("Name", ""))
        ours = {text(one, "CodingSchemeDesignator") for one in (name, said)} == {wrapping.SCHEME}
        if ours and text(name, "CodeValue") == wrapping.CONCEPT[0]:
            return kinds.get(text(said, "CodeValue"), "")
    return ""


def read(file: BinaryIO) -> FileDataset:
    """The file up to its pixels; `file` is left standing at them."""
    head = file.read(132)
    if wfdb.is_header(head):
        raise Refused("wave_alone")
    if head[128:] != b"DICM":
        raise Refused("empty" if not head else "not_dicom")
    file.seek(0)
    try:
        return dcmread(file, stop_before_pixels=True, defer_size=1 << 16)
    except InvalidDicomError:
        raise Refused("not_dicom") from None


def is_native(syntax: str) -> bool:
    return syntax in {
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        DEFLATED,
    }


def identity(dataset: Dataset) -> Json:
    """Whose, which study, which series, which instance."""
    uids = {
        "study_uid": uid(dataset, "StudyInstanceUID"),
        "series_uid": uid(dataset, "SeriesInstanceUID"),
        "sop_uid": uid(dataset, "SOPInstanceUID"),
        "sop_class": uid(dataset, "SOPClassUID"),
    }
    return uids | {
        "patient": {
            "name": "" if is_anonymous(dataset) else person_name(dataset),
            "id": "" if is_anonymous(dataset) else text(dataset, "PatientID"),
            "birth_date": text(dataset, "PatientBirthDate"),
            "sex": text(dataset, "PatientSex"),
        },
        "study": {
            "description": text(dataset, "StudyDescription"),
            "date": text(dataset, "StudyDate"),
            "time": text(dataset, "StudyTime"),
        },
        "modality": text(dataset, "Modality")[:16],
        "device_serial": text(dataset, "DeviceSerialNumber")[:64],
        "series": {
            "number": whole(dataset, "SeriesNumber"),
            "description": text(dataset, "SeriesDescription"),
            "body_part": text(dataset, "BodyPartExamined"),
        },
        "number": whole(dataset, "InstanceNumber"),
        "image_type": [str(v) for v in many(dataset.get("ImageType"))],
        "attachment": attachment(dataset),
    }


def uid(dataset: Dataset, name: str) -> str:
    value = text(dataset, name, limit=65)
    if not value:
        raise Refused("missing", tag=name)
    if len(value) > 64 or not UID.match(value):
        raise Refused("bad_uid", tag=name)
    return value


def matrix(dataset: Dataset) -> Json:
    """Size and kind of the pixels (PS3.3 C.7.6.3)."""
    if dataset.get("Rows") is None and dataset.get("Columns") is None:
        raise Refused("no_picture")
    samples = whole(dataset, "SamplesPerPixel") or 1
    facts: Json = {
        "rows": whole(dataset, "Rows") or 0,
        "columns": whole(dataset, "Columns") or 0,
        "frame_count": max(whole(dataset, "NumberOfFrames") or 1, 1),
        "samples": samples,
        "photometric": text(dataset, "PhotometricInterpretation") or "MONOCHROME2",
        "bits_allocated": whole(dataset, "BitsAllocated") or 0,
        "bits_stored": whole(dataset, "BitsStored") or 0,
        "signed": whole(dataset, "PixelRepresentation") == 1,
    }
    if facts["rows"] < 1 or facts["columns"] < 1:
        raise Refused("missing", tag="Rows")
    if facts["rows"] * facts["columns"] * samples > MAX_SAMPLES:
        raise Refused("too_big")
    if facts["frame_count"] > MAX_FRAMES:
        raise Refused("too_many_frames", limit=MAX_FRAMES)
    if samples not in {1, 3} or facts["bits_allocated"] not in {1, 8, 16, 32, 64}:
        raise Refused("unreadable", error="pixel format")
    return facts


def check_length(file: BinaryIO, dataset: FileDataset, facts: Json, *, encapsulated: bool) -> None:
    """Refuse a file that ends before its pixels do."""
    little, implicit = dataset.original_encoding[1], dataset.original_encoding[0]
    order = "little" if little else "big"
    head = file.read(8 if implicit else 12)
    group, element = head[0:2], head[2:4]
    tag = int.from_bytes(group, order) << 16 | int.from_bytes(element, order)  # type: ignore[arg-type]
    if len(head) < 8 or tag != PIXEL_DATA:
        raise Refused("no_pixels")
    if encapsulated:
        return
    length = int.from_bytes(head[-4:], order)  # type: ignore[arg-type]
    left = os.fstat(file.fileno()).st_size - file.tell()
    bits = facts["rows"] * facts["columns"] * facts["samples"] * facts["bits_allocated"]
    if facts["photometric"] == "YBR_FULL_422":
        bits = bits * 2 // 3
    wanted = math.ceil(bits * facts["frame_count"] / 8)
    if min(left, length) < wanted:
        raise Refused("truncated", there=min(left, length), wanted=wanted)


def place(dataset: Dataset) -> Json:
    """Where the picture lies and how large a pixel is, in mm; None where the file is silent."""
    shared = first(dataset.get("SharedFunctionalGroupsSequence"))
    measures = first(shared.get("PixelMeasuresSequence")) or dataset
    orientation = first(shared.get("PlaneOrientationSequence")) or dataset
    spacing, kind = numbers(measures.get("PixelSpacing"), 2), "patient"
    if spacing is None:  # at the detector, not in the patient: PS3.3 10.7.1.3
        spacing, kind = numbers(dataset.get("ImagerPixelSpacing"), 2), "detector"
    if spacing is None or min(spacing) <= 0:
        spacing, kind = None, ""
    thickness = numbers(measures.get("SliceThickness"), 1)
    return {
        "spacing": spacing,
        "spacing_kind": kind,
        "regions": regions(dataset),
        "thickness": thickness and thickness[0],
        "orientation": direction(orientation.get("ImageOrientationPatient")),
        "unit": "HU" if text(dataset, "Modality") == "CT" else "",
    }


def direction(value: Any) -> list[float] | None:
    """Six cosines that are two perpendicular unit vectors, or None."""
    cosines = numbers(value, 6)
    if cosines is None:
        return None
    row, column = cosines[:3], cosines[3:]
    lengths = [math.hypot(*row), math.hypot(*column)]
    across = sum(a * b for a, b in zip(row, column, strict=True))
    sound = all(abs(length - 1) < 0.01 for length in lengths) and abs(across) < 0.01
    return cosines if sound else None


def regions(dataset: Dataset) -> list[Json]:
    """The calibrated parts of an ultrasound picture (PS3.3 C.8.5.5)."""
    found = []
    for region in dataset.get("SequenceOfUltrasoundRegions") or []:
        box = [
            whole(region, f"RegionLocation{name}") for name in ("MinX0", "MinY0", "MaxX1", "MaxY1")
        ]
        steps = numbers([region.get("PhysicalDeltaY"), region.get("PhysicalDeltaX")], 2)
        units = {whole(region, "PhysicalUnitsXDirection"), whole(region, "PhysicalUnitsYDirection")}
        flat = whole(region, "RegionSpatialFormat") == SPATIAL_2D and units == {CENTIMETRE}
        if flat and steps and all(steps) and None not in box:
            found.append({"box": box, "spacing": [abs(step) * 10 for step in steps]})
    return found


def frames(dataset: Dataset, count: int) -> list[Json]:
    """Place, rescale and window of each frame; one entry when all frames share them."""
    shared = first(dataset.get("SharedFunctionalGroupsSequence"))
    each = list(dataset.get("PerFrameFunctionalGroupsSequence") or [])
    if not each:
        return [one_frame(dataset, shared, dataset)]
    if len(each) < count:
        raise Refused("unreadable", error="functional groups")
    return [one_frame(group, shared, dataset) for group in each[:count]]


def one_frame(group: Dataset, shared: Dataset, whole_file: Dataset) -> Json:
    grouped = [holder for holder in (group, shared) if holder and holder is not whole_file]

    def found(sequence: str, name: str) -> Any:
        for holder in [first(groups.get(sequence)) for groups in grouped] + [whole_file]:
            value = holder.get(name)
            if value is not None:
                return value
        return None

    lut = bool(whole_file.get("ModalityLUTSequence"))  # applied when the pixels are read
    slope = numbers(found("PixelValueTransformationSequence", "RescaleSlope"), 1)
    intercept = numbers(found("PixelValueTransformationSequence", "RescaleIntercept"), 1)
    centre = numbers(first_value(found("FrameVOILUTSequence", "WindowCenter")), 1)
    width = numbers(first_value(found("FrameVOILUTSequence", "WindowWidth")), 1)
    windowed = centre and width and width[0] >= 1
    return {
        "position": numbers(found("PlanePositionSequence", "ImagePositionPatient"), 3),
        "orientation": direction(found("PlaneOrientationSequence", "ImageOrientationPatient")),
        "slope": slope[0] if slope and slope[0] and not lut else 1,
        "intercept": intercept[0] if intercept and not lut else 0,
        "window": [centre[0], width[0]] if centre and width and windowed else None,
    }


def try_it(path: str, syntax: str, facts: Json) -> str:
    """
    "" when the pixels can be shown, else the reason; Refused when they are damaged.

    Compressed files show damage only when they are decoded, so their ends are.
    """
    if facts["bits_allocated"] > 16:
        return "depth"
    if not can_decode(syntax, facts["bits_stored"]):
        return "compression"
    grey = facts["samples"] == 1 and facts["photometric"] != "PALETTE COLOR"
    unwindowed = grey and facts["frames"][0]["window"] is None
    last = facts["frame_count"] - 1
    wanted = sorted({0, last}) if not is_native(syntax) or syntax == DEFLATED else [0]
    if is_native(syntax) and syntax != DEFLATED and not unwindowed:
        return ""
    try:
        pictures = [decode(path, index) for index in wanted]
    except (ValueError, RuntimeError, AttributeError, OSError, IndexError, KeyError) as error:
        raise Refused("damaged", error=type(error).__name__) from None
    if unwindowed:
        for frame in facts["frames"]:
            frame["window"] = frame["window"] or auto_window(
                pictures[0], frame["slope"], frame["intercept"]
            )
    return ""


def can_decode(syntax: str, bits: int) -> bool:
    if syntax == JPEG_EXTENDED and bits > 8:  # the one JPEG library here reads 8 bits
        return False
    try:
        return bool(get_decoder(syntax).is_available)
    except NotImplementedError:
        return False


def text(dataset: Dataset, name: str, limit: int = 200) -> str:
    """A value as text without control characters; the reader's charset rules have been applied."""
    try:
        value = dataset.get(name)
    except (ValueError, TypeError, LookupError, UnicodeError):
        return ""
    if value is None:
        return ""
    joined = "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value)
    if not joined.isprintable():
        joined = "".join(c for c in joined if c.isprintable())
    return joined.strip()[:limit]


def person_name(dataset: Dataset) -> str:
    """The name in characters when the file has it so, else in letters (PS3.5 6.2.1)."""
    groups = text(dataset, "PatientName").split("=")
    chosen = groups[1] if len(groups) > 1 and groups[1].strip("^ ") else groups[0]
    return " ".join(part for part in chosen.split("^") if part.strip())


def is_anonymous(dataset: Dataset) -> bool:
    """What stands for the name of a file whose identity was removed names nobody."""
    return text(dataset, "PatientIdentityRemoved") == "YES"


def whole(dataset: Dataset, name: str) -> int | None:
    try:
        return int(dataset.get(name))
    except (ValueError, TypeError, OverflowError):
        return None


def numbers(value: Any, count: int) -> list[float] | None:
    """That many finite numbers, or None."""
    try:
        found = [float(v) for v in many(value)]
    except (ValueError, TypeError):
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


def many(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, MultiValue | list) else [value]


def first_value(value: Any) -> Any:
    return next(iter(many(value)), None)


NOTHING = Dataset()  # to look into; making one for each look costs a tenth of an inspection


def first(sequence: Any) -> Dataset:
    return sequence[0] if sequence else NOTHING
