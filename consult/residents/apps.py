"""Registration."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "consult.residents"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from consult.residents import views
        from telemed.people.models import Role
        from telemed.web import homes, navigation

        homes.register(Role.RESIDENT, views.home)
        mine = frozenset({Role.RESIDENT})
        navigation.register(
            navigation.Item(
                label=_("My consults"), url_name="residents:cases", icon="consult", roles=mine
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Who looked"),
                url_name="residents:who_looked",
                icon="eye",
                roles=mine,
                order=90,
            )
        )
