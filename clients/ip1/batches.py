"""iP.1 v2: batches, their messages with the latest status, one message with its whole history, and the
conversations, paged by the Link header to the end."""

import base64
import os
import re

import records
from checks import check, equal, raises, run, true
from client import Client, Problem, links

URL, KEY = os.environ["ANSWERBACK_URL"], os.environ["ANSWERBACK_KEY"]
UNKNOWN = "5bcf4324ee47dee41a9dbb13"
# Outcome to (code, duration).
CODES = {
    "scheduled": (101, 0), "held": (102, 0), "queued": (102, 0), "funded": (103, 0), "refunded": (104, 0),
    "sending": (110, 0), "submitted": (111, 0), "acknowledged": (112, 0), "radio": (113, 0), "buffered": (114, 0),
    "uncertain": (110, 0), "delivered": (201, 1), "undelivered": (501, 1), "expired": (202, 1),
    "expired/unsent": (202, 1), "rejected/submission": (501, 1), "rejected": (501, 1), "failed": (502, 1),
    "denied/sender": (403, 1), "denied/recipient": (404, 1), "denied/body": (405, 1), "denied/funds": (402, 1),
    "denied/opt-out": (406, 1), "denied/country": (404, 1), "denied/flood": (405, 1), "denied/moderator": (405, 1),
    "canceled": (203, 1), "unknown": (111, 1), "received": (201, 1),
}
MESSAGE_KEYS = {
    "id", "batchId", "owner", "sender", "recipient", "body", "direction", "segments", "type", "datacoding", "priority",
    "price", "currency", "statuses", "modified", "reference", "mcc", "mnc",
}

client = Client(URL, f"Bearer {KEY}")
stranger = Client(URL, f"Bearer {os.environ['ANSWERBACK_OTHER_KEY']}")
everything = records.load()
batches = records.batches(everything)
# Name of a batch to its id here, filled by the walk over all of them.
ids = {}


def time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def statuses(record):
    """The whole history as it must read."""
    return [dict(zip(["created", "code", "duration"], [time(at), *CODES[step]])) for at, step in record.history]


def message(record):
    """What a message must show, ids, owner and history apart."""
    return {
        "sender": record.sender, "recipient": record.recipient, "body": record.body,
        "direction": "mt" if record.is_mt else "mo", "segments": record.segments,
        "type": "Flash" if record.flash else "SMS", "datacoding": "gsm" if record.is_gsm else "ucs", "priority": 1,
        "price": float(record.price), "currency": "EUR", "modified": time(record.history[-1][0]),
        "reference": record.reference, "mcc": record.raw["mcc"], "mnc": record.raw["mnc"],
    }


def shown(document):
    return {key: document[key] for key in message(everything[0])}


def refused(status, call, path="nothing"):
    problem = raises(Problem, call)
    equal(problem.status, status, f"the status of {path}")
    true(isinstance(problem.body["title"], str) and problem.body["title"], "the title says why")
    equal(problem.body["status"], status, "the status in the body")
    return problem


def messages_of(name):
    return f"/v2/batches/{ids[name]}/messages"


@check("batches: every submission once, oldest first, without summaries")
def _():
    found = client.all("/v2/batches")
    equal(len({it["id"] for it in found}), len(found), "each once")
    true(all(re.fullmatch("[0-9a-f]{24}", it["id"]) for it in found), "ids are 24 hex digits")
    equal([it["id"] for it in found], sorted(it["id"] for it in found), "ids rise with time")
    true(not any("messageSummary" in it or "priceSummary" in it for it in found), "no summaries in the list")
    submissions = [it for it in found if it["direction"] == "MT"]
    equal(len(submissions), len(batches))
    expected = {members[0].reference: name for name, members in batches.items() if members[0].reference}
    for it in submissions:
        if it["reference"] in expected:
            ids[expected[it["reference"]]] = it["id"]
    equal(sorted(ids), sorted(expected.values()), "found by their references")


@check("batches: every MO is a batch of one")
def _():
    received = [record for record in everything if not record.is_mt]
    found = [it for it in client.all("/v2/batches?limit=200") if it["direction"] == "MO"]
    equal(len(found), len(received))
    equal(sorted(it["body"] for it in found), sorted(record.body for record in received))


@check("a batch says what was submitted, with summaries that add up")
def _():
    for name in ids:
        members, batch = batches[name], client.get(f"/v2/batches/{ids[name]}")
        first = members[0]
        equal((batch["id"], batch["direction"], batch["sender"], batch["reference"]),
              (ids[name], "MT", first.sender, first.reference), name)
        equal(batch["type"].lower(), "flash" if first.flash else "sms", f"{name}: type")
        if len({record.body for record in members}) == 1:
            equal(batch["body"], first.body, f"{name}: body")
        expected = {}
        for record in members:
            counts = expected.setdefault(str(CODES[record.outcome][0]), {"messages": 0, "sms": 0})
            counts["messages"] += 1
            counts["sms"] += record.segments
        equal(batch["messageSummary"], expected, f"{name}: messages")
        price = batch["priceSummary"]
        total = sum(record.price for record in members)
        equal((round(price["total"], 6), price["currency"]), (float(total), "EUR"), f"{name}: price")
        true(abs(price["average"] - float(total) / len(members)) < 0.000_001, f"{name}: average {price['average']}")


@check("messages of a batch: in order, each with its latest status only")
def _():
    for name in ids:
        members, found = batches[name], client.all(messages_of(name))
        equal([shown(it) for it in found], [message(record) for record in members], name)
        equal([it["statuses"] for it in found], [statuses(record)[-1:] for record in members], f"{name}: statuses")
        true(all(it.keys() == MESSAGE_KEYS for it in found), f"{name}: keys")
        equal({it["batchId"] for it in found}, {ids[name]}, f"{name}: batchId")
        equal(len({it["id"] for it in found}), len(members), f"{name}: ids")
        equal(len({it["owner"] for it in found}), 1, f"{name}: owner")


