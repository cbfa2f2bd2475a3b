"""mGage: messages brought in by `POST /api/externalMO`, written from the reference as the one public client does it
(a form, HTTP Basic, and a look at the status), and read again through the export.
"""

import base64
import os
import urllib.error
import urllib.parse
import urllib.request
from json import loads

from checks import check, equal, run, true

URL = os.environ["ANSWERBACK_URL"]
USER, KEY = os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"]
SPRING = os.environ["ANSWERBACK_PROGRAM"]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def ask(target, form=None, authorization=basic(USER, KEY), **headers):
    """Status code and text of an answer, whatever it is."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(URL + target, data=data)
    for name, value in {"Authorization": authorization, **headers}.items():
        if value is not None:
            request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8")


def mo(message, **other):
    return {"campid": SPRING, "destination": "US-37911", "originator": "+15556667777", "message": message, **other}


def received(text):
    """The messages of the program with this text."""
    target, found = f"/api/messages/program/{SPRING}?messageType=MO&pageSize=500", []
    while target is not None:
        page = loads(ask(target)[1])
        found += [it for it in page["data"]["messages"] if it["body"] == text]
        link = page["meta"]["nextPageUrl"]
        target = link and link.removeprefix(URL)
    return found


@check("a message comes in, and is exported")
def _():
    equal(ask("/api/externalMO", mo("JOIN the café")), (200, "SUCCESS"))
    [message] = received("JOIN the café")
    equal((message["type"], message["deliveryStatus"], message["number"]), ("MO", "Received", "15556667777"))


@check("by the query as well")
def _():
    query = urllib.parse.urlencode(mo("by query", destination="37911"))
    equal(ask(f"/api/externalMO?{query}", {}), (200, "SUCCESS"))
    equal(len(received("by query")), 1)


@check("what is wrong is 500 with a sentence")
def _():
    for form in [mo(""), mo("a", campid="999999999"), mo("a", campid="abc"), mo("a", destination="nowhere"),
                 mo("a", originator="nobody"), {}]:
        status, text = ask("/api/externalMO", form)
        equal(status, 500, f"{form}")
        true(text.endswith(".") and not text.startswith("{"), text)
    for authorization in [None, basic(USER, "wrong"), f"Bearer {KEY}"]:
        equal(ask("/api/externalMO", mo("a"), authorization)[0], 401)
    stranger = basic(os.environ["ANSWERBACK_OTHER_USERNAME"], os.environ["ANSWERBACK_OTHER_KEY"])
    equal(ask("/api/externalMO", mo("a"), stranger)[0], 500, "another account's program")
    equal(ask("/api/externalMO")[0], 405, "GET")


@check("a repeated request with its key comes in once")
def _():
    for _ in range(2):
        equal(ask("/api/externalMO", mo("once"), Idempotency_Key="suite-1"), (200, "SUCCESS"))
    equal(len(received("once")), 1)
    equal(ask("/api/externalMO", mo("twice"), Idempotency_Key="suite-1")[0], 500)
    equal(received("twice"), [])


run()
