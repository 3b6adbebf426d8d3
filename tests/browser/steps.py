"""Steps that journeys share."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from django.urls import reverse

PASSWORD = "a long password"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


def sign_in(page, live_server, user, password=PASSWORD):
    """Sign in by the form, as a person would."""
    page.goto(live_server.url + reverse("sign-in"))
    page.locator("main input[name=login]").fill(user.username)
    page.locator("main input[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: reverse("sign-in") not in url)


# What axe has found right, by how it was shown.
_found_right = {}
_SHOWN = """[
    document.documentElement.clientWidth,
    matchMedia("(prefers-color-scheme: dark)").matches,
    "axe" in window,
]"""


@cache
def new_markup():
    return (Path(__file__).parent / "new_markup.js").read_text(encoding="utf-8")


@cache
def axe():
    """The axe-core script, from the package that carries it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def assert_accessible(page):
    """Fail with every fault that axe finds in what is new on the page as it is shown.

    What was found right before is the same markup, as wide and in the same colours:
    the second entry of a kind, the tenth row of a table.
    """
    # A click may have begun to lead elsewhere.
    page.wait_for_load_state()
    width, dark, has_axe = page.evaluate(_SHOWN)
    if not has_axe:
        # Not add_script_tag: the site's content policy refuses it.
        page.evaluate(axe() + ";0")
    right = _found_right.setdefault((width, dark), set())
    found = page.evaluate(new_markup(), list(right))
    faults = "\n".join(map(_in_words, found["violations"]))
    assert not faults, f"{page.url}\n{faults}"
    right.update(found["known"])


def _in_words(violation):
    places = "".join(
        f"\n    {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{places}"


def assert_fits(page):
    """Fail if the page has to be scrolled sideways."""
    page.wait_for_load_state()
    shown, needed = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert needed <= shown, f"{page.url} is {needed} px wide in {shown} px"


def assert_right_at_any_width(page):
    """Accessible and not too wide, at a desk and on a telephone."""
    size = page.viewport_size
    for shown in (WIDE, NARROW):
        page.set_viewport_size(shown)
        assert_accessible(page)
        assert_fits(page)
    page.set_viewport_size(size)
