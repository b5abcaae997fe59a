"""What became of a contract, and a step that several tests take."""

from scheduling.registration import services
from scheduling.registration.models import Step
from telemed.core import outbox
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification


def steps(contract):
    return list(
        Step.objects.filter(contract=contract).order_by("pk").values_list("action", flat=True)
    )


def told(user):
    outbox.deliver_waiting()
    mine = Notification.objects.filter(recipient=user).order_by("created_at")
    return list(mine.values_list("template", flat=True))


def running(contract):
    rows = Clock.objects.filter(about=contract.pk, state=ClockState.RUNNING)
    return sorted(rows.values_list("kind", "rung"))


def agree_to(team, contract, **more):
    with intention(team.leader, door="test"):
        return services.agree(actor=team.leader, contract_id=contract.pk, **more)
