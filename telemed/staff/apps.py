"""Registration."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "telemed.staff"

    def ready(self) -> None:
        from telemed.core import clocks
        from telemed.staff import rules, services

        rules.define()
        clocks.register("licence.end", lambda clock: services.licence_clock(clock=clock))
