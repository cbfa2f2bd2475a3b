"""PyPI `textmagic` 2.0.3, the first-generation client, pointed at us by its `base` argument.

Everything it can read of messages, sessions, chats and replies, then what it deletes.
"""

import json
import os
from pathlib import Path

from textmagic.rest import TextmagicRestClient
from textmagic.rest.exceptions import TextmagicRestException

import records
from checks import check, equal, raises, run, true

BASE = os.environ["ANSWERBACK_URL"] + "/api/v2"
NOWHERE = 2_000_000_000
STATUS = json.loads((Path(__file__).parent / "status.json").read_text(encoding="utf-8"))
MESSAGE_KEYS = {
    "id", "receiver", "messageTime", "status", "text", "charset", "firstName", "lastName", "country", "sender",
    "price", "partsCount", "contactId", "sessionId", "avatar", "charsetLabel",
}
OPTIONAL_MESSAGE_KEYS = {"rejectReason", "deleted", "phone", "fromEmail", "fromNumber", "senderSource", "session"}

client = TextmagicRestClient(os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"], base=BASE)
stranger = TextmagicRestClient(
    os.environ["ANSWERBACK_OTHER_USERNAME"], os.environ["ANSWERBACK_OTHER_KEY"], base=BASE)
everything = records.load()
sent = [record for record in everything if record.is_mt]
received = [record for record in everything if not record.is_mt]
batches = records.batches(everything)
chats = records.chats(everything)
# Record to the id it has here, filled by the first walk.
ids, sessions = {}, {}


def walk(call, limit=100):
    """Every resource of a paged list, asking page after page until the last."""
    found, page = [], 1
    while True:
        resources, pager = call(page=page, limit=limit)
        equal(sorted(pager), ["limit", "page", "pageCount"], "the envelope")
        equal((pager["page"], pager["limit"]), (page, limit), "the page")
        found += resources
        if page >= pager["pageCount"]:
            return found
        equal(len(resources), limit, "a page that is not the last is full")
        page += 1


def time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def message(record):
    """What a message must show, ids apart."""
    return {
        "receiver": record.recipient, "messageTime": time(record.date), "status": STATUS[record.outcome],
        "text": record.body, "charset": "ISO-8859-1" if record.is_gsm else "UTF-16BE", "firstName": None,
        "lastName": None, "country": record.country, "sender": record.sender,
        "price": float(record.price), "partsCount": record.segments,
    }


def shown(resource, keys):
    """The same part of what was read; no price reads as nothing charged."""
    values = {key: vars(resource)[key] for key in keys}
    if "price" in values:
        values["price"] = values["price"] or 0.0
    return values


def refused(status, call):
    error = raises(TextmagicRestException, call)
    equal(error.status, status, "the status")
    true(isinstance(error.msg, str) and error.msg, "the error says why")
    equal(error.errors, None, "no field is to blame")
    return error


@check("ping answers pong")
def _():
    equal(client.util.ping()["ping"], "pong")


@check("the user is the key's")
def _():
    user = client.user.get()
    equal(user.username, os.environ["ANSWERBACK_USERNAME"])
    equal(user.currency["id"], "EUR")
    true(isinstance(user.balance, (int, float)) and user.status in "AT", "balance and status")


@check("messages: every MT once, newest first, all of its fields")
def _():
    expected = list(reversed(records.by_time(sent)))
    found = walk(client.messages.list)
    equal([shown(it, message(sent[0])) for it in found], [message(record) for record in expected])
    for record, it in zip(expected, found):
        true(MESSAGE_KEYS <= vars(it).keys() <= MESSAGE_KEYS | OPTIONAL_MESSAGE_KEYS, f"keys {sorted(vars(it))}")
        ids[record.id], sessions[it.id] = it.id, it.sessionId
    equal(len(set(ids.values())), len(sent), "ids are unique")
    true(all(0 < it < 2**31 for it in ids.values()), "ids fit 32 bits")


@check("messages: small pages give the same walk")
def _():
    whole = [it.id for it in walk(client.messages.list)]
    equal([it.id for it in walk(client.messages.list, limit=17)], whole)


@check("messages: page and limit as the documentation has them")
def _():
    for limit, used in [(1, 1), (100, 100), (101, 10), (0, 10), ("abc", 10), (-5, 10)]:
        resources, pager = client.messages.list(limit=limit)
        equal((pager["limit"], len(resources)), (used, used), f"limit {limit}")
    _, pager = client.messages.list()
    equal(pager, {"page": 1, "limit": 10, "pageCount": -(-len(sent) // 10)}, "the default")
    resources, pager = client.messages.list(page=10_000)
    equal((resources, pager["page"]), ([], 10_000), "past the end")


@check("one message is read by its id")
def _():
    for record in sent[::29]:
        equal(shown(client.messages.get(ids[record.id]), message(record)), message(record))


@check("messages are searched by session, ids and text")
def _():
    pair = [ids[record.id] for record in batches["pair"]]
    session = sessions[pair[0]]
    found, _ = client.messages.list(search=True, sessionId=session)
    equal(sorted(it.id for it in found), sorted(pair), "by session")
    found, _ = client.messages.list(search=True, ids=",".join(map(str, pair)))
    equal(sorted(it.id for it in found), sorted(pair), "by ids")
    for word in ["Zephyr", "Déjà", "Здравствуйте", "🎉", "お届け", "100% _now_"]:
        found = walk(lambda **page: client.messages.list(search=True, query=word, **page))
        expected = [record for record in reversed(records.by_time(sent)) if word.lower() in record.body.lower()]
        equal([it.id for it in found], [ids[record.id] for record in expected], f"by text {word}")
    found, pager = client.messages.list(search=True, query="nobody ever wrote this")
    equal(found, [], "by a text nobody wrote")
    found, _ = client.messages.list(search=True, query="Zephyr", ids=str(pair[0]))
    equal(found, [], "filters combine")


@check("sessions: every submission once, newest first")
def _():
    found = walk(client.sessions.list)
    equal(len(found), len(batches))
    times = [it.startTime for it in found]
    equal(times, sorted(times, reverse=True), "the order")
    by_id = {it.id: it for it in found}
    for members in batches.values():
        of_batch = {sessions[ids[record.id]] for record in members}
        equal(len(of_batch), 1, "a submission is one session")
        session, first = by_id.pop(of_batch.pop()), members[0]
        equal(session.numbersCount, len({record.recipient for record in members}), "recipients")
        equal(round(session.price, 6), float(sum(record.price for record in members)), "price")
        equal(session.startTime, time(first.created.replace(microsecond=0)), "start")
        if first.reference:
            equal(session.referenceId, first.reference, "reference")
        if len({record.body for record in members}) == 1:
            equal(session.text, first.body, "text")
        true(isinstance(session.source, str) and len(session.source) == 1, "source is one letter")
    equal(by_id, {}, "no session without messages")


@check("one session, by both spellings of its path, and its messages")
def _():
    members = batches["spring-1"]
    session = sessions[ids[members[0].id]]
    one = vars(client.sessions.get(session))
    _, singular = client.sessions.request("GET", f"{BASE}/session/{session}")
    equal(singular, one, "the singular path")
    found = walk(lambda **page: client.sessions.messages(session, **page), limit=9)
    equal(sorted(it.id for it in found), sorted(ids[record.id] for record in members))
    by_id = {ids[record.id]: message(record) for record in members}
    for it in found:
        equal(shown(it, message(members[0])), by_id[it.id])


@check("replies: every MO once, newest first")
def _():
    keys = ["sender", "messageTime", "text", "receiver"]
    expected = list(reversed(records.by_time(received)))
    found = walk(client.replies.list)
    equal([shown(it, keys) for it in found],
          [dict(zip(keys, [it.sender, time(it.date), it.body, it.recipient])) for it in expected])
    ids.update({record.id: it.id for record, it in zip(expected, found)})
    equal([it.id for it in walk(client.replies.list, limit=7)], [it.id for it in found], "small pages")


@check("replies are searched by ids and text, and read one by one")
def _():
    record = received[10]
    found, _ = client.replies.list(search=True, ids=str(ids[record.id]))
    equal([it.id for it in found], [ids[record.id]], "by ids")
    found = walk(lambda **page: client.replies.list(search=True, query="of course", **page))
    equal(len(found), sum("of course" in it.body for it in received), "by text")
    one = client.replies.get(ids[record.id])
    equal((one.sender, one.text), (record.sender, record.body), "one reply")
    refused(404, lambda: client.replies.get(ids[sent[0].id]))


@check("chats: one for everybody who wrote, with what is unread and when it was last")
def _():
    found = walk(client.chats.list, limit=13)
    equal(sorted(it.phone for it in found), sorted(chats))
    order = [it.id for it in found]
    equal(order, sorted(order, reverse=True), "the order")
    for it in found:
        inbound = [record for record in chats[it.phone] if not record.is_mt]
        equal(it.updatedAt, time(inbound[-1].date), f"{it.phone}: the last MO's time")
        true(isinstance(it.unread, int) and 0 <= it.unread <= len(inbound), f"{it.phone}: unread {it.unread}")
        equal(it.contact, None, "no contact is known")


@check("one chat by its phone: all messages both ways, oldest first")
def _():
    for at, (phone, expected) in enumerate(sorted(chats.items())):
        found = walk(lambda **page: client.chats.by_phone(phone, **page), limit=[100, 3, 10][at % 3])
        keys = ["id", "direction", "sender", "messageTime", "text", "receiver", "status", "firstName", "lastName"]
        equal([shown(it, keys) for it in found], [
            dict(zip(keys, [
                ids[record.id], "out" if record.is_mt else "in", record.sender, time(record.date), record.body,
                record.recipient, STATUS[record.outcome] if record.is_mt else None, None, None,
            ])) for record in expected
        ], phone)
    phone = next(iter(chats))
    plus, _ = client.chats.by_phone("+" + phone, limit=100)
    plain, _ = client.chats.by_phone(phone, limit=100)
    equal([it.id for it in plus], [it.id for it in plain], "a leading plus")


@check("what does not exist is 404")
def _():
    refused(404, lambda: client.messages.get(NOWHERE))
    refused(404, lambda: client.messages.get(ids[received[0].id]))
    refused(404, lambda: client.sessions.get(NOWHERE))
    refused(404, lambda: client.replies.get(NOWHERE))
    refused(404, lambda: client.messages.delete(NOWHERE))
    refused(404, lambda: client.sessions.request("GET", f"{BASE}/nosuchthing"))


@check("wrong credentials are 401 and learn nothing")
def _():
    user, key = os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"]
    for name, secret in [(user, "wrong"), ("wrong", key), (user, key + "x")]:
        wrong = TextmagicRestClient(name, secret, base=BASE)
        for call in [wrong.messages.list, wrong.util.ping, lambda: wrong.messages.get(NOWHERE)]:
            equal(refused(401, call).msg, "Wrong username and token combination.")


@check("another account sees none of it")
def _():
    for call in [stranger.messages.list, stranger.sessions.list, stranger.chats.list, stranger.replies.list]:
        equal(call()[0], [])
    refused(404, lambda: stranger.messages.get(ids[sent[0].id]))
    refused(404, lambda: stranger.sessions.get(sessions[ids[sent[0].id]]))
    refused(404, lambda: stranger.messages.delete(ids[sent[0].id]))


@check("a deleted message is gone everywhere, its session stays")
def _():
    gone, left = (ids[record.id] for record in batches["pair"])
    session = sessions[gone]
    true(client.messages.delete(gone), "deleted")
    refused(404, lambda: client.messages.get(gone))
    refused(404, lambda: client.messages.delete(gone))
    true(gone not in [it.id for it in walk(client.messages.list)], "not listed")
    equal([it.id for it in client.sessions.messages(session)[0]], [left], "its session")
    equal(client.sessions.get(session).id, session)


@check("a deleted session takes its messages along")
def _():
    members = [ids[record.id] for record in batches["withdrawn"]]
    session = sessions[members[0]]
    true(client.sessions.delete(session), "deleted")
    refused(404, lambda: client.sessions.get(session))
    refused(404, lambda: client.sessions.delete(session))
    for member in members:
        refused(404, lambda: client.messages.get(member))
    true(session not in [it.id for it in walk(client.sessions.list)], "not listed")


@check("a deleted reply leaves its chat")
def _():
    phone, messages = max(chats.items(), key=lambda item: len(item[1]))
    gone = ids[next(record.id for record in messages if not record.is_mt)]
    true(client.replies.delete(gone), "deleted")
    refused(404, lambda: client.replies.get(gone))
    true(gone not in [it.id for it in walk(client.replies.list)], "not listed")
    found = walk(lambda **page: client.chats.by_phone(phone, **page))
    equal([it.id for it in found], [ids[record.id] for record in messages if ids[record.id] != gone])


run()
