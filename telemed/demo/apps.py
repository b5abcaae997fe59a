"""Registration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "telemed.demo"

    def ready(self) -> None:
        from telemed.demo import accounts, queries
        from telemed.organisations import progress
        from telemed.web import demo_accounts

        progress.register(queries.find_progress)
        progress.register(queries.find_past)
        demo_accounts.connect(accounts.offered, sign_in="demo:sign_in")
