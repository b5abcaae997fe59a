"""How far the province has been filled, and its past laid."""

from django.db import models

PROVINCE = "province"


class FillProgress(models.Model):
    """One row: whoever holds its lock fills; everybody may read it."""

    key = models.CharField(max_length=20, primary_key=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class Past(models.Model):
    """How far the synthetic past of a county has been laid, and where it begins."""

    county = models.CharField(max_length=12, primary_key=True)
    since = models.DateField()
    until = models.DateTimeField()  # what was over before is there

    def __str__(self) -> str:
        return f"{self.county} {self.until:%Y-%m-%d}"


class LastSeen(models.Model):
    """One row: when the demonstration was last seen running."""

    key = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
