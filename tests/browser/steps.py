"""Steps that journeys share."""

from functools import cache
from importlib.resources import files

from django.urls import reverse

PASSWORD = "a long password"


def sign_in(page, live_server, user, password=PASSWORD):
    """Sign in by the form, as a person would."""
    page.goto(live_server.url + reverse("sign-in"))
    page.locator("main input[name=login]").fill(user.username)
    page.locator("main input[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: reverse("sign-in") not in url)


@cache
def axe():
    """The axe-core script, from the package that carries it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def assert_accessible(page):
    """Fail with every fault that axe finds on the page as it is shown."""
    # Not add_script_tag: the site's content policy refuses it.
    page.evaluate(axe() + ";0")
    # Not preload: of a stylesheet that imports another it would write an inline one,
    # which the policy refuses too. No rule that is on by default needs it.
    found = page.evaluate("axe.run({preload: false})")["violations"]
    assert not found, f"{page.url}\n" + "\n".join(map(_in_words, found))


def _in_words(violation):
    places = "".join(
        f"\n    {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{places}"


def assert_fits(page):
    """Fail if the page has to be scrolled sideways."""
    shown, needed = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert needed <= shown, f"{page.url} is {needed} px wide in {shown} px"
