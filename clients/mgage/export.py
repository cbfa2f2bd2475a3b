"""mGage: the export of a program's messages, walked by `nextPageUrl` to its end.

No open client of the export exists; this one is written from the reference. Basic authentication, links
followed as they are given.
"""

import base64
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

import records
from checks import check, equal, raises, run, true

URL = os.environ["ANSWERBACK_URL"]
USER, KEY = os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"]
SPRING = int(os.environ["ANSWERBACK_PROGRAM"])
STATUS = {
    "held": "Processing", "queued": "Processing", "sending": "Processing", "submitted": "Sent", "acknowledged": "Sent",
    "radio": "Sent", "buffered": "Sent", "uncertain": "Sent", "delivered": "Delivered", "undelivered": "Error",
    "expired": "Error", "expired/unsent": "Undelivered", "rejected/submission": "Undelivered", "rejected": "Error",
    "failed": "Undelivered", "denied/sender": "Undelivered", "denied/recipient": "Undelivered",
    "denied/body": "Undelivered", "denied/funds": "Undelivered", "denied/opt-out": "Undelivered",
    "denied/country": "Undelivered", "denied/flood": "Undelivered", "denied/moderator": "Undelivered",
    "canceled": "Undelivered", "unknown": "Sent", "received": "Received",
}
NOW = datetime.now(timezone.utc)


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, headers, body):
        super().__init__(f"{status}: {body}")
        self.status, self.headers, self.body = status, headers, body


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def get(url, authorization=basic(USER, KEY), method="GET"):
    request = urllib.request.Request(url, method=method)
    if authorization is not None:
        request.add_header("Authorization", authorization)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            equal(answer.headers.get_content_type(), "application/json", "the content type")
            return json.loads(answer.read().decode("utf-8"))
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode("utf-8")
        raise Refused(error.code, error.headers, json.loads(text)) from None


def export(program=SPRING, **parameters):
    """The address of an export's first page."""
    query = urllib.parse.urlencode(parameters)
    return f"{URL}/api/messages/program/{program}" + (f"?{query}" if query else "")


def walk(url):
    """Every page, until the link is null."""
    pages = []
    while url is not None:
        page = get(url)
        equal(page["meta"]["generalErrors"], [], "no errors on success")
        pages.append(page)
        url = page["meta"]["nextPageUrl"]
    return pages


def messages(url):
    return [message for page in walk(url) for message in page["data"]["messages"]]


def within_a_year(record):
    """None of the records is dated within days of the bound, so its exact second does not matter."""
    return NOW - timedelta(days=367) < record.date <= NOW


def of(program, **only):
    """The program's messages that the export shows, oldest first; what is due later is left out."""
    shown = [it for it in records.load() if it.program == program and it.outcome != "scheduled" and within_a_year(it)]
    return [it for it in records.by_time(shown) if all(getattr(it, key) == value for key, value in only.items())]


def message(record):
    return {
        "type": "MT" if record.is_mt else "MO", "deliveryStatus": STATUS[record.outcome], "number": record.peer,
        "body": record.body, "date": record.date.strftime("%Y-%m-%dT%H:%M:%S.00"), "network": record.raw["network"],
    }


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def refused(status, call, about):
    error = raises(Refused, call)
    equal(error.status, status, f"{about}: status")
    equal((error.body["meta"]["nextPageUrl"], error.body["data"]), (None, None), f"{about}: body")
    said = error.body["meta"]["generalErrors"]
    true(said and all(isinstance(line, str) and line for line in said), f"{about}: {said}")
    return error


PROGRAMS = sorted({it.program for it in records.load() if it.program is not None})
AUTUMN = next(program for program in PROGRAMS if program != SPRING)


@check("the first page has fifty messages, names and a link")
def _():
    page = get(export())
    equal(sorted(page), ["data", "meta"])
    equal(sorted(page["meta"]), ["generalErrors", "nextPageUrl"])
    data = page["data"]
    equal(sorted(data), ["campaignName", "messages", "programName", "programType"])
    equal((data["campaignName"], data["programName"], data["programType"]),
          ("Default Campaign", "Spring", "Text to Join"))
    equal(len(data["messages"]), 50)
    true(page["meta"]["nextPageUrl"].startswith(URL + f"/api/messages/program/{SPRING}?"), page["meta"]["nextPageUrl"])
    true("page=2" in page["meta"]["nextPageUrl"], "the next page is 2")
    true(KEY not in page["meta"]["nextPageUrl"], "no credential in the link")


@check("a walk finds every message of the program once, oldest first, all of its fields")
def _():
    for program in PROGRAMS:
        for size in [500, 50, 7]:
            equal(messages(export(program, pageSize=size)), [message(it) for it in of(program)], f"{program} by {size}")


