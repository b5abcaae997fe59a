"""Registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "telemed.notifications"

    def ready(self) -> None:
        from django.core import checks

        from telemed.notifications import clock_handlers, duty, network, rules, staff, texts
        from telemed.notifications.gateways import chosen

        texts.register_all()
        rules.define()
        clock_handlers.register()
        chosen.connect_all()
        checks.register(chosen.check_gateways, checks.Tags.security, deploy=True)
        network.subscribe()
        duty.subscribe()
        staff.subscribe()
