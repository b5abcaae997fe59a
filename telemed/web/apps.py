"""Registration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "telemed.web"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from telemed.organisations.views import places as organisations
        from telemed.people.models import Role
        from telemed.web import homes, navigation

        everybody = frozenset(Role.values)
        homes.register(Role.ADMINISTRATOR, organisations.overview)
        navigation.register(
            navigation.Item(
                label=_("Network"),
                url_name="organisations:overview",
                icon="building",
                roles=frozenset({Role.OFFICIAL}),
                order=40,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Rules"),
                url_name="organisations:policies",
                icon="settings",
                roles=frozenset({Role.ADMINISTRATOR, Role.OFFICIAL}),
                order=80,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Today"), url_name="web:home", icon="home", roles=everybody, order=0
            )
        )
