"""Registration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class GreensConfig(AppConfig):
    name = "scheduling.greens"

    def ready(self) -> None:
        from records.chart import sections
        from records.mpi.events import PersonDeceased
        from scheduling.greens import (
            clock_handlers,
            contributions,
            indicators,
            messages,
            rules,
            subscribers,
        )
        from scheduling.greens.permissions import STAFF
        from scheduling.referrals.events import ReferralArrived, ReferralCancelled, ReferralMissed
        from telemed.core import outbox
        from telemed.oversight import indicators as figures
        from telemed.web import navigation

        rules.define()
        clock_handlers.register()
        messages.register_all()
        figures.register(indicators.SOURCE)
        sections.register(contributions.OPENS)
        outbox.subscribe(ReferralArrived, subscribers.arrive)
        outbox.subscribe(ReferralMissed, subscribers.miss)
        outbox.subscribe(ReferralCancelled, subscribers.withdraw)
        outbox.subscribe(PersonDeceased, subscribers.end_for_death)
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Green"),
                url_name="greens:board",
                icon="alert",
                roles=STAFF,
                order=26,
            )
        )
