"""A mail server on loopback, with the faults that mail servers have."""

import email
import socket
import socketserver
import threading
from email import policy

# At which word of the conversation it says no, or nothing at all.
STEPS = ("greeting", "MAIL", "RCPT", "DATA", "text")


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages, unless ``fault`` says otherwise; ``received`` holds them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received, self.recipients, self.fault = [], [], None
        self._over = threading.Event()
        # It looks so often whether it is closed; else each test waits half a second.
        often = {"poll_interval": 0.01}
        threading.Thread(target=self.serve_forever, kwargs=often, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def hang(self):
        """Say nothing until the server is closed."""
        self._over.wait()

    def close(self):
        self._over.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Who hangs up in the middle is no fault of the server."""


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        if not self._goes_on("greeting", "220 loopback"):
            return
        while word := self.rfile.readline().decode().strip():
            verb = word.split(None, 1)[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                if self._goes_on("DATA", "354 go on"):
                    self._take_text()
                continue
            if verb == "RCPT":
                self.server.recipients.append(word.partition("<")[2].rstrip(">"))
            if not self._goes_on(verb, "250 fine"):
                continue

    def _take_text(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line[:2] == b".." else line)
        message = email.message_from_bytes(b"".join(lines), policy=policy.default)
        if self._goes_on("text", "250 taken"):
            self.server.received.append(message)

    def _goes_on(self, step, answer):
        """Say what one says at a step of the conversation, or what goes wrong there."""
        at, says = self.server.fault or (None, None)
        if at == step and says is None:
            self.server.hang()
            return False
        self._say(f"{says} not today" if at == step else answer)
        return at != step

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


def free_port():
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
