"""Fixtures shared by all tests."""

import gc
import os

import django.test.utils
import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.signals import template_rendered

from icctracker.imports.first_data import load_first_data
from icctracker.imports.first_record import load_council_record
from tests.both_databases import MARK, Asked, may_query, only_on_sqlite, runs_on_both
from tests.council import load_read_council, write_part
from tests.kept_rows import KeptRows, set_up_first
from tests.migrated import drop_database, set_up_database


def pytest_addoption(parser):
    parser.addoption(
        "--thorough", action="store_true", help="the long sweeps too, as CI runs them"
    )
    parser.addoption(
        "--all",
        action="store_true",
        help="everything: the long sweeps, and on PostgreSQL what cannot differ there",
    )


def pytest_configure(config):
    """The same examples on every run of CI; new ones on a developer's machine."""
    hypothesis.settings.register_profile(
        "tracker",
        max_examples=100 if _is_thorough(config) else 25,
        deadline=None,
        derandomize="CI" in os.environ,
    )
    hypothesis.settings.load_profile("tracker")


def _is_thorough(config):
    return config.getoption("thorough") or config.getoption("all")


def pytest_collection_modifyitems(config, items):
    """Without the long sweeps, unless asked for; on PostgreSQL, what can differ."""
    for item in items:
        set_up_first(item)
    if config.getoption("all"):
        return
    thorough, both = config.getoption("thorough"), connection.vendor != "sqlite"

    def runs(item):
        long = item.get_closest_marker("thorough")
        return (thorough or not long) and (not both or runs_on_both(item))

    config.hook.pytest_deselected(items=[each for each in items if not runs(each)])
    items[:] = [each for each in items if runs(each)]


KEPT = pytest.StashKey[KeptRows]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """What fixtures of tests like this one have asked for stands when it begins."""
    if not may_query(item):
        return (yield)
    if rows := item.config.stash.get(KEPT, None):
        rows.before(item)
    result = yield
    if rows := item.config.stash.get(KEPT, None):
        rows.after_fixtures(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Notes what a test asks of the database, for the check at the end of the run."""
    if connection.vendor != "sqlite" or not may_query(item):
        return (yield)
    asked = Asked()
    with asked.noting():
        try:
            return (yield)
        finally:
            item.user_properties.append(
                (MARK, [runs_on_both(item), sorted(asked.kinds)])
            )


def pytest_runtest_logreport(report):
    if report.when == "call":
        notes = [told for name, told in report.user_properties if name == MARK]
        _asked.extend((report.nodeid, *told) for told in notes)


def pytest_sessionfinish(session, exitstatus):
    """After a whole run: what PostgreSQL never sees must be nothing that can differ."""
    config = session.config
    asks_for_part = config.args != config.getini("testpaths") or config.option.keyword
    is_whole = _is_thorough(config) and not asks_for_part
    if hasattr(config, "workerinput") or not is_whole or exitstatus:
        return
    for name, kinds in only_on_sqlite(_asked).items():
        told = f"{name}: on PostgreSQL nothing asks the database for {kinds}"
        config.get_terminal_writer().line(f"\n{told}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_asked = []


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem, report, sched):
    """An interpreter that dies tells nothing of the test it was in: once more, then."""
    if crashitem not in _died_in:
        _died_in.add(crashitem)
        sched.mark_test_pending(crashitem)
        report.outcome = "rerun"


_died_in = set()


def pytest_collection_finish():
    """What is imported by now stays: looking through it for garbage costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _render_as_a_site_does(template, context):
    """Tests look at what a page was given, not at what each of its parts was."""
    # A template that was written in the code has no name.
    part = (template.name or "").startswith(PARTS)
    if context.template is template and not part:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


# Django's own copies the context of every part, each option of a list among them.
PARTS = ("django/forms/", "forms/", "components/")
django.test.utils.instrumented_test_render = _render_as_a_site_does


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings, django_db_blocker
):
    """Replaces pytest-django's own, which migrates anew for each worker and run."""
    with django_db_blocker.unblock():
        own_name = set_up_database()
    yield
    with django_db_blocker.unblock():
        drop_database(own_name)


@pytest.fixture(scope="session", autouse=True)
def messages_go_through_the_outbox(django_test_environment):
    """Django has tests send at once; here they are put where the site puts them."""
    settings.EMAIL_BACKEND = "icctracker.actions.outbox.Outbox"


@pytest.fixture(autouse=True)
def no_limit_reached_yet():
    """Attempts to sign in are counted across tests, unless they are forgotten."""
    cache.clear()


@pytest.fixture(scope="session")
def kept_rows(request, django_db_setup, django_db_blocker):
    """All rows that migrations and, since then, dear fixtures have made."""
    with django_db_blocker.unblock():
        rows = KeptRows(django_db_blocker.unblock)
    request.config.stash[KEPT] = rows
    yield rows
    rows.end()


@pytest.fixture
def kept(kept_rows, db):
    """Makes something dear, or puts its rows back; see tests/kept_rows.py."""
    return kept_rows.make


@pytest.fixture
def first_data(kept):
    """The real data the site ships with."""
    return kept(load_first_data, settings.BASE_DIR / "fixtures" / "tracker")


@pytest.fixture(scope="session")
def council_folder(tmp_path_factory):
    """Files with a small part of the Council's record."""
    return write_part(tmp_path_factory.mktemp("council"))


@pytest.fixture
def council(kept, council_folder):
    """A small part of the Council's record."""
    return kept(load_council_record, council_folder)


@pytest.fixture
def read_council(kept, council_folder):
    """The same, with what was compiled from the texts of its documents."""
    return kept(load_read_council, council_folder)
