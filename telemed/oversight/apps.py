"""Registration."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "telemed.oversight"

    def ready(self) -> None:
        from telemed.oversight import views
        from telemed.people.models import Role
        from telemed.web import homes

        homes.register(Role.OFFICIAL, views.home)
