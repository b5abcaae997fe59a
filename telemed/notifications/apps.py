"""Registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "telemed.notifications"

    def ready(self) -> None:
        from telemed.notifications import duty, network, staff

        network.subscribe()
        duty.subscribe()
        staff.subscribe()
