"""An ECG out of a DICOM file: what its leads are, and their exact samples (PS3.3 C.10.9)."""

import math
import os
import zlib
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset

from records.imaging.reader.wire import Refused

Json = dict[str, Any]

MAX_FILE = 64 << 20
MAX_CHANNELS = 64
MAX_SAMPLES = 4_000_000  # of all channels together
RATES = 50, 20_000  # Hz
LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
# The last part of a lead's code in SCP-ECG (5.6.3-9-…) and ISO/IEEE 11073-10101 (2:…).
CODES = {
    "1": "I",
    "2": "II",
    "3": "V1",
    "4": "V2",
    "5": "V3",
    "6": "V4",
    "7": "V5",
    "8": "V6",
    "61": "III",
    "62": "aVR",
    "63": "aVL",
    "64": "aVF",
}
MICROVOLTS = {"nV": 1e-3, "uV": 1.0, "mV": 1e3, "V": 1e6}


def facts(path: str) -> Json:
    """Rate, length and leads of the longest recording in the file; Refused if it is not sound."""
    if os.path.getsize(path) > MAX_FILE:
        raise Refused("too_big")
    place, group = longest(dcmread(path))
    rate = number(group, "SamplingFrequency")
    if not RATES[0] <= rate <= RATES[1]:
        raise Refused("wave_rate")
    count, samples = shape(group)
    sixteen = group.get("WaveformSampleInterpretation") in {"SS", "US"}
    if whole(group, "WaveformBitsAllocated") != 16 or not sixteen:
        raise Refused("wave_format")
    wanted, there = count * samples * 2, len(group.get("WaveformData") or b"")
    if there < wanted:
        raise Refused("truncated", there=there, wanted=wanted)
    channels = list(group.get("ChannelDefinitionSequence") or [])
    if len(channels) != count:
        raise Refused("missing", tag="ChannelDefinitionSequence")
    leads = [lead(channel, place) for place, channel in enumerate(channels)]
    if len({one["name"] for one in leads}) < count:
        raise Refused("wave_leads")
    return {"group": place, "rate": rate, "samples": samples, "leads": leads}


def longest(dataset: Dataset) -> tuple[int, Dataset]:
    """The rhythm itself: averaged beats and the like, which come beside it, are shorter."""
    groups = list(dataset.get("WaveformSequence") or [])
    if not groups:
        raise Refused("missing", tag="WaveformSequence")
    best = max(range(len(groups)), key=lambda n: whole(groups[n], "NumberOfWaveformSamples"))
    return best, groups[best]


def shape(group: Dataset) -> tuple[int, int]:
    count = whole(group, "NumberOfWaveformChannels")
    samples = whole(group, "NumberOfWaveformSamples")
    if count < 1 or samples < 2:
        raise Refused("wave_empty")
    if count > MAX_CHANNELS or count * samples > MAX_SAMPLES:
        raise Refused("too_big")
    return count, samples


def lead(channel: Dataset, place: int) -> Json:
    """Name, and how a stored sample becomes microvolts: sample · gain + offset."""
    unit = next(iter(channel.get("ChannelSensitivityUnitsSequence") or []), Dataset())
    scale = MICROVOLTS.get(str(unit.get("CodeValue", "")))
    if scale is None or channel.get("ChannelSensitivity") is None:
        raise Refused("wave_scale")
    correction = number(channel, "ChannelSensitivityCorrectionFactor", 1.0)
    gain = number(channel, "ChannelSensitivity") * correction * scale
    if not 1e-6 < abs(gain) < 1e6:
        raise Refused("wave_scale")
    # PS3.3 C.10.9.1.4.5: the baseline is in the channel's own unit.
    baseline = number(channel, "ChannelBaseline", 0.0) * scale
    return {"name": lead_name(channel, place), "gain": gain, "offset": baseline}


def lead_name(channel: Dataset, place: int) -> str:
    source = next(iter(channel.get("ChannelSourceSequence") or []), Dataset())
    code = str(source.get("CodeValue", "")).replace(":", "-").rpartition("-")[2]
    scheme = str(source.get("CodingSchemeDesignator", ""))
    if scheme in {"SCPECG", "MDC"} and code in CODES:
        return CODES[code]
    said = str(channel.get("ChannelLabel") or source.get("CodeMeaning") or "")
    bare = said.strip().removeprefix("Lead ").split(" (")[0].strip()
    known = {name.upper(): name for name in LEADS}
    readable = "".join(c for c in bare if c.isprintable())[:16]
    return known.get(bare.upper(), readable or f"#{place + 1}")


def samples(path: str, deflate: bool) -> tuple[Json, bytes]:
    """
    The exact samples, one lead after the other: differences modulo 2^16, all their low bytes, then
    all their high bytes, which packs three times as small as the samples themselves.
    """
    dataset = dcmread(path)
    _place, group = longest(dataset)
    count, length = shape(group)
    order = "<u2" if dataset.original_encoding[1] else ">u2"
    values = np.frombuffer(group.WaveformData[: count * length * 2], order).astype("<u2")
    leads = values.reshape(length, count).T
    steps = np.diff(leads, axis=1, prepend=np.zeros((count, 1), "<u2")).astype("<u2")
    body = (steps & 0xFF).astype(np.uint8).tobytes() + (steps >> 8).astype(np.uint8).tobytes()
    said = {"signed": group.WaveformSampleInterpretation == "SS", "leads": count, "samples": length}
    return said, zlib.compress(body, 6) if deflate else body


def whole(dataset: Dataset, name: str) -> int:
    try:
        return int(dataset.get(name))
    except (ValueError, TypeError, OverflowError):
        return 0


def number(dataset: Dataset, name: str, silent: float = math.nan) -> float:
    """A finite number; Refused when the file says something else there."""
    said = dataset.get(name)
    try:
        found = silent if said is None else float(said)
    except (ValueError, TypeError):
        found = math.nan
    if not math.isfinite(found):
        raise Refused("missing", tag=name)
    return found
