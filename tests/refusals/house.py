"""A house with one of everything in it, its people, and those who have no business there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consult.archive import services as archive
from consult.keyimages.models import KeyImage
from consult.opinions import services as opinions
from consult.recordings.models import Recording
from consult.requests import services as requests
from consult.rooms import services as rooms
from records.imaging import files
from records.imaging import services as imaging
from records.imaging.models import Instance, Series, Study
from records.imaging.reader.header import inspect
from records.mpi import services as mpi
from telemed.core.intentions import intention
from telemed.core.models import OutboxEvent
from telemed.desks.models import Desk, Seat
from telemed.devices.models import Device, Ticket
from telemed.notifications import services as notifications
from telemed.notifications.models import Channel, Delivery, State
from telemed.organisations.models import Agreement, Division, Organisation, Statement
from telemed.oversight.models import Signal, Silence
from telemed.people.models import Role, User
from telemed.rota import services as rota
from telemed.rota.models import HandOver, HandOverItem, month_of
from telemed.staff import links, sheet
from telemed.staff import services as staff
from telemed.staff.services.accounts import Post
from tests.factories.consult import (
    Scene,
    accepted_case,
    closed_case,
    drafted_case,
    joint_invited,
    joint_met,
    joint_sent,
    sent_case,
    signed_case,
)
from tests.factories.imaging import dicom_bytes
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.rota import on

PASSWORD = "correct-horse-9"  # noqa: S105
REASON = "病情有变化，需要调整"
LICENCE = {
    "title": "attending",
    "licence_no": "110520000000777",
    "specialty": "cardiology",
    "practising_since": date(2012, 7, 1),
    "licensed_until": date(2031, 6, 30),
}


def half_hour_ahead() -> datetime:
    return (timezone.localtime() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)


class House:
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
        self._add_papers()
        self._add_staff()
        self._add_rota()
        self._add_messages()
        self._add_oversight()
        self.visitors = self._make_visitors()

    @property
    def sheet(self) -> SimpleUploadedFile:
        """A file that somebody brings; each is read once."""
        return SimpleUploadedFile("sheet.csv", b"a,b\n1,2\n")

    def _at(self, role: Role, place: Organisation | None = None, **more: object) -> User:
        return StaffFactory(role=role, organisation=place or self.hospital, **more)

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
        self.clinic_admin = self._at(Role.ADMINISTRATOR, self.clinic)
        self.clinic_admin2 = self._at(Role.ADMINISTRATOR, self.clinic)
        self.clinic_office = self._at(Role.MEDICAL_OFFICE, self.clinic)
        province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
        authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
        self.provincial = self._at(Role.ADMINISTRATOR, authority)

    def _add_cases(self) -> None:
        self.sent = sent_case(around=self.draft)
        self.accepted = accepted_case(around=self.draft)
        self.ended = accepted_case(around=self.draft)
        self.signed = signed_case(around=self.draft)
        self.amending = signed_case(around=self.draft)
        self.closed = closed_case(around=self.draft)
        self.opinion = self.signed.case.opinions.get()
        with self._by(self.specialist):
            self.question = requests.ask_question(
                actor=self.specialist, case_id=self.accepted.case.pk, text="请补充既往病史"
            )
        with self._by(self.asker):
            self.meeting = requests.propose_time(
                actor=self.asker, case_id=self.accepted.case.pk, starts_at=half_hour_ahead()
            )
        with self._by(self.specialist):
            opinions.start_amendment(
                actor=self.specialist, case_id=self.amending.case.pk, reason="补充复查时间"
            )
        with self._by(self.specialist):
            opinions.ask_withdrawal(
                actor=self.specialist, case_id=self.signed.case.pk, reason="写错了病人，需要撤回"
            )
        with self._by(self.specialist):
            self.phrase = opinions.keep_phrase(
                actor=self.specialist, short="复查", text="6 小时后复查 CT"
            )
        with self._by(self.asker):
            archive.archive_case(case_id=self.closed.case.pk)
        self.room, self.ended_room = self._open_room(self.accepted), self._open_room(self.ended)
        with self._by(self.asker):
            rooms.end_room(actor=self.asker, room_id=self.ended_room.pk)
        self.removed = self._at(Role.TOWNSHIP_DOCTOR, self.clinic)
        with self._by(self.removed):
            rooms.join_room(actor=self.removed, room_id=self.room.pk, connection=uuid4())
        with self._by(self.asker):
            rooms.remove_participant(
                actor=self.asker, room_id=self.room.pk, user_id=self.removed.pk, reason=REASON
            )
        with self._by(self.asker):
            rooms.invite_guest(
                actor=self.asker,
                room_id=self.room.pk,
                user_id=self.colleague.pk,
                role="interpreter",
            )
        self._let_in()

        self.taped = self._recorded(self.room, status="on")
        self.stored = self._recorded(
            self.ended_room, status="stored", sha256="0" * 64, expires_on=timezone.localdate()
        )

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

    def _recorded(self, room, **state) -> Recording:
        return Recording.objects.create(
            room=room,
            asked_by=self.asker,
            recorder=self.specialist,
            all_consented_at=timezone.now(),
            started_at=timezone.now(),
            **state,
        )

    def _add_joint(self) -> None:
        """A joint consult of another hospital: to be set up, with an empty seat, and met."""
        self.to_convene, self.invited, self.met = joint_sent(), joint_invited(), joint_met()
        self.convener = self.to_convene.coordinator
        self.empty_seat = self.invited.case.offers.get(specialty="cardiology")
        with self._by(self.invited.heart):
            requests.decline_case(
                actor=self.invited.heart, case_id=self.invited.case.pk, code="time"
            )
        self.replacer = self.invited.coordinator
        self.substitute = StaffFactory(role=Role.SPECIALIST, organisation=self.invited.hospital)
        PractitionerFactory(user=self.substitute, specialty="cardiology")
        self.expert = self.met.heart

    def _open_room(self, scene: Scene):
        with self._by(self.asker):
            room = rooms.open_room(actor=self.asker, case_id=scene.case.pk)
        for user in (self.asker, self.specialist, self.coordinator):
            with self._by(user):
                rooms.join_room(actor=user, room_id=room.pk, connection=uuid4())
        return room

    def _add_pictures(self) -> None:
        """One slice, as the reader sees it; its file is opened for nobody."""
        file = Path(settings.DATA_DIR, "slice.dcm")
        file.write_bytes(dicom_bytes())
        facts, _picture = inspect(str(file))
        self.study = Study.objects.create(
            patient=self.patient, organisation=self.clinic, study_uid="1.2.3", frame_count=1
        )
        series = Series.objects.create(study=self.study, series_uid="1.2.3.4")
        self.instance = Instance.objects.create(
            series=series,
            sop_uid="1.2.3.4.5",
            sop_class="1.2.840.10008.5.1.4.1.1.2",
            transfer_syntax="1.2.840.10008.1.2.1",
            frame_count=1,
            sha256="0" * 64,
            size=1,
            facts={**facts, "why_not_shown": "no_picture"},
        )
        heard = {"rate": 500, "samples": 4, "leads": []}
        self.recording = Instance.objects.create(
            series=series,
            sop_uid="1.2.3.4.6",
            sop_class="1.2.840.10008.5.1.4.1.1.9.1.1",
            transfer_syntax="1.2.840.10008.1.2.1",
            frame_count=1,
            sha256="0" * 64,
            size=1,
            facts={"waveform": heard, "why_not_shown": "no_picture"},
        )
        made = {"series": "1.2.3.4", "slice": 0, "view": {}, "marks": [], "caption": "CT"}
        drawn = files.path_of("1" * 64)
        drawn.parent.mkdir(parents=True, exist_ok=True)
        drawn.write_bytes(b"JPEG")
        self.key_image = KeyImage.objects.create(
            case=self.accepted.case,
            study=self.study,
            sha256="1" * 64,
            width=1,
            height=1,
            made_by=self.asker,
            client_id=uuid4(),
            **made,
        )
        with self._by(self.asker):
            imaging.open_study(actor=self.asker, study_id=self.study.pk)
        self._show()
        with self._by(self.asker):
            self.pieces = imaging.begin_upload(
                actor=self.asker, patient=self.patient, name="a.zip", fingerprint="a1", size=9
            )

    def _add_pair(self) -> None:
        facts = {"managing_organisation": self.clinic, "registered_by": self.asker}
        one, other = (treated(PatientFactory(**facts), self.clinic) for _ in range(2))
        with self._by(self.clinic_admin):
            self.pair = mpi.suggest_pair(
                actor=self.clinic_admin, one=one, other=other, said="the same person came twice"
            )
        self.temporary = treated(
            PatientFactory(
                name="未知男", temporary_because="unconscious", temporary_no="T1", **facts
            ),
            self.clinic,
        )

    def _add_family(self) -> None:
        """A child of eight, its mother, the household of both."""
        here = {"managing_organisation": self.clinic, "registered_by": self.asker}
        today = timezone.localdate().replace(day=1)
        self.birth_date = timezone.localdate().isoformat()
        self.child, self.mother = (
            treated(
                PatientFactory(
                    name=name, birth_date=today.replace(year=today.year - years), **here, **more
                ),
                self.clinic,
            )
            for name, years, more in (("陈小宇", 8, {}), ("李小梅", 30, {"sex": "female"}))
        )
        with self._by(self.asker):
            self.relation = mpi.add_relation(
                actor=self.asker,
                subject=self.child,
                delegate=self.mother,
                basis="birth",
                kin="mother",
                papers="birth_certificate",
            )
        with self._by(self.asker):
            self.member = mpi.found_household(
                actor=self.asker, head=self.mother, address="双永村 3 组"
            )

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
        self.signal = Signal.objects.create(
            number="S1",
            rule="slower",
            subject=self.hospital,
            month=now.date().replace(day=1),
            facts={"n": 20, "now": 60, "n_before": 20, "before": 20, "limit": 200},
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

    @staticmethod
    def _by(actor: User):
        return intention(actor, door="test")
