"""Registration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "telemed.core"

    def ready(self) -> None:
        from django.core import checks

        from telemed.core.checks import refuse_embedded_secrets

        checks.register(refuse_embedded_secrets, checks.Tags.security, deploy=True)
