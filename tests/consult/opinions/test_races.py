from functools import partial

from consult.opinions import services
from consult.opinions.models import Opinion
from telemed.core.intentions import intention
from tests.factories.consult import PIN, accepted_case, write
from tests.marks import committed
from tests.racing import race


@committed
def test_eight_windows_sign_at_once_and_one_version_is_signed():
    scene = accepted_case()
    write(scene)

    def sign():
        with intention(scene.specialist, door="test", timeout_ms=20_000):
            services.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN)

    assert race([sign] * 8) == {"won": 1, "Conflict": 7}
    assert Opinion.objects.count() == 1
    assert scene.refresh().opinion_version == 1


@committed
def test_eight_windows_save_the_same_draft_and_one_is_kept():
    scene = accepted_case()
    write(scene)

    def save(window):
        with intention(scene.specialist, door="test", timeout_ms=20_000):
            services.save_draft(
                actor=scene.specialist,
                case_id=scene.case.pk,
                version=1,
                conclusion=f"改动 {window}",
            )

    assert race([partial(save, window) for window in range(8)]) == {"won": 1, "Stale": 7}
    assert scene.case.draft.version == 2
