"""The desk itself in real rooms: two studies, key images, who comes later, and lost frames."""

import random
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from consult.keyimages.models import KeyImage
from consult.rooms.models import RoomEvent
from records.imaging import files, intake, phantom, services
from telemed.core.intentions import intention
from tests.browser.room_server import WATCH
from tests.factories.imaging import as_bytes, ecg
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
DESK = "document.querySelector('[data-room=viewer]').viewer"
COUNT = 7
OPERATIONS = 200
LOST = 0.2


def laid(patient, doctor, key, contents):
    """A study out of (name, bytes), kept as an upload keeps it."""
    with files.arriving() as folder:
        pictures = []
        for name, content in contents:
            (folder / name).write_bytes(content)
            pictures += intake.sort_out(files.settle(folder / name), name, key)
        with intention(doctor, door="test"):
            kept = services.store_pictures_for(
                patient=patient, organisation=doctor.organisation, pictures=pictures
            )
    return kept.studies[0]


def thorax(patient, key, days=0, **where):
    drawn = {"name": patient.name, "patient_id": "x", "count": COUNT, **where}
    at = patient.created_at - timedelta(days=days)
    return phantom.slices(key=f"{key}/{patient.pk}", at=at, **drawn)


@pytest.fixture
def who(transactional_db):
    """A case with a CT, an earlier one 3.75 mm higher, and an ECG."""
    there = scene()
    case = there.room.case
    now = laid(case.patient, there.asking, "now", thorax(case.patient, "now"))
    laid(case.patient, there.asking, "old", thorax(case.patient, "old", days=90, middle=3.75))
    laid(case.patient, there.asking, "ecg", [("e.dcm", as_bytes(ecg()))])
    case.studies.add(now)
    return there


