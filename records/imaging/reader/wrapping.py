"""
What a clinic attaches, as the DICOM file that keeps it: a photograph (VL Photographic Image, PS3.3
A.32.4), marked when it is of a paper ECG, or a PDF (Encapsulated PDF, PS3.3 A.45.1).
"""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    EncapsulatedPDFStorage,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    VLPhotographicImageStorage,
)

from records.imaging.reader.pdf import pages_of
from records.imaging.reader.photo import Photo, photo

Json = dict[str, Any]

SCHEME = "99TELEMED"
CONCEPT = ("ATTACHMENT", "Kind of attachment")
PHOTO, PAPER_ECG, DOCUMENT = "photo", "paper_ecg", "document"
CODES = {PHOTO: ("PHOTO", "Photograph"), PAPER_ECG: ("PAPER-ECG", "Photograph of a paper ECG")}
# PS3.3 C.8.6.1: how it came into the system.
CONVERSION = {PHOTO: "DI", PAPER_ECG: "SI", DOCUMENT: "WSD"}
MAKER = "Telemed"


def wrap(path: str, target: str, cover: Json) -> tuple[Json, bytes]:
    """Write what lies at `path` to `target` as DICOM; `cover` says whose and what it is."""
    content = Path(path).read_bytes()
    if cover["attachment"] == DOCUMENT:
        pages_of(content)
        made = document(content, cover)
    else:
        made = picture(photo(content), content, cover)
    made.save_as(target, enforce_file_format=True)
    return {}, b""


def picture(taken: Photo, content: bytes, cover: Json) -> FileDataset:
    made = begun(VLPhotographicImageStorage, JPEGBaseline8Bit, content, cover)
    kind = cover["attachment"]
    made.Modality, made.ConversionType = "XC", CONVERSION[kind]
    made.ImageType = ["ORIGINAL", "PRIMARY"]
    made.PatientOrientation = None
    marked = Dataset()
    marked.ValueType = "CODE"
    marked.ConceptNameCodeSequence = Sequence([code(*CONCEPT)])
    marked.ConceptCodeSequence = Sequence([code(*CODES[kind])])
    made.AcquisitionContextSequence = Sequence([marked])
    if kind == PAPER_ECG:
        made.BurnedInAnnotation = "YES"  # paper bears the name; of a photo nothing is known
    made.Rows, made.Columns = taken.rows, taken.columns
    made.SamplesPerPixel, made.PhotometricInterpretation = taken.samples, taken.photometric
    if taken.samples > 1:
        made.PlanarConfiguration = 0
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    made.LossyImageCompression, made.LossyImageCompressionMethod = "01", "ISO_10918_1"
    whole = taken.rows * taken.columns * taken.samples
    made.LossyImageCompressionRatio = f"{whole / len(taken.jpeg):.2f}"
    made.PixelData = encapsulate([taken.jpeg])
    made["PixelData"].is_undefined_length = True
    return made


def document(content: bytes, cover: Json) -> FileDataset:
    made = begun(EncapsulatedPDFStorage, ExplicitVRLittleEndian, content, cover)
    made.Modality, made.ConversionType = "DOC", CONVERSION[DOCUMENT]
    made.BurnedInAnnotation, made.AcquisitionDateTime = "YES", None
    made.ConceptNameCodeSequence = Sequence([])
    made.DocumentTitle = cover["title"][:1024]
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    made.EncapsulatedDocumentLength = len(content)
    return made


def begun(kind: UID, syntax: UID, content: bytes, cover: Json) -> FileDataset:
    """Patient, study, series and equipment; the same content again has the same instance UID."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    made.SpecificCharacterSet = "ISO_IR 192"
    study = UUID(cover["study"])
    said = hashlib.sha256(content).hexdigest()
    made.SOPClassUID = meta.MediaStorageSOPClassUID = kind
    made.StudyInstanceUID, made.SeriesInstanceUID = uid(study), uid(uuid5(study, "series"))
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = uid(uuid5(study, said))
    person = cover["patient"]
    made.PatientName, made.PatientID = f"={person['name']}", person["id"]
    made.PatientBirthDate, made.PatientSex = person["birth_date"], person["sex"]
    made.StudyDate, made.StudyTime = cover["day"], cover["clock"]
    made.ContentDate, made.ContentTime = cover["now_day"], cover["now_clock"]
    made.StudyDescription = made.SeriesDescription = cover["described"][:64]
    made.StudyID = made.AccessionNumber = made.ReferringPhysicianName = None
    made.Manufacturer, made.InstitutionName = MAKER, cover["institution"][:64]
    made.SeriesNumber = 1
    made.InstanceNumber = int(cover["now_clock"])  # by time of arrival
    return made


def uid(of: UUID) -> UID:
    return UID(f"2.25.{of.int}")


def code(value: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, SCHEME, meaning
    return made
