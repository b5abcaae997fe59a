"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamilyConfig(AppConfig):
    name = "records.family"

    def ready(self) -> None:
        from records.chart import sections
        from records.family import queries

        sections.register(
            sections.Section(
                name="family",
                title=_("Family and household"),
                template="family/_card.html",
                context=queries.card,
                order=70,
            )
        )
