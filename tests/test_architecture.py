"""The order of the parts, read from the source, so that it needs no vigilance."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

APP = settings.BASE_DIR / "icctracker"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLESHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))

AUDIENCES = {"public", "contribute", "respond", "review", "accounts"}
BELOW = {
    *("models", "roles", "ruleset", "symbols", "words", "reasons"),
    *("cases", "standing", "filters", "consistency", "versions", "wording"),
    *("agreement", "blindness", "coverage", "votes"),
    *("credits", "composing", "likeness", "prefill"),
    *("suggestions", "ledger", "history", "changes"),
    *("access", "due", "fields", "risks", "tabs"),
}
# What each part may import, besides itself. Whoever is not named here has no place.
MAY_IMPORT = {
    "ruleset": set(),
    "symbols": set(),
    "words": set(),
    "wording": set(),
    "formats": set(),
    "cases": {"ruleset"},
    "agreement": set(),
    "models": {"ruleset", "symbols"},
    "roles": {"ruleset", "symbols"},
    "standing": {"models", "ruleset"},
    "versions": {"models", "standing", "wording"},
    "blindness": {"access", "models"},
    "coverage": {"agreement", "models"},
    "reasons": {"models", "ruleset", "words"},
    "due": {"models", "ruleset", "standing"},
    "risks": {"models", "standing", "versions"},
    "access": set(),
    "tabs": set(),
    "fields": set(),
    "consistency": {"models", "roles", "symbols"},
    "filters": {"models", "ruleset", "symbols", "suggestions"},
    "votes": set(),
    "credits": set(),
    "composing": {"models"},
    "likeness": {"models"},
    "prefill": {"models", "credits", "composing", "likeness"},
    "suggestions": {"models"},
    "ledger": {"models", "suggestions"},
    "history": {"models", "wording"},
    "changes": {"models", "filters"},
    "templatetags": {"models", "ruleset", "symbols"},
    "letters": {"due", "models"},
    "actions": {
        *("models", "roles", "ruleset", "symbols", "standing", "versions"),
        *("due", "letters", "prefill", "suggestions", "history"),
    },
    "imports": {"models", "actions", "symbols"},
    "public": BELOW - {"roles", "consistency"},
    "contribute": BELOW - {"roles", "consistency"} | {"actions"},
    "review": BELOW - {"roles", "consistency"} | {"actions"},
    "respond": {"actions", "fields", "models"},
    "accounts": {"actions", "letters", "models", "roles"},
    "admin": BELOW | {"actions", "imports"},
    "management": BELOW | {"actions", "imports", "admin"},
    # What holds the parts together.
    "apps": {"admin", "checks", "roles"},
    "checks": set(),
    "settings": set(),
    "urls": set(),
    "wsgi": set(),
}
LONGEST = 450
# One vocabulary, that would not read better in pieces.
LONGER = {"symbols.py": 470}


def modules():
    return [
        path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts
    ]


def part_of(path):
    """The part a module belongs to: its package, or the module itself."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def is_main_guard(node):
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def statements(node):
    """All that runs on import or later; not what only runs as a programme."""
    for child in ast.iter_child_nodes(node):
        if not is_main_guard(child):
            yield child
            yield from statements(child)


def imported_parts(path):
    """The parts of ours that a module imports, with the lines it does so on."""
    package = ("icctracker", *path.relative_to(APP).parts[:-1])
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = [*above, *(node.module or "").split(".")]
            base = [name for name in base if name]
            names = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == "icctracker" and len(name) > 1:
                yield name[1], node.lineno


class TestImports:
    @pytest.mark.parametrize("part", sorted({part_of(path) for path in modules()}))
    def test_each_part_imports_only_what_stands_below_it(self, part):
        if part == "__init__":
            return
        allowed = MAY_IMPORT[part] | {part}

        wrong = [
            f"{path.relative_to(APP)}:{line} imports {name}"
            for path in modules()
            if part_of(path) == part
            for name, line in imported_parts(path)
            if name not in allowed
        ]

        assert wrong == []

    def test_no_audience_is_named_by_another_part(self):
        for part, allowed in MAY_IMPORT.items():
            assert not allowed & AUDIENCES, part

    def test_the_open_site_cannot_write(self):
        writes = re.compile(
            r"\.(save|create|delete|update|bulk_create|bulk_update|get_or_create"
            r"|update_or_create)\("
        )

        found = [
            f"{path.relative_to(APP)}: {match.group()}"
            for path in modules()
            if part_of(path) == "public"
            for match in writes.finditer(path.read_text(encoding="utf-8"))
        ]

        assert found == []

    def test_the_rule_the_symbols_and_agreement_do_without_django(self):
        pure = "ruleset.py symbols.py cases.py wording.py agreement.py"
        for name in pure.split():
            tree = ast.parse((APP / name).read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    assert not (node.module or "").startswith("django"), name
                if isinstance(node, ast.Import):
                    assert "django" not in {alias.name for alias in node.names}, name


class TestSize:
    def test_a_module_is_about_one_thing(self):
        long = {
            name: lines
            for path in modules()
            if (lines := len(path.read_text(encoding="utf-8").splitlines()))
            > LONGER.get(name := path.relative_to(APP).as_posix(), LONGEST)
        }

        assert long == {}


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
