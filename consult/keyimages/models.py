"""Key images: what was worth keeping of the images of a case, as it was seen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consult.requests.models import Case
from records.imaging.models import Study
from telemed.core.models import BaseModel
from telemed.people.models import User

CAPTION = 300


class Still(BaseModel):
    """
    A picture that somebody froze out of the video of a room, kept as a study of the case.

    Who took it, whose camera it was, and that the patient agreed, stay with it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stills")
    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="still")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stills_taken")
    camera_of = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stills_of_camera")
    agreed = models.BooleanField()
    client_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(agreed=True), name="a_still_needs_agreement")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class KeyImage(BaseModel):
    """
    One slice or recording with its marks, and a picture of it with the marks drawn in.

    The picture (JPEG, made anew in the limited reader) is in the file store under `sha256`. What
    was taken away again stays for the opinions that were signed with it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="key_images")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="key_images")
    series = models.CharField(max_length=80)
    slice = models.PositiveIntegerField()
    view = models.JSONField()
    marks = models.JSONField(default=list)
    caption = models.CharField(max_length=CAPTION)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_images")
    client_id = models.UUIDField(unique=True)
    in_opinion = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at"], name="key_image_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(caption=""), name="a_key_image_says_what_it_is")
        ]

    def __str__(self) -> str:
        return str(self.pk)
