"""
An ECG of the WFDB format (PhysioNet), as the DICOM file that keeps it: every sample as it came.

A record is a header in text (.hea) and its signals (.dat). The same record gives the same file.
"""

import hashlib
import math
import re
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    GeneralECGWaveformStorage,
    TwelveLeadECGWaveformStorage,
)

from records.imaging.reader.waveform import CODES, MAX_CHANNELS, MAX_SAMPLES
from records.imaging.reader.wire import Refused

FIRST = re.compile(rb"[\w.-]+ +\d+ +\d")  # how a header begins: record, signals, rate
GAIN = re.compile(r"([0-9.]+)(?:\((-?\d+)\))?(?:/(\w+))?\Z")
LONGEST_HEADER = 1 << 16
TWELVE_LEAD_SAMPLES = 16_384  # PS3.3 A.34.3.4.5
DICOM_CODES = {name: code for code, name in CODES.items()}


def is_header(head: bytes) -> bool:
    return bool(FIRST.match(head))


def convert(header: bytes, signals: bytes, target: Path) -> None:
    """Write the record as DICOM; Refused when header and signals do not agree."""
    if len(header) > LONGEST_HEADER:
        raise Refused("unreadable", error="WFDB")
    lines = [one for one in header.decode("utf-8", "replace").splitlines() if one.strip()]
    rows = [one.split() for one in lines if not one.startswith("#")]
    try:
        name, count, rate, length = rows[0][0], int(rows[0][1]), rows[0][2], int(rows[0][3])
        described = [signal(row) for row in rows[1 : count + 1]]
    except (IndexError, ValueError):
        raise Refused("unreadable", error="WFDB") from None
    first = described[0]["file"] if described else ""
    leads = [one for one in described if one["file"] == first]
    if not leads or len(leads) > MAX_CHANNELS or length < 2 or length * len(leads) > MAX_SAMPLES:
        raise Refused("unreadable", error="WFDB")
    wanted = length * len(leads) * 2
    if len(signals) < wanted:
        raise Refused("truncated", there=len(signals), wanted=wanted)
    values = np.frombuffer(signals[:wanted], "<i2").reshape(length, len(leads))
    for place, lead in enumerate(leads):
        if (int(values[:, place].sum(dtype=np.int64)) - lead["checksum"]) % 65536:
            raise Refused("damaged")
    made = dataset(PurePosixPath(name).name, header + signals, leads, length)
    group = made.WaveformSequence[0]
    group.NumberOfWaveformSamples, group.SamplingFrequency = length, rate.split("/")[0]
    group.WaveformData = values.tobytes()
    made.save_as(target, enforce_file_format=True)


def signal(row: list[str]) -> dict[str, Any]:
    """A line of the header: file, format, gain, resolution, zero, first, sum, block, lead."""
    gain = GAIN.match(row[2])
    if row[1] != "16" or gain is None or gain[3] not in {None, "mV"}:
        raise Refused("wave_format")
    units = float(gain[1]) or 200.0  # 0: not calibrated, 200 by the format's definition
    if not math.isfinite(units):
        raise Refused("wave_scale")
    zero = int(gain[2] if gain[2] is not None else row[4])
    return {
        "file": row[0],
        "gain": 1000 / units,
        "zero": zero,
        "checksum": int(row[6]),
        "name": " ".join(row[8:])[:16] or "?",
    }


def dataset(name: str, content: bytes, leads: list[dict[str, Any]], length: int) -> FileDataset:
    sha256 = hashlib.sha256(content).hexdigest()

    def uid(of: str) -> UID:
        return UID(f"2.25.{uuid5(NAMESPACE_OID, f'wfdb/{sha256}/{of}').int}")

    twelve = len(leads) == 12 and length <= TWELVE_LEAD_SAMPLES
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    kind = TwelveLeadECGWaveformStorage if twelve else GeneralECGWaveformStorage
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = kind, uid("instance")
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    made.SpecificCharacterSet, made.SOPClassUID = "ISO_IR 192", kind
    made.SOPInstanceUID, made.StudyInstanceUID = uid("instance"), uid("study")
    made.SeriesInstanceUID, made.Modality = uid("series"), "ECG"
    made.StudyDescription = f"{len(leads)}-lead"
    made.SeriesDescription = f"WFDB {name}"[:64]
    made.SeriesNumber = made.InstanceNumber = 1
    group = Dataset()
    group.WaveformOriginality, group.MultiplexGroupLabel = "ORIGINAL", "RHYTHM"
    group.NumberOfWaveformChannels = len(leads)
    group.WaveformBitsAllocated, group.WaveformSampleInterpretation = 16, "SS"
    group.ChannelDefinitionSequence = Sequence([channel(lead) for lead in leads])
    made.WaveformSequence = Sequence([group])
    return made


def channel(lead: dict[str, Any]) -> Dataset:
    made, source, unit = Dataset(), Dataset(), Dataset()
    named = {name.upper(): code for name, code in DICOM_CODES.items()}
    code = named.get(lead["name"].upper())
    source.CodeValue, source.CodingSchemeDesignator = (
        (f"2:{code}", "MDC") if code else (lead["name"], "99WFDB")
    )
    source.CodeMeaning = made.ChannelLabel = lead["name"]
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "uV", "UCUM", "microvolt"
    made.ChannelSourceSequence = Sequence([source])
    made.ChannelSensitivityUnitsSequence = Sequence([unit])
    made.ChannelSensitivity = f"{lead['gain']:.10g}"
    made.ChannelSensitivityCorrectionFactor, made.ChannelSampleSkew = 1, 0
    made.ChannelBaseline = f"{-lead['zero'] * lead['gain']:.10g}"
    made.WaveformBitsStored = 16
    return made
