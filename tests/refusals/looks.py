"""What a refusal may not change, and the trace it must leave."""

from django.db import connection

from telemed.audit.models import AuditRow

NOT_IN_IT = ("django_session", "audit_auditrow")  # both are looked at in their own way
SUM = "SELECT '{0}', count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"


def state_of_the_house() -> dict[str, str]:
    """By table, how many rows it has and a sum over all of them."""
    names = [n for n in connection.introspection.table_names() if not n.startswith(NOT_IN_IT)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(SUM.format(name) for name in names))
        return dict(cursor.fetchall())


def last_trace() -> int:
    return AuditRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def traces_since(mark: int) -> list[tuple[str, str]]:
    """Who did something since, and how it was refused; "" where it was not."""
    return list(AuditRow.objects.filter(id__gt=mark).values_list("actor_id", "refused"))
