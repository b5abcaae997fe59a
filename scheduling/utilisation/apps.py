"""Registration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class UtilisationConfig(AppConfig):
    name = "scheduling.utilisation"

    def ready(self) -> None:
        from scheduling.utilisation.permissions import READERS
        from telemed.organisations.models import Organisation
        from telemed.web import navigation

        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Utilisation"),
                url_name="utilisation:home",
                icon="chart",
                roles=READERS,
                kinds=frozenset({Organisation.Kind.HOSPITAL}),
                order=48,
            )
        )
