"""Places: divisions of the province, institutions and their departments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel


class Division(models.Model):
    """One node of the province tree, by its GB/T 2260 code (townships: 9 digits)."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        PREFECTURE = "prefecture", _("Prefecture")
        COUNTY = "county", _("County")
        TOWNSHIP = "township", _("Township")

    code = models.CharField(max_length=12, primary_key=True)
    level = models.CharField(max_length=12, choices=Level)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Specialty(models.TextChoices):
    """Clinical specialties (诊疗科目) that a department holds and a doctor is licensed for."""

    GENERAL = "general", _("General practice")
    INTERNAL = "internal", _("Internal medicine")
    CARDIOLOGY = "cardiology", _("Cardiology")
    NEUROLOGY = "neurology", _("Neurology")
    RESPIRATORY = "respiratory", _("Respiratory medicine")
    SURGERY = "surgery", _("Surgery")
    NEUROSURGERY = "neurosurgery", _("Neurosurgery")
    ORTHOPAEDICS = "orthopaedics", _("Orthopaedics")
    OBSTETRICS = "obstetrics", _("Obstetrics and gynaecology")
    PAEDIATRICS = "paediatrics", _("Paediatrics")
    EMERGENCY = "emergency", _("Emergency medicine")
    RADIOLOGY = "radiology", _("Radiology")


class Organisation(BaseModel):
    """An institution. `number` is its short name in the access filter of the FHIR store."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        TOWNSHIP_CLINIC = "township_clinic", _("Township clinic")
        AUTHORITY = "authority", _("Health authority")

    number = models.IntegerField(unique=True)
    name = models.CharField(max_length=200)
    pinyin_initials = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="organisations")
    phone = models.CharField(max_length=20, blank=True)  # the number to call when the line is dead
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "division"], name="organisation_place")]

    def __str__(self) -> str:
        return self.name


class Department(BaseModel):
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="departments"
    )
    name = models.CharField(max_length=100)
    specialty = models.CharField(max_length=20, choices=Specialty)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="one_department_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
