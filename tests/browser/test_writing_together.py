"""Two doctors write one opinion in two windows."""

from django.utils import timezone
from playwright.sync_api import expect

from consult.opinions import services
from consult.opinions.models import Draft, Opinion, SectionLease
from telemed.core.intentions import intention
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.limits import SPARE
from tests.consult.requests.test_handing import colleague_of
from tests.factories.consult import PIN, accepted_case
from tests.marks import committed

pytestmark = committed
FOLLOWS = 2000  # ms in which the other window shows it
OURS, THEIRS = "右侧基底节区高密度影", "左侧未见异常"


def part(page, section, what=""):
    return page.locator(f"[data-part={section}] {what}".strip())


def text_of(page, section):
    return part(page, section, f"[name={section}]")


def test_two_write_together_and_one_signs(page_as):
    scene = accepted_case()
    other = colleague_of(scene)
    draft = f"/opinions/{scene.case.pk}/draft/"

    holder = page_as(scene.specialist)
    holder.goto(f"/opinions/{scene.case.pk}/writers/")
    assert_accessible(holder)
    assert_fits(holder)
    holder.locator("form", has_text=other.name).locator("button").click()
    expect(holder.locator("form[action$='/drop/']")).to_contain_text(other.name)
    holder.goto(draft)

    along = page_as(other, width=390)
    along.goto("/")
    along.locator(f"main a[href*='{scene.case.pk}']").first.click()
    along.goto(draft)
    expect(along.locator("[data-sign-button]")).to_have_count(0)

    holder.keyboard.press("Tab")
    text_of(holder, "findings").focus()
    holder.keyboard.type(OURS[:4])
    held = part(along, "findings", "[data-says]")
    expect(held).to_contain_text(scene.specialist.name, timeout=FOLLOWS * SPARE)
    expect(text_of(along, "findings")).not_to_be_editable()
    holder.keyboard.type(OURS[4:])
    expect(text_of(along, "findings")).to_have_value(OURS, timeout=FOLLOWS * SPARE)
    assert_accessible(along)
    assert_fits(along)

    text_of(along, "conclusion").fill("考虑脑出血")  # another section is free meanwhile
    expect(text_of(holder, "conclusion")).to_have_value("考虑脑出血", timeout=FOLLOWS * SPARE)
    expect(text_of(holder, "conclusion")).not_to_be_editable()

    text_of(holder, "recommendations").focus()  # leaves the findings
    expect(held).to_be_hidden(timeout=FOLLOWS * SPARE)
    text_of(along, "findings").focus()  # leaves the conclusion
    along.keyboard.press("End")
    along.keyboard.type("。")
    expect(text_of(holder, "findings")).to_have_value(f"{OURS}。", timeout=FOLLOWS * SPARE)
    expect(text_of(holder, "conclusion")).to_be_editable()

    holder.locator("[name=pin]").fill(PIN)
    holder.locator("[data-sign-button]").click()
    expect(holder.locator("[data-refusal]")).to_contain_text(other.name)
    assert not Opinion.objects.exists()

    SectionLease.objects.update(until=timezone.now())  # half a minute without a key
    over = part(holder, "findings", "[data-take-over]")
    expect(over).to_be_visible(timeout=8000)
    assert_accessible(holder)
    over.click()
    expect(text_of(holder, "findings")).to_be_focused()
    expect(text_of(along, "findings")).not_to_be_editable(timeout=FOLLOWS * SPARE)

    holder.locator("[name=pin]").fill(PIN)
    holder.locator("[data-sign-button]").click()
    holder.wait_for_url(f"**/cases/{scene.case.pk}/")
    assert Opinion.objects.get().findings == f"{OURS}。"
    expect(along.locator("[data-warning]")).to_be_visible(timeout=8000)


def test_who_begins_a_moment_later_loses_nothing_of_what_they_typed(page_as):
    scene = accepted_case()
    other = colleague_of(scene)
    with intention(scene.specialist, door="test"):
        services.ask_co_writer(actor=scene.specialist, case_id=scene.case.pk, user_id=other.pk)
    draft = f"/opinions/{scene.case.pk}/draft/"
    along, holder = page_as(other, width=390), page_as(scene.specialist)
    for page in (along, holder):
        page.goto(draft)
    # The bell does not reach this window in time: it begins not knowing.
    along.route("**/text/", lambda route: route.abort())
    text_of(holder, "findings").fill(OURS)
    expect(holder.locator("[data-state]")).to_contain_text(":")
    text_of(along, "findings").fill(THEIRS)

    typed = part(along, "findings", "[data-typed]")
    expect(typed).to_have_value(THEIRS)
    along.unroute("**/text/")
    expect(text_of(along, "findings")).to_have_value(OURS, timeout=8000)
    expect(part(along, "findings", "[data-says]")).to_contain_text(scene.specialist.name)
    expect(typed).to_have_value(THEIRS)
    assert_accessible(along)
    assert_fits(along)
    assert Draft.objects.get().findings == OURS
    holder.close()
    expect(text_of(along, "findings")).to_be_editable(timeout=8000)
