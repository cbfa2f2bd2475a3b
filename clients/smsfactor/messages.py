"""SMSFactor: `GET /messages` in JSON and XML, replies, credits and every way to authenticate, by PyPI
`smsfactor` 0.0.5 with its `url` changed and, where that client has no means, by plain requests.
"""

import os
import re
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from json import loads
from zoneinfo import ZoneInfo

from smsfactor.smsfactor import SMSFactorAPI, SMSFactorException

import records
from checks import check, equal, raises, run, true

URL = os.environ["ANSWERBACK_URL"]
USER, KEY = os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"]
PARIS = ZoneInfo("Europe/Paris")
STATUS = {
    "scheduled": "WAITING", "held": "MODERATION", "queued": "WAITING", "sending": "WAITING", "submitted": "SENT",
    "acknowledged": "SENT", "radio": "SENT", "buffered": "SENT", "uncertain": "SENT", "delivered": "DELIVERED",
    "undelivered": "UNDELIVERED", "expired": "UNDELIVERED", "expired/unsent": "NOT_SENT",
    "rejected/submission": "UNDELIVERED", "rejected": "UNDELIVERED", "failed": "NOT_SENT", "denied/sender": "NOT_SENT",
    "denied/recipient": "NOT_SENT", "denied/body": "NOT_SENT", "denied/funds": "NOT_SENT",
    "denied/opt-out": "NOT_SENT", "denied/country": "NOT_SENT", "denied/flood": "NOT_SENT",
    "denied/moderator": "DENIED", "unknown": "SENT", "received": "incoming_message",
}
WORDS = ["delivered", "sent", "waiting", "moderation", "denied", "not_sent", "undelivered"]
# Outcomes that a receipt brought, and those that come before any receipt can.
BY_RECEIPT = {"delivered", "undelivered", "expired", "rejected"}
WITHOUT_RECEIPT = {"scheduled", "held", "queued", "sending", "failed", "expired/unsent"}
KEYS = [
    "campaign_id", "client_id", "client_message_id", "contact_list_id", "message", "message_length", "cost", "country",
    "destination", "message_id", "sender", "date", "dlr_date", "status", "status_details", "type",
]
INTEGERS = {"campaign_id", "client_id", "message_length", "cost", "message_id"}

