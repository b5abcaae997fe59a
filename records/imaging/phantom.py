"""
A synthetic thorax CT: known lengths, known values, no patient.

512 x 512 pixels of 0.7 mm, slices of 1.25 mm. Everything is drawn from ellipses in millimetres
around the middle of the body; x to the patient's left, y to the back, z to the head.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

SIZE = 512
SPACING = 0.7  # mm
STEP = 1.25  # mm from slice to slice
LEAST = 150.0  # mm from the middle of the chest to its end
NOISE = 12.0  # HU, standard deviation

AIR, LUNG, FAT, MUSCLE, BLOOD, BONE, MARROW = -1000, -850, -90, 55, 45, 700, 250

Plane = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True)
class Nodule:
    """A solid ball in the right lung: what the measurements of a reader can be held against."""

    at: tuple[float, float, float] = (-75.6, -21.0, 20.0)  # mm
    diameter: float = 12.0  # mm
    value: float = 38.0  # HU


NODULE = Nodule()
_axis = (np.arange(SIZE, dtype=np.float32) - SIZE / 2 + 0.5) * np.float32(SPACING)
X, Y = np.meshgrid(_axis, _axis)


def ellipse(x: float, y: float, rx: float, ry: float) -> np.ndarray:
    return ((X - x) / rx) ** 2 + ((Y - y) / ry) ** 2 <= 1


def plane(z: float, reach: float) -> Plane:
    """HU without noise at height z, for a chest that reaches from -reach to reach."""
    drawn = np.full((SIZE, SIZE), AIR, dtype=np.float32)
    height = z / reach
    drawn[ellipse(0, 0, 160, 108)] = FAT
    drawn[ellipse(0, 0, 150, 98)] = MUSCLE
    lungs(drawn, height)
    heart_and_vessels(drawn, height)
    ribs(drawn, z)
    spine(drawn, z)
    nodule(drawn, z)
    return drawn


def lungs(drawn: Plane, height: float) -> None:
    wide = float(np.sqrt(max(1 - height**2, 0)))
    if wide < 0.15:
        return
    for side in (-1, 1):
        inside = ellipse(side * 72, -4, 60 * wide, 80 * wide) & ellipse(0, 0, 134, 86)
        drawn[inside] = LUNG + 0.5 * Y[inside]  # denser towards the back, where the blood lies
        for branch in range(22):  # vessels get thinner outwards
            angle, far = branch * 2.4 + side + height * 3, 12 + 2.4 * branch
            x, y = side * 66 + far * wide * np.cos(angle), -4 + 1.3 * far * wide * np.sin(angle)
            radius = 3.0 - 0.1 * branch
            drawn[inside & ellipse(x, y, radius, radius * 1.2)] = BLOOD


def heart_and_vessels(drawn: Plane, height: float) -> None:
    if -0.75 < height < 0.2:
        size = 1 - abs(height + 0.3) / 0.6
        drawn[ellipse(18, -18, 30 + 26 * size, 26 + 18 * size)] = BLOOD
    drawn[ellipse(-10, 30, 11, 11)] = BLOOD if height < 0.5 else MUSCLE  # azygos side
    drawn[ellipse(26, 44, 12, 12)] = BLOOD  # descending aorta
    if height > 0.1:
        drawn[ellipse(0, 6, 10, 9)] = MUSCLE
        drawn[ellipse(0, 6, 8, 7)] = AIR  # trachea


def ribs(drawn: Plane, z: float) -> None:
    from_back, radius = np.abs(np.arctan2(X / 143, Y / 92)), np.hypot(X / 143, Y / 92)
    ring = np.abs(radius - 1) < 0.042
    along = (z + 42 * from_back) % 30  # each rib runs downwards to the front
    drawn[ring & (along < 12)] = BONE
    drawn[(np.abs(radius - 1) < 0.02) & (along > 2) & (along < 10)] = MARROW
    drawn[ellipse(0, -92, 16, 5)] = BONE  # sternum


def spine(drawn: Plane, z: float) -> None:
    disc = z % 28 < 5
    drawn[ellipse(0, 58, 19, 15)] = 90 if disc else BONE
    if not disc:
        drawn[ellipse(0, 58, 16, 12)] = MARROW
    drawn[ellipse(0, 88, 5, 12)] = BONE
    drawn[ellipse(0, 79, 8, 7)] = 20  # canal


def nodule(drawn: Plane, z: float) -> None:
    x, y, centre = NODULE.at
    left = (NODULE.diameter / 2) ** 2 - (z - centre) ** 2
    if left > 0:
        radius = float(np.sqrt(left))
        drawn[ellipse(x, y, radius, radius)] = NODULE.value


def slices(
    *, key: str, name: str, patient_id: str, count: int, at: datetime, middle: float = 0.0
) -> Iterator[tuple[str, bytes]]:
    """
    (file name, DICOM bytes) of each slice, feet first, around the height `middle` in mm.

    The same arguments give the same bytes.
    """
    study, series = uid(f"{key}/study"), uid(f"{key}/series")
    reach = max(count * STEP / 2 + abs(middle), LEAST)
    for number in range(1, count + 1):
        z = middle + (number - 0.5 - count / 2) * STEP
        noise = np.random.default_rng(number).normal(0, NOISE, (SIZE, SIZE))
        stored = np.clip(np.rint(plane(z, reach) + noise) + 1024, 0, 4095).astype("<u2")
        made = header(number, z)
        made.StudyInstanceUID, made.SeriesInstanceUID = study, series
        made.SOPInstanceUID = uid(f"{key}/{number}")
        made.PatientName, made.PatientID = name, patient_id
        made.StudyDate, made.StudyTime = f"{at:%Y%m%d}", f"{at:%H%M%S}"
        made.PixelData = stored.tobytes()
        out = io.BytesIO()
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
        made.save_as(out, enforce_file_format=True)
        yield f"{number:04d}.dcm", out.getvalue()


def uid(name: str) -> str:
    """A UID from a UUID from a name (PS3.5 B.2)."""
    made: UUID = uuid5(NAMESPACE_URL, f"phantom/{name}")
    return f"2.25.{made.int}"


def header(number: int, z: float) -> FileDataset:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = CTImageStorage
    made.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
    made.Modality, made.BodyPartExamined = "CT", "CHEST"
    made.StudyDescription, made.SeriesDescription = "Thorax phantom, synthetic", "Lung 1.25 mm"
    made.SeriesNumber, made.InstanceNumber = 2, number
    made.SliceThickness, made.PixelSpacing = STEP, [SPACING, SPACING]
    corner = float(_axis[0])
    made.ImagePositionPatient = [corner, corner, z]
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.Rows = made.Columns = SIZE
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.RescaleSlope, made.RescaleIntercept, made.RescaleType = 1, -1024, "HU"
    made.WindowCenter, made.WindowWidth = -600, 1500
    return made
