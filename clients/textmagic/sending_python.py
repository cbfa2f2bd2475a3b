"""PyPI `textmagic` 2.0.3, the first-generation client, sending: what is accepted, priced, scheduled, withdrawn, and
read back afterwards; and what the simulated carrier makes of it, told by callbacks as forms. Where a status is not
waited for, a message may have left by the time it is read, or not.
"""

import os
import time

from textmagic.rest import TextmagicRestClient
from textmagic.rest.exceptions import TextmagicRestException

from checks import check, equal, raises, run, true, until
from hook import Hook

BASE = os.environ["ANSWERBACK_URL"] + "/api/v2"
NOWHERE = 2_000_000_000
LETTERS = set("sqrabdefju")
JOHN, MARIA = "447860021130", "46701740605"
LATER = int(time.time()) + 2 * 3600
# The simulator's: this one is delivered and answers `Yes`, that one is not delivered.
ANSWERS, LOST = "447860020040", "447860020001"
NUMBER = "46737494990"
SENT_KEYS = ["bulkId", "chatId", "href", "id", "messageId", "scheduleId", "sessionId", "type"]

client = TextmagicRestClient(os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"], base=BASE)
hook = Hook()
stranger = TextmagicRestClient(
    os.environ["ANSWERBACK_OTHER_USERNAME"], os.environ["ANSWERBACK_OTHER_KEY"], base=BASE)


def stamp(second):
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(second))


def sent(kind, **parameters):
    """Sends; exactly the ids that a submission of this kind has are there, the others null."""
    answer = vars(client.messages.create(**parameters))
    equal(sorted(answer), SENT_KEYS, "the keys")
    equal(answer["type"], kind, "the type")
    equal(answer[kind + "Id"], answer["id"], "its own id")
    equal(answer["href"], f"/api/v2/{kind}s/{answer['id']}", "the link")
    others = {"messageId", "bulkId", "scheduleId", "sessionId"} - {kind + "Id"}
    if kind == "message":
        true(isinstance(answer["sessionId"], int), "a message stands in a session")
        others.remove("sessionId")
    equal([answer[key] for key in others], [None] * len(others), "the other ids")
    return answer


def invalid(call, *fields):
    """A refusal of a write, which blames these parameters, or the request as a whole."""
    error = raises(TextmagicRestException, call)
    equal((error.status, error.msg), (400, "Validation Failed"))
    equal(sorted(error.errors["fields"]), sorted(fields), "the fields")
    true(error.errors["common"] or fields, "something is to blame")


def of(calls, name, value):
    """The callbacks whose field has this value."""
    return [call for call in calls if call.form()[name] == str(value)]


def of_sender(replies, sender):
    """The newest reply of a sender."""
    return next((reply for reply in replies if reply.sender == sender), None)


def missing(call):
    equal(raises(TextmagicRestException, call).status, 404)


def total(call, **parameters):
    return call(limit=1, **parameters)[1]["pageCount"]


@check("one recipient is a message, read back with its session")
def _():
    answer = sent("message", phones="+" + JOHN, text="Hello from Python", from_="Acme", referenceId="python-1")
    message = client.messages.get(answer["id"])
    equal((message.receiver, message.text, message.sender), (JOHN, "Hello from Python", "Acme"))
    equal((message.country, message.charset, message.partsCount), ("GB", "ISO-8859-1", 1))
    true(message.status in LETTERS, f"status {message.status}")
    equal(message.sessionId, answer["sessionId"])
    session = client.sessions.get(answer["sessionId"])
    equal((session.source, session.numbersCount, session.referenceId), ("A", 1, "python-1"))
    newest, _ = client.messages.list(limit=100)
    newest = next(it for it in newest if it.status != "s")
    equal(newest.id, answer["id"], "it is the newest, but for those that are still to come")
    chat, _ = client.messages.list(search=True, query="from Python")
    equal([it.id for it in chat], [answer["id"]], "found by its text")


@check("several recipients are a session; a repeated one counts once")
def _():
    answer = sent("session", phones=f"{JOHN}, {MARIA},{JOHN}", text="Привет")
    session = client.sessions.get(answer["id"])
    equal((session.text, session.numbersCount), ("Привет", 2))
    messages, pager = client.sessions.messages(answer["id"], limit=1, page=2)
    equal((len(messages), pager["pageCount"]), (1, 2))
    equal((messages[0].charset, messages[0].sessionId), ("UTF-16BE", answer["id"]))


