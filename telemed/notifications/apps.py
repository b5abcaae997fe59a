"""Registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "telemed.notifications"

    def ready(self) -> None:
        from telemed.notifications import duty, staff

        duty.subscribe()
        staff.subscribe()
