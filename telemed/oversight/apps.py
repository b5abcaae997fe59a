"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OversightConfig(AppConfig):
    name = "telemed.oversight"

    def ready(self) -> None:
        from telemed.core import clocks
        from telemed.organisations.models import Organisation
        from telemed.oversight import glance, idle, messages, rules, services, waiting
        from telemed.oversight.permissions import ANSWERING, READERS, RUNNING, SILENCE_READERS
        from telemed.oversight.views import figures, trace
        from telemed.people.models import Role
        from telemed.web import glances, homes, navigation, needs

        messages.register_all()
        rules.define()
        idle.register()
        for kind in (rules.EXPLAIN, rules.DECIDE, rules.END):
            clocks.register(kind, lambda clock: services.run_out(clock=clock))
        homes.register(Role.OFFICIAL, figures.home)
        homes.register(Role.AUDITOR, trace.trace)
        glances.register(Role.HEAD, glance.last_month)
        for role in sorted(ANSWERING):
            needs.register(role, waiting.own_silence)
        for label, name, icon, roles, order in (
            (_("Figures"), "home", "chart", RUNNING, 65),
            (
                pgettext_lazy("navigation", "Silent"),
                "silent",
                "off",
                SILENCE_READERS - {Role.MEDICAL_OFFICE},
                70,
            ),
            (pgettext_lazy("navigation", "Signals"), "signals", "alert", READERS, 75),
        ):
            navigation.register(
                navigation.Item(
                    label=label,
                    url_name=f"oversight:{name}",
                    icon=icon,
                    roles=frozenset(roles),
                    order=order,
                )
            )
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Signals"),
                url_name="oversight:signals",
                icon="alert",
                roles=frozenset({Role.COORDINATOR}),
                kinds=frozenset({Organisation.Kind.AUTHORITY}),
                order=75,
            )
        )
