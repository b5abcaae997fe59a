"""The walk through the pages ends, whatever a page does to the browser."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.browser import walking


class Stuck(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title><h1>x</h1><script>for (;;);</script>")

    def log_message(self, *said):
        pass


@pytest.fixture
def stuck():
    with HTTPServer(("127.0.0.1", 0), Stuck) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_page_that_holds_the_browser_up_is_named(monkeypatch, stuck):
    monkeypatch.setattr(walking, "PATIENCE", 5.0)

    wrong = walking.faults_among(walking.Walk(stuck, {}, ["check", "sign-in"]))

    assert [said.partition(":")[0] for said in wrong] == ["check", "sign-in"]
    assert all("no browser gets past it" in said for said in wrong)
