from autobahn.websocket.protocol import WebSocketProtocol

from telemed.core.sockets import Close


class Sender(WebSocketProtocol):
    """Daphne's own way out."""

    def __init__(self) -> None:
        self.sent = []

    def sendCloseFrame(self, code, reasonUtf8, isReply):  # noqa: N802, N803 (Autobahn's names)
        self.sent.append(code)


def test_daphne_sends_every_close_code():
    sender = Sender()
    for code in Close:
        sender.sendClose(code=code.value)
    assert sender.sent == [code.value for code in Close]
