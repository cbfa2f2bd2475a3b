"""A small iP.1 client written from the reference: Bearer or Basic, bare arrays, paging by the Link header.

The vendor's own PHP and C# code has its host built in, so it cannot be pointed anywhere.
"""

import json
import re
import urllib.error
import urllib.request


class Problem(Exception):
    """An answer that is no success."""

    def __init__(self, status, headers, body):
        super().__init__(f"{status}: {body}")
        self.status, self.headers, self.body = status, headers, body


class Client:
    """Calls of one account."""

    def __init__(self, origin, authorization):
        self.origin = origin
        self.authorization = authorization

    def ask(self, path, method="GET", document=None, headers=None):
        """The decoded body and the headers; `path` may be a whole URL out of a Link header."""
        url = path if path.startswith("http") else self.origin + path
        body = None if document is None else json.dumps(document).encode("utf-8")
        request = urllib.request.Request(url, body, headers or {}, method=method)
        if self.authorization is not None:
            request.add_header("Authorization", self.authorization)
        # The vendor's SDK announces JSON on every request, also where there is no body.
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read().decode("utf-8")), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode("utf-8")
            raise Problem(error.code, error.headers, json.loads(text)) from None

    def get(self, path):
        """The decoded body alone."""
        return self.ask(path)[0]

    def pages(self, path):
        """Every page of a collection, following `next` as it is given."""
        while path is not None:
            page, headers = self.ask(path)
            yield page
            path = links(headers).get("next")

    def all(self, path):
        """Every document of a collection."""
        return [document for page in self.pages(path) for document in page]


def links(headers):
    """The Link header as a map of relation to URL."""
    return {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', headers.get("Link", ""))}
