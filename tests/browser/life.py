"""
A little life in a running demonstration, so that its pages have something to show.

python -m tests.browser.life --port 8000
"""

import argparse
import re
import time
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.journey import PIN, Journey
from tests.visitors import JSON, Answer, Visitor

CHINA = ZoneInfo("Asia/Shanghai")
BETTER = {"findings": "头颅 CT：右侧基底节区低密度影，复阅见左侧亦有小片影。"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    with Town(parser.parse_args().port) as town:
        live(town)


class Town:
    """Everybody at their own browser, signed in once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.there: dict[str, Visitor] = {}

    def __enter__(self) -> "Town":
        return self

    def __exit__(self, *_: object) -> None:
        for visitor in self.there.values():
            visitor.line.close()

    def __getitem__(self, username: str) -> Visitor:
        if username not in self.there:
            self.there[username] = Visitor(self.port, patience=30).sign_in(username)
        return self.there[username]


def live(town: Town) -> None:
    """One consult in each state that a page has words for, and people in odd conditions."""
    asked_and_waiting(town)
    asked_for_more(town)
    meeting_proposed(town)
    in_the_room(town)
    opinion_to_read(town)
    amended(town)
    withdrawn(town)
    closed(town)
    experts_met(town)
    phrases(town)
    a_month_begun(town)
    without_an_id(town)
    devices(town)
    a_screen(town)
    several(town)


def asked(town: Town, patient: str, *, asker: str = "township") -> Journey:
    journey = Journey(town[asker], town["specialist"], patient)
    for step in (journey.begin, journey.write, journey.consent, journey.send):
        done(step())
    return journey


def signed(town: Town, patient: str, *, asker: str = "township") -> Journey:
    journey = asked(town, patient, asker=asker)
    done(journey.accept())
    journey.enter(journey.answerer)
    journey.enter(journey.asker)
    for step in (journey.draft, journey.sign):
        done(step())
    return journey


def done(answer: Answer) -> None:
    """A refusal here is a mistake of ours, not a thing to photograph."""
    if answer.status >= 400 or "refused=" in answer.location:
        raise RuntimeError(f"{answer.status} {answer.location} {answer.text[:600]}")


def asked_and_waiting(town: Town) -> None:
    asked(town, "lxm")
    asked(town, "hkr", asker="township2")


def asked_for_more(town: Town) -> None:
    journey = asked(town, "yzm")
    fields = {"fields_asked": ["summary"], "text": "请补充近三天的血压记录"}
    done(journey.answerer.post(f"/cases/{journey.case}/ask/", fields))


def meeting_proposed(town: Town) -> None:
    journey = asked(town, "qyy", asker="township2")
    done(journey.answerer.post(f"/cases/{journey.case}/accept/", {}))
    tomorrow = datetime.fromtimestamp(time.time(), CHINA) + timedelta(days=1)
    fields = {"starts_at": f"{tomorrow:%Y-%m-%dT}10:30", "half_hours": 1}
    done(journey.answerer.post(f"/cases/{journey.case}/time/", fields))


def in_the_room(town: Town) -> None:
    journey = asked(town, "zqy")
    done(journey.accept())
    journey.enter(journey.answerer)
    journey.enter(journey.asker)
    done(journey.draft())


def opinion_to_read(town: Town) -> None:
    signed(town, "zgf")


def amended(town: Town) -> None:
    journey = signed(town, "qdg", asker="township2")
    done(journey.decide())
    done(
        journey.answerer.post(
            f"/opinions/{journey.case}/amend/", {"reason": "复阅影像后补充左侧病灶"}
        )
    )
    journey.version, journey.signing_key = 0, journey.emergency_key
    for step in (lambda: journey.draft(**BETTER), journey.sign):
        done(step())


def withdrawn(town: Town) -> None:
    """Asked by who signed, and waiting for the medical office."""
    journey = signed(town, "lml", asker="township2")
    done(
        journey.answerer.post(
            f"/opinions/{journey.case}/withdraw/", {"reason": "影像与另一位病人配错，结论不能用"}
        )
    )


def closed(town: Town) -> None:
    journey = signed(town, "wjh")
    done(journey.decide())


def experts_met(town: Town) -> None:
    """A joint consult in which the chair has written and one of two experts has dissented."""
    journey = Journey(town["township2"], town["specialist"], "rjj")
    done(journey.begin())
    done(journey.write())
    team = {"team_sent": "1", "joint": "on", "further": ["cardiology", "respiratory"]}
    done(journey.asker.post(f"/cases/{journey.case}/save/", team, JSON))
    done(journey.consent())
    done(journey.send())
    page = town["coordinator"].get(f"/cases/{journey.case}/mdt/").text
    chosen = re.findall(r'name="([\w-]+)" value="([^"]+)" checked', page)
    plan: dict[str, object] = {"specialties": [v for n, v in chosen if n == "specialties"]}
    people = dict(re.findall(r'value="([0-9a-f-]{36})"[^>]*>.{0,40}?<b>(.*?)</b>', page, re.S))
    wanted = {"neurology": "罗晓岚", "cardiology": "韦正义", "respiratory": "吴昌俊"}
    by_name = {name: key for key, name in people.items()}
    plan |= {f"doctor-{specialty}": by_name[name] for specialty, name in wanted.items()}
    plan |= {"chair": "neurology", "starts_at": dict(chosen)["starts_at"], "agenda": "用药"}
    done(town["coordinator"].post(f"/cases/{journey.case}/mdt/", plan))
    for expert in ("specialist", "specialist5", "specialist3"):
        done(town[expert].post(f"/cases/{journey.case}/accept/", {}))
    done(journey.draft())
    view = {
        "view": "dissent",
        "text": "血压波动与心律失常有关，不支持单纯脑梗死，建议先做动态心电图。",
        "pin": PIN,
    }
    done(town["specialist5"].post(f"/opinions/{journey.case}/state/", view))


def phrases(town: Town) -> None:
    for short, text, shared in (
        ("基底节", "右侧基底节区低密度影，考虑脑梗死。", ""),
        ("复诊", "监测血压，三日后复诊，不适随诊。", "on"),
    ):
        fields = {"short": short, "text": text, "shared": shared}
        done(town["specialist"].post("/opinions/phrases/", fields))


def a_month_begun(town: Town) -> None:
    """The rota of the month after the next: nobody is on yet."""
    today = datetime.fromtimestamp(time.time(), CHINA).date()
    months = today.year * 12 + today.month + 1  # counted from 0
    year, month = divmod(months, 12)
    done(town["coordinator"].post(f"/rota/{year}/{month + 1}/write/", {}))


def devices(town: Town) -> None:
    """A clinic's register, its line twice, and a fault."""
    admin = town["clinicadmin"]
    for kind, name, serial, place in (
        ("ultrasound", "Mindray DC-30", "SN-2021-0007", "B超室"),
        ("ecg", "ECG-1200", "E-0921", "诊室"),
        ("dr", "uDR 370i", "DR-77", "放射室"),
    ):
        facts = {"kind": kind, "name": name, "serial": serial, "place": place}
        clinic = admin.post("/devices/new/", facts)
        done(clinic)
    for kbit, delay in (("780", "90"), ("140", "620")):
        line = {"kbit_s": kbit, "rtt_ms": delay, "lost": "0", "tries": "5"}
        done(admin.post("/devices/link/", line))
    done(admin.post(f"{clinic.location}ticket/", {"text": "下午视频总是卡顿，请电信检修"}))


def without_an_id(town: Town) -> None:
    """Nobody's name, and somebody who may be in the index twice."""
    nobody = {"sex": "male", "because": "unconscious"}
    double = {
        "name": "李小梅",
        "sex": "female",
        "birth_date": "1996-06-19",
        "because": "undocumented",
        "another": "同村另有一人",
    }
    for found in (nobody, double):
        done(town["township"].post("/patients/new/", found))


def a_screen(town: Town) -> None:
    """In the waiting room of the whole hospital."""
    done(town["desk"].post("/booking/board/", {"department": ""}))


def several(town: Town) -> None:
    """Two lists of one clinic, of which the second has somebody who is booked by the first."""
    doctor = town["township"]
    where = doctor.get("/booking/batch/").text
    for department in re.findall(r"\?department=([0-9a-f-]{36})", where):
        asked = f"/booking/batch/?department={department}"
        found = "".join(doctor.get(f"{asked}&q={letter}").text for letter in "lyz")
        people = re.findall(r'<button class="btn" name="who" value="([0-9a-f-]{36})"', found)
        if len(people) >= 3:
            break
    lists = []
    for some in (people[:2], people[1:3]):
        key = uuid4()
        page = doctor.get(f"{asked}&key={key}" + "".join(f"&who={one}" for one in some)).text
        day = re.findall(r'name="day" value="([0-9-]+)"', page)[-1]
        rows = re.findall(r'name="row" value="([^"]+)"', page)
        lists.append({"key": key, "department": department, "day": day, "row": rows})
    for one in lists:
        done(doctor.post("/booking/batch/send/", one))


if __name__ == "__main__":
    main()
