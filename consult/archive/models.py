"""The copy of a case that each side keeps; nobody can change it."""

from __future__ import annotations

from django.db import models

from consult.requests.models import Case
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation


class Copy(BaseModel):
    """
    One version of a closed case as one institution keeps it (管理规范: both sides archive).

    `bundle` is a FHIR document, `page` the body of one that prints, without style or script;
    `digest` is SHA-256 over both.
    """

    APPEND_ONLY = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="copies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="case_copies"
    )
    version = models.PositiveSmallIntegerField()
    steps = models.PositiveIntegerField()  # of the case when it was filed: what is in it
    messages = models.PositiveIntegerField(default=0, db_default=0)  # of its thread, likewise
    bundle = models.TextField()
    page = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "version"], name="one_copy_a_side_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"
