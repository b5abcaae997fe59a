"""Registration."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "consult.opinions"

    def ready(self) -> None:
        from consult.opinions import (
            fhir,
            messages,
            panels,
            queries,
            referred,
            rules,
            services,
            signals,
        )
        from consult.requests import writingport
        from consult.requests.panels import register
        from telemed.core import clocks, publication

        publication.register(fhir.OPINION)
        messages.register_all()
        writingport.connect(writes_along=queries.along)
        rules.define()
        signals.define()
        signals.register()
        clocks.register(rules.READY, services.tell_unsigned)
        clocks.register(rules.STATEMENT, services.statement_due)
        register(panels.STATEMENTS)
        register(panels.DRAFT)
        register(panels.OPINIONS)
        register(panels.EARLIER)
        register(panels.WITHDRAWAL)
        register(referred.REFERRED)
