"""Keeping key images of a case, taking them away, and choosing those of the opinion."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.keyimages import permissions, queries
from consult.keyimages.models import KeyImage, Still
from consult.requests.models import Case
from consult.requests.queries import get_case
from records.imaging import files
from records.imaging.intake import Checked
from records.imaging.models import Study
from records.imaging.queries import get_study
from records.imaging.services import store_pictures_for
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

MOST = 30  # of one case


def require_keeping(*, actor: User, case: Case) -> None:
    """Whether this account keeps key images of that case now."""
    require_intention()
    require(permissions.may_keep(actor, case), _("Only the doctors of this case keep key images."))


def keep_key_image(
    *,
    actor: User,
    case_id: UUID,
    study_id: UUID,
    picture: files.Arrived,
    size: tuple[int, int],
    client_id: UUID,
    **shown: Any,
) -> KeyImage:
    """Keep what somebody marked. The same again, under its client_id, stays one."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require_keeping(actor=actor, case=case)
    if known := queries.find_by_client(client_id):
        if known.case_id != case.pk or known.made_by_id != actor.pk:
            raise Conflict(_("This number was used by somebody else."), path="client_id")
        return known
    study = get_study(actor, study_id)
    if study.patient.rid not in case.patient.rids:
        raise Invalid(_("These images are not this patient's."), path="study")
    series = str(shown["series"]).partition("#")[0]
    if not study.series.filter(series_uid=series).exists():
        raise Invalid(_("There is no such series in these images."), path="series")
    if queries.key_images_of(case).count() >= MOST:
        message = _("A case keeps {n} key images; take one away first.")
        raise Conflict(message.format(n=MOST), path="picture")
    files.keep([picture])
    kept = KeyImage.objects.create(
        case=case,
        study=study,
        sha256=picture.sha256,
        width=size[0],
        height=size[1],
        made_by=actor,
        client_id=client_id,
        **shown,
    )
    _note("keep", kept)
    return kept


def keep_still(
    *,
    actor: User,
    case_id: UUID,
    picture: Checked,
    camera_of: UUID,
    agreed: bool,
    client_id: UUID,
) -> Study:
    """Keep a frozen picture of the room's video as a study of the case; twice is once."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require_keeping(actor=actor, case=case)
    if not agreed:
        raise Invalid(
            _("Ask the patient first: a still is kept only if they agree."), path="agreed"
        )
    if known := queries.find_still(client_id):
        if known.case_id != case.pk or known.taken_by_id != actor.pk:
            raise Conflict(_("This number was used by somebody else."), path="client_id")
        return known.study
    kept = store_pictures_for(
        patient=case.patient,
        organisation=actor.acting_organisation,
        pictures=[picture],
        uploader=actor,
    )
    if not kept.studies:
        raise Invalid(kept.refused[0].why, path="picture")
    study = kept.studies[0]
    case.studies.add(study)
    Still.objects.create(
        case=case,
        study=study,
        taken_by=actor,
        camera_of_id=camera_of,
        agreed=agreed,
        client_id=client_id,
    )
    audit.record(action="still.keep", target=study, patient_id=case.patient_id)
    return study


def remove_key_image(*, actor: User, key_image_id: UUID) -> KeyImage:
    """Take away one's own; what was signed with it keeps it."""
    require_intention()
    found = queries.get_key_image(actor, key_image_id, lock=True)
    require(permissions.may_remove(actor, found), _("Only who kept a key image takes it away."))
    if found.removed_at is None:
        found.removed_at = timezone.now()
        found.save(update_fields=["removed_at"])
        _note("remove", found)
    return found


def place_key_image(*, actor: User, key_image_id: UUID, in_opinion: bool) -> KeyImage:
    """Say whether it goes with the opinion that is being written."""
    require_intention()
    found = queries.get_key_image(actor, key_image_id, lock=True)
    may = permissions.may_place(actor, found.case)
    require(may, _("Only the accepting doctor writes the opinion."))
    found.in_opinion = in_opinion
    found.save(update_fields=["in_opinion"])
    _note("place", found)
    return found


def read_picture(*, actor: User, key_image_id: UUID) -> KeyImage:
    """Look at one: an audited read."""
    require_intention()
    found = queries.get_key_image(actor, key_image_id)
    _note("read", found)
    return found


def _note(act: str, key_image: KeyImage) -> None:
    patient = key_image.case.patient_id
    audit.record(action=f"key_image.{act}", target=key_image, patient_id=patient)
