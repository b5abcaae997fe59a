"""Registration."""

from django.apps import AppConfig


class OpeningConfig(AppConfig):
    name = "scheduling.opening"

    def ready(self) -> None:
        from scheduling.appointments import gates
        from scheduling.appointments.events import AppointmentBooked
        from scheduling.opening import gate, rules, subscribers
        from telemed.core import outbox

        rules.define()
        gates.register(gates.Gate(stand=gate.stand, notice=gate.notice, pause=gate.pause))
        outbox.subscribe(AppointmentBooked, subscribers.use_turn)
