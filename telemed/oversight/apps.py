"""Registration."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "telemed.oversight"

    def ready(self) -> None:
        from telemed.oversight import messages, views
        from telemed.people.models import Role
        from telemed.web import homes

        messages.register_all()
        homes.register(Role.OFFICIAL, views.home)
        homes.register(Role.AUDITOR, views.trace)
