"""Registration."""

from django.apps import AppConfig


class GuestsConfig(AppConfig):
    name = "consult.guests"

    def ready(self) -> None:
        from consult.guests import messages, queries, services
        from consult.rooms import plugs
        from telemed.notifications import persons

        messages.register_all()
        persons.register(queries.look_up, queries.nobody_at)
        plugs.listen(services.follow_room)
