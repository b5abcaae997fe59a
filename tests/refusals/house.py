"""A house with one of everything in it, its people, and those who have no business there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consult.rooms import services as rooms
from scheduling.availability import services as sessions
from scheduling.availability.models import DayRule, Disagreement
from scheduling.referrals import services as referrals
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.desks.models import Desk, Seat
from telemed.devices.models import Device, Ticket
from telemed.notifications import services as notifications
from telemed.notifications.models import Channel, Delivery, State
from telemed.organisations.models import Agreement, Division, Organisation, Statement
from telemed.oversight.models import Signal, Silence
from telemed.people.models import Application, Role, User
from telemed.rota import services as rota
from telemed.rota.models import HandOver, HandOverItem, month_of
from telemed.staff import links, sheet
from telemed.staff import services as staff
from telemed.staff.services.accounts import Post
from tests.factories import greens
from tests.factories.consult import (
    drafted_case,
)
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    UserFactory,
)
from tests.factories.referrals import (
    accepted,
    another,
    arrived,
    closed,
    declined,
    handed_back,
    missed,
    next_hospital,
    road,
    sent,
)
from tests.factories.rota import on
from tests.factories.scheduling import PeriodFactory, SessionFactory, TemplateFactory, in_days
from tests.refusals.house_of_care import REASON, Care

PASSWORD = "correct-horse-9"  # noqa: S105
LICENCE = {
    "title": "attending",
    "licence_no": "110520000000777",
    "specialty": "cardiology",
    "practising_since": date(2012, 7, 1),
    "licensed_until": date(2031, 6, 30),
}


class House(Care):
    """
    A clinic and the hospital it asks, with a consult in each state and every other thing once.

    `visitors` are, by role, people of other institutions in another county, an auditor of the
    hospital itself, who opens no record, and a resident with a record of their own.
    """

    def __init__(self) -> None:
        self.draft = drafted_case()
        self.clinic, self.hospital = self.draft.clinic, self.draft.hospital
        self.asker, self.specialist = self.draft.asker, self.draft.specialist
        self.coordinator, self.resident = self.draft.coordinator, self.draft.resident
        self.patient = self.draft.patient
        self._add_people()
        self._add_cases()
        self._add_joint()
        self._add_pictures()
        self._add_pair()
        self._add_family()
        self._add_break_glass()
        self._add_visits()
        self._add_contracts()
        self._add_duties()
        self._add_papers()
        self._add_staff()
        self._add_rota()
        self._add_sessions()
        self._add_referrals()
        self._add_messages()
        self._add_oversight()
        self.visitors = self._make_visitors()

    @property
    def sheet(self) -> SimpleUploadedFile:
        """A file that somebody brings; each is read once."""
        return SimpleUploadedFile("sheet.csv", b"a,b\n1,2\n")

    @property
    def low_income_sheet(self) -> SimpleUploadedFile:
        """Somebody of a county's low-income list."""
        content = "身份证号,类别\n110101195804090014,低保\n".encode()
        return SimpleUploadedFile("list.csv", content)

    def _add_people(self) -> None:
        self.department = DepartmentFactory(organisation=self.hospital)
        self.colleague = self._at(Role.SPECIALIST)
        PractitionerFactory(user=self.colleague)
        self.director = self._at(Role.DIRECTOR)
        self.office = self._at(Role.MEDICAL_OFFICE)
        self.head = self._at(Role.HEAD)
        self.head.set_password(PASSWORD)
        self.head.save()
        self.admin = self._at(Role.ADMINISTRATOR)
        self.desk = self._at(Role.DESK)
        self.clinic_admin = self._at(Role.ADMINISTRATOR, self.clinic)
        self.clinic_admin2 = self._at(Role.ADMINISTRATOR, self.clinic)
        self.clinic_office = self._at(Role.MEDICAL_OFFICE, self.clinic)
        province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
        authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
        self.provincial = self._at(Role.ADMINISTRATOR, authority)
        self.provincial_official = self._at(Role.OFFICIAL, authority)

    def _let_in(self) -> None:
        """An interpreter who is in the room of the accepted case."""
        self.interpreter, room = self._at(Role.SPECIALIST), self.room.pk
        them = {"actor": self.asker, "room_id": room, "user_id": self.interpreter.pk}
        with self._by(self.asker):
            rooms.invite_guest(**them, role="interpreter")
            rooms.admit_guest(**them)
        with self._by(self.interpreter):
            rooms.join_room(actor=self.interpreter, room_id=room, connection=uuid4())

    def _show(self) -> None:
        """The asking doctor leads in that room and rests on the slice."""
        here = {"actor": self.asker, "room_id": self.room.pk}
        state = {"study": str(self.study.pk), "series": "1.2.3.4", "slice": 0}
        with self._by(self.asker):
            rooms.take_lead(**here)
            rooms.settle_view(**here, state=state, client_id=uuid4())
            rooms.share_key_image(**here, key_image_id=self.key_image.pk, client_id=uuid4())
        with self._by(self.interpreter):
            rooms.open_shown(actor=self.interpreter, room_id=self.room.pk)

    def _add_papers(self) -> None:
        self.proposed = AgreementFactory(
            asking=self.clinic,
            asked=self.hospital,
            state=Agreement.State.PROPOSED,
            author=self.clinic,
            digest="0" * 64,
        )
        self.statement = Statement.objects.get(asking=self.clinic, asked=self.hospital)
        self.entry = self.statement.entries.get()

    def _add_staff(self) -> None:
        self.newcomer = self._at(Role.SPECIALIST)
        with self._by(self.admin):
            self.licence = staff.enter_licence(
                actor=self.admin, user_id=self.newcomer.pk, **LICENCE
            )
        with self._by(self.admin):
            post = Post(organisation=self.hospital, role=Role.COORDINATOR)
            self.invitation = staff.invite_person(
                actor=self.admin, name="新来的", username="newcomer", phone="", post=post
            )
        self.token = links.token_of(self.invitation)
        heading = ",".join(column.chinese for column in sheet.COLUMNS)
        with self._by(self.admin):
            self.upload = staff.keep_upload(
                actor=self.admin, content=f"{heading}\n{','.join(sheet.EXAMPLE)}".encode()
            )
        self.session = UserSession.objects.create(
            user=self.colleague, ip="127.0.0.1", user_agent="-", session_key="x" * 32
        )
        self.role = self.colleague.acting_as
        desk = Desk.objects.create(organisation=self.hospital, digest="0" * 64)
        self.seat = Seat.objects.create(desk=desk, user=self.specialist, day=timezone.localdate())

    def _add_rota(self) -> None:
        day = timezone.localdate() + timedelta(days=1)
        self.month, self.tomorrow = month_of(timezone.now()), day.isoformat()
        self.choice = f"user:{self.colleague.pk}"
        start = timezone.make_aware(datetime.combine(day, time(8)))
        self.shift = on(self.specialist, self.hospital, start)
        self.other_shift = on(self.colleague, self.hospital, start + timedelta(days=2))
        with self._by(self.specialist):
            self.swap = rota.ask_swap(
                actor=self.specialist, shift_id=self.shift.pk, colleague_id=self.colleague.pk
            )
        with self._by(self.coordinator):
            self.rota_draft = rota.open_draft(actor=self.coordinator, month=self.month)
        self.drafted_shift = self.rota_draft.shifts.first()
        self.hand_over = HandOver.objects.create(
            shift=self.other_shift, outgoing=self.colleague, incoming=self.specialist
        )
        self.hand_over_item = HandOverItem.objects.create(
            hand_over=self.hand_over, kind="case", item=self.accepted.case.pk, label="C1"
        )

    def _add_referrals(self) -> None:
        """One in each state in which somebody has something to do; between two of their own."""
        self.road = sent(road(places=0))
        self.declined, self.missed, self.bed = (
            make(another(self.road)) for make in (declined, missed, partial(accepted, bed=True))
        )
        self.there, self.back, self.taken = (
            make(another(self.road)) for make in (arrived, handed_back, closed)
        )
        self.plan_item = self.taken.referral.plan.first()
        self.questioned = sent(another(self.road))
        with self._by(self.road.doctor):
            referrals.ask(
                actor=self.road.doctor, referral_id=self.questioned.referral.pk, text=REASON
            )
        self._add_greens()
        self.further = next_hospital(self.road)
        self.down_department = DepartmentFactory(organisation=self.road.clinic, specialty="general")
        self.referrer, self.receiver = self.road.sender, self.road.doctor
        self.receiving, self.directing = self.road.coordinator, self.road.director
        self.receiving_desk, self.referred = self.road.desk, self.road.resident

    def _add_greens(self) -> None:
        """One that waits to be acknowledged, and one whose patient is there."""
        self.called = greens.opened("stroke", another(self.road))
        self.under_way = greens.arrived("stroke", road_=another(self.road))

    def _add_sessions(self) -> None:
        """One that is planned, one that is open, one that was just stopped."""
        kept = {"department": self.department, "clinician": self.specialist}
        self.planned, self.published, stopped = (
            SessionFactory(**kept, day=in_days(7 + n), state=state)
            for n, state in enumerate(["planned", "published", "published"])
        )
        for session in (self.planned, self.published):
            PeriodFactory(session=session)
        with self._by(self.desk):
            self.stop = sessions.stop_session(
                actor=self.desk,
                session_id=stopped.pk,
                reason=REASON,
                plan="cancel",
                together=uuid4(),
            )
        self.stop_plan = f"{self.published.pk}=cancel"
        system = Application.objects.create(
            name="医院系统", organisation=self.hospital, scopes="system/*.cruds"
        )
        its = SessionFactory(**kept, day=in_days(10), application=system, identifier="urn:his|m-1")
        self.disagreement = Disagreement.objects.create(
            session=its, application=system, kind="dropped", said={}, here={"booked": 1}
        )
        self.template = TemplateFactory(**kept)
        self.day_rule = DayRule.objects.create(
            organisation=self.hospital, first=in_days(3), last=in_days(4), reason=REASON
        )
        self.coming = in_days(20).isoformat()

    def _add_messages(self) -> None:
        facts = {"no": "C1", "org": "第一医院", "time": "09:00", "phone": "0851-1", "who": "周丽"}
        with self._by(self.asker):
            self.note = notifications.notify(
                recipient=self.specialist,
                template="case.emergency",
                about=uuid4(),
                url="/",
                **facts,
            )
        self.call = Delivery.objects.create(
            notification=self.note,
            channel=Channel.PHONE,
            state=State.ON_PHONE_LIST,
            link="abcd2345",
        )
        self.dead_clock = Clock.objects.create(
            kind="case.accept", about=uuid4(), due_at=timezone.now(), state=ClockState.DEAD
        )
        self.event = OutboxEvent.objects.create(
            topic="case.routed",
            payload={},
            trace_id=uuid4(),
            attempts=3,
            last_error="ValueError",
            dead_at=timezone.now(),
        )

    def _add_oversight(self) -> None:
        now = timezone.now()
        self.official = self._at(
            Role.OFFICIAL, OrganisationFactory(kind=Organisation.Kind.AUTHORITY)
        )
        self.silence = Silence.objects.create(
            organisation=self.clinic,
            quiet_since=now - timedelta(days=20),
            noticed_at=now,
            asked_at=now,
        )
        self.device, spare = (
            Device.objects.create(
                organisation=self.clinic, kind=Device.Kind.ULTRASOUND, name="DC-30", serial=serial
            )
            for serial in ("SN-1", "SN-2")
        )
        self.ticket = Ticket.objects.create(
            organisation=self.clinic, device=spare, text=REASON, opened_by=self.clinic_admin
        )
        self.signal = self._signal("S1")
        said = {"explained_by": self.office, "explained_for": self.hospital, "explained_at": now}
        said["explanation"] = REASON
        self.explained_signal = self._signal("S2", state=Signal.State.EXPLAINED, **said)
        self.decided_signal = self._signal("S3", state=Signal.State.ACCEPTED, **said)

    def _signal(self, number: str, **more: Any) -> Signal:
        return Signal.objects.create(
            number=number,
            rule=f"slower {number}",
            subject=self.hospital,
            month=timezone.localdate().replace(day=1),
            facts={},
            **more,
        )

    def _make_visitors(self) -> dict[str, User]:
        county = DivisionFactory(code="522301", level=Division.Level.COUNTY, name="兴义市")
        hospital = OrganisationFactory(division=county)
        clinic = ClinicFactory(division=county)
        authority = OrganisationFactory(division=county, kind=Organisation.Kind.AUTHORITY)
        places = {Role.TOWNSHIP_DOCTOR: clinic, Role.OFFICIAL: authority}
        visitors = {
            role.value: self._at(role, places.get(role, hospital))
            for role in Role
            if role != Role.RESIDENT
        }
        for doctor in (Role.SPECIALIST, Role.TOWNSHIP_DOCTOR):
            PractitionerFactory(user=visitors[doctor])
        visitors[Role.RESIDENT.value] = UserFactory()
        PatientFactory(user=visitors[Role.RESIDENT.value], name="李四", phone="13900000001")
        visitors["near auditor"] = self.near_auditor = self._at(Role.AUDITOR)
        for user in visitors.values():
            user.set_password(PASSWORD)
            user.save()
        return visitors