everything = records.load()
by_id = {record.id: record for record in everything}
# A withdrawn message is not shown and not counted.
shown = records.by_time(record for record in everything if record.outcome != "canceled")
PERIOD = {
    "date_start": (shown[0].date - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
    "date_end": (shown[-1].date + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
}
# Record to the message_id it has here, batch to its campaign_id; filled by the first list.
ids, campaigns = {}, {}


def connect(token):
    api = SMSFactorAPI(token)
    api.url = URL
    return api


client = connect(KEY)


def path(resource="/messages", **parameters):
    return f"{resource}?{urllib.parse.urlencode(parameters)}"


def get(**parameters):
    """A page of messages of the whole period, by the SDK."""
    return client.get(path(**{**PERIOD, **parameters}))


def raw(target, accept="application/json", **headers):
    """Status, content type and text of a plain request."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given.update({"Accept": accept} if accept else {})
    request = urllib.request.Request(URL + target, headers=given)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, answer.headers["Content-Type"], answer.read().decode("utf-8")


def bearer(token=KEY):
    return {"Authorization": f"Bearer {token}"}


def local(moment):
    return moment.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S")


# States in which no carrier took the message.
UNSENT = {"scheduled", "held", "queued", "sending", "expired/unsent", "rejected/submission", "failed", "canceled"}


def answered_by(record):
    """The MT that an MO answers: the one it names, else the last one that went out to that phone before it."""
    if record.is_mt:
        return None
    if record.raw["answers"]:
        return by_id[record.raw["answers"]]
    place = (record.date, record.index)
    earlier = [it for it in records.by_time(everything) if it.is_mt and it.peer == record.peer
               and (it.date, it.index) < place and it.outcome not in UNSENT and not it.outcome.startswith("denied")]
    return earlier[-1] if earlier else None


def message(record):
    """What a record must show whatever its ids are here; the cost only where the records say it."""
    answered = answered_by(record)
    return {
        "client_message_id": (answered.reference if answered else record.reference if record.is_mt else None) or "",
        "contact_list_id": record.raw["list"] or "", "message": record.body, "message_length": len(record.body),
        "country": record.country if record.is_mt else "", "destination": record.recipient, "sender": record.sender,
        "date": local(record.date), "status": STATUS[record.outcome], "type": "sms_mt" if record.is_mt else "sms_mo",
    }


def part(item, of=None):
    return {key: item[key] for key in message(of or shown[0])}


def numbers(answer):
    return [item["message_id"] for item in answer["messages"]]


def expect(answer, expected, about):
    """The answer holds exactly these records, in this order, and counts them."""
    equal(numbers(answer), [ids[record.id] for record in expected], about)
    equal((answer["totalDisplayRecords"], answer["totalRecords"]), (len(expected), len(shown)), f"{about}: totals")


def refused(target, accept="application/json", status=-7, **headers):
    """HTTP 200 with a negative status, in the manner of this vendor."""
    code, kind, text = raw(target, accept, **(headers or bearer()))
    equal(code, 200, f"HTTP status of {target}")
    body = loads(text) if "json" in kind else {child.tag: child.text for child in ElementTree.fromstring(text)}
    equal(int(body["status"]), status, f"{target} {headers}")
    true(isinstance(body["message"], str) and body["details"] and "messages" not in body, f"{target}: {body}")
    return body


@check("messages: all of the period, oldest first, every field")
def _():
    answer = get(length=1000)
    equal(list(answer), ["status", "message", "totalRecords", "totalDisplayRecords", "messages"])
    equal((answer["status"], answer["message"]), (1, "OK"))
    equal((answer["totalRecords"], answer["totalDisplayRecords"]), (len(shown), len(shown)))
    items = answer["messages"]
    equal([part(item) for item in items], [message(record) for record in shown])
    for record, item in zip(shown, items):
        equal(list(item), KEYS, f"{record}: keys")
        for key, value in item.items():
            true(type(value) is (int if key in INTEGERS else str), f"{record}: {key} is {value!r}")
        ids[record.id] = item["message_id"]
        if record.is_mt:
            campaigns.setdefault(record.batch or record.id, set()).add(item["campaign_id"])
        if record.is_mt and record.raw["credits"] is not None:
            equal(item["cost"], record.raw["credits"], f"{record}: cost")
    equal(len(set(ids.values())), len(shown), "ids are unique")
    equal(len({item["client_id"] for item in items}), 1, "one account")


@check("campaigns are the submissions; replies and states carry what belongs to them")
def _():
    true(all(len(found) == 1 for found in campaigns.values()), "a submission is one campaign")
    equal(len(set.union(*campaigns.values())), len(campaigns), "each its own")
    for record, item in zip(shown, get(length=1000)["messages"]):
        answered = answered_by(record)
        if answered:
            equal({item["campaign_id"]}, campaigns[answered.batch or answered.id], f"{record}: campaign answered")
        if not record.is_mt:
            equal((item["cost"], item["dlr_date"], item["status_details"]), (0, "", ""), f"{record}")
        elif record.outcome in BY_RECEIPT:
            equal(item["dlr_date"], local(record.history[-1][0]), f"{record}: receipt")
        elif record.outcome in WITHOUT_RECEIPT or record.outcome.startswith("denied"):
            equal(item["dlr_date"], "", f"{record}: no receipt")
        if item["status"] in ("SENT", "DELIVERED"):
            equal(item["status_details"], item["status"], f"{record}: details")


@check("pages: a hundred unless told, walked by every kind of loop")
def _():
    whole = [ids[record.id] for record in shown]
    equal(numbers(get()), whole[:100], "the default")
    equal(numbers(get(start=2, length=2)), whole[2:4])
    for length in [7, 100]:
        found = []
        while len(found) < get(start=len(found), length=length)["totalRecords"]:
            found += numbers(get(start=len(found), length=length))
        equal(found, whole, f"by {length}")
    equal(numbers(get(length=5000)), whole, "more than a thousand is a thousand")
    past = get(start=100_000)
    equal((past["status"], past["messages"], past["totalRecords"]), (1, [], len(shown)), "past the end")


@check("by type, country, destination, text and status; together too")
def _():
    sent = [record for record in shown if record.is_mt]
    expect(get(type="messages-out", length=1000), sent, "sent")
    expect(get(type="messages-in", length=1000), [it for it in shown if not it.is_mt], "received")
    for country in ["FR", "SE", "gb", "ZZ"]:
        expect(get(country=country, length=1000), [it for it in sent if it.country == country.upper()], country)
    for destination in [sent[40].recipient, "+" + sent[40].recipient, "36000", "46101606060", sent[40].recipient[:6]]:
        expected = [it for it in shown if it.recipient == destination.lstrip("+")]
        expect(get(destination=destination, length=1000), expected, destination)
    for text in ["ZEPHYR", "Déjà", "100%", "_now_", "Ваш", "🎉", "nobody wrote this", "&", "<"]:
        expected = [it for it in shown if text.lower() in it.body.lower()]
        expect(get(message=text, length=1000), expected, text)
    for word in WORDS + ["SENT"]:
        expected = [it for it in sent if STATUS[it.outcome] == word.upper()]
        expect(get(status=word, length=1000), expected, word)
    both = [it for it in sent if it.country == "FR" and STATUS[it.outcome] == "DELIVERED" and "prêt" in it.body]
    true(both, "the records have some")
    expect(get(country="FR", status="delivered", message="prêt", type="messages-out"), both, "four filters")
    expect(get(type="messages-in", status="delivered"), [], "a contradiction")
    expect(get(country="", status="", foo="bar", length=1000), shown, "empty and unknown ones")


@check("the seven states share out what was sent")
def _():
    total = sum(get(status=word)["totalDisplayRecords"] for word in WORDS)
    equal(total, get(type="messages-out")["totalDisplayRecords"])


@check("sorted each way, ties in one order, pages of it consecutive")
def _():
    for key, value in {
        "date": lambda it: it.date, "destination": lambda it: it.recipient, "sender": lambda it: it.sender,
        "status": lambda it: STATUS[it.outcome],
    }.items():
        sent = sorted((it for it in shown if it.is_mt), key=lambda it: it.index)
        upwards = sorted(sent, key=value)
        # By date, descending is the exact reverse; by the others, ties keep the order of their ids.
        downwards = upwards[::-1] if key == "date" else sorted(sent, key=value, reverse=True)
        for sort, expected in [(key, upwards), (f"-{key}", downwards)]:
            whole = numbers(get(type="messages-out", sort=sort, length=1000))
            equal(whole, [ids[it.id] for it in expected], sort)
            pages = [numbers(get(type="messages-out", sort=sort, start=start, length=37)) for start in (0, 37, 74)]
            equal(sum(pages, []), whole[:111], f"{sort}: pages")


@check("the period: both bounds included, days that do not exist roll over, reversed is empty")
def _():
    daytime = [it for it in shown if 5 <= it.date.hour < 22]
    low, high = daytime[10].date, daytime[-10].date
    inside = [it for it in shown if low <= it.date <= high]
    answer = client.get(path(date_start=local(low), date_end=local(high), length=1000))
    equal(numbers(answer), [ids[it.id] for it in inside])
    equal(answer["totalRecords"], len(inside), "records before the optional filters are those of the period")
    for period in [("2023-09-01 00:00:00", "2023-09-31 23:59:59"), ("2023-02-30 00:00:00", "2023-03-01 00:00:00"),
                   (PERIOD["date_end"], PERIOD["date_start"])]:
        answer = client.get(path(date_start=period[0], date_end=period[1]))
        equal((answer["status"], answer["totalRecords"], answer["messages"]), (1, 0, []), str(period))
    plus = client.get(path(**PERIOD))
    twenty = client.get("/messages?" + urllib.parse.urlencode(PERIOD, quote_via=urllib.parse.quote))
    equal(plus, twenty, "a space as + or as %20")


@check("wrong parameters are -7 and named")
def _():
    for missing in ["date_start", "date_end"]:
        other = {key: value for key, value in PERIOD.items() if key != missing}
        true(missing in refused(path(**other))["details"], missing)
        refused(path(**{**other, missing: ""}))
    for name, values in {
        "date_start": ["2023-13-01 00:00:00", "2023-01-32 00:00:00", "2023-01-01 24:00:00", "yesterday", "2023-09-01"],
        "status": ["lost", "incoming_message"], "type": ["sms_mt", "all"], "country": ["FRA", "F1"],
        "sort": ["cost", "--date"], "start": ["-1", "x", "1.5"], "length": ["0", "-5", "x"],
    }.items():
        for value in values:
            true(name in refused(path(**{**PERIOD, name: value}))["details"], f"{name}={value} is named")


@check("XML tells the same, in its own dress")
def _():
    answer = get(length=1000, sort="-date")
    target = path(**{**PERIOD, "length": 1000, "sort": "-date"})
    _, kind, text = raw(target, "application/xml", **bearer())
    true(kind.startswith("application/xml"), kind)
    true(text.startswith('<?xml version="1.0" encoding="UTF-8"?>'), text[:60])
    root = ElementTree.fromstring(text)
    equal(root.tag, "response")
    equal([child.tag for child in root][:4], ["status", "message", "totalRecords", "totalDisplayRecords"])
    equal({child.tag for child in root[4:]}, {"messages"})
    equal([root.findtext(key) for key in ["status", "totalRecords"]], ["1", str(len(shown))])
    for element, item in zip(root.findall("messages"), answer["messages"], strict=True):
        equal([child.tag for child in element], KEYS)
        quoted = {key: f'"{item[key]}"' if key in ("date", "dlr_date") and item[key] else str(item[key]) for key in KEYS}
        equal({child.tag: child.text or "" for child in element}, quoted)
    empty = ElementTree.fromstring(raw(path(**{**PERIOD, "country": "ZZ"}), "application/xml", **bearer())[2])
    equal((empty.findtext("totalDisplayRecords"), empty.findall("messages")), ("0", []), "an empty list")
    refused(path(), "application/xml")


@check("the format follows Accept: XML unless JSON is named")
def _():
    target = path(**PERIOD, length=1)
    for accept, expected in [
        ("application/json", "json"), ("application/xml", "xml"), ("*/*", "xml"), (None, "xml"), ("text/html", "xml"),
        ("application/json, text/plain, */*", "json"), ("application/json;q=0.5, application/xml", "xml"),
        ("application/xml, application/json", "xml"), ("text/json", "json"),
    ]:
        kind = raw(target, accept, **bearer())[1]
        true(expected in kind, f"{accept}: {kind}")


@check("replies of a period")
def _():
    expected = [record for record in shown if not record.is_mt]
    answer = client.get(path("/messages/mo", **PERIOD, length=1000, sort="date"))
    equal((answer["totalRecords"], answer["totalDisplayRecords"]), (len(expected), len(expected)))
    equal([(it["message_id"], it["destination"], it["message"], it["date"]) for it in answer["replies"]],
          [(str(ids[it.id]), int(it.sender), it.body, local(it.date)) for it in expected])
    for record, item in zip(expected, answer["replies"]):
        answered = answered_by(record)
        if answered:
            equal({int(item["campaign_id"])}, campaigns[answered.batch or answered.id], f"{record}")
    pages = [client.get(path("/messages/mo", **PERIOD, sort="-date", start=at, length=9))["replies"] for at in (0, 9)]
    equal([it["message_id"] for it in sum(pages, [])], [str(ids[it.id]) for it in expected[::-1][:18]])
    root = ElementTree.fromstring(raw(path("/messages/mo", **PERIOD, length=3), "application/xml", **bearer())[2])
    equal(len(root.findall("replies")), 3)
    true(all(re.fullmatch('"[^"]+"', it.findtext("date")) for it in root.findall("replies")), "quoted dates")


@check("credits, through the SDK's odd query and a doubled slash")
def _():
    equal(client.credits, 0)
    body = loads(raw("//credits", **bearer())[2])
    equal((body["status"], body["credits"]), (1, "0"))


@check("every way to authenticate opens the same account")
def _():
    expected = get(length=3)["messages"]
    target = path(**PERIOD, length=3)
    for about, address, headers in [
        ("bearer in lower case", target, {"Authorization": f"bearer {KEY}"}),
        ("token in the URL", f"{target}&token={KEY}", {}),
        ("login headers", target, {"sfusername": USER, "sfpassword": KEY}),
        ("login in the URL", f"{target}&username={USER}&password={KEY}", {}),
    ]:
        equal(loads(raw(address, **headers)[2]).get("messages"), expected, about)


@check("wrong credentials are -1 before anything else")
def _():
    target = path(**PERIOD)
    error = raises(SMSFactorException, lambda: connect("wrong").get(target))
    true("Error -1: Le login et le mot de passe ne correspondent pas (Token invalide)" in str(error), str(error))
    for headers in [{"X_application": "15"}, bearer("wrong"), bearer(""), {"Authorization": "Basic eDp5"},
                    {"sfusername": USER, "sfpassword": "wrong"}]:
        refused(target, status=-1, **headers)
        refused("/messages", status=-1, **headers)
        refused("/messages", "application/xml", status=-1, **headers)


@check("another account sees none of it")
def _():
    answer = connect(os.environ["ANSWERBACK_OTHER_KEY"]).get(path(**PERIOD))
    equal((answer["totalRecords"], answer["messages"]), (0, []))


run()
