"""Background doors of imaging."""

from celery import shared_task

from records.imaging import files, parts, services
from telemed.core.intentions import System, intention


@shared_task(soft_time_limit=20, time_limit=30)
def settle_studies_task() -> int:
    """Publish what an upload left unpublished; a study settles when nothing more comes."""
    with intention(System("imaging"), door="beat", timeout_ms=15_000):
        return services.settle_studies()


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_arrivals_task() -> int:
    """Remove what interrupted uploads left on disk."""
    return files.sweep()


@shared_task(soft_time_limit=50, time_limit=60)
def forget_unfinished_task() -> int:
    """Give up files that nobody went on sending for two days."""
    with intention(System("imaging"), door="beat", timeout_ms=30_000):
        forgotten = services.forget_unfinished()
        services.give_up_shipments()
        services.forget_shipments()
    parts.sweep()
    return forgotten
