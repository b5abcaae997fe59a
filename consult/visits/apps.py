"""Registration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class VisitsConfig(AppConfig):
    name = "consult.visits"

    def ready(self) -> None:
        from consult.visits import clock_rows, contributions, messages, services, subscribers
        from scheduling.appointments import acts, events, video
        from telemed.core import clocks, outbox

        messages.register_all()
        video.register(contributions.had_consult)
        clocks.register(clock_rows.SOON, lambda clock: services.remind(clock=clock))
        acts.register("visits/_enter.html", contributions.may_enter)
        acts.register("visits/_early.html", contributions.waits_for_the_time)
        acts.register("visits/_link.html", contributions.may_make_link)
        acts.register_way(
            acts.Way(
                label=pgettext_lazy("visit", "Enter"),
                address=lambda visit: f"/rooms/{visit.pk}/",
                offered=contributions.may_receive,
            )
        )
        for event, subscriber in (
            (events.AppointmentBooked, subscribers.send_link),
            (events.AppointmentMoved, subscribers.follow_move),
            (events.AppointmentRebooked, subscribers.follow_move),
            (events.AppointmentCancelled, subscribers.close),
            (events.AppointmentFulfilled, subscribers.close),
            (events.AppointmentMissed, subscribers.close),
        ):
            outbox.subscribe(event, subscriber)
