"""DICOM files, made here: synthetic, and as small as they may be."""

import io
import zipfile
from typing import Any

import numpy as np
from pydicom import config
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

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
