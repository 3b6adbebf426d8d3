"""What a browser makes of a page: what its forms would send, and its text."""

import html
import re
from html.parser import HTMLParser

from django.core.signals import request_finished
from django.db import close_old_connections

_NOT_SENT = {"submit", "button", "image", "reset", "file"}


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.select, self.area = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type", "text")
        if tag == "input" and name and kind not in _NOT_SENT:
            self.found.setdefault(name, [])
            if kind not in ("checkbox", "radio") or "checked" in attrs:
                value = attrs.get("value") or ("" if kind != "checkbox" else "on")
                self.found[name].append(value)
        elif tag == "select" and name:
            self.select = name
            self.found[name] = []
        elif tag == "option" and self.select and "selected" in attrs:
            self.found[self.select].append(attrs.get("value") or "")
        elif tag == "textarea" and name:
            self.area = name
            self.found[name] = [""]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.found[self.area][0] += data


def fields_of(response):
    """The fields of the forms on a page with their values, as they would be sent."""
    parser = _Fields()
    parser.feed(response.content.decode())
    # A browser drops the line break with which a text area begins.
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in parser.found.items()
        if name != "csrfmiddlewaretoken"
    }


def text_of(response):
    """What a page says, its tags and what it strikes through left out."""
    page = re.sub("(?s)<del>.*?</del>", "", response.content.decode())
    page = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def close(answer):
    """As the server does; the test keeps its connection to the database."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
