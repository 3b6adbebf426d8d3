"""The order of the parts, read from the source, so that it needs no vigilance."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

APP = settings.BASE_DIR / "icctracker"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLESHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))

# What each room may import, besides itself. Whoever is not named here has no place.
BELOW = {"ruleset", "texts", "models", "readings"}
AUDIENCES = {f"web/{name}" for name in "accounts desk public respond review".split()}
MAY_IMPORT = {
    "ruleset": set(),
    "texts": set(),
    "models": {"ruleset", "texts"},
    "readings": BELOW,
    "actions": BELOW,
    "imports": BELOW | {"actions"},
    "web/kit": BELOW | {"actions"},
    **dict.fromkeys(AUDIENCES, BELOW | {"actions", "web/kit"}),
    "web/public": BELOW | {"web/kit"},
    "admin": BELOW | {"actions", "imports", "web/kit"},
    "management": BELOW | {"actions", "imports", "admin", "settings"},
    "templatetags": BELOW,
}
# Django's own doors, which hold the rooms together.
HOLD_TOGETHER = {"apps", "checks", "formats", "settings", "urls", "wsgi", "__init__"}
LONGEST_FUNCTION = 40
MOST_MODULES_OF_A_PAGE = 6


def modules():
    return [
        path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts
    ]


def room_of(parts):
    """The room that a module stands in; each audience is a room of its own."""
    if parts[0] == "web" and len(parts) > 1:
        return f"web/{parts[1]}"
    return parts[0]


def parts_of(path):
    """``web/desk/urls.py`` as ``("web", "desk", "urls")``."""
    return path.relative_to(APP).with_suffix("").parts


@cache
def imported(path):
    """Whatever of ours a module names in an import, with the line it does so on."""
    package = ("icctracker", *parts_of(path)[:-1])
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        above = package[: len(package) - node.level + 1] if node.level else ()
        base = [*above, *filter(None, (node.module or "").split("."))]
        if base[:1] == ["icctracker"]:
            names = [(*base, alias.name)[1:] for alias in node.names]
            found += [(name, node.lineno) for name in names]
    return found


def neighbours(path):
    """The modules of ours that a module imports."""
    for name, _line in imported(path):
        for parts in (name, name[:-1], (*name, "__init__"), (*name[:-1], "__init__")):
            file = APP.joinpath(*parts).with_suffix(".py")
            if parts and file.exists() and file != path:
                yield file
                break


def reached(path, within):
    """All the modules in a folder that a module needs, itself among them."""
    found, ahead = set(), [path]
    while ahead:
        here = ahead.pop()
        if here not in found and here.is_relative_to(within):
            found.add(here)
            ahead += neighbours(here)
    return found


class TestRooms:
    def test_every_module_stands_in_a_room(self):
        rooms = {room_of(parts_of(path)) for path in modules()}

        assert rooms - {"web/__init__"} == set(MAY_IMPORT) | HOLD_TOGETHER

    @pytest.mark.parametrize("room", sorted(MAY_IMPORT))
    def test_each_room_imports_only_what_stands_below_it(self, room):
        allowed = MAY_IMPORT[room] | {room}

        wrong = [
            f"{path.relative_to(APP)}:{line} imports {'.'.join(name)}"
            for path in modules()
            if room_of(parts_of(path)) == room
            for name, line in imported(path)
            if room_of(name) not in allowed
        ]

        assert wrong == []

    def test_no_modules_import_each_other_in_a_circle(self):
        sorter = TopologicalSorter({path: set(neighbours(path)) for path in modules()})

        # Raises CycleError, naming the circle, if there is one.
        assert len(list(sorter.static_order())) == len(modules())

    def test_nothing_is_imported_by_its_whole_path(self):
        whole = [
            f"{path.relative_to(APP)}:{node.lineno}"
            for path in modules()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            and any(alias.name.startswith("icctracker") for alias in node.names)
        ]

        # ``imported`` reads ``from … import …`` alone.
        assert whole == []

    def test_the_open_site_cannot_write(self):
        writes = re.compile(
            r"\.(save|create|delete|update|bulk_create|bulk_update|get_or_create"
            r"|update_or_create)\("
        )

        found = [
            f"{path.relative_to(APP)}: {match.group()}"
            for path in modules()
            if room_of(parts_of(path)) == "web/public"
            for match in writes.finditer(path.read_text(encoding="utf-8"))
        ]

        assert found == []

    def test_the_rule_and_the_symbols_do_without_django(self):
        for path in modules():
            if room_of(parts_of(path)) not in ("ruleset", "symbols"):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert not (node.module or "").startswith("django"), path
                if isinstance(node, ast.Import):
                    assert "django" not in {alias.name for alias in node.names}, path


class TestMail:
    # What speaks to a mail server by itself, or has Django do so at once.
    PAST_IT = re.compile(
        r"\bsmtplib\.SMTP|\bSMTP(_SSL)?\(|(?<!transaction\.)\bget_connection\("
        r"|\bMAIL_TRANSPORT\b|mail\.backends\.(?!base)|fail_silently"
    )

    def test_all_of_it_leaves_by_the_outbox(self):
        assert settings.EMAIL_BACKEND == "icctracker.actions.outbox.Outbox"
        found = {
            str(path.relative_to(APP))
            for path in modules()
            if self.PAST_IT.search(path.read_text(encoding="utf-8"))
        }

        assert found == {"actions/outbox.py", "settings/__init__.py"}

    def test_nobody_waits_for_a_mail_server(self):
        senders = {
            str(path.relative_to(APP))
            for path in modules()
            for name, _line in imported(path)
            if name[-1] == "send_waiting"
        }

        # The digest's command and the timer's: no page among them.
        assert senders == {"actions/mail.py", "management/commands/send_mail.py"}
        callers = {
            str(path.relative_to(APP))
            for path in modules()
            for name, _line in imported(path)
            if name[-2:] == ("mail", "deliver")
        }
        assert callers == {"management/commands/send_digest.py"}


class TestSize:
    def test_a_function_is_short_enough_to_be_read_at_once(self):
        long = {
            f"{path.relative_to(APP)}: {node.name}": lines
            for path in modules()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
            and (lines := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
        }

        assert long == {}

    @pytest.mark.parametrize("audience", sorted(AUDIENCES))
    def test_a_page_is_at_home_in_a_few_modules(self, audience):
        folder = APP / audience
        needed = {
            path.name: sorted(each.name for each in reached(path, folder))
            for path in neighbours(folder / "urls.py")
            if path.is_relative_to(folder)
        }

        assert needed
        assert {
            name: them
            for name, them in needed.items()
            if len(them) > MOST_MODULES_OF_A_PAGE
        } == {}


DJANGO_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)


def faults(paths, *patterns):
    """Each place where a pattern occurs, as ``file: text``; Django's tags left out."""
    return [
        f"{path.relative_to(settings.BASE_DIR)}: {match.group()}"
        for path in paths
        for text in [DJANGO_TAGS.sub("", path.read_text(encoding="utf-8"))]
        for pattern in patterns
        for match in re.finditer(pattern, text, re.I)
    ]


