"""Registration."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "consult.rooms"

    def ready(self) -> None:
        from consult.requests.events import CaseCancelled, CaseClosed
        from consult.rooms import messages, subscribers
        from telemed.core import outbox

        messages.register_all()
        for event in (CaseCancelled, CaseClosed):
            outbox.subscribe(event, subscribers.ask_again)
