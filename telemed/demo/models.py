"""How far the province has been filled."""

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
