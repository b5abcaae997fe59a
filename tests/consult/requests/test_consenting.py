"""The consent names one hospital and one fee: what is signed is what stood on the page."""

import re

import pytest
from django.urls import reverse

from consult.requests import services
from consult.requests.models import Case, Kind, Status
from records.consent.models import Consent
from telemed.core.errors import Conflict, Invalid
from telemed.organisations.models import Agreement, AgreementService
from tests.consult.requests.looking import clock_states
from tests.factories.consult import drafted_case, sent_case
from tests.factories.people import AgreementFactory, OrganisationFactory
from tests.factories.registers import on_the_register
from tests.journey import signature

pytestmark = pytest.mark.django_db
EMERGENCY = reverse("requests:emergency")
WAIVED = "By policy this patient pays none of it."
SCRIPT = {"accept": "application/json"}


def at(name, case):
    return reverse(f"requests:{name}", args=[case.pk])


@pytest.fixture
def scene(client):
    """A complete draft, whose consent was signed for 120 yuan."""
    scene = drafted_case()
    scene.asker.language = "en"
    scene.asker.save()
    client.force_login(scene.asker)
    return scene


@pytest.fixture
def dearer(scene):
    """Another hospital that the clinic may ask, for 80.50 yuan."""
    hospital = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=hospital, price=8050)
    return hospital


def price(scene, fen):
    """What the hospital of the scene takes from now on."""
    lines = AgreementService.objects.filter(asked=scene.hospital, service="consult")
    assert lines.update(price=fen) == 1


def send(by, scene):
    with by(scene.asker):
        return services.submit_case(actor=scene.asker, case_id=scene.case.pk)


def sign(by, scene, fee, **more):
    given = {"method": "drawn", "relation": "self", "signature": b"\x89PNG", **more}
    with by(scene.asker):
        return services.attach_consent(
            actor=scene.asker, case_id=scene.case.pk, fee_shown=fee, **given
        )


def save(by, scene, **fields):
    with by(scene.asker):
        return services.save_draft(actor=scene.asker, case_id=scene.case.pk, **fields)


def explained(page):
    """What the page explains before somebody signs, and the fee that it sends along."""
    said = re.search(r"<b data-explained[^>]*>([^<]*)<", page)[1]
    return said, re.search(r'name="fee" value="(\d*)"', page)[1]


# ---- shown


def test_the_fee_of_the_hospital_chosen_stands_where_one_signs(client, scene, dearer):
    Case.objects.update(asked=dearer, proposed=None)
    page = client.get(at("edit", scene.case)).content.decode()
    assert explained(page) == (f"{dearer.name}: fee 80.50 yuan", "8050")
    choices = dict(re.findall(r'value="([0-9a-f-]{36})"[^>]*data-fee="(\d+)"', page))
    assert choices == {str(scene.hospital.pk): "12000", str(dearer.pk): "8050"}


def test_a_joint_consult_has_a_fee_of_its_own(client, scene):
    AgreementFactory(asking=scene.clinic, asked=scene.hospital, services=["mdt"], price=30000)
    Case.objects.update(kind=Kind.MDT, further=["cardiology"])
    page = client.get(at("edit", scene.case)).content.decode()
    assert explained(page) == (f"{scene.hospital.name}: fee 300 yuan", "30000")
    part = client.get(reverse("requests:routes"), {"specialty": "neurology", "joint": "on"})
    assert 'data-fee="30000"' in part.content.decode()


@pytest.mark.parametrize("name", ["emergency", "kit"])
def test_an_emergency_explains_it_too(client, scene, name):
    page = client.get(reverse(f"requests:{name}")).content.decode()
    assert explained(page) == (f"{scene.hospital.name}: fee 120 yuan", "12000")


def test_with_no_hospital_chosen_no_fee_is_named(client, scene):
    AgreementService.objects.all().delete()
    page = client.get(at("edit", scene.case)).content.decode()
    assert explained(page) == ("Choose the hospital: it and its fee are explained here.", "")


