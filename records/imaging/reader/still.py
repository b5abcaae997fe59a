"""A still of a video, as the DICOM file that keeps it (VL Photographic Image, PS3.3 A.32.4)."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, VLPhotographicImageStorage

from records.imaging.reader.pixels import opened

Json = dict[str, Any]
LARGEST = 3840  # pixels of a side: no camera of a call has more


def as_dicom(
    path: str, target: str, seed: str, day: str, clock: str, described: str
) -> tuple[Json, bytes]:
    """Write the picture at `path` to `target`; its UIDs follow from `seed`."""
    picture = opened(path)
    picture.thumbnail((LARGEST, LARGEST))
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = meta.MediaStorageSOPClassUID = VLPhotographicImageStorage
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = uid(seed, "instance")
    made.StudyInstanceUID, made.SeriesInstanceUID = uid(seed, "study"), uid(seed, "series")
    made.ImageType, made.Modality = ["ORIGINAL", "PRIMARY"], "XC"
    made.StudyDate, made.StudyTime = day, clock
    made.StudyDescription = made.SeriesDescription = described[:64]
    made.SeriesNumber = made.InstanceNumber = 1
    made.LossyImageCompression = "01"
    made.Rows, made.Columns = picture.height, picture.width
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    made.PixelData = pixels_of(picture)
    made.save_as(target, enforce_file_format=True)
    return {"rows": picture.height, "columns": picture.width}, b""


def pixels_of(picture: Image.Image) -> bytes:
    data = np.asarray(picture).tobytes()
    return data + b"\0" * (len(data) % 2)


def uid(seed: str, of: str) -> UID:
    return UID(f"2.25.{uuid5(NAMESPACE_OID, f'still/{seed}/{of}').int}")
