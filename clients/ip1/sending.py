"""iP.1: sending through v2 and v1, senders and blacklist, as the vendor's samples and plugins do it.

Imported after the checks of what was read, because it adds batches. Messages may be on their way already, or there,
when they are looked at.
"""

import base64
import datetime
import os
import subprocess
import time
import urllib.parse

from checks import check, equal, raises, true, until
from client import Client, Problem, links
from hook import Hook

URL, KEY = os.environ["ANSWERBACK_URL"], os.environ["ANSWERBACK_KEY"]
client = Client(URL, f"Bearer {KEY}")
# v1 knows the account by the name that v2 gives to owners.
owner = client.get("/v2/batches?limit=1")[0]["owner"]
older = Client(URL, "Basic " + base64.b64encode(f"{owner}:{KEY}".encode()).decode())
stranger = Client(URL, f"Bearer {os.environ['ANSWERBACK_OTHER_KEY']}")
# Numbers that the records do not hold.
PEERS = ["46731000001", "46731000002", "46731000003"]
# The simulator's: this one is delivered and answers `Yes`, that one is not delivered.
ANSWERS, LOST = "46731000040", "46731000001"
NUMBER = "46737494990"
hook = Hook()
# The console sample of the vendor leaves no field out.
FULL = {"type": "SMS", "datacoding": "UCS", "priority": 1, "deliveryWindows": [], "deliveryReportUrl": None,
        "reference": "", "tags": [""]}


def batch(recipients, body="Hello", **more):
    return {"sender": "iP1", "recipients": recipients, "body": body, **more}


def send(document, who=client):
    return who.ask("/v2/batches", "POST", document)[0]


def messages(document):
    return client.all(f"/v2/batches/{document['id']}/messages?limit=200")


def tomorrow():
    # The samples send local times without a zone.
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")


def refused(status, call, field=None):
    problem = raises(Problem, call)
    equal(problem.status, status)
    true(problem.body["title"], "the title says why")
    if field is not None:
        true(field in problem.body["errors"], f"{field} in {problem.body}")


@check("sending: three fields, and a batch with its messages in the order of the recipients")
def _():
    document = send(batch(PEERS))
    equal(document, {**client.get(f"/v2/batches/{document['id']}"), "status": document["status"],
                     "messageSummary": document["messageSummary"]})
    found = messages(document)
    equal([it["recipient"] for it in found], PEERS)
    equal({(it["sender"], it["body"], it["direction"], it["type"], it["datacoding"], it["segments"]) for it in found},
          {("iP1", "Hello", "mt", "SMS", "gsm", 1)})
    equal(sum(it["messages"] for it in document["messageSummary"].values()), 3)
    true(any(it["id"] == document["id"] for it in client.all("/v2/batches?limit=200")), "it is listed")


@check("sending: every field as the vendor's sample writes it, and the answer's address")
def _():
    document, headers = client.ask("/v2/batches", "POST", batch([PEERS[0]], **FULL))
    equal(headers["Location"], f"/v2/batches/{document['id']}")
    equal((document["reference"], document["tags"]), (None, [""]))


@check("sending: placeholders per recipient")
def _():
    recipients = {PEERS[0]: {"name": "Ada"}, PEERS[1]: {}, "default": {"name": "you"}}
    document = send(batch(recipients, "Hi {name}, {nobody}"))
    equal((document["templated"], document["body"]), (True, "Hi {name}, {nobody}"))
    equal([it["body"] for it in messages(document)], ["Hi Ada, {nobody}", "Hi you, {nobody}"])


@check("sending: a history that only grows, to its end")
def _():
    document = send(batch([PEERS[2]], "How are you?"))
    path = f"/v2/batches/{document['id']}/messages/{messages(document)[0]['id']}"
    seen, end = [], time.monotonic() + 5
    while time.monotonic() < end:
        statuses = client.get(path)["statuses"]
        equal(statuses[:len(seen)], seen, "what was seen stays")
        seen = statuses
        if seen[-1]["duration"] == 1:
            break
        time.sleep(0.1)
    true(100 <= seen[-1]["code"] < 600, f"a known group: {seen}")


def history(batch_id, message_id):
    return client.get(f"/v2/batches/{batch_id}/messages/{message_id}")["statuses"]


def reports(path, code):
    """The reports to an address once one of this code has come."""
    def look():
        told = [call.json() for call in hook.at(path)]
        return told if any(report["code"] == code for report in told) else None
    return until(look, f"a report of {code}")


