"""DICOM files, made here: synthetic, and as small as they may be."""

import io
import zipfile
from typing import Any

import numpy as np
from pydicom import config
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from pydicom.uid import TwelveLeadECGWaveformStorage as TwelveLeadECG

# These files may break every rule: that is what some tests send.
config.settings.writing_validation_mode = config.IGNORE
config.settings.reading_validation_mode = config.IGNORE

STUDY_UID = "1.2.826.0.1.3680043.8.498.1"


def dicom(*, pixels: Any = None, **tags: Any) -> FileDataset:
    """A CT slice of 4 rows and 6 columns; tags replace what it says, None takes a tag away."""
    values = np.arange(24, dtype="<i2").reshape(4, 6) if pixels is None else pixels
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    said: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 192",
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": generate_uid(prefix=f"{STUDY_UID}.9."),
        "StudyInstanceUID": STUDY_UID,
        "SeriesInstanceUID": f"{STUDY_UID}.1",
        "PatientName": "ZHANG^SANFENG=张^三丰",
        "PatientID": "A1",
        "Modality": "CT",
        "InstanceNumber": 1,
        "ImagePositionPatient": [0, 0, 0],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [0.5, 0.25],
        "RescaleSlope": 1,
        "RescaleIntercept": -1024,
        "WindowCenter": 40,
        "WindowWidth": 400,
        "Rows": values.shape[0],
        "Columns": values.shape[1],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
    }
    for name, value in (said | tags).items():
        if value is not None:
            setattr(made, name, value)
    made.PixelData = values.tobytes()
    meta.MediaStorageSOPClassUID = made.get("SOPClassUID", CTImageStorage)
    meta.MediaStorageSOPInstanceUID = made.get("SOPInstanceUID", generate_uid())
    return made


def as_bytes(made: FileDataset) -> bytes:
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def dicom_bytes(**tags: Any) -> bytes:
    return as_bytes(dicom(**tags))


def zipped(*members: Any) -> bytes:
    """An archive of those (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def ecg(
    *, rate: Any = 500, bits: int = 16, kind: str = "SS", samples: Any = None, **tags: Any
) -> Any:
    """
    Two leads of 4 samples; `samples` is (samples, leads). tags replace what the group says, None
    takes a tag away; unit and leads name the channels.
    """
    values = (
        np.array([[0, 5], [100, -5], [-300, 7], [20000, -20000]]) if samples is None else samples
    )
    made = dicom(pixels=np.zeros((1, 1), "<i2"), Modality="ECG", SOPClassUID=TwelveLeadECG)
    for name in ("Rows", "Columns", "PixelData", "SamplesPerPixel", "BitsAllocated"):
        delattr(made, name)
    group = Dataset()
    leads, unit = tags.pop("leads", ["Lead I", "Lead II"]), tags.pop("unit", "uV")
    said: dict[str, Any] = {
        "NumberOfWaveformChannels": values.shape[1],
        "NumberOfWaveformSamples": values.shape[0],
        "SamplingFrequency": rate,
        "WaveformBitsAllocated": bits,
        "WaveformSampleInterpretation": kind,
        "ChannelDefinitionSequence": [channel(name, unit) for name in leads],
        "WaveformData": values.astype("<i2").tobytes(),
    }
    for name, value in (said | tags).items():
        if value is not None:
            setattr(group, name, value)
    made.WaveformSequence = [group]
    return made


def channel(name: str, unit: str) -> Dataset:
    made, source, units = Dataset(), Dataset(), Dataset()
    source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = name, "99", name
    units.CodeValue, units.CodingSchemeDesignator, units.CodeMeaning = unit, "UCUM", unit
    made.ChannelSourceSequence, made.ChannelSensitivityUnitsSequence = [source], [units]
    made.ChannelSensitivity, made.ChannelBaseline, made.WaveformBitsStored = "2.5", "10", 16
    return made


def wfdb(
    values: Any, *, name: str = "r", gain: str = "2000", **changed: Any
) -> list[tuple[str, bytes]]:
    """The two files of a WFDB record of (samples, leads)."""
    length, count = values.shape
    lines = [f"{name} {count} 1000 {changed.get('length', length)}"]
    for place in range(count):
        total = int(values[:, place].sum()) + changed.get("off", 0)
        checksum = (total + 32768) % 65536 - 32768
        rest = f"{gain} 16 0 {values[0, place]} {checksum} 0 V{place + 1}"
        lines.append(f"{name}.dat {changed.get('format', 16)} {rest}")
    return [
        (f"{name}.hea", "\n".join(lines).encode()),
        (f"{name}.dat", values.astype("<i2").tobytes()),
    ]
