"""What became of a case: who was told what, and which steps it took."""

from telemed.notifications.models import Notification


def told(user):
    return list(
        Notification.objects.filter(recipient=user)
        .order_by("id")
        .values_list("template", flat=True)
    )


def actions(case):
    return list(case.steps.order_by("at", "id").values_list("action", flat=True))
