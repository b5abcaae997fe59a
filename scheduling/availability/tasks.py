"""Celery tasks."""

from celery import shared_task
from django.utils import timezone

from scheduling.availability import services
from scheduling.availability.queries import organisations_with_templates
from telemed.core.intentions import System, intention

PLANNER = System("planner")


@shared_task(soft_time_limit=1500, time_limit=1600)
def plan_sessions_task() -> int:
    """The day that came into sight; one intention an institution. Restartable: nothing twice."""
    planned = 0
    for organisation_id in organisations_with_templates(timezone.localdate()):
        with intention(PLANNER, door="task", timeout_ms=60_000):
            planned += len(services.plan_ahead(organisation_id=organisation_id).sessions)
    return planned
