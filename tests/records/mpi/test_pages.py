import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.mpi.models import Merge, Pair
from telemed.audit.models import AuditRow
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory
from tests.records.mpi.test_merging import build, suggest

pytestmark = pytest.mark.django_db
QUEUE = "/patients/pairs/"


@pytest.fixture
def scene(by):
    scene = build()
    scene.pair = suggest(by, scene)
    scene.page = f"{QUEUE}{scene.pair.pk}/"
    return scene


def post(client, who, scene, act, **data):
    client.force_login(who)
    return client.post(f"{scene.page}{act}/", data, follow=True)


def test_a_pair_is_proposed_by_one_and_confirmed_by_another_on_its_page(client, scene):
    client.force_login(scene.one)
    assert scene.page in client.get(QUEUE).content.decode()
    page = client.get(scene.page)
    assert page.context["compared"].reasons
    merge = {"survivor": scene.a.pk, "reason": "same card seen"}
    assert b"confirm/" not in post(client, scene.one, scene, "propose", **merge).content
    post(client, scene.one, scene, "confirm")
    assert not Merge.objects.exists()
    client.force_login(scene.two)
    assert b"confirm/" in client.get(scene.page).content
    post(client, scene.two, scene, "confirm")
    assert Merge.objects.get().survivor == scene.a
    post(client, scene.one, scene, "separate", reason="two after all")
    post(client, scene.office, scene, "part")
    assert Pair.objects.get().state == Pair.State.UNMERGED


def test_looking_is_traced_for_both_people(client, scene):
    client.force_login(scene.one)
    client.get(scene.page)
    traced = AuditRow.objects.filter(action="match.read").values_list("patient_id", flat=True)
    assert set(traced) == {str(scene.a.pk), str(scene.b.pk)}


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("propose", {"survivor": "x", "reason": "same card seen"}),
        ("different", {"reason": "x"}),
        ("confirm", {}),
        ("part", {}),
        ("nonsense", {}),
    ],
)
def test_a_refusal_changes_nothing(client, scene, act, data):
    post(client, scene.one, scene, act, **data)
    assert Pair.objects.values("state", "proposed_by").get() == {
        "state": "suggested",
        "proposed_by": None,
    }


def test_linked_and_told_apart_on_the_page(client, scene):
    post(client, scene.one, scene, "link", reason="looks like one")
    assert Pair.objects.get().state == Pair.State.LINKED
    post(client, scene.two, scene, "different", reason="two cousins")
    assert Pair.objects.get().state == Pair.State.DIFFERENT


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESIDENT}))
def test_others_neither_list_nor_open(client, scene, role):
    reviews = role in (Role.ADMINISTRATOR, Role.MEDICAL_OFFICE)
    client.force_login(StaffFactory(role=role, organisation=scene.clinic))
    assert client.get(QUEUE).status_code == (200 if reviews else 403)
    client.force_login(StaffFactory(role=role))
    assert client.get(scene.page).status_code == (404 if reviews else 403)


def test_the_queue_costs_no_more_with_more_pairs(client, scene, by):
    client.force_login(scene.one)

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(QUEUE).status_code == 200
        return len(captured)

    count()
    few = count()
    for _n in range(8):
        suggest(by, scene, scene.a, PatientFactory(managing_organisation=scene.clinic))
    assert count() == few <= 12
