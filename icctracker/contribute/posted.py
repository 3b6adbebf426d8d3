"""Reading what a form sent beside its fields, and sending as a browser would."""

import uuid


def posted_key(data):
    """The creation key that a form carries, if it is one."""
    try:
        return uuid.UUID((data or {}).get("creation_key", ""))
    except ValueError:
        return None


def whole_number(text):
    """The number that a hidden field carries, else None."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def as_posted(value):
    """A value as a browser sends it, in a list."""
    if isinstance(value, list):
        return value
    return [] if value is None or value is False else [str(value)]
