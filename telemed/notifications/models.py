"""One inbox, the ways a message went out, and how each person wants to be reached."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.notifications import messages
from telemed.notifications.persons import Person, Speaker, Voice, find_person
from telemed.organisations.models import Organisation
from telemed.people.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def waiting(self) -> "NotificationQuerySet":
        """What the badge counts: not yet read, and not settled by the subject itself."""
        return self.filter(read_at=None)


class Notification(BaseModel):
    """
    Something somebody else did, told once. `facts` fill the template: names of staff and
    institutions, numbers, times; never a patient's name, ID or finding.

    `pressing`: about an emergency, a critical value or a visit within a day; it does not wait
    for working hours. `sender`: whose desk phones when nobody reads it.

    Whoever has no account is told by their number in the index: `person_id`, and no `recipient`.
    """

    recipient = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    person_id = models.UUIDField(null=True, blank=True)
    template = models.CharField(max_length=60)
    about = models.UUIDField()
    turn = models.PositiveSmallIntegerField(default=0)
    urgent = models.BooleanField(default=False)  # its class for this reader is U or E
    pressing = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="notifications"
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "template", "about", "turn"], name="told_once_about_each_thing"
            ),
            models.UniqueConstraint(
                fields=["person_id", "template", "about", "turn"],
                condition=Q(person_id__isnull=False),
                name="a_person_is_told_once_about_each_thing",
            ),
            models.CheckConstraint(
                condition=Q(recipient=None, person_id__isnull=False)
                | Q(recipient__isnull=False, person_id=None),
                name="an_account_or_a_person_is_told",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="inbox_waiting"),
            models.Index(fields=["about"], name="notification_about"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    @property
    def text(self) -> str:
        """The sentence in the active language."""
        return messages.render(self.template, self.facts, by_number=self.recipient_id is None)

    @property
    def reader(self) -> Voice:
        """The account that reads it, or the person who answers from their number."""
        if self.recipient is not None:
            return self.recipient
        assert self.person_id  # noqa: S101  an_account_or_a_person_is_told
        return Speaker(person_id=self.person_id)

    @property
    def addressee(self) -> User | Person | None:
        """Whom a desk phones; None: who had no account and has died."""
        if self.recipient is not None:
            return self.recipient
        return find_person(self.person_id) if self.person_id else None

    @property
    def urgency(self) -> messages.Urgency:
        """Its class for this reader, who must be loaded."""
        resident = self.recipient is None or self.recipient.acting_as_id is None
        return messages.get_message(self.template).urgency_for(resident=resident)

    @property
    def may_be_refused(self) -> bool:
        """Whether its reader may have opted out of it: never of what is urgent or legal."""
        legal = messages.get_message(self.template).legal
        return not legal and self.urgency not in messages.PRESSING

    @staticmethod
    def group(user_id: UUID) -> str:
        """The channel group of everything one account has open."""
        return f"inbox.{user_id}"


class Channel(models.TextChoices):
    IN_APP = "in_app", _("Inbox")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone call")


class State(models.TextChoices):
    QUEUED = "queued", _("on its way")
    HELD = "held", _("waits for the morning")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    READ = "read", _("read")
    FAILED = "failed", _("failed")
    ON_PHONE_LIST = "on_phone_list", _("to be phoned")
    CALLED = "called", _("phoned")
    UNREACHABLE = "unreachable", _("not reached")
    STOPPED = "stopped", _("not needed any more")


class Delivery(BaseModel):
    """
    One way in which one message goes out. Its id is the idempotency key towards the gateway.

    A worker claims it, sends without a transaction, and marks it; a claim that its worker did not
    finish in time is anybody's again.
    """

    # Missing key: final. READ goes back when its reader takes the reading back.
    TRANSITIONS = {
        State.QUEUED: {State.HELD, State.SENT, State.FAILED, State.STOPPED},
        State.HELD: {State.QUEUED, State.STOPPED},
        State.SENT: {State.DELIVERED, State.READ, State.FAILED},
        State.DELIVERED: {State.READ},
        State.READ: {State.SENT},
        State.ON_PHONE_LIST: {State.CALLED, State.UNREACHABLE, State.STOPPED},
        # On the wire when it was stopped; or its reader asks to be phoned after all, or again.
        State.STOPPED: {State.SENT, State.ON_PHONE_LIST},
        State.CALLED: {State.ON_PHONE_LIST},
        State.UNREACHABLE: {State.ON_PHONE_LIST},
    }
    PENDING = (State.QUEUED, State.HELD, State.ON_PHONE_LIST)  # what a reading stops
    LEASE = timedelta(seconds=60)
    ATTEMPTS = 6

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    # Not before; later after a failed try. Of a call: since when it is on the list, or on it again.
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # failed, called, unreachable, stopped
    parts = models.PositiveSmallIntegerField(default=0)  # what the gateway bills
    gateway_id = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=12, null=True, blank=True, unique=True)
    link_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="each_channel_once"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(channel="phone")
                | ~Q(state__in=["on_phone_list", "called", "unreachable"]),
                name="only_the_phone_rings",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="delivery_queued"),
            models.Index(
                fields=["created_at"], condition=Q(state="on_phone_list"), name="delivery_phone"
            ),
            models.Index(
                fields=["-sent_at"],
                condition=Q(channel__in=["sms", "email"], sent_at__isnull=False),
                name="delivery_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.pk}"

    def become(self, state: State) -> None:
        """Change the state in memory, or refuse. The service locks and saves."""
        if state not in self.TRANSITIONS.get(State(self.state), set()):
            message = gettext("This message is “{state}”; that can't be done any more.")
            raise Conflict(message.format(state=State(self.state).label), path="state")
        self.state = state

    def calls_in_vain(self) -> int:
        """Since it came onto the phone list, or onto it again."""
        now = [call for call in self.calls.all() if call.created_at >= self.due_at]
        return sum(call.result not in Call.DONE for call in now)


class Call(BaseModel):
    """Somebody phoned because a message was not read. Written once, never changed."""

    APPEND_ONLY = True
    TRIES = 3

    class Result(models.TextChoices):
        REACHED = "reached", _("Spoke with them")
        RELAYED = "relayed", _("A colleague or relative passes it on")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Engaged or switched off")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    DONE = (Result.REACHED, Result.RELAYED)

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="calls")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calls_made")
    result = models.CharField(max_length=12, choices=Result)
    spoke_with = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="relayed") | ~Q(spoke_with=""),
                name="who_passes_it_on_is_named",
            )
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.pk}"


class Preference(models.Model):
    """How one person wants to be reached; who has no row has the defaults."""

    NIGHT, MORNING = time(22), time(7)

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="preference"
    )
    channel = models.CharField(
        max_length=8,
        choices=[(c.value, c.label) for c in (Channel.SMS, Channel.EMAIL)],
        default=Channel.SMS,
    )
    quiet = models.BooleanField(default=True)
    quiet_from = models.TimeField(default=NIGHT)
    quiet_until = models.TimeField(default=MORNING)
    urgent_only = models.BooleanField(default=False)  # opted out of the rest
    verified_email = models.EmailField(blank=True)  # the address that a code came back from

    def __str__(self) -> str:
        return str(self.pk)

    def quiet_end(self, moment: datetime) -> datetime | None:
        """When the quiet hours end in which that moment lies; None outside them."""
        if not self.quiet or self.quiet_from == self.quiet_until:
            return None
        local = timezone.localtime(moment)
        now, begin, end = local.time(), self.quiet_from, self.quiet_until
        over_midnight = begin > end
        inside = (now >= begin or now < end) if over_midnight else begin <= now < end
        if not inside:
            return None
        tomorrow = over_midnight and now >= begin
        day = local.date() + timedelta(days=1 if tomorrow else 0)
        return timezone.make_aware(datetime.combine(day, end))


class Code(BaseModel):
    """A code that proves who holds a number or an address. Sealed: a backup opens nothing."""

    PURPOSE = "notifications.code"
    VALID = timedelta(minutes=5)
    TRIES = 5
    PAUSE = timedelta(seconds=60)  # between two codes
    A_DAY = 5

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="codes")
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=254)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "channel", "-id"], name="code_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel"], condition=Q(used_at=None), name="one_live_code"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
