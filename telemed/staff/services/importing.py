"""Bringing in many people at once. The same file twice changes nothing the second time."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from telemed.audit import services as audit
from telemed.core import publication, tables
from telemed.core.errors import Conflict, DomainError, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Department, Organisation, Specialty
from telemed.people.models import Practitioner, Role, User
from telemed.staff import sheet
from telemed.staff.models import Entry, Invitation, Upload
from telemed.staff.services.accounts import Post, give_post, invite_person
from telemed.staff.services.licensing import write_entry


def keep_upload(*, actor: User, content: bytes) -> Upload:
    """Keep the file for its preview, when it can be read at all."""
    require_intention()
    require(actor.role == Role.ADMINISTRATOR, _("Administrators bring people in."))
    text = tables.decode(content)
    tables.read(text, sheet.COLUMNS)
    return Upload.objects.create(by=actor, text=text)


def preview(*, actor: User, upload_id: UUID) -> tuple[Upload, sheet.Preview]:
    """The rows of one's own upload, each with its mistakes. Stores nothing."""
    require_intention()
    upload = _own(actor, upload_id)
    rows = tables.read(upload.text, sheet.COLUMNS) if upload.text else []
    return upload, sheet.check(actor, rows)


def apply_upload(*, actor: User, upload_id: UUID, only_good: bool = False) -> Upload:
    """Store all rows, or none; or the good ones when that was chosen."""
    require_intention()
    upload = _own(actor, upload_id, lock=True)
    if upload.applied_at:
        return upload
    checked = sheet.check(actor, tables.read(upload.text, sheet.COLUMNS))
    if checked.bad and not only_good:
        sentence = _("{n} rows have mistakes; mend them or choose only the good ones.")
        raise Conflict(sentence.format(n=len(checked.bad)))
    if not checked.good:
        raise Invalid(_("No row can be stored."))
    for one in checked.good:
        _store_with_its_row(actor, one, upload)
    upload.text, upload.applied_at = sheet.text_of(checked.bad), timezone.now()
    upload.save(update_fields=["text", "applied_at", "invited"])
    audit.record(action="staff.import", target=upload)
    return upload


def _own(actor: User, upload_id: UUID, *, lock: bool = False) -> Upload:
    uploads = Upload.objects.select_for_update(no_key=True) if lock else Upload.objects.all()
    upload = uploads.filter(pk=upload_id, by=actor).first()
    if upload is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Upload/{upload_id}")
    return upload


def _store_with_its_row(actor: User, one: sheet.Checked, upload: Upload) -> None:
    try:
        invitation = _store(actor, one)
    except DomainError as error:
        sentence = _("Row {n}: {what}").format(n=one.row.number, what=error.message)
        raise Conflict(sentence, path=error.path) from error
    if invitation:
        upload.invited.append(str(invitation.pk))


def _store(actor: User, one: sheet.Checked) -> Invitation | None:
    sent = one.sent
    place = _place(sent)
    department = place.departments.filter(name=sent["department"]).first()
    post = Post(organisation=place, role=sent["role"], department=department)
    user = User.objects.filter(username=sent["username"]).first()
    invitation = None
    if user is None:
        invitation = invite_person(
            actor=actor,
            name=sent["name"],
            username=sent["username"],
            phone=sent["phone"],
            post=post,
        )
        user = invitation.user
    elif not user.roles.filter(organisation=place, role=post.role, ends_on=None).exists():
        give_post(user=user, post=post)
    if sent["licence_no"] and not _is_known(user, sent):
        write_entry(actor=actor, user=user, **{key: sent[key] for key in sheet.LICENCE})
    return invitation


def _is_known(user: User, sent: dict[str, Any]) -> bool:
    """Verified, or waiting to be, exactly like this."""
    facts = {key: sent[key] for key in sheet.LICENCE}
    held = Practitioner.objects.filter(user=user, **facts).exists()
    return held or Entry.objects.filter(user=user, state=Entry.State.WAITING, **facts).exists()


def _place(sent: dict[str, Any]) -> Organisation:
    place = Organisation.objects.filter(number=sent["org_number"]).first()
    if place:
        return place
    name = str(sent["org_name"])
    place = Organisation.objects.create(
        number=sent["org_number"],
        name=name,
        kind=sent["org_kind"],
        division_id=sent["org_division"],
        phone=sent["org_phone"],
        pinyin_initials="".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:60],
    )
    if place.kind == Organisation.Kind.TOWNSHIP_CLINIC:
        Department.objects.create(organisation=place, name="全科", specialty=Specialty.GENERAL)
    publication.publish(place)
    audit.record(action="organisation.enter", target=place)
    return place
