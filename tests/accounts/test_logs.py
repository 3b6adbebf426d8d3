"""No log holds a link that opens an account."""

import logging

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse

from icctracker.settings.logs import WithoutSecrets
from icctracker.web.accounts.middleware import SECRET
from tests.test_routes import named_routes

TOKEN = "Zq3-secret_token"
LINKS = {
    "invitation": [TOKEN],
    "address-confirm": [TOKEN],
    "address-undo": [TOKEN],
    "mail-off": [TOKEN],
    "account_reset_password_from_key": ["MQ", TOKEN],
}


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("text", ["Gone: %s", '"GET %s HTTP/1.1" 410', "%s?next=/"])
def test_a_link_is_cut_short(name, text):
    path = reverse(name, args=LINKS[name])
    record = logging.makeLogRecord({"msg": text, "args": (path,)})

    line = WithoutSecrets("%(message)s").format(record)

    assert TOKEN not in line and "/account/" in line


def test_so_is_one_in_what_an_error_tells():
    try:
        raise ValueError(reverse("invitation", args=[TOKEN]))
    except ValueError as fault:
        told = (type(fault), fault, fault.__traceback__)
    record = logging.makeLogRecord({"msg": "Failed", "exc_info": told})

    assert TOKEN not in WithoutSecrets("%(message)s").format(record)


def test_every_line_of_the_site_is_written_so():
    handlers = settings.LOGGING["handlers"].values()
    formatters = settings.LOGGING["formatters"]

    kinds = {formatters[each["formatter"]]["()"] for each in handlers}
    assert kinds == {"icctracker.settings.logs.WithoutSecrets"}


def test_every_link_with_a_secret_is_known_here():
    def takes_one(name):
        _namespace, _colon, bare = name.rpartition(":")
        ways = get_resolver().reverse_dict.getlist(bare)
        return any("token" in given for way in ways for _url, given in way[0])

    taking = {name for name in named_routes() if takes_one(name)}

    assert taking
    assert {each for each in SECRET if not each.startswith("mfa_")} <= set(LINKS)
    assert taking <= set(LINKS)