@check("sending: delivered and answered, each status reported in its order")
def _():
    binary, data = os.environ["ANSWERBACK_BINARY"], os.environ["ANSWERBACK_DIRECTORY"]
    # Incoming messages are set up by hand: the vendor's API has nothing for it.
    subprocess.run([binary, "webhook", "add", "--data", data, "--account", "Test", hook.url("/in"), "--shape", "ip1",
                    "--what", "mo"], check=True)
    document = send({**batch([ANSWERS], "Coming? Ja eller nej"), "sender": NUMBER, "reference": "ip1-2",
                     "deliveryReportUrl": hook.url("/report")})
    [message] = messages(document)
    told = reports("/report", 201)
    steps = history(document["id"], message["id"])
    equal(steps[-1]["code"], 201)
    equal([it["code"] for it in told], [it["code"] for it in steps][-len(told):], "the order of what happened")
    last = told[-1]
    equal({key: last[key] for key in ["id", "messageId", "batchId", "recipient", "duration", "segments", "created"]},
          {"id": message["id"], "messageId": message["id"], "batchId": document["id"], "recipient": ANSWERS,
           "duration": 1, "segments": 1, "created": steps[-1]["created"]})
    equal(client.get(f"/v2/batches/{document['id']}")["messageSummary"], {"201": {"messages": 1, "sms": 1}})


@check("sending: the answer stands in the conversation and is pushed")
def _():
    [answer] = until(lambda: client.all(f"/v2/conversations/{ANSWERS}/mo"), "the answer")
    equal((answer["sender"], answer["recipient"], answer["body"], answer["direction"]), (ANSWERS, NUMBER, "Yes", "mo"))
    both = client.all(f"/v2/conversations/{ANSWERS}")
    equal([it["body"] for it in both], ["Coming? Ja eller nej", "Yes"])
    [call] = until(lambda: hook.at("/in"), "the push")
    told = call.json()
    for key in ["id", "batchId", "owner", "sender", "recipient", "body", "direction", "segments"]:
        equal(told[key], answer[key], key)
    equal(told["datacoding"], "GSM", "in capitals, as in the vendor's sample")
    equal([(it["code"], it["duration"]) for it in told["statuses"]], [(201, 1)])


@check("sending: what is not delivered is reported so")
def _():
    document = send({**batch([LOST]), "deliveryReportUrl": hook.url("/lost")})
    [message] = messages(document)
    told = reports("/lost", 501)
    equal((told[-1]["duration"], told[-1]["recipient"]), (1, LOST))
    equal(history(document["id"], message["id"])[-1]["code"], 501)


@check("sending: what is wrong is refused by name")
def _():
    for field, value in [
        ("sender", "TwelveLetter"), ("sender", None), ("recipients", []), ("recipients", ["+46731000001"]),
        ("body", " "), ("body", "x" * 2001), ("type", "mms"), ("datacoding", "latin1"), ("priority", 3),
        ("deliveryReportUrl", "nowhere"), ("deliveryWindows", [{"opens": "soon"}]),
    ]:
        refused(400, lambda: send({**batch(PEERS), field: value}), field)
    refused(401, lambda: send(batch(PEERS), Client(URL, "Bearer wrong")))


@check("sending: a batch of tomorrow is withdrawn today")
def _():
    document = send(batch(PEERS, deliveryWindows=[{"opens": tomorrow(), "closes": None}]))
    equal((document["status"], len(document["deliveryWindows"])), (101, 1))
    deleted, _ = client.ask(f"/v2/batches/{document['id']}", "DELETE")
    equal((deleted["id"], deleted["status"]), (document["id"], 203))
    equal({tuple(it["statuses"][0][key] for key in ("code", "duration")) for it in messages(document)}, {(203, 1)})


@check("sending: the same key is the same batch")
def _():
    headers = {"Idempotency-Key": "client-suite-1"}
    first, _ = client.ask("/v2/batches", "POST", batch(PEERS), headers)
    again, _ = client.ask("/v2/batches", "POST", batch(PEERS), headers)
    equal(again["id"], first["id"])
    refused(409, lambda: client.ask("/v2/batches", "POST", batch(PEERS, "Other"), headers))


@check("senders: registered as the WordPress plugin does it, listed, removed")
def _():
    for name in ["Salon", "Acme"]:
        document, _ = client.ask(f"/v2/me/senders/{urllib.parse.quote(name)}", "PUT")
        equal((document["sender"], document["created"][-1]), (name, "Z"))
    equal([it["sender"] for it in client.get("/v2/me/senders")], ["Acme", "Salon"])
    equal(stranger.get("/v2/me/senders"), [])
    client.ask("/v2/me/senders/Acme", "DELETE")
    equal([it["sender"] for it in client.get("/v2/me/senders")], ["Salon"])
    refused(404, lambda: client.get("/v2/me/senders/Acme"))
    refused(400, lambda: client.ask("/v2/me/senders/a%20b", "PUT"), "sender")