def test_who_pays_nothing_is_told_so_beside_the_fee_agreed(client, scene):
    assert WAIVED not in client.get(at("edit", scene.case)).content.decode()
    on_the_register(scene.patient)
    page = client.get(at("edit", scene.case)).content.decode()
    assert explained(page) == (f"{scene.hospital.name}: fee 120 yuan", "12000")
    assert WAIVED in page


def test_an_emergency_whose_consent_is_still_due_says_it_too(client, scene):
    case = emergency(client, scene, consent="deferred", fee="12000")
    on_the_register(case.patient)
    assert WAIVED in client.get(at("case", case)).content.decode()


# ---- signed


def test_the_consent_keeps_the_fee_that_was_on_the_page_and_for_which_hospital(client, scene):
    Case.objects.update(consent=None)
    _said, fee = explained(client.get(at("edit", scene.case)).content.decode())
    drawn = {"way": "drawn", "relation": "self", "signature": signature(), "fee": fee}
    assert client.post(at("consent", scene.case), drawn, headers=SCRIPT).status_code == 200
    consent = scene.refresh().consent
    assert (consent.fee_shown, consent.asked) == (12000, scene.hospital)


@pytest.mark.parametrize("fee", ["6000", "12001", "0"])
def test_another_fee_than_the_price_in_force_is_refused(client, scene, fee):
    before = Consent.objects.count()
    price(scene, 8000)
    drawn = {"way": "drawn", "relation": "next_of_kin", "signature": signature(), "fee": fee}
    answer = client.post(at("consent", scene.case), drawn, headers=SCRIPT)
    assert answer.status_code == 409
    said = "The fee has changed to 80 yuan: please explain it and sign again."
    assert answer.json()["text"] == said
    assert Consent.objects.count() == before


@pytest.mark.parametrize("fee", ["", "-1", "many", None])
def test_a_page_that_names_no_fee_signs_nothing(client, scene, fee):
    drawn = {"way": "drawn", "relation": "next_of_kin", "signature": signature()}
    sent = drawn if fee is None else drawn | {"fee": fee}
    answer = client.post(at("consent", scene.case), sent, headers=SCRIPT)
    assert (answer.status_code, answer.json()["path"]) == (422, "fee")
    assert scene.refresh().consent.relation == "self"


def test_nobody_signs_before_a_hospital_is_chosen(by, scene):
    save(by, scene, asked="")
    with pytest.raises(Invalid) as refused:
        sign(by, scene, 0, relation="next_of_kin")
    assert refused.value.path == "asked"


# ---- changed since


def test_for_another_hospital_it_is_signed_anew(by, scene, dearer):
    save(by, scene, asked=dearer.pk)
    with pytest.raises(Conflict) as refused:
        send(by, scene)
    assert refused.value.path == "consent"
    assert dearer.name in refused.value.message
    assert scene.hospital.name in refused.value.message
    assert scene.refresh().status == Status.DRAFT
    sign(by, scene, 8050)  # the very same hand, for another hospital
    assert send(by, scene).status == Status.SUBMITTED
    assert scene.refresh().consent.asked == dearer


def test_back_at_the_hospital_that_was_explained_it_holds(by, scene, dearer):
    save(by, scene, asked=dearer.pk)
    save(by, scene, asked=scene.hospital.pk)
    assert send(by, scene).status == Status.ROUTED


@pytest.mark.parametrize("fen", [8000, 0])
def test_for_another_fee_it_is_signed_anew(by, scene, fen):
    price(scene, fen)
    with pytest.raises(Conflict, match=f"{fen // 100} "):
        send(by, scene)
    assert scene.refresh().status == Status.DRAFT
    sign(by, scene, fen)
    assert send(by, scene).status == Status.ROUTED


def test_a_joint_consult_that_costs_more_is_signed_anew(by, scene):
    AgreementFactory(asking=scene.clinic, asked=scene.hospital, services=["mdt"], price=30000)
    save(by, scene, joint=True, further=["cardiology"])
    with pytest.raises(Conflict, match="300"):
        send(by, scene)
    sign(by, scene, 30000)
    assert send(by, scene).status == Status.SUBMITTED