@check("texts come back as they went")
def _():
    for text in ["a+b&c=d", "€ { } [ ] ~ ^ | \\", "你好", "🎉 👩‍👩‍👧", "two\nlines", "100%"]:
        answer = sent("message", phones=JOHN, text=text)
        equal(client.messages.get(answer["id"]).text, text)


@check("texts that are too long are refused, or cut on wish")
def _():
    invalid(lambda: client.messages.create(phones=JOHN, text="a" * 919), "text")
    invalid(lambda: client.messages.create(phones=JOHN, text="a" * 161, partsCount=1), "text")
    for wish in [1, True]:
        answer = sent("message", phones=JOHN, text="b" * 200, partsCount=1, cutExtra=wish)
        equal(client.messages.get(answer["id"]).text, "b" * 160)


@check("what is no submission is refused with reasons, and leaves nothing")
def _():
    before = total(client.messages.list)
    invalid(lambda: client.messages.create(phones=JOHN))
    invalid(lambda: client.messages.create(text="nobody"))
    invalid(lambda: client.messages.create(text="hi", phones="abc"), "phones")
    invalid(lambda: client.messages.create(templateId=NOWHERE, phones=JOHN), "templateId")
    invalid(lambda: client.messages.create(text="hi", contacts=str(NOWHERE)), "contacts")
    invalid(lambda: client.messages.create(text="hi", phones=JOHN, rrule="FREQ=DAILY"), "rrule")
    equal(total(client.messages.list), before)


@check("prices are told, and nothing is sent")
def _():
    before = total(client.messages.list)
    expected = {"GB": 2, "SE": 1}
    for price in [
        client.messages.price(phones=f"{JOHN},{MARIA},447860021131", text="hi", from_="Acme"),
        client.messages.create(phones=f"{JOHN},{MARIA},447860021131", text="hi", dummy=1),
    ]:
        equal((price["parts"], {code: it["count"] for code, it in price["countries"].items()}), (1, expected))
        true(isinstance(price["total"], (int, float)), "the total is a number")
        equal(price["countries"]["GB"]["country"], "GB")
    equal(total(client.messages.list), before)


@check("templates are kept, changed, sent, found and removed")
def _():
    template = client.templates.create(name="Python greeting", content="Hello {Phone}!")
    equal(template.href, f"/api/v2/templates/{template.id}")
    client.templates.update(template.id, name="Python greeting", content="Hi {Phone}!")
    kept = client.templates.get(template.id)
    equal((kept.name, kept.content), ("Python greeting", "Hi {Phone}!"))
    found, _ = client.templates.list(search=True, name="python")
    equal([it.id for it in found], [template.id])
    answer = sent("message", phones=JOHN, templateId=template.id)
    equal(client.messages.get(answer["id"]).text, f"Hi {JOHN}!")
    equal(client.sessions.get(answer["sessionId"]).text, "Hi {Phone}!", "the session keeps the braces")
    true(client.templates.delete(template.id), "removed")
    missing(lambda: client.templates.get(template.id))


@check("what is sent later is a schedule, and is withdrawn with it")
def _():
    answer = sent("schedule", phones=JOHN, text="Later", sendingTime=LATER)
    schedule = client.schedules.get(answer["id"])
    equal((schedule.nextSend, schedule.rrule), (stamp(LATER), None))
    equal((schedule.session["text"], schedule.session["source"], schedule.session["numbersCount"]), ("Later", "A", 1))
    listed, _ = client.schedules.list(limit=1)
    equal(listed[0].id, answer["id"])
    waiting, _ = client.messages.list(search=True, sessionId=schedule.session["id"])
    equal((waiting[0].status, waiting[0].messageTime), ("s", stamp(LATER)))
    true(client.schedules.delete(answer["id"]), "removed")
    missing(lambda: client.schedules.get(answer["id"]))
    missing(lambda: client.schedules.delete(answer["id"]))
    equal(client.messages.get(waiting[0].id).status, "e", "it was withdrawn")


@check("what recurs shows its rule")
def _():
    rule = "FREQ=DAILY;INTERVAL=2;COUNT=5;"
    answer = sent("schedule", phones=JOHN, text="Again", sendingTime=LATER, rrule=rule)
    schedule = client.schedules.get(answer["id"])
    equal((schedule.rrule, schedule.nextSend), (rule, stamp(LATER)))
    true(client.schedules.delete(answer["id"]), "removed")


@check("callbacks are set, and read back")
def _():
    settings = f"{BASE}/callback/settings"
    given = {"outUrl": hook.url("/out"), "inUrl": hook.url("/in"), "format": "u"}
    equal(client.messages.request("PUT", settings, data=given)[1], given)
    equal(client.messages.request("GET", settings)[1], given)