@check("every page is full but the last, and the last has no link to an empty one")
def _():
    total = len(of(SPRING))
    pages = walk(export(pageSize=10))
    equal([len(page["data"]["messages"]) for page in pages[:-1]], [10] * (len(pages) - 1))
    true(1 <= len(pages[-1]["data"]["messages"]) <= 10, "the last page")
    exact = next(size for size in range(2, 500) if total % size == 0)
    equal(len(walk(export(pageSize=exact))), total // exact, "a full last page is the last")


@check("pages by number are those of the walk")
def _():
    pages = walk(export(pageSize=20))
    for number in [1, 2, len(pages)]:
        by_number = get(export(pageSize=20, page=number))
        equal(by_number["data"], pages[number - 1]["data"], f"page {number}")
    past = get(export(page=999_999))
    equal((past["data"]["messages"], past["meta"]["nextPageUrl"]), ([], None))


@check("by type, kept over the pages")
def _():
    for word, is_mt in [("MT", True), ("MO", False), ("mo", False)]:
        found = messages(export(messageType=word, pageSize=9))
        equal(found, [message(it) for it in of(SPRING, is_mt=is_mt)], word)


@check("by dates, both bounds included, kept over the pages")
def _():
    every = of(SPRING)
    low, high = every[20].date, every[-20].date
    for parameters, keep in [
        ({"startDate": stamp(low)}, lambda it: it.date >= low),
        ({"endDate": stamp(high)}, lambda it: it.date <= high),
        ({"startDate": stamp(low), "endDate": stamp(high)}, lambda it: low <= it.date <= high),
        ({"startDate": stamp(low) + "Z", "endDate": stamp(low) + ".99"}, lambda it: it.date == low),
    ]:
        found = messages(export(pageSize=11, **parameters))
        equal(found, [message(it) for it in every if keep(it)], str(parameters))
    one = every[30].date
    around = messages(export(startDate=stamp(one - timedelta(seconds=1)), endDate=stamp(one + timedelta(seconds=1))))
    equal(around, [message(it) for it in every if abs((it.date - one).total_seconds()) <= 1])
    both = messages(export(messageType="MT", startDate=stamp(low), endDate=stamp(high), pageSize=5))
    equal(both, [message(it) for it in every if it.is_mt and low <= it.date <= high])


@check("nothing older than a year, whatever is asked")
def _():
    true(any(not within_a_year(it) for it in records.load()), "the records hold something older")
    equal(messages(export(startDate=stamp(NOW - timedelta(days=3 * 365)), pageSize=500)),
          [message(it) for it in of(SPRING)])


@check("an empty window has names and no messages")
def _():
    soon = NOW + timedelta(days=300)
    page = get(export(startDate=stamp(soon), endDate=stamp(soon + timedelta(days=1))))
    equal((page["data"]["messages"], page["data"]["programName"], page["meta"]["nextPageUrl"]), ([], "Spring", None))


@check("empty parameters are absent ones, unknown ones are ignored")
def _():
    plain = get(export())["data"]
    equal(get(export(startDate="", endDate="", messageType="", colour="red"))["data"], plain)


@check("wrong values are 400 and say so")
def _():
    for name, values in {
        "pageSize": ["0", "-1", "abc", "1.5", "501", "99999999999999999999"],
        "page": ["0", "-1", "abc"],
        "messageType": ["XX"],
        "startDate": ["2020-13-45T99:00:00", "yesterday", "05/12/2014", "2020-01-01"],
        "endDate": ["notadate"],
    }.items():
        for value in values:
            error = refused(400, lambda: get(export(**{name: value})), f"{name}={value}")
            true(name in error.body["meta"]["generalErrors"][0], f"{name}={value} is named")
    day = of(SPRING)[5].date
    refused(400, lambda: get(export(startDate=stamp(day), endDate=stamp(day - timedelta(days=1)))), "reversed dates")
    refused(400, lambda: get(export() + "?page=1&page=2"), "a parameter given twice")


@check("unknown and foreign programs are 404")
def _():
    for program in ["999999999", "abc", "0"]:
        refused(404, lambda: get(export(program)), program)
    foreign = basic(os.environ["ANSWERBACK_OTHER_USERNAME"], os.environ["ANSWERBACK_OTHER_KEY"])
    refused(404, lambda: get(export(), foreign), "foreign")


@check("other methods are 405")
def _():
    for method in ["POST", "PUT", "DELETE"]:
        refused(405, lambda: get(export(), method=method), method)


@check("wrong credentials are 401 with a challenge, before anything else")
def _():
    wrong = [None, basic(USER, "wrong"), basic("wrong", KEY), f"Bearer {KEY}", "Basic !!!", "Basic"]
    for authorization in wrong:
        for url in [export(), export("999999999"), export(pageSize="abc")]:
            error = refused(401, lambda: get(url, authorization), f"{authorization} {url}")
            true(re.match("(?i)basic realm=", error.headers["WWW-Authenticate"]), "the challenge")
    equal(get(export(), basic(USER, KEY).replace("Basic", "basic"))["data"], get(export())["data"])
    link = get(export())["meta"]["nextPageUrl"]
    refused(401, lambda: get(link, None), "the link without a credential")


run()
