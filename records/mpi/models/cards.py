"""Health cards: a second number by which a person is known."""

from django.db import models
from django.db.models import Q

from records.mpi.models.people import Patient
from telemed.core import secrecy
from telemed.core.models import BaseModel
from telemed.people.models import User

HEALTH_CARD = "mpi.health_card"  # the purpose that binds ciphertext and hash to this field


class HealthCard(BaseModel):
    """
    The number of somebody's health card (居民健康卡), kept as the ID number is: sealed, and hashed.

    A lost card is replaced; its number stays here, no longer active, and finds its holder no more.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="health_cards")
    number_sealed = models.BinaryField()
    number_hash = models.CharField(max_length=43)
    tail = models.CharField(max_length=4)
    active = models.BooleanField(default=True)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="health_cards_entered"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"],
                condition=Q(active=True),
                name="a_health_card_has_one_holder",
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(active=True), name="one_health_card_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def number(self) -> str:
        """In clear; reading it is for those who must type or print it."""
        return secrecy.decrypt(bytes(self.number_sealed), purpose=HEALTH_CARD)

    @property
    def masked(self) -> str:
        return f"{'*' * 12}{self.tail}"
