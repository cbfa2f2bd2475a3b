"""The simulated SMSC as a process, for the peers that bind to it."""

import json
import os
import socket
import subprocess
import time
import urllib.parse
import urllib.request


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port, process, what):
    """Until somebody listens, for a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{what} does not listen")


class Smsc:
    """`answerback simulate` on free ports."""

    def __init__(self, *arguments):
        self.port, self.control = free_port(), free_port()
        command = [os.environ["ANSWERBACK_BINARY"], "simulate", "--listen", f"127.0.0.1:{self.port}",
                   "--control", f"127.0.0.1:{self.control}", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        wait_for_port(self.port, self.process, "the simulated SMSC")
        wait_for_port(self.control, self.process, "its control")

    def stats(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.control}/stats", timeout=10) as answer:
            return json.load(answer)

    def write(self, **mo):
        """A handset writes."""
        data = urllib.parse.urlencode(mo).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.control}/mo", data, timeout=10) as answer:
            return json.load(answer)["parts"]

    def stop(self):
        self.process.terminate()
        if self.process.wait(30) != 0:
            raise RuntimeError(f"the simulated SMSC ended with {self.process.returncode}")
