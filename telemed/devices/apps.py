"""Registration."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "telemed.devices"

    def ready(self) -> None:
        from django.utils.translation import pgettext_lazy

        from telemed.devices import rules
        from telemed.devices.permissions import READERS
        from telemed.web import navigation

        rules.define()
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Devices"),
                url_name="devices:home",
                icon="ecg",
                roles=READERS,
                order=72,
            )
        )
