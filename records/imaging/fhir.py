"""A study as the world sees it (FHIR R4 ImagingStudy)."""

from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.imagingstudy import (
    ImagingStudy,
    ImagingStudySeries,
    ImagingStudySeriesInstance,
)
from fhir.resources.R4B.reference import Reference

from records.imaging.models import Instance, Series, Study
from telemed.core.publication import Mapping

DICOM_MODALITIES = "http://dicom.nema.org/resources/ontology/DCM"
UNKNOWN = "OT"  # "other": a series must have a modality


def to_fhir(study: Study) -> ImagingStudy:
    """`study` comes from queries.whole_study: nothing is read here."""
    series = list(study.series.all())
    return ImagingStudy(
        id=str(study.pk),
        identifier=[Identifier(system="urn:dicom:uid", value=f"urn:oid:{study.study_uid}")],
        status="available",
        modality=[modality(code) for code in sorted({one.modality or UNKNOWN for one in series})],
        subject=Reference(reference=f"Patient/{study.patient.fhir_id}"),
        started=study.studied_at,
        description=study.described or None,
        numberOfSeries=len(series),
        numberOfInstances=sum(len(one.instances.all()) for one in series),
        series=[one_series(one) for one in series],
    )


def modality(code: str) -> Coding:
    return Coding(system=DICOM_MODALITIES, code=code)


def one_series(series: Series) -> ImagingStudySeries:
    instances = list(series.instances.all())
    return ImagingStudySeries(
        uid=series.series_uid,
        number=natural(series.number),
        modality=modality(series.modality or UNKNOWN),
        description=series.description or None,
        numberOfInstances=len(instances),
        instance=[one_instance(one) for one in instances],
    )


def one_instance(instance: Instance) -> ImagingStudySeriesInstance:
    return ImagingStudySeriesInstance(
        uid=instance.sop_uid,
        number=natural(instance.number),
        sopClass=Coding(system="urn:ietf:rfc:3986", code=f"urn:oid:{instance.sop_class}"),
    )


def natural(number: int | None) -> int | None:
    """An unsignedInt, or nothing."""
    return number if number is not None and number >= 0 else None


IMAGING_STUDY = Mapping(model=Study, resource_type="ImagingStudy", build=to_fhir)
