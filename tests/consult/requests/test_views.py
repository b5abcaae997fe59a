"""The pages of a request: what a refusal says, where, and that nothing typed is lost."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consult.requests import services
from consult.requests.models import Case, Status
from consult.requests.presenting import specialties
from records.consent.models import Consent
from telemed.core.intentions import intention
from telemed.organisations.models import Agreement, Specialty
from telemed.people.models import Role
from telemed.web import refused
from tests.factories.consult import LEGAL, drafted_case, sent_case, signed_case
from tests.factories.people import AgreementFactory, OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db
EMERGENCY = "/cases/emergency/"


def at(name, case):
    return reverse(f"requests:{name}", args=[case.pk])


def photo(kind="JPEG"):
    made = BytesIO()
    Image.new("RGB", (20, 10), "white").save(made, kind)
    return made.getvalue()


@pytest.fixture
def scene(client):
    scene = drafted_case()
    client.force_login(scene.asker)
    return scene


def test_a_refused_request_goes_back_to_its_page_with_what_was_typed(client, scene):
    typed = {**LEGAL, "reason": "咳嗽 3 周", "aim": "", "asked": scene.hospital.pk}

    answer = client.post(at("send", scene.case), typed)

    assert answer.status_code == refused.SEE_OTHER
    assert answer.url.startswith(at("edit", scene.case) + "?refused=")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "咳嗽 3 周" in page.content.decode()
    assert client.get(answer.url).content.decode().count("咳嗽 3 周") >= 1  # Back finds it again
    scene.refresh()
    assert scene.case.status == Status.DRAFT


def test_every_missing_field_links_to_itself(client, scene):
    Case.objects.update(consent=None)
    sent = {"reason": "", "aim": "", "wanted_time": "now", "summary": "x", "specialty": ""}
    page = client.post(at("send", scene.case), sent, follow=True)
    assert [name for name, _label in page.context["missing"]] == [
        "reason",
        "aim",
        "specialty",
        "consent",
    ]
    for name in ("reason", "aim", "specialty", "consent"):
        assert f'href="#{name}"' in page.content.decode()
        assert f'id="{name}"' in page.content.decode()
    assert page.content.decode().count("f--err") == 3


def test_what_cannot_be_saved_still_stands_in_the_form(client, scene):
    long = "长" * 501
    page = client.post(at("edit", scene.case), {"reason": long}, follow=True).content.decode()
    assert long in page
    assert 'aria-describedby="reason-wrong"' in page


def test_what_one_person_typed_is_not_on_another_s_page(client, scene):
    answer = client.post(at("send", scene.case), {**LEGAL, "aim": "", "reason": "只有我写的"})
    colleague = StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=scene.clinic)
    client.force_login(colleague)
    Case.objects.update(reason="别的")
    assert "只有我写的" not in client.get(answer.url).content.decode()


def test_a_refusal_is_kept_half_an_hour_and_only_the_newest_four(client, scene):
    def refuse(text):
        return client.post(at("send", scene.case), {**LEGAL, "aim": "", "title": text}).url

    first = client.post(at("edit", scene.case), {"reason": "一" * 501}).url
    for _ in range(refused.KEPT):
        refuse("")
    assert "一" * 501 not in client.get(first).content.decode()
    newest = refuse("")
    session = client.session
    for said in session[refused.MARK].values():
        said["at"] -= refused.LIFE + 1
    session.save()
    assert 'id="refused"' not in client.get(newest).content.decode()


def test_a_script_still_gets_its_refusal_as_json(client, scene):
    answer = client.post(
        at("save", scene.case), {"reason": "一" * 501}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["path"]) == (422, "reason")


def test_a_form_without_a_page_of_its_own_goes_back_where_it_was_sent_from(client, scene):
    came = "http://testserver/patients/?q=wjh&refused=old"
    answer = client.post(reverse("requests:new"), {"patient": "?"}, headers={"referer": came})
    assert answer.url.startswith("/patients/?q=wjh&refused=")
    assert "refused=old" not in answer.url
    elsewhere = {"referer": "https://elsewhere.example/patients/"}
    assert (
        client.post(reverse("requests:new"), {"patient": "?"}, headers=elsewhere).status_code == 422
    )


def test_a_page_that_stood_open_too_long_keeps_what_was_typed(client, scene):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(scene.asker)
    answer = strict.post(at("send", scene.case), {**LEGAL, "reason": "写了很久"})
    page = strict.get(answer.url).content.decode()
    assert "写了很久" in page
    assert 'id="refused"' in page


def test_the_loser_of_a_race_is_told_who_won(client):
    scene = sent_case(specialists=2)
    loser = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    with intention(scene.specialist, door="test"):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    client.force_login(loser)
    page = client.post(at("accept", scene.case), {}, follow=True)
    assert page.status_code == 200
    assert scene.specialist.name in page.content.decode()


def test_a_receipt_without_its_reason_keeps_the_choice(client):
    scene = signed_case()
    client.force_login(scene.asker)
    sent = {"decision": "partly", "reason": "", "version": 1}
    page = client.post(at("receipt", scene.case), sent, follow=True).content.decode()
    assert 'value="partly" checked' in page
    assert 'id="receipt-wrong"' in page
    scene.refresh()
    assert scene.case.status == Status.SIGNED


def test_a_withdrawal_without_reason_opens_its_part_again(client):
    scene = sent_case()
    client.force_login(scene.asker)
    page = client.post(at("cancel", scene.case), {"reason": " "}, follow=True).content.decode()
    assert '<details class="fold" open>' in page


def test_what_was_sent_is_no_form_any_more(client):
    scene = sent_case()
    client.force_login(scene.asker)
    assert client.get(at("edit", scene.case)).url == at("case", scene.case)
    page = client.post(at("send", scene.case), LEGAL, follow=True)
    assert page.redirect_chain[-1][0].startswith(at("case", scene.case))
    assert 'id="refused"' in page.content.decode()


# ---- whom to ask


@pytest.fixture
def expired(scene):
    """A hospital that the clinic once asked."""
    hospital = OrganisationFactory(name="邻县人民医院")
    today = timezone.localdate()
    AgreementFactory(
        asking=scene.clinic,
        asked=hospital,
        state=Agreement.State.EXPIRED,
        starts_on=today - timedelta(days=400),
        ends_on=today - timedelta(days=30),
    )
    return hospital


def test_a_hospital_whose_agreement_ended_stands_disabled_with_the_reason(client, scene, expired):
    for page in (client.get(at("edit", scene.case)), client.get(EMERGENCY)):
        text = page.content.decode()
        choice = text.split(f'value="{expired.pk}"')[1].split(">")[0]
        assert "disabled" in choice
        assert "checked" not in choice
        assert 'aria-describedby="why-' in choice


def test_it_is_refused_at_the_door_and_what_else_was_typed_stays(client, scene, expired):
    typed = {**LEGAL, "reason": "咳嗽 3 周", "asked": expired.pk}
    page = client.post(at("edit", scene.case), typed, follow=True).content.decode()
    assert expired.name in page
    assert "咳嗽 3 周" in page
    scene.refresh()
    assert scene.case.asked == scene.hospital


def test_one_whose_agreement_ended_after_it_was_chosen_lets_the_words_be_kept(client, scene):
    Agreement.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    typed = {**LEGAL, "reason": "咳嗽 3 周", "asked": scene.hospital.pk}
    saved = client.post(at("save", scene.case), typed, headers={"accept": "application/json"})
    assert saved.status_code == 200
    page = client.post(at("send", scene.case), typed, follow=True).content.decode()
    assert scene.hospital.name in page
    scene.refresh()
    assert (scene.case.status, scene.case.reason) == (Status.DRAFT, "咳嗽 3 周")


# ---- consent


def test_a_photo_of_signed_paper_needs_neither_script_nor_mouse(client, scene):
    Case.objects.update(consent=None)
    picture = SimpleUploadedFile("paper.jpg", photo(), "image/jpeg")
    form = {
        **LEGAL,
        "reason": "先写的",
        "way": "paper",
        "relation": "next_of_kin",
        "photo": picture,
        "fee": 12000,
    }
    assert client.post(at("consent", scene.case), form).url == at("edit", scene.case)
    scene.refresh()
    assert scene.case.reason == "先写的"  # the rest of the form came along
    assert (scene.case.consent.method, scene.case.consent.relation) == ("paper", "next_of_kin")


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_script_sends_the_photo_small(client, scene, kind):
    url = f"data:image/{kind};base64,{base64.b64encode(photo(kind.upper())).decode()}"
    form = {"way": "paper", "relation": "self", "signature": url, "fee": 12000}
    answer = client.post(at("consent", scene.case), form, headers={"accept": "application/json"})
    assert answer.json()["signed"]


@pytest.mark.parametrize("url", ["data:text/html;base64,PGI+", "data:image/jpeg;base64,PGI+", "x"])
def test_what_is_no_picture_is_no_signature(client, scene, url):
    before = Consent.objects.count()
    form = {"way": "drawn", "relation": "self", "signature": url, "fee": 12000}
    answer = client.post(at("consent", scene.case), form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["path"]) == (422, "signature")
    assert Consent.objects.count() == before


def test_an_emergency_may_be_signed_on_paper(client, scene):
    picture = SimpleUploadedFile("paper.jpg", photo(), "image/jpeg")
    form = emergency(scene, consent="paper", photo=picture)
    assert client.post(EMERGENCY, form).status_code == 302
    assert Case.objects.get(kind="emergency").consent.method == "paper"


def test_a_refused_emergency_keeps_everything_even_the_signature(client, scene):
    url = f"data:image/png;base64,{base64.b64encode(photo('PNG')).decode()}"
    form = emergency(scene, consent="drawn", signature=url, asked="", reason="突然说不出话")
    page = client.post(EMERGENCY, form, follow=True).content.decode()
    assert url in page
    assert "突然说不出话" in page
    assert scene.patient.name in page
    assert f'name="key" value="{form["key"]}"' in page
    assert not Case.objects.filter(kind="emergency").exists()


@pytest.mark.parametrize("page", [EMERGENCY, "/cases/routes/"])
@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.COORDINATOR, Role.AUDITOR])
def test_only_who_may_ask_gets_the_pages_for_it(client, role, page):
    client.force_login(StaffFactory(role=role))
    assert client.get(page).status_code == 403


def emergency(scene, **more):
    return {
        "patient": scene.patient.pk,
        "what": "stroke",
        "asked": scene.hospital.pk,
        "relation": "self",
        "key": "one-click",
        **more,
    }


# ---- specialties


def test_four_specialties_stand_open_and_all_can_be_chosen(client, scene):
    page = client.get(at("edit", scene.case))
    open_ones = page.context["likely_specialties"]
    assert len(open_ones) == 4
    assert LEGAL["specialty"] in dict(open_ones)
    for value in Specialty.values:
        assert page.content.decode().count(f'name="specialty" value="{value}"') == 1


def test_those_that_the_clinic_asks_most_come_first():
    likely, others = specialties(["obstetrics", "surgery"], chosen="radiology")
    assert {"obstetrics", "surgery", "radiology"} < {value for value, _label in likely}
    assert len(likely) + len(others) == len(Specialty.values)


def test_the_form_costs_no_more_queries_with_more_cases(client, scene):
    with CaptureQueriesContext(connection) as captured:
        client.get(at("edit", scene.case))
    first = len(captured)
    for _ in range(3):
        Case.objects.create(
            patient=scene.patient, asking=scene.clinic, requester=scene.asker, specialty="surgery"
        )
    with CaptureQueriesContext(connection) as captured:
        client.get(at("edit", scene.case))
    assert len(captured) == first


# ---- the coordinator's board on a phone


def standing(page):
    return [column.key for column in page.context["columns"] if column.stands]


def test_the_board_begins_with_the_first_stage_in_which_there_is_anything(client):
    scene = signed_case()
    client.force_login(scene.coordinator)
    page = client.get("/")
    assert standing(page) == ["receipt"]
    assert "part=board&amp;column=receipt" in page.content.decode()  # nothing moves at a ring


@pytest.mark.parametrize(("wanted", "stands"), [("answer", "answer"), ("nonsense", "receipt")])
def test_another_stage_is_a_link(client, wanted, stands):
    scene = signed_case()
    client.force_login(scene.coordinator)
    page = client.get("/", {"column": wanted})
    assert standing(page) == [stands]
    assert 'href="?column=progress"' in page.content.decode()


def test_an_empty_board_begins_at_the_beginning(client):
    client.force_login(StaffFactory(role=Role.COORDINATOR))
    assert standing(client.get("/")) == ["assign"]


def test_the_coordinators_page_asks_no_more_for_more_doctors(client):
    asked = []
    for specialists in (1, 6):
        scene = sent_case(specialists=specialists)
        client.force_login(scene.coordinator)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(at("case", scene.case))
        assert answer.content.decode().count('name="doctor"') == specialists
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_consent_whose_answer_was_lost_is_sent_again_and_is_one_consent(client):
    scene = drafted_case()
    client.force_login(scene.asker)
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    drawn = {
        "way": "drawn",
        "relation": "self",
        "signature": f"data:image/png;base64,{picture}",
        "fee": 12000,
    }

    for _try in range(2):
        client.post(at("consent", scene.case), drawn, headers={"accept": "application/json"})

    kept = Consent.objects.filter(about=scene.case.pk, signature=b"\x89PNG\r\n\x1a\n")
    assert kept.count() == 1
    client.post(at("consent", scene.case), drawn | {"relation": "next_of_kin"})
    assert scene.refresh().consent.relation == "next_of_kin"