@check("one message has its whole history, and is otherwise the same document")
def _():
    for name in ["spring-1", "pair", "fresh", "cyrillic", "soon"]:
        for record, listed in zip(batches[name], client.all(messages_of(name))):
            one = client.get(f"{messages_of(name)}/{listed['id']}")
            equal(one["statuses"], statuses(record), f"{record}")
            equal({**one, "statuses": None}, {**listed, "statuses": None}, f"{record}")


@check("a batch of 64: fifty, then the rest by the link")
def _():
    page, headers = client.ask(messages_of("spring-1"))
    equal(len(page), 50)
    found = links(headers)
    equal(sorted(found), ["first", "last", "next", "self"], "on the first page")
    true(all(url.startswith(URL + messages_of("spring-1")) for url in found.values()), f"links lead here: {found}")
    rest, headers = client.ask(found["next"])
    equal(len(rest), 14)
    true("next" not in links(headers) and "prev" in links(headers), "on the last page")


@check("start, limit and order")
def _():
    path = messages_of("spring-1")
    whole = client.get(f"{path}?limit=200")
    equal(len(whole), 64)
    equal(client.get(f"{path}?start=10&limit=5"), whole[10:15])
    equal(client.get(f"{path}?order=DESC&limit=200"), whole[::-1])
    equal(client.get(f"{path}?order=desc&limit=3"), whole[::-1][:3])
    equal(client.get(f"{path}?start=100000"), [])
    equal([len(page) for page in client.pages(f"{path}?limit=9")], [9] * 7 + [1])
    equal(client.all(f"{path}?limit=9&order=DESC"), whole[::-1], "the link keeps limit and order")
    equal(client.get("/v2/batches/"), client.get("/v2/batches"), "a slash at the end")


@check("bad paging is refused by name")
def _():
    for query, name in [("limit=abc", "limit"), ("limit=0", "limit"), ("start=-1", "start"), ("order=up", "order")]:
        problem = refused(400, lambda: client.get(f"{messages_of('pair')}?{query}"), query)
        true(isinstance(problem.body["errors"][name], list), f"{query}: {problem.body}")


@check("conversations: both ways, one way, and their sums")
def _():
    for peer, expected in sorted(records.chats(everything).items())[::3]:
        found = client.all(f"/v2/conversations/{peer}?limit=7")
        equal([shown(it) for it in found], [message(record) for record in expected], peer)
        for direction in ["mt", "mo"]:
            part = client.all(f"/v2/conversations/{peer}/{direction}")
            equal([it["id"] for it in part], [it["id"] for it in found if it["direction"] == direction], direction)
        summary = client.get(f"/v2/conversations/{peer}/summary")
        equal((summary["participant"], summary["totalMessageCount"], summary["totalSmsCount"]),
              (peer, len(expected), sum(record.segments for record in expected)), f"{peer}: summary")


@check("an MO is read through its batch like any message")
def _():
    peer, expected = max(records.chats(everything).items(), key=lambda item: len(item[1]))
    listed = next(it for it in client.all(f"/v2/conversations/{peer}/mo"))
    record = next(record for record in expected if not record.is_mt)
    one = client.get(f"/v2/batches/{listed['batchId']}/messages/{listed['id']}")
    equal(shown(one), message(record))
    equal(one["statuses"], statuses(record))
    equal(client.get(f"/v2/batches/{listed['batchId']}")["direction"], "MO")


@check("what does not exist is 404")
def _():
    own = client.get(messages_of("pair"))[0]["id"]
    for path in [
        f"/v2/batches/{UNKNOWN}", f"/v2/batches/{UNKNOWN}/messages", f"/v2/batches/{UNKNOWN}/messages/{own}",
        f"{messages_of('pair')}/{UNKNOWN}", f"{messages_of('spring-1')}/{own}", "/v2/batches/not-an-id/messages",
        "/v2/nosuchthing",
    ]:
        refused(404, lambda: client.get(path), path)


@check("messages are not written here")
def _():
    for method in ["POST", "PUT", "DELETE"]:
        problem = refused(405, lambda: client.ask(messages_of("pair"), method), method)
        true("GET" in problem.headers["Allow"], f"{method}: Allow")


@check("wrong credentials are 401 before anything else, in the vendor's schemes")
def _():
    for authorization in [None, "Bearer wrong", "Bearer ", "Bearer", "Digest x"]:
        for path in ["/v2/batches", f"/v2/batches/{UNKNOWN}/messages"]:
            problem = refused(401, lambda: Client(URL, authorization).get(path), f"{authorization} {path}")
            true("Bearer" in problem.headers["WWW-Authenticate"], "the challenge")
    equal(Client(URL, f"bearer   {KEY}").get("/v2/batches?limit=1"), client.get("/v2/batches?limit=1"))
    owner = client.get(messages_of("pair"))[0]["owner"]
    basic = base64.b64encode(f"{owner}:{KEY}".encode()).decode()
    equal(Client(URL, f"Basic {basic}").get("/v2/batches?limit=1"), client.get("/v2/batches?limit=1"))


@check("another account sees none of it")
def _():
    equal(stranger.get("/v2/batches"), [])
    refused(404, lambda: stranger.get(f"/v2/batches/{ids['pair']}"))
    refused(404, lambda: stranger.get(messages_of("pair")))


# What is sent comes after all that was imported was read.
import sending  # noqa: E402, F401

run()
