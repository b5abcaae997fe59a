"""Registration."""

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "consult.recordings"

    def ready(self) -> None:
        from consult.recordings import messages, panels, recounting, services
        from consult.requests.panels import register
        from consult.rooms import plugs

        messages.register_all()
        register(panels.RECORDINGS)
        plugs.show(panels.IN_ROOM)
        plugs.recount("recording", "people", recounting.tell)
        plugs.listen(services.follow_room)
