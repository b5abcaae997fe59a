"""Registration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "telemed.web"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from telemed.people.models import Role
        from telemed.web import navigation

        everybody = frozenset(Role.values)
        navigation.register(
            navigation.Item(
                label=_("Today"), url_name="web:home", icon="home", roles=everybody, order=0
            )
        )
