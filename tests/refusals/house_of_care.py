"""The part of the house of refusals that is about patients: consults, pictures and families."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from consult.archive import services as archive
from consult.guests.secrets import KIND
from consult.keyimages.models import KeyImage
from consult.opinions import services as opinions
from consult.recordings.models import Recording
from consult.requests import services as requests
from consult.rooms import services as rooms
from records.consent import breakglass
from records.imaging import files
from records.imaging import services as imaging
from records.imaging.models import Instance, Series, Study
from records.imaging.reader.header import inspect
from records.mpi import services as mpi
from scheduling.duties.models import Code, Duty, Plan, Proposal, Status
from scheduling.registration import services as contracts
from scheduling.registration.models import Function, Member
from scheduling.registration.queries import people_by_village
from telemed.audit import services as audit
from telemed.core.intentions import intention
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User
from tests.factories.consult import (
    Scene,
    accepted_case,
    closed_case,
    joint_invited,
    joint_met,
    joint_sent,
    sent_case,
    signed_case,
)
from tests.factories.guests import ask_in
from tests.factories.imaging import dicom_bytes
from tests.factories.people import (
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    treated,
)
from tests.factories.registration import SIGNATURE, TeamFactory, read, signed
from tests.refusals.house_of_booking import REASON, Bookings


def half_hour_ahead() -> datetime:
    return (timezone.localtime() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)


class Care(Bookings):
    """What House.__init__ fills with consults, pictures and people."""

    def _at(self, role: Role, place: Organisation | None = None, **more: object) -> User:
        return StaffFactory(role=role, organisation=place or self.hospital, **more)

    @staticmethod
    def _by(actor: User):
        return intention(actor, door="test")

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
                actor=self.asker, room_id=self.room.pk, user_id=self.removed.pk, reason="noise"
            )
        with self._by(self.asker):
            rooms.invite_guest(
                actor=self.asker,
                room_id=self.room.pk,
                user_id=self.colleague.pk,
                role="interpreter",
            )
        self._let_in()
        self.linked = ask_in(self.asker, self.room)
        self.guest_token = KIND.token_of(self.linked.pk)

        self.taped = self._recorded(self.room, status="on")
        self.stored = self._recorded(
            self.ended_room, status="stored", sha256="0" * 64, expires_on=timezone.localdate()
        )

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
        self.document = Instance.objects.create(
            series=series,
            sop_uid="1.2.3.4.7",
            sop_class="1.2.840.10008.5.1.4.1.1.104.1",
            transfer_syntax="1.2.840.10008.1.2.1",
            frame_count=1,
            sha256="0" * 64,
            size=1,
            facts={"document": {"pages": 1, "size": 1}, "why_not_shown": "no_picture"},
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
        self.dead = treated(PatientFactory(name="陈老", **here), self.clinic)
        with self._by(self.asker):
            mpi.decease(
                actor=self.asker,
                patient=self.dead,
                died_on=timezone.localdate(),
                source="family",
                second_source="village",
            )

    def _add_break_glass(self) -> None:
        """A doctor of the hospital opened somebody's record in an emergency, and is done."""
        self.unknown = PatientFactory(name="何人")
        with self._by(self.colleague):
            audit.record(action="person.look", target=self.unknown, patient_id=self.unknown.pk)
            self.glass = breakglass.open_record(
                actor=self.colleague, patient_id=self.unknown.pk, code="life", text=REASON * 2
            )
            breakglass.end_session(actor=self.colleague, break_glass_id=self.glass.pk)

    def _add_contracts(self) -> None:
        """One to be signed by the resident, one to be looked at, one in force; and a free team."""
        self.team = TeamFactory(organisation=self.clinic, leader=self.asker)
        self.other_team = TeamFactory(organisation=self.clinic)
        self.nurse = Member.objects.create(team=self.team, name="王护士", function=Function.NURSE)
        self.to_review, self.in_force = (self._apply_for(one) for one in (self.mother, self.child))
        self.to_sign = self._apply_for(self.patient)
        self.package = self.to_sign.package
        for contract in (self.to_sign, self.in_force):
            with self._by(self.asker):
                contracts.agree(actor=self.asker, contract_id=contract.pk)
        read(self.to_sign, self.resident)
        with self._by(self.asker):
            contracts.sign(
                actor=self.asker,
                contract_id=self.in_force.pk,
                signature=SIGNATURE,
                read_aloud=True,
            )

        self._close_a_team()

    def _close_a_team(self) -> None:
        """One resident, whom no other team took over."""
        team = TeamFactory(organisation=self.clinic)
        signed(team)
        with self._by(self.clinic_admin):
            self.closing = contracts.begin_closing(
                actor=self.clinic_admin,
                team_id=team.pk,
                kind="close",
                reason=REASON,
                plan=dict.fromkeys(people_by_village(team)),
                left_reason=REASON,
            )
        with self._by(self.asker):
            contracts.hand_over_part(1)
        self.left = self.closing.left.get()

    def _add_duties(self) -> None:
        """One due, one done for the resident, one disputed after a colleague did it."""
        colleague = StaffFactory(organisation=self.clinic)
        states = ((Status.DUE, None), (Status.DONE, self.asker), (Status.DISPUTED, colleague))
        for contract in (self.in_force, self.to_sign):
            Plan.objects.create(contract=contract)
        Proposal.objects.create(contract=self.in_force, group="hypertension")
        today = timezone.localdate()
        self.duty_due, self.duty_done, self.duty_disputed = (
            Duty.objects.create(
                contract=self.to_sign if status == Status.DONE else self.in_force,
                rule=Code.HYPERTENSION,
                due_on=today + timedelta(days=n),
                closes_on=today + timedelta(days=90),
                face=True,
                status=status,
                mode="face_to_face" if doctor else "",
                served_by=doctor,
                served_at=timezone.now() if doctor else None,
            )
            for n, (status, doctor) in enumerate(states)
        )
        self.duty_of_county = Duty.objects.create(
            contract=self.in_force,
            rule=Code.SELF_CARE,
            due_on=today,
            closes_on=today + timedelta(days=90),
            face=False,
            status=Status.DISPUTED,
            to_county=True,
            mode="face_to_face",
            served_by=self.asker,
            served_at=timezone.now(),
        )

    def _apply_for(self, patient):
        with self._by(self.asker):
            [contract] = contracts.apply(actor=self.asker, people=[patient], team_id=self.team.pk)
        return contract