@check("blacklist: whoever is on it is not written to")
def _():
    path = f"/v2/blacklist/{PEERS[1]}"
    entry, _ = client.ask(path, "PUT")
    equal((entry["msisdn"], len(entry["created"])), (PEERS[1], len("2019-11-01T16:32:18.253")))
    document = send(batch(PEERS[:2]))
    blocked = messages(document)[1]
    equal((blocked["recipient"], blocked["statuses"][0]["code"]), (PEERS[1], 406))
    equal(client.get(path), entry)
    true(entry in client.all("/v2/blacklist"), "it is listed")
    equal(client.ask(path, "DELETE")[0], entry)
    refused(404, lambda: client.get(path))


@check("v1: one alone has no bundle, several have one")
def _():
    one = older.ask("/api/sms/send", "POST", {
        "From": "iP1", "Message": "Hello", "Numbers": [PEERS[0]], "Contacts": None, "Groups": None, "Email": False,
        "Prio": 1,
    })[0]
    equal((len(one), one[0]["BundleID"], one[0]["To"]), (1, None, PEERS[0]))
    true(isinstance(one[0]["ID"], int) and 0 < one[0]["ID"] < 2**31, "an id of 32 bits")
    true(isinstance(one[0]["Status"], int) and isinstance(one[0]["StatusDescription"], str), "a status")
    many = older.ask("/api/sms/send", "POST", {
        "From": "iP1", "Message": "Hi {name}", "Numbers": [f"+{PEERS[0]}", PEERS[1], PEERS[0]],
        "Parameters": {PEERS[0]: {"name": "Ada"}, "default": {"name": "you"}},
    })[0]
    equal([(it["To"], it["Message"]) for it in many], [(PEERS[0], "Hi Ada"), (PEERS[1], "Hi you")])
    equal(len({it["BundleID"] for it in many}), 1)
    true(many[0]["BundleID"] is not None, "a bundle")
    for sent in one + many:
        found = older.get(f"/api/sms/sent/{sent['ID']}")
        equal((found["ID"], found["To"], found["BundleID"]), (sent["ID"], sent["To"], sent["BundleID"]))
        true(found["Modified"].endswith("+00:00"), "when it was modified")


@check("v1: everything that was sent, through whatever API")
def _():
    page, headers = older.ask("/api/sms/sent?limit=100")
    equal(len(page), 100)
    true("next" in links(headers), "led on by a link")
    found = [it["ID"] for page in older.pages("/api/sms/sent?limit=1000") for it in page]
    equal(len(found), len(set(found)), "each once")
    equal(found[:100], [it["ID"] for it in page])
    sent = send(batch(PEERS, "through v2"))
    equal([it["Message"] for it in older.get("/api/sms/sent?limit=3")], ["through v2"] * 3)
    equal(len(messages(sent)), 3)


@check("v1: refusals")
def _():
    sms = {"From": "iP1", "Message": "Hello", "Numbers": [PEERS[0]]}
    refused(400, lambda: older.ask("/api/sms/send", "POST", {**sms, "Numbers": []}), "Numbers")
    refused(400, lambda: older.ask("/api/sms/send", "POST", {**sms, "Message": ""}), "Message")
    refused(401, lambda: Client(URL, "Basic eDp5").ask("/api/sms/send", "POST", sms))
    refused(404, lambda: older.get("/api/sms/sent/2000000000"))


@check("v1: the blacklist by number")
def _():
    entry, _ = older.ask("/api/blacklist", "POST", {"Phone": f"+{PEERS[2]}"})
    equal(entry["Phone"], PEERS[2])
    true(entry in older.get("/api/blacklist"), "listed")
    refused(400, lambda: older.ask("/api/sms/send", "POST", {"From": "iP1", "Message": "x", "Numbers": [PEERS[2]]}),
            "Numbers")
    equal(older.ask(f"/api/blacklist/{entry['ID']}", "DELETE")[0], entry)
    refused(404, lambda: older.get(f"/api/blacklist/{entry['ID']}"))


@check("v1: numbers are looked up as the contact form does, without a key")
def _():
    asked = {"DefaultRegion": "SE", "PhoneNumbers": ["070-174 06 05", "nobody"]}
    found, _ = Client(URL, None).ask("/api/phonenumber/lookup", "POST", asked)
    equal([(it["isValid"], it["e164Format"]) for it in found["phoneNumbers"]], [(True, "+46701740605"), (False, None)])
