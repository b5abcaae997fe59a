"""Keeping pictures."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.imaging import files, queries, reasons
from records.imaging.intake import Checked, NotTaken
from records.imaging.models import Instance, Series, Study
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.devices.services import note_use
from telemed.organisations.models import Organisation
from telemed.people.models import User

PUBLISH_EVERY = timedelta(seconds=2)  # while an upload is still running


@dataclass
class Kept:
    """What became of an upload. `accepted` are names; a name may stand for files already here."""

    accepted: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    hidden: list[NotTaken] = field(default_factory=list)  # kept, but cannot be shown
    studies: list[Study] = field(default_factory=list)


def require_upload(*, actor: User, patient: Patient) -> Organisation:
    """The institution for which this account may add pictures to that record."""
    require_intention()
    allowed = access.decide(actor, "write", patient).allowed
    require(allowed, _("You may not add pictures to this record."))
    return actor.acting_organisation


def store_pictures(
    *,
    actor: User,
    patient: Patient,
    pictures: list[Checked],
) -> Kept:
    """
    Keep checked pictures of one person.

    The same file again is fine. Another file under a known SOP instance UID, or a study of
    somebody else, is refused for that file alone; the others are kept.
    """
    require_intention()
    owner = require_upload(actor=actor, patient=patient)
    return _store(pictures, patient=patient, owner=owner, uploader=actor)


def store_pictures_for(
    *,
    patient: Patient,
    organisation: Organisation,
    pictures: list[Checked],
    uploader: User | None = None,
) -> Kept:
    """
    The same on behalf of an institution, for the system itself (commands, devices) or for who was
    let in by a rule of a slice above.
    """
    require_intention()
    return _store(pictures, patient=patient, owner=organisation, uploader=uploader)


def _store(
    pictures: list[Checked], *, patient: Patient, owner: Organisation, uploader: User | None
) -> Kept:
    kept = Kept()
    by_study: dict[str, list[Checked]] = {}
    for picture in pictures:
        by_study.setdefault(picture.facts["study_uid"], []).append(picture)
    for study_uid in sorted(by_study):  # one order of locks for everybody
        mine = by_study[study_uid]
        study = _locked_study(mine[0].facts, patient, owner, uploader)
        if study.patient_id != patient.pk:
            why = _("This study is already kept in another person's record.")
            kept.refused += [NotTaken(picture.name, why) for picture in mine]
            continue
        _add(study, mine, kept)
        kept.studies.append(study)
    return kept


def _locked_study(
    facts: dict[str, Any], patient: Patient, owner: Organisation, uploader: User | None
) -> Study:
    """The study with that UID, made if need be, and locked until the end of the intention."""
    known = Study.objects.select_for_update(of=("self",), no_key=True).filter(
        study_uid=facts["study_uid"]
    )
    if study := known.first():
        return study
    made = Study(
        patient=patient,
        organisation=owner,
        uploaded_by=uploader,
        study_uid=facts["study_uid"],
        modality=facts["modality"],
        described=facts["study"]["description"],
        attachment=facts.get("attachment", ""),
        studied_at=_moment(facts["study"]["date"], facts["study"]["time"]),
        stated=facts["patient"],
    )
    Study.objects.bulk_create([made], ignore_conflicts=True)
    return known.get()


def _add(study: Study, pictures: list[Checked], kept: Kept) -> None:
    """Put what is new into a locked study; files first, so that no row lacks its bytes."""
    new = _new_of(study, pictures, kept)
    if not new:
        return
    files.keep([picture.file for picture in new])
    series = {one.series_uid: one for one in study.series.all()}
    rows = [_instance(_series(study, series, picture.facts), picture) for picture in new]
    Instance.objects.bulk_create(rows, batch_size=500)
    study.frame_count += sum(row.frame_count for row in rows)
    study.changed_at, study.settled = timezone.now(), False
    study.save(update_fields=["frame_count", "changed_at", "settled"])
    audit.record(action="study.store", target=study, patient_id=study.patient_id)
    serials = {picture.facts.get("device_serial", "") for picture in new}
    note_use(organisation_id=study.organisation_id, serials=serials, at=study.studied_at)
    if study.published_at is None or study.changed_at - study.published_at > PUBLISH_EVERY:
        _publish(study)


def _new_of(study: Study, pictures: list[Checked], kept: Kept) -> list[Checked]:
    """Those the study lacks; the others are sorted into `kept` as already here or refused."""
    coming = [picture.facts["sop_uid"] for picture in pictures]
    same = Instance.objects.filter(series__study=study, sop_uid__in=coming)
    held = dict(same.values_list("sop_uid", "sha256"))
    new = []
    for picture in pictures:
        sop_uid, sha256 = picture.facts["sop_uid"], picture.file.sha256
        if sop_uid not in held:
            held[sop_uid] = sha256
            new.append(picture)
            kept.accepted.append(picture.name)
            if why_not := picture.facts["why_not_shown"]:
                kept.hidden.append(NotTaken(picture.name, reasons.reason(why_not)))
        elif picture.wrapped or held[sop_uid] == sha256:
            kept.already.append(picture.name)
        else:
            why = _("Another picture with the same identifier is already kept; it stays.")
            kept.refused.append(NotTaken(picture.name, why))
    return new


def _series(study: Study, known: dict[str, Series], facts: dict[str, Any]) -> Series:
    uid = facts["series_uid"]
    if uid not in known:
        known[uid] = Series.objects.create(
            study=study,
            series_uid=uid,
            modality=facts["modality"],
            number=_small(facts["series"]["number"]),
            description=facts["series"]["description"],
            body_part=facts["series"]["body_part"][:64],
        )
    return known[uid]


def _instance(series: Series, picture: Checked) -> Instance:
    facts = picture.facts
    return Instance(
        series=series,
        sop_uid=facts["sop_uid"],
        sop_class=facts["sop_class"],
        transfer_syntax=facts["transfer_syntax"],
        number=_small(facts["number"]),
        frame_count=facts["frame_count"],
        sha256=picture.file.sha256,
        size=picture.file.size,
        facts={name: facts[name] for name in queries.SHOWN if name in facts},
    )


def _publish(study: Study) -> None:
    study.published_at, study.settled = timezone.now(), True
    study.save(update_fields=["published_at", "settled"])
    publication.publish(queries.whole_study(study.pk, facts=False))


def settle_studies(limit: int = 50) -> int:
    """Publish studies that changed since they were published and are quiet now."""
    require_intention()
    since = timezone.now() - PUBLISH_EVERY
    quiet = Study.objects.filter(settled=False, changed_at__lt=since).order_by("changed_at")
    studies = list(quiet.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    for study in studies:
        _publish(study)
    return len(studies)


def _moment(date: str, clock: str) -> datetime | None:
    """DA and TM (PS3.5 6.2) in the time of the place; None when the file is silent or wrong."""
    digits = clock.split(".")[0].ljust(6, "0")[:6]
    try:
        moment = datetime.strptime(date + digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - made aware below
        return timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return None


def _small(number: int | None) -> int | None:
    """A number that fits its column; the header may claim anything."""
    return number if number is not None and abs(number) < 2**31 else None
