"""The first journey over HTTP, as two doctors' pages play it: asked, answered, signed, decided."""

import base64
import json
import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from tests.visitors import JSON, Answer, Visitor

PIN = "246810"
DOT = (  # one pixel: who signs, signs
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
REQUEST = {
    "reason": "头晕 3 天，左侧肢体乏力",
    "aim": "明确诊断",
    "wanted_time": "today",
    "summary": "头晕 3 天，血压 168/96 mmHg，左上肢肌力 4 级。",
    "specialty": "neurology",
}
TEXTS = {
    "findings": "头颅 CT：右侧基底节区低密度影。",
    "conclusion": "考虑右侧基底节区脑梗死。",
    "recommendations": "1. 监测血压\n2. 转诊",
}


@dataclass
class Journey:
    """
    One case. Each step answers what the server said; repeating a step repeats the same request,
    under the same key where the page has one.
    """

    asker: Visitor
    answerer: Visitor
    patient: str  # letters of the name
    case: str = ""
    room: str = ""
    emergency_key: str = field(default_factory=lambda: uuid4().hex)
    signing_key: str = field(default_factory=lambda: uuid4().hex)
    version: int = 0  # of the draft, as the writer's page last heard

    def find_patient(self) -> str:
        answer = self.asker.ask("GET", f"/patients/?q={self.patient}", headers=JSON)
        return json.loads(answer.body)["patients"][0]["id"]

    def begin(self) -> Answer:
        answer = self.asker.post("/cases/new/", {"patient": self.find_patient()})
        self._remember(answer)
        return answer

    def write(self) -> Answer:
        page = self.asker.get(f"/cases/{self.case}/edit/")
        hospital = re.search(r'name="asked" value="([0-9a-f-]{36})"', page.text)
        assert hospital, page.text[:2000]
        fields = {**REQUEST, "asked": hospital[1]}
        return self.asker.post(f"/cases/{self.case}/save/", fields, JSON)

    def consent(self) -> Answer:
        page = self.asker.get(f"/cases/{self.case}/edit/")
        fee = re.search(r'name="fee" value="(\d+)"', page.text)
        assert fee, page.text[:2000]
        drawn = {"way": "drawn", "relation": "self", "signature": signature(), "fee": fee[1]}
        return self.asker.post(f"/cases/{self.case}/consent/", drawn, JSON)

    def send(self) -> Answer:
        return self.asker.post(f"/cases/{self.case}/send/", {})

    def ask_in_emergency(self, hospital: str) -> Answer:
        """One page, sent again under its key until it is answered."""
        fields = {
            "patient": self.find_patient(),
            "what": "stroke",
            "asked": hospital,
            "consent": "deferred",
            "waiting_reason": "家属在途",
            "key": self.emergency_key,
        }
        answer = self.asker.post("/cases/emergency/", fields)
        self._remember(answer)
        return answer

    def accept(self) -> Answer:
        return self.answerer.post(f"/cases/{self.case}/accept/", {"then": "enter"})

    def enter(self, who: Visitor) -> Answer:
        """The room's page; whoever comes first opens the room."""
        answer = who.get(f"/rooms/{self.case}/")
        self.room = json.loads(_between(answer.text, 'id="room-data"', "</script>"))["room"]
        return answer

    def draft(self, **texts: str) -> Answer:
        fields = {**TEXTS, **texts, "version": self.version}
        answer = self.answerer.post(f"/opinions/{self.case}/draft/", fields, JSON)
        if answer.status == 200:
            self.version = json.loads(answer.body)["version"]
        return answer

    def sign(self) -> Answer:
        headers = {**JSON, "Idempotency-Key": self.signing_key}
        off_duty = "病人在场等候"  # asked only of who has no shift now
        fields = {"version": self.version, "pin": PIN, "off_duty": off_duty}
        return self.answerer.post(f"/opinions/{self.case}/sign/", fields, headers)

    def part(self) -> Answer:
        """The room ends; a page that asks again reads that it has."""
        return self.asker.post(f"/rooms/of/{self.room}/end/", {})

    def decide(self) -> Answer:
        return self.asker.post(
            f"/cases/{self.case}/receipt/", {"decision": "adopted", "version": 1}
        )

    def _remember(self, answer: Answer) -> None:
        if found := re.search(r"/cases/([0-9a-f-]{36})/", answer.location):
            self.case = str(UUID(found[1]))


def signature() -> str:
    assert base64.b64decode(DOT).startswith(b"\x89PNG")
    return f"data:image/png;base64,{DOT}"


def _between(text: str, start: str, end: str) -> str:
    inside = text.partition(start)[2]
    return inside.partition(">")[2].partition(end)[0]
