"""A Daphne that a test may stop and start again, and windows onto it that count their media."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import ROOT, addresses, wait_for

# Everything the page does with WebRTC, kept where a test can read it.
WATCH = """
  window.calls = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) { super(...args); window.calls.push(this); }
  };
  window.sockets = [];
  window.WebSocket = class extends WebSocket {
    constructor(address) {
      super(localStorage.getItem("no-line") ? address.replace("rooms", "nowhere") : address);
      if (address.includes("/ws/rooms/")) window.sockets.push(this);
    }
  };
"""

# What came in so far on the live calls: frames decoded, audio packets, audio samples and concealed.
COUNT = """async () => {
  const sum = { frames: 0, packets: 0, samples: 0, concealed: 0, states: [] };
  for (const call of window.calls) {
    if (call.connectionState === "closed") continue;
    sum.states.push(call.connectionState);
    (await call.getStats()).forEach((one) => {
      if (one.type !== "inbound-rtp") return;
      if (one.kind === "video") sum.frames += one.framesDecoded || 0;
      else {
        sum.packets += one.packetsReceived || 0;
        sum.samples += one.totalSamplesReceived || 0;
        sum.concealed += (one.concealedSamples || 0) - (one.silentConcealedSamples || 0);
      }
    });
  }
  return sum;
}"""


def count(page: Page) -> dict:
    return page.evaluate(COUNT)


def await_media(page: Page, seconds: float, before: dict | None = None) -> None:
    """
    Fails unless more than 5 pictures and 20 packets of sound come in within so many seconds.

    Asked again from here: for Playwright's wait_for_function a promise is true, whatever it brings.
    """
    then = before or {"frames": 0, "packets": 0}
    until = time.monotonic() + seconds
    while True:
        now = count(page)
        if now["frames"] > then["frames"] + 5 and now["packets"] > then["packets"] + 20:
            return
        assert time.monotonic() < until, f"in {seconds:.1f} s from {then} to {now}"
        page.wait_for_timeout(100)


def concealed(page: Page, before: dict) -> float:
    """The share of the sound since that count which was made up, because it did not come."""
    now = count(page)
    return (now["concealed"] - before["concealed"]) / (now["samples"] - before["samples"])


def measured(number: int, said: str) -> None:
    """A figure to a number of docs/room-acceptance.md; pytest -rP shows them."""
    print(f"{number}: {said}")


class Server:
    """Daphne on one port, whichever of its lives it is in."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", **settings: str) -> None:
        with socket.socket() as free:
            free.bind((host, 0))
            self.port = free.getsockname()[1]
        self.host, self.url = host, f"http://{host}:{self.port}"
        self.log = folder / "daphne.log"
        self.settings = [f"{name}={value}" for name, value in settings.items()]

    def start(self) -> None:
        command = ["/usr/bin/env", "DJANGO_SETTINGS_MODULE=tests.settings", *addresses()]
        command += ["TELEMED_ALLOWED_HOSTS=127.0.0.1,localhost,testserver," + self.host]
        command += [
            *self.settings,
            sys.executable,
            "-m",
            "telemed.serve",
            "-b",
            self.host,
            "-p",
            str(self.port),
        ]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "tests.browser.asgi:application"],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for(self.url, self.process, self.log)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextmanager
def running(folder: Path, host: str = "127.0.0.1", **settings: str) -> Iterator[Server]:
    """`settings`: variables of its environment besides, by their whole names."""
    server = Server(folder, host, **settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