def test_the_page_hears_at_once_that_the_consent_no_longer_holds(client, scene, dearer):
    def saved(hospital):
        body = {"asked": hospital.pk}
        return client.post(at("save", scene.case), body, headers=SCRIPT).json()

    assert saved(scene.hospital)["signed"] is True
    assert saved(dearer)["signed"] is False
    assert dearer.name in saved(dearer)["consent"]
    page = client.get(at("edit", scene.case)).content.decode()
    assert "data-consent-state></span>" in page
    assert saved(dearer)["consent"] in page


def test_a_draft_that_is_signed_stays_with_its_hospital(client, scene, dearer):
    """The order of the hospitals follows the hour; who signed, signed for one."""
    Case.objects.update(proposed=scene.hospital)
    page = client.get(at("edit", scene.case))
    assert page.context["chosen_way"].organisation == scene.hospital
    Case.objects.update(asked=dearer, proposed=dearer)
    page = client.get(at("edit", scene.case))
    assert page.context["chosen_way"].organisation == dearer


# ---- an emergency goes first


def emergency(client, scene, **more):
    form = {
        "patient": scene.patient.pk,
        "what": "stroke",
        "asked": scene.hospital.pk,
        "relation": "self",
        "key": "once",
        "consent": "drawn",
        "signature": signature(),
        **more,
    }
    answer = client.post(EMERGENCY, form, headers=SCRIPT)
    assert answer.status_code == 200, answer.content.decode()
    return Case.objects.get(kind="emergency")


def test_an_emergency_whose_page_named_the_fee_is_whole(client, scene):
    case = emergency(client, scene, fee="12000")
    assert (case.consent.fee_shown, case.fee_to_agree) == (12000, None)
    assert not case.consent_is_due


@pytest.mark.parametrize("fee", ["6000", ""])
def test_an_emergency_is_not_held_up_by_a_fee_that_changed_meanwhile(client, by, scene, fee):
    """As one is that was written without a line: it goes, and the fee is agreed to within a day."""
    case = emergency(client, scene, fee=fee)
    assert (case.status, case.consent.fee_shown) == (Status.ROUTED, int(fee or 0))
    assert (case.fee_to_agree, case.consent_is_due) == (12000, True)
    assert clock_states(case, "case.consent")
    page = client.get(at("case", case)).content.decode()
    assert f"It costs 120 yuan. The consent names {int(fee or 0) // 100} yuan" in page
    assert 'name="fee" value="12000"' in page
    with by(scene.asker):
        services.attach_consent(
            actor=scene.asker,
            case_id=case.pk,
            method="drawn",
            relation="self",
            signature=b"\x89PNG",
            fee_shown=12000,
        )
    case.refresh_from_db()
    assert not case.consent_is_due


def test_what_was_put_off_is_explained_and_signed_on_the_page_of_the_case(client, scene):
    case = emergency(client, scene, consent="deferred", fee="12000")
    assert (case.fee_to_agree, case.consent_is_due) == (None, True)
    page = client.get(at("case", case)).content.decode()
    assert 'name="fee" value="12000"' in page
    assert f"{scene.hospital.name}: fee 120 yuan" in page
    drawn = {"way": "drawn", "relation": "next_of_kin", "signature": signature(), "fee": "9000"}
    assert client.post(at("consent", case), drawn, headers=SCRIPT).status_code == 409
    assert client.post(at("consent", case), drawn | {"fee": 12000}, headers=SCRIPT).json()["signed"]
    case.refresh_from_db()
    assert not case.consent_is_due


def test_a_sent_consult_keeps_the_price_of_its_own_agreement():
    scene = sent_case()
    Agreement.objects.update(state=Agreement.State.EXPIRED)
    AgreementService.objects.update(in_force=False)
    AgreementFactory(asking=scene.clinic, asked=scene.hospital, price=8000)
    assert services.fee_of(scene.refresh()) == 12000