@check("a message is delivered and a callback tells it")
def _():
    answer = sent("message", phones=ANSWERS, text="Déjà vu & co?", from_=NUMBER, referenceId="python-2")
    until(lambda: client.messages.get(answer["id"]).status == "d", "the receipt")
    [call] = until(lambda: of(hook.at("/out"), "id", answer["id"]), "the callback")
    told = call.form()
    equal({name: told[name] for name in ["status", "sender", "receiver", "text", "referenceId", "partsCount", "country"]},
          {"status": "d", "sender": NUMBER, "receiver": ANSWERS, "text": "Déjà vu & co?", "referenceId": "python-2",
           "partsCount": "1", "country": "GB"})


@check("a message that is not delivered is told so")
def _():
    answer = sent("message", phones=LOST, text="Hello?")
    until(lambda: client.messages.get(answer["id"]).status == "f", "the receipt")
    [call] = until(lambda: of(hook.at("/out"), "id", answer["id"]), "the callback")
    equal((call.form()["status"], call.form()["receiver"]), ("f", LOST))


@check("the reply stands among the replies and in the chat, and a callback tells it")
def _():
    reply = until(lambda: of_sender(client.replies.list(limit=10)[0], ANSWERS), "the reply")
    equal((reply.text, reply.receiver), ("Yes", NUMBER))
    [call] = until(lambda: of(hook.at("/in"), "id", reply.id), "the callback")
    told = call.form()
    equal((told["text"], told["sender"], told["receiver"]), ("Yes", ANSWERS, NUMBER))
    equal(told["messageTime"], reply.messageTime)
    messages, _ = client.chats.by_phone(ANSWERS, limit=100)
    equal([(it.direction, it.text) for it in messages], [("out", "Déjà vu & co?"), ("in", "Yes")])
    equal(len(hook.at("/in")), 1, "nobody else has written")


@check("callbacks are taken away again")
def _():
    settings = f"{BASE}/callback/settings"
    kept = client.messages.request("PUT", settings, data={"outUrl": "", "inUrl": ""})[1]
    equal((kept["outUrl"], kept["inUrl"]), (None, None))


@check("more than a thousand recipients are a bulk")
def _():
    phones = ",".join(str(447_860_000_000 + at) for at in range(1200))
    answer = sent("bulk", phones=phones, text="Hello everybody")
    bulk = client.bulks.get(answer["id"])
    equal((bulk.itemsTotal, bulk.text), (1200, "Hello everybody"))
    true(bulk.status in "nwfc", "a status")
    equal(bulk.session["numbersCount"], 1200)
    listed, _ = client.bulks.list()
    equal([it.id for it in listed], [answer["id"]])
    equal(client.sessions.messages(bulk.session["id"], limit=100)[1]["pageCount"], 12)


@check("the same request under the same key is sent once")
def _():
    def send(text):
        headers = {"Idempotency-Key": "python-key"}
        data = {"text": text, "phones": JOHN}
        return client.messages.request("POST", client.messages.uri, data=data, headers=headers)[1]
    first = send("Once")
    equal(send("Once"), first)
    equal(raises(TextmagicRestException, lambda: send("Twice")).status, 409)


@check("sender ids and sources")
def _():
    made = client.senderids.create(senderId="PyRod", explanation="our name")
    equal(client.senderids.get(made.id).senderId, "PyRod")
    sources = client.sources.allowed()
    true("PyRod" in sources.senderIds and isinstance(sources.dedicated, list), "it may be used")
    true(client.senderids.delete(made.id), "removed")
    invalid(lambda: client.senderids.create(senderId="123456", explanation="no letter"), "senderId")
    equal(client.numbers.list()[0], [])


@check("statistics count what was sent")
def _():
    item = client.stats_messaging.list()[0]
    counts = ["Delivered", "Accepted", "Buffered", "Failed", "Rejected"]
    true(sum(vars(item)["messagesSent" + word] for word in counts) >= 1200, "at least the bulk")
    true(item.date is None and 0 <= item.deliveryRate <= 1, "one item, a rate")
    equal(len(client.stats_messaging.list(by="day")), 8)
    spent, _ = client.stats_spending.list(limit=1)
    equal((spent[0].type, isinstance(spent[0].value, str)), ("sms", True))
    equal(client.invoices.list()[0], [])


@check("another account sees none of it")
def _():
    for call in [stranger.messages.list, stranger.schedules.list, stranger.bulks.list, stranger.templates.list]:
        equal(call()[0], [])


run()
