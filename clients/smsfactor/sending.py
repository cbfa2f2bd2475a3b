"""SMSFactor: sending in every form, later and withdrawn, what it costs, campaigns, lists, blacklist and tokens, by
PyPI `smsfactor` 0.0.5 with its `url` changed and, where that client has no means, by plain requests.
"""

import os
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta
from json import dumps, loads
from zoneinfo import ZoneInfo

from smsfactor.smsfactor import SMSFactorAPI, SMSFactorException

from checks import check, equal, raises, run, true, until
from hook import Hook

URL = os.environ["ANSWERBACK_URL"]
USER, KEY = os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"]
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime.now(PARIS)
PERIOD = {
    "date_start": (NOW - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"),
    "date_end": (NOW + timedelta(days=60)).strftime("%Y-%m-%d %H:%M:%S"),
}
COUNTERS = ["total", "sent", "blacklisted", "duplicated", "invalid", "npai", "not_allowed", "flood", "country_limit"]
# Once accepted, a message may have gone any part of its way before it is looked at.
UNDER_WAY = {"WAITING", "SENT", "DELIVERED", "UNDELIVERED"}


# The simulator's: delivered with the answer `Yes`, delivered with the answer `STOP`, not delivered.
ANSWERS, STOPS, LOST = "33612340040", "33612340041", "33612340001"
NUMBER = "46737494990"
hook = Hook()


def connect(token):
    api = SMSFactorAPI(token)
    api.url = URL
    return api


client = connect(KEY)


def path(resource, **parameters):
    return f"{resource}?{urllib.parse.urlencode(parameters)}"


def plain(method, target, body=None, accept="application/json", **headers):
    """Status code and body of a plain request, with the token unless another credential is given."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()} or {"Authorization": f"Bearer {KEY}"}
    headers.update({"Accept": accept} if accept else {})
    data = body.encode() if body is not None else None
    request = urllib.request.Request(URL + target, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read().decode("utf-8")


def put(target, body="[]"):
    code, text = plain("PUT", target, body)
    answer = loads(text)
    equal((code, answer["status"]), (200, 1), f"PUT {target}")
    return answer


def campaign(text, *numbers, **message):
    gsm = [{"value": number, "gsmsmsid": f"id-{place}"} for place, number in enumerate(numbers)]
    return {"sms": {"message": {"text": text, **message}, "recipients": {"gsm": gsm}}}


def messages(**filters):
    return client.get(path("/messages", **PERIOD, length=1000, **filters))["messages"]


def of(ticket):
    return [item for item in messages() if item["campaign_id"] == int(ticket)]


def refused(status, call):
    error = raises(SMSFactorException, call)
    true(str(error).startswith(f"Error {status}: "), str(error))
    return str(error)


@check("one message: the answer as strict clients read it, and its record")
def _():
    target = path("/send", text="Déjà <vu> & \"co\"", to="+33612345678", sender="ACME", gsmsmsid="order-1", pushtype="")
    answer = client.get(target)
    equal((answer["status"], answer["message"]), (1, "OK"))
    true(type(answer["ticket"]) is str and answer["ticket"].isdigit(), "a ticket of digits")
    true(int(answer["ticket"]) < 2**31, "that fits 32 bits")
    true(all(type(answer[key]) is int for key in COUNTERS + ["cost", "credits"]), f"integers: {answer}")
    equal([answer[key] for key in COUNTERS], [1, 1, 0, 0, 0, 0, 0, 0, 0])
    [record] = of(answer["ticket"])
    for key, value in {"message": "Déjà <vu> & \"co\"", "destination": "33612345678", "sender": "ACME", "cost": 1,
                       "client_message_id": "order-1", "country": "FR", "type": "sms_mt"}.items():
        equal(record[key], value, key)
    true(record["status"] in UNDER_WAY, record["status"])


@check("a campaign: repeated and unusable numbers are counted, each message has its own id")
def _():
    answer = client.post("/send", campaign("Hi", "33600000001", "33600000002", "+33600000001", "0612345678"))
    equal([answer[key] for key in COUNTERS[:5]], [4, 2, 0, 1, 1])
    equal(answer["cost"], 2)
    found = of(answer["ticket"])
    equal([(it["destination"], it["client_message_id"]) for it in found],
          [("33600000001", "id-0"), ("33600000002", "id-1"), ("0612345678", "id-3")])
    equal((found[2]["status"], found[2]["cost"]), ("NOT_SENT", 0))
    alone = client.get(path("/send", text="a", to="0612345678"))
    equal((alone["status"], alone["sent"], alone["invalid"], alone["cost"]), (1, 0, 1, 0))


@check("segments are what it costs, and a simulation says so without sending")
def _():
    before = len(messages(message="zzz"))
    for text, cost in [("z" * 160, 1), ("z" * 161, 2), ("ж" * 70, 1), ("ж" * 71, 2)]:
        equal(client.get(path("/send/simulate", text=text, to="33612345678"))["cost"], cost)
        equal(client.post("/send/simulate", campaign(text, "33612345678"))["cost"], cost)
    equal(len(messages(message="zzz")), before, "nothing is listed")


@check("the body in every form and language; the answer in the one asked for")
def _():
    json = dumps(campaign("form", "33612345678"))
    xml = ('<?xml version="1.0"?><sms><message><text><![CDATA[form]]></text></message>'
           '<recipients><gsm gsmsmsid="id-0">33612345678</gsm></recipients></sms>')
    login = xml.replace("<message>", f"<authentification><username>{USER}</username><password>{KEY}</password>"
                                     "</authentification><message>", 1)
    bearer = {"Authorization": f"Bearer {KEY}"}
    for target, body, headers in [
        ("/send", json, {**bearer, "Content_Type": "application/json"}),
        ("/send", json, {**bearer, "Content_Type": "application/x-www-form-urlencoded"}),
        ("/send", "data=" + urllib.parse.quote(json), bearer),
        ("//send", xml, bearer),
        ("/", "XML=" + urllib.parse.quote(login), {"Content_Type": "application/x-www-form-urlencoded"}),
    ]:
        code, text = plain("POST", target, body, **headers)
        equal((code, loads(text)["status"]), (200, 1), f"{target} {body:.20}")
        _, text = plain("POST", target, body, accept=None, **headers)
        root = ElementTree.fromstring(text)
        equal((root.tag, root.findtext("status"), root.findtext("sent")), ("response", "1", "1"))
        [record] = of(root.findtext("ticket"))
        equal((record["message"], record["client_message_id"]), ("form", "id-0"))


@check("refusals have their numbers")
def _():
    refused(-7, lambda: client.get(path("/send", to="33612345678")))
    refused(-7, lambda: client.get(path("/send", text="a", to="")))
    refused(-7, lambda: client.post("/send", {"sms": {}}))
    refused(-4, lambda: client.get(path("/send", text="a", to="33612345678", delay="not-a-date")))
    refused(-4, lambda: client.get(path("/send", text="a", to="33612345678", delay="2020-01-01 00:00:00")))
    refused(-5, lambda: client.post("/send/lists", {"sms": {"message": {"text": "a"}, "lists": [{"value": 999}]}}))
    refused(-5, lambda: client.delete("/send/999999999"))
    refused(-5, lambda: client.get("/campaign/999999999"))
    refused(-1, lambda: connect("wrong").get(path("/send", text="a", to="33612345678")))
    equal(loads(plain("POST", "/send", '{"sms":')[1])["status"], -6)
    equal(ElementTree.fromstring(plain("POST", "/send", "<sms>", "text/xml")[1]).findtext("status"), "-2")


@check("sent later, by the clocks of Paris, and withdrawn")
def _():
    delay = (NOW + timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S")
    ticket = client.post("/send", campaign("later", "33612345678", "33612345679", delay=delay))["ticket"]
    equal([(it["status"], it["date"]) for it in of(ticket)], [("WAITING", delay)] * 2)
    equal(client.get(f"/campaign/{ticket}")["campaign"][0]["date"], delay)
    answer = client.delete(f"/send/{ticket}")
    true(type(answer["credits"]) is int, f"{answer}")
    equal(of(ticket), [])
    refused(-5, lambda: client.delete(f"/send/{ticket}"))


@check("a repeated request with its key is the same one")
def _():
    target = path("/send", text="once", to="33612345678")
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency_Key": "suite-1"}
    first = plain("GET", target, **headers)
    equal(plain("GET", target, **headers), first)
    equal(len(of(loads(first[1])["ticket"])), 1)
    other = loads(plain("GET", path("/send", text="twice", to="33612345678"), **headers)[1])
    equal(other["status"], -7)


@check("a list: made, sent to with what is known of people, changed, removed")
def _():
    gsm = [{"value": "33610000001", "info1": "Ada"}, {"value": "33610000002"}, {"value": "33610000001"}]
    made = client.post("/list", {"list": {"name": "Friends", "contacts": {"gsm": gsm}}})
    equal((made["contacts"], made["invalid"], made["duplicates"]), (3, 0, 1))
    target = f"/list/{made['id']}"
    true(made["id"] in [it["id"] for it in client.get("/lists")["lists"]], "it is listed")
    shown = client.get(target)
    equal((shown["name"], shown["contacts"], shown["totalRecords"]), ("Friends", "2", 2))
    answer = client.post("/send/lists", {"sms": {"message": {"text": "Hi [info1]!"}, "lists": [{"value": made["id"]}]}})
    equal((answer["total"], answer["sent"]), (2, 2))
    equal([(it["message"], it["contact_list_id"]) for it in of(answer["ticket"])],
          [("Hi Ada!", made["id"]), ("Hi !", made["id"])])
    contact = shown["list"][0]["id"]
    true(len(contact) == 24, contact)
    put(f"/list/contact/{contact}", dumps({"value": "33610000001", "info1": "Bea"}))
    equal(client.get(target + "?search=bea")["list"][0]["destination"], "33610000001")
    equal(put(f"/list/deduplicate/{made['id']}")["removed"], 0)
    client.delete(f"/list/contact/{contact}")
    equal(client.get(target)["totalRecords"], 1)
    client.delete(target)
    refused(-5, lambda: client.get(target))


@check("the blacklist and unassigned numbers are left out, and counted")
def _():
    for resource, counter, number in [("blacklist", "blacklisted", "33620000001"), ("npai", "npai", "33620000002")]:
        body = {resource: {"contacts": {"gsm": [{"value": number}]}}}
        equal(client.post(f"/{resource}", body)["added_contacts"], 1)
        answer = client.get(path("/send", text="a", to=number))
        equal((answer["status"], answer["sent"], answer[counter], answer["cost"]), (1, 0, 1, 0), resource)
        [entry] = [it for it in client.get(f"/{resource}")["list"] if it["destination"] == number]
        true(len(entry["id"]) == 24, entry)
        if resource == "npai":
            found = client.get(f"/campaign/{answer['ticket']}/npai")["npai"]
            equal([it["destination"] for it in found], [number])
        else:
            client.delete(f"/blacklist/contact/{entry['id']}")
            equal(client.get(path("/send", text="a", to=number))["sent"], 1)


def told(path, **wanted):
    """The call to a webhook that has these members, once it has come."""
    def look():
        calls = [call.json() | {"signature": call.headers["X-SMSFactor-Signature"]} for call in hook.at(path)]
        return [call for call in calls if all(call.get(key) == value for key, value in wanted.items())]
    [call] = until(look, f"{wanted} at {path}")
    return call


@check("webhooks: made, listed, changed")
def _():
    made = {}
    for kind in ["DLR", "MO", "STOP"]:
        asked = {"type": kind, "url": hook.url(f"/{kind.lower()}"), "signature": f"secret-{kind}"}
        shown = client.post("/webhook", {"webhook": asked})["webhook"]
        equal({key: shown[key] for key in asked}, asked)
        equal((shown["status"], shown["last_http_code"]), ("live", None))
        made[shown["webhook_id"]] = kind
    equal({it["webhook_id"]: it["type"] for it in client.get("/webhook")["webhooks"]}, made)


@check("delivered, not delivered, answered: in the history, and told to the webhooks")
def _():
    good = client.post("/send", campaign("Venez-vous ? Ça ira", ANSWERS, sender=NUMBER))["ticket"]
    bad = client.post("/send", campaign("Personne", LOST, sender=NUMBER))["ticket"]
    for ticket, status, code, number in [(good, "DELIVERED", 3, ANSWERS), (bad, "UNDELIVERED", 2, LOST)]:
        until(lambda: [it["status"] for it in of(ticket) if it["type"] == "sms_mt"] == [status], status)
        call = told("/dlr", campaign_id=ticket)
        equal({key: call[key] for key in ["status", "destination", "message_id", "country_code", "signature"]},
              {"status": code, "destination": number, "message_id": "id-0", "country_code": "FR",
               "signature": "secret-DLR"})
    [reply] = until(lambda: client.get(f"/campaign/{good}/mo")["replies"], "the answer")
    true("Yes" in reply.values(), f"{reply}")
    [answer] = [it for it in of(good) if it["type"] == "sms_mo"]
    equal((answer["sender"], answer["destination"], answer["message"]), (ANSWERS, NUMBER, "Yes"))
    call = told("/mo", **{"from": ANSWERS})
    equal((call["message"], call["last_message_id"], call["signature"]), ("Yes", "id-0", "secret-MO"))


@check("whoever answers STOP is on the blacklist, and both webhooks are told")
def _():
    ticket = client.post("/send", campaign("Des nouvelles", STOPS, sender=NUMBER))["ticket"]
    for path, signature in [("/mo", "secret-MO"), ("/stop", "secret-STOP")]:
        call = told(path, **{"from": STOPS})
        equal((call["message"], call["signature"]), ("STOP", signature))
    equal([it["destination"] for it in client.get(f"/campaign/{ticket}/blacklist")["stops"]], [STOPS])
    answer = client.post("/send", campaign("Encore", STOPS, sender=NUMBER))
    equal((answer["sent"], answer["blacklisted"]), (0, 1))
    equal(len(hook.at("/stop")), 1, "nobody else opted out")


@check("webhooks are removed")
def _():
    for shown in client.get("/webhook")["webhooks"]:
        equal(shown["last_http_code"], 200)
        equal(client.delete(f"/webhook/{shown['webhook_id']}")["deleted_id"], shown["webhook_id"])
    equal(client.get("/webhook")["webhooks"], [])


@check("campaigns, newest first")
def _():
    answer = client.get(path("/campaigns", length=3, text="form"))
    dates = [it["creation_date"] for it in answer["campaigns"]]
    equal(dates, sorted(dates, reverse=True))
    true(all(it["text"] == "form" for it in answer["campaigns"]), "those that were asked for")
    true(0 < answer["totalDisplayRecords"] < answer["totalRecords"], f"{answer}")
    ticket = answer["campaigns"][0]["id"]
    equal(client.get(f"/campaign/{ticket}/mo")["replies"], [])
    equal(client.get(f"/campaign/{ticket}/blacklist")["stops"], [])


@check("a token: made, used, revoked")
def _():
    made = client.post("/token", {"token": {"name": "suite", "ttl": 3600}})
    other = connect(made["token"])
    equal(other.credits, 0)
    shown = client.get(f"/token/{made['token_id']}")["token"]
    equal((shown["name"], shown["ttl"], shown["is_active"], shown["allowed_ips"]), ("suite", 3600, "1", None))
    equal(client.delete(f"/token/{made['token_id']}")["deleted_token"], made["token_id"])
    refused(-1, lambda: other.get("/credits"))


@check("another account has none of it")
def _():
    stranger = connect(os.environ["ANSWERBACK_OTHER_KEY"])
    equal(stranger.get("/campaigns")["totalRecords"], 0)
    equal((stranger.get("/lists")["lists"], stranger.get("/blacklist")["totalRecords"]), ([], 0))
    ticket = client.get("/campaigns?length=1")["campaigns"][0]["id"]
    refused(-5, lambda: stranger.get(f"/campaign/{ticket}"))
    equal(loads(plain("GET", "/account")[1])["account"]["company"], "Test")


@check("ten thousand recipients at once")
def _():
    gsm = [{"value": f"336{number:08}"} for number in range(10_000)]
    answer = client.post("/send", {"sms": {"message": {"text": "Hi"}, "recipients": {"gsm": gsm}}})
    equal((answer["total"], answer["sent"], answer["cost"]), (10_000, 10_000, 10_000))
    shown = client.get(f"/campaign/{answer['ticket']}")["campaign"]
    equal((len(shown), shown[0]["total"], shown[0]["cost"]), (1, "10000", "10000"))


run()