# Picture and sound are other tests' business, and these pages draw much.
SILENT = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("no", "NotAllowedError"));"""


def enter(page, who):
    page.add_init_script(WATCH)
    page.add_init_script(SILENT)
    page.goto(f"/rooms/{who.room.case_id}/")
    page.locator('[data-room="enter"]').click()
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    page.wait_for_function(f"() => !!{DESK}?.board?.frames?.kept.size", timeout=30_000)
    return page


def state(page):
    return page.evaluate(f"() => {DESK}.state")


def marks(page):
    return page.evaluate(f"() => [...{DESK}.marks.keys()].sort()")


def agree(page, wanted):
    """Wait until a page shows that."""
    page.wait_for_function(
        f"(wanted) => JSON.stringify({DESK}.state) === JSON.stringify(wanted)", arg=wanted
    )


def test_two_studies_scroll_together_by_millimetres_for_everybody(page_as, who):
    a, b = (enter(page_as(user), who) for user in (who.answering, who.asking))
    a.locator('[data-room="lead"]').click()
    a.locator("[data-desk-do=sideBySide]").click()
    b.wait_for_function(f"() => {DESK}.state.beside")

    a.locator(".vp").first.click()
    a.keyboard.press("ArrowDown")

    a.wait_for_function(f"() => {DESK}.state.slice === 4 && {DESK}.state.beside.slice === 4")
    where = f"[0, 1].map((n) => {DESK}.panes[n].board.slice.location)"
    first, second = a.evaluate(f"() => {where}")
    assert second - first == pytest.approx(3.75, abs=0.01)
    agree(b, state(a))


def test_a_phone_shows_one_of_the_two_with_a_switch(page_as, who):
    a = enter(page_as(who.answering, width=390), who)
    a.locator("[data-desk-do=sideBySide]").click()
    a.wait_for_function(f"() => {DESK}.state.beside")
    expect(a.locator(".pane-v:visible")).to_have_count(1)
    a.locator(".desk__sw button").nth(1).click()
    expect(a.locator(".pane-v:visible select")).to_have_value(state(a)["beside"]["study"])


def test_who_comes_third_has_view_marks_calipers_and_key_images_at_once(page_as, who):
    a = enter(page_as(who.answering), who)
    a.locator('[data-room="lead"]').click()
    a.evaluate(f"() => {DESK}.keep()")
    expect(a.locator(".kstrip li")).to_have_count(1, timeout=15_000)
    paper = {"from": 0, "speed": 50, "gain": 20, "layout": "list", "filter": True}
    a.evaluate(
        f"""async (ecg) => {{
          const desk = {DESK};
          const study = desk.studies.find((one) => one.name.startsWith("ECG"));
          await desk.panes[0].open(study.id);
          const {{ board }} = desk.panes[0];
          board.change(ecg);
          desk.told(true);
          const series = board.view.series;
          const mark = {{ id: "cal", kind: "time", series, slice: 0, points: [[1, 0], [5, 0]],
            value: 4, unit: "ms", extra: {{ lead: "I", rate: 15000 }} }};
          board.addMark(mark, {{ own: true }});
          board.tell("mark", {{ mark }});
        }}""",
        paper,
    )
    a.wait_for_function("() => !!window.sockets.length")

    b = page_as(who.asking)
    b.add_init_script(WATCH)
    b.goto(f"/rooms/{who.room.case_id}/")
    b.locator('[data-room="enter"]').click()

    b.wait_for_function(f"() => {DESK}?.state.ecg?.speed === 50", timeout=15_000)
    assert state(b) == state(a)
    assert state(b)["ecg"] == paper
    b.wait_for_function(f"() => {DESK}.marks.has('cal')")
    expect(b.locator(".kstrip li")).to_have_count(1)
    assert KeyImage.objects.count() == 1


# Passing frames may be lost; what rests is in the log.
LOSE = """([seed, lost]) => {
  let n = seed;
  const chance = () => ((n = (n * 1103515245 + 12345) % 2147483648) / 2147483648);
  const socket = window.sockets[window.sockets.length - 1];
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    const frame = JSON.parse(text);
    const passes = frame.do === "point" || (frame.do === "view" && !frame.settled);
    if (!passes || chance() > lost) send(text);
  };
}"""


def test_two_hundred_operations_with_a_fifth_of_the_passing_frames_lost_end_alike(page_as, who):
    a, b = (enter(page_as(user), who) for user in (who.answering, who.asking))
    for page in (a, b):
        page.evaluate(LOSE, [7, LOST])
    a.locator('[data-room="lead"]').click()
    a.locator("[data-desk-do=sideBySide]").click()
    for page in (a, b):
        page.wait_for_function(f"() => {DESK}.state.beside")
    chosen = random.Random(12)  # noqa: S311 - the same operations each time
    operations = [
        [chosen.choice(["scroll", "window", "zoom", "invert", "mark", "unmark", "pane", "lead"]), n]
        for n in range(OPERATIONS)
    ]
    act = f"""async ([what, n]) => {{
      const desk = {DESK};
      const board = desk.board;
      const own = [...desk.marks.values()].filter(({{ facts }}) => facts.own);
      if (what === "scroll") board.scrollBy((n % 5) - 2);
      if (what === "window") board.windowBy(n % 7, -(n % 3));
      if (what === "zoom") board.zoomBy(n % 2 ? 1.25 : 0.8);
      if (what === "invert") board.act("invert");
      if (what === "pane") desk.activate(n % 2);
      if (what === "unmark" && own.length) board.unmark(own[0].mark.id);
      if (what === "mark") {{
        const {{ series, slice }} = board.where();
        const mark = {{ id: `m${{n}}-${{Math.random()}}`, kind: "arrow", series, slice,
          points: [[1, 2], [n, n]], value: null, unit: "", extra: {{ label: `${{n}}` }} }};
        board.addMark(mark, {{ own: true }});
        board.tell("mark", {{ mark }});
      }}
      await new Promise((done) => setTimeout(done, 10));
    }}"""
    leader, other = a, b
    for operation in operations:
        if operation[0] == "lead":
            leader, other = other, leader
            leader.wait_for_function("() => !document.querySelector('[data-room=alone]').hidden")
            leader.evaluate("() => document.querySelector('[data-room=lead]').click()")
            leader.wait_for_function("() => document.querySelector('[data-room=alone]').hidden")
        else:
            leader.evaluate(act, operation)

    agree(other, state(leader))
    other.wait_for_function(
        f"(wanted) => JSON.stringify([...{DESK}.marks.keys()].sort()) === JSON.stringify(wanted)",
        arg=marks(leader),
    )
    assert RoomEvent.objects.filter(kind="view.settled").exists()
    third = StaffFactory(role=who.asking.role, organisation=who.asking.organisation)
    late = enter(page_as(third), who)
    agree(late, state(leader))
    assert marks(late) == marks(leader)