class TestTemplates:
    def test_nothing_is_styled_inline(self):
        assert faults(TEMPLATES, r"<style\b", r"<[^>]*\sstyle\s*=") == []

    def test_no_script_is_written_inline(self):
        inline = r"<script\b(?![^>]*\bsrc=)[^>]*>"

        assert faults(TEMPLATES, inline, r"\bjavascript:") == []

    def test_no_element_handles_events_itself(self):
        handler = r"""<[a-z][^<>]*\son[a-z]+\s*=\s*["'][^"']*["']"""

        assert faults(TEMPLATES, handler, r"""\shx-on[:a-z-]*=""") == []

    def test_nothing_is_fetched_from_another_host(self):
        asset = (
            r"<(?:script|link|img|source|iframe|video|audio|embed|object|use)\b"
            r"""[^>]*\s(?:src|srcset|href|data)\s*=\s*["'](?:https?:)?//[^"']*"""
        )

        assert faults(TEMPLATES, asset) == []
        assert (
            faults(STYLESHEETS, r"""@import[^;]*""", r"url\(\s*['\"]?(?:https?:)?//")
            == []
        )

    def test_directions_are_logical(self):
        physical = (
            r"(?<![-\w])(?:margin|padding|border)-(?:left|right)\b[^;}]*[;}]",
            r"(?<![-\w])(?:left|right)\s*:[^;}]*[;}]",
            r"text-align\s*:\s*(?:left|right)",
            r"float\s*:\s*(?:left|right)",
        )

        assert faults(STYLESHEETS, *physical) == []

    def test_every_file_is_named_in_lower_case(self):
        assert all(re.fullmatch(r"[a-z0-9_]+", Path(path).stem) for path in TEMPLATES)


LOCKED = [settings.BASE_DIR / f"requirements{tail}.txt" for tail in ("", "-dev")]


def pins(path):
    """What a locked file pins: each package and version, with its hashes."""
    logical = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return {
        pin.partition(" --hash=")[0].strip(): set(re.findall(r"--hash=(\S+)", pin))
        for pin in logical
    }


# What is asked at once may be asked of a page that is still coming; ``expect`` waits.
AT_ONCE = re.compile(
    r"assert .*(\.is_(visible|checked|enabled|hidden)\(|\.count\(\) ==|\.url\b"
    r"|\.(input_value|inner_text|text_content)\()"
)


class TestJourneys:
    def test_they_wait_for_what_they_ask(self):
        journeys = sorted((settings.BASE_DIR / "tests" / "browser").glob("test_*.py"))
        assert [
            f"{path.name}:{number}: {line.strip()}"
            for path in journeys
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if AT_ONCE.search(line) and "objects" not in line and "filter(" not in line
        ] == []


class TestRequirements:
    def test_tests_run_with_the_packages_that_the_site_runs_with(self):
        site, tests = map(pins, LOCKED)

        assert site
        assert {pin: tests.get(pin) for pin in site} == site

    @pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
    def test_every_package_is_locked_to_a_version_and_its_hashes(self, path):
        for pin, hashes in pins(path).items():
            assert re.match(r"[a-z0-9-]+==[0-9][\w.]*( ; |$)", pin), pin
            assert hashes, pin
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)

    def test_what_is_asked_for_is_locked(self):
        for path in LOCKED:
            asked = path.with_suffix(".in").read_text(encoding="utf-8").splitlines()
            locked = {pin.partition(" ;")[0] for pin in pins(path)}
            for line in asked:
                if not line.startswith("-r "):
                    assert re.sub(r"\[.*\]", "", line).lower() in locked, line


class TestDecisions:
    def test_they_are_numbered_without_gaps_and_as_their_files_are(self):
        files = sorted((settings.BASE_DIR / "docs" / "decisions").glob("*.md"))

        numbers = [int(path.name[:4]) for path in files]
        heads = [int(re.match(r"# (\d+)\.", path.read_text())[1]) for path in files]

        assert numbers == heads == list(range(1, len(files) + 1))
