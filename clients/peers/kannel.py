"""Debian's Kannel, bearerbox and smsbox, as a client of the simulated SMSC."""

import http.server
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from checks import check, equal, run, true, until
from smsc import Smsc, free_port, wait_for_port

# Nothing goes wrong by chance: what must go wrong is in the numbers.
with open("profile.toml", "w", encoding="utf-8") as file:
    file.write('base = "plain"\n[behaviour]\nanswers = { ok = 1 }\nendings = { delivered = 1 }\n')
smsc = Smsc("--profile", "profile.toml")
called = []


class Application(http.server.BaseHTTPRequestHandler):
    """What Kannel tells of receipts and MO."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        called.append((path, dict(urllib.parse.parse_qsl(query))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
home = f"http://127.0.0.1:{application.server_port}"
admin, boxes, sendsms = free_port(), free_port(), free_port()

CONFIGURATION = f"""
group = core
admin-port = {admin}
admin-password = admin
smsbox-port = {boxes}
dlr-storage = internal
log-level = 2

group = smsc
smsc = smpp
smsc-id = answerback
host = 127.0.0.1
port = {smsc.port}
receive-port = 0
transceiver-mode = true
smsc-username = kannel
smsc-password = kannel
system-type = ""
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
log-level = 2

group = sendsms-user
username = peer
password = peer
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "{home}/mo?from=%p&to=%P&text=%b&coding=%c"
max-messages = 0
concatenation = true
assume-plain-text = true
accept-x-kannel-headers = true
catch-all = true
"""

with open("kannel.conf", "w", encoding="utf-8") as file:
    file.write(CONFIGURATION)
bearerbox = subprocess.Popen(["/usr/sbin/bearerbox", "-v", "2", "kannel.conf"], stdin=subprocess.DEVNULL)
wait_for_port(boxes, bearerbox, "bearerbox")
smsbox = subprocess.Popen(["/usr/sbin/smsbox", "-v", "2", "kannel.conf"], stdin=subprocess.DEVNULL)
wait_for_port(sendsms, smsbox, "smsbox")


def send(recipient, text, **more):
    query = {"username": "peer", "password": "peer", "from": "Acme", "to": recipient, "text": text, "charset": "UTF-8",
             "dlr-mask": "31", "dlr-url": f"{home}/receipt?kind=%d&to=%p&words=%A", **more}
    url = f"http://127.0.0.1:{sendsms}/cgi-bin/sendsms?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status


def receipts(recipient):
    # The plus of an international number is a blank once it was decoded.
    return [query["kind"] for path, query in called if path == "/receipt" and query["to"].strip(" +") == recipient]


@check("Kannel binds")
def _():
    until(lambda: smsc.stats()["binds"] > 0, "the bind")


@check("a text is taken and its receipt comes through")
def _():
    equal(send("46701740605", "Hello from Kannel"), 202)
    until(lambda: "1" in receipts("46701740605"), "the receipt")
    true("8" in receipts("46701740605"), "it was submitted before")


@check("what is not delivered is told so")
def _():
    send("46701740001", "x")
    until(lambda: "2" in receipts("46701740001"), "the receipt")


@check("what is refused is told so")
def _():
    send("46701740003", "x")
    until(lambda: "16" in receipts("46701740003"), "the refusal")


@check("a long text in UCS-2 goes in parts")
def _():
    before = smsc.stats()["accepted"]
    send("46701740606", "Добрый день! " * 12, coding="2")
    until(lambda: smsc.stats()["accepted"] == before + 3, "three segments")
    until(lambda: "1" in receipts("46701740606"), "a receipt")


@check("a hundred texts at once all come through")
def _():
    for number in range(100):
        send(f"467017501{number:02}", "One of many")
    until(lambda: sum("1" in receipts(f"467017501{number:02}") for number in range(100)) == 100, "the receipts", 60)


@check("an MO comes in, and a long one whole")
def _():
    smsc.write(**{"from": "46709999999", "to": "71717", "text": "Hej på dig"})
    text = until(lambda: [query for path, query in called if path == "/mo" and "09999999" in query["from"]], "the MO")
    equal(text[0]["to"], "71717")
    true(text[0]["text"].startswith("Hej p"), text[0])
    long = "a word or two and then some more of it " * 6
    parts = smsc.write(**{"from": "46708888888", "to": "71717", "text": long})
    equal(parts, 2)
    until(lambda: [query for path, query in called if path == "/mo" and "08888888" in query["from"]], "the long MO")
    time.sleep(0.3)
    came = "".join(query["text"] for path, query in called if path == "/mo" and "08888888" in query["from"])
    equal(came.strip(), long.strip())


@check("a connection that is cut comes back, and what was sent meanwhile goes out")
def _():
    request = urllib.request.Request(f"http://127.0.0.1:{smsc.control}/disconnect", data=b"", method="POST")
    urllib.request.urlopen(request, timeout=10).close()
    send("46701740707", "After the cut")
    until(lambda: "1" in receipts("46701740707"), "the receipt", 60)


@check("both end")
def _():
    for process in (smsbox, bearerbox):
        process.terminate()
        process.wait(30)
    equal(smsc.stats()["duplicates"], 0)
    smsc.stop()


try:
    run()
finally:
    for process in (smsbox, bearerbox, smsc.process):
        if process.poll() is None:
            process.kill()
