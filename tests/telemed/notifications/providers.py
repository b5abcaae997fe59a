"""Providers on 127.0.0.1: as much of Alibaba Cloud's SMS and of SMTP as our adapters use."""

import json
import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from telemed.notifications.gateways.aliyun import authorization, canonical_query

KEY_ID, KEY_SECRET = "key-of-tests", "secret-of-tests"


class Dysms(BaseHTTPRequestHandler):
    """SendSms and QuerySendDetails. Like the real one it would send the same OutId twice."""

    def do_POST(self):
        provider = self.server
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if not self.is_signed(query):
            return self.answer(400, {"Code": "SignatureDoesNotMatch"})
        if provider.trouble:
            return self.answer(*provider.trouble)
        match self.headers["x-acs-action"]:
            case "SendSms":
                return self.send_sms(provider, query)
            case "QuerySendDetails":
                return self.details(provider, query)
        return self.answer(404, {"Code": "InvalidAction.NotFound"})

    def is_signed(self, query):
        names = self.headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        headers = {name: self.headers[name] for name in names}
        right = authorization(
            "POST", canonical_query(query), headers, key_id=KEY_ID, key_secret=KEY_SECRET
        )
        return self.headers["authorization"] == right

    def send_sms(self, provider, query):
        if not query["PhoneNumbers"].isdigit():
            return self.answer(200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"})
        provider.taken.append(query)
        if provider.cut:  # it took the message, and the line breaks before it says so
            provider.cut = False
            self.close_connection = True
            return None
        return self.answer(200, {"Code": "OK", "BizId": f"{len(provider.taken)}^0"})

    def details(self, provider, query):
        found = [
            {"OutId": one["OutId"], "SendStatus": 1}
            for one in provider.taken
            if one["PhoneNumbers"] == query["PhoneNumber"]
        ]
        return self.answer(200, {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}})

    def answer(self, status, body):
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args):
        pass


class Mailbox(socketserver.StreamRequestHandler):
    """RFC 5321, the shortest way through; a mailbox that is not there is refused."""

    def handle(self):
        self.say("220 tests")
        while line := self.rfile.readline().decode().strip():
            match line.split(" ", 1)[0].upper():
                case "DATA":
                    self.take()
                case "QUIT":
                    self.say("221 bye")
                    return
                case "RCPT" if "nobody@" in line:
                    self.say("550 no such mailbox")
                case _:
                    self.say("250 ok")

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self.say("250 taken")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def serving(kind, handler):
    """A server on a free port; `taken` is what it accepted."""
    with kind(("127.0.0.1", 0), handler) as server:
        server.taken, server.trouble, server.cut = [], None, False
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def dysms():
    return serving(ThreadingHTTPServer, Dysms)


def mail():
    return serving(MailServer, Mailbox)
