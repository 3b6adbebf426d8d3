"""The limits in docs/deploy.md are those of the code, and no limit is missing there."""

import ast
import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings

APP = settings.BASE_DIR / "icctracker"
DOCUMENT = settings.BASE_DIR / "docs" / "deploy.md"
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<limit>[^|]+) \| `(?P<name>[^|`]+)` \|$", re.M
)
UNITS = {"": 1, "bytes": 1, "KB": 1024, "MB": 1024**2}
UNITS |= {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
# How a limit of ours is called.
CALLED = re.compile(
    r"(MOST|LARGEST|LONGEST|SECONDS|FROM|BETWEEN|STALE)(_\w+)?|AT_A_TIME|LASTS|SILENCE"
    r"|PATIENCE|DAYS_KEPT|KEPT(_FOR)?|LOOKED_AT|paginate_by|list_per_page"
)
# Those of the framework that we set, or that hold because we do not.
OF_SETTINGS = (
    "DATA_UPLOAD_MAX_MEMORY_SIZE DATA_UPLOAD_MAX_NUMBER_FIELDS LARGEST_FILE_FORM"
    " DATA_UPLOAD_MAX_NUMBER_FILES LARGEST_IMPORT SESSION_COOKIE_AGE SESSION_ENDS_AFTER"
    " ACCOUNT_REAUTHENTICATION_TIMEOUT PASSWORD_RESET_TIMEOUT EMAIL_TIMEOUT"
).split()


def rows():
    text = DOCUMENT.read_text(encoding="utf-8").partition("\n## Limits\n")[2]
    return [found.groupdict() for found in ROW.finditer(text.partition("\n## ")[0])]


def value_of(name):
    """What the code has under a name such as web.kit.turns.SECONDS."""
    if name.startswith("settings."):
        _settings, option, *key = re.split(r"\.|\[\"|\"\]", name)
        found = getattr(settings, option)
        return found[key[0]] if key and key[0] else found
    *path, last = name.split(".")
    owner = path.pop() if path[-1][:1].isupper() else ""
    found = import_module(".".join(["icctracker", *path]))
    return getattr(getattr(found, owner) if owner else found, last)


def in_words(said):
    """The number that a cell gives, in bytes or seconds where it has a unit."""
    found = re.match(r"(?P<number>[\d,.]+) ?(?P<unit>\w*)", said)
    number = float(found["number"].replace(",", ""))
    return number * UNITS.get(found["unit"], 1)


def limits():
    """Every limit of the code, by the name that the document gives it."""
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP).with_suffix("").parts
        if parts[0] in ("migrations", "settings", "ruleset"):
            continue
        at = ".".join(part for part in parts if part != "__init__")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            owner = f"{at}.{node.name}" if isinstance(node, ast.ClassDef) else at
            for each in inner:
                if isinstance(each, ast.Assign) and _is_number(each.value):
                    yield from (f"{owner}.{t.id}" for t in each.targets if _is_limit(t))


def _is_limit(target):
    return isinstance(target, ast.Name) and CALLED.fullmatch(target.id)


def _is_number(node):
    try:
        found = eval(  # noqa: S307 - our own
            ast.unparse(node), {"timedelta": timedelta, "__builtins__": {}}
        )
    except (NameError, TypeError, AttributeError, SyntaxError):
        return False
    return isinstance(found, int | float | timedelta) and not isinstance(found, bool)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["name"])
def test_each_is_that_of_the_code(row):
    value = value_of(row["name"])

    if isinstance(value, str):
        assert f"`{value}`" in row["limit"]
        return
    if isinstance(value, timedelta):
        value = value.total_seconds()
    assert in_words(row["limit"]) == value


def test_none_is_missing():
    named = {row["name"] for row in rows()}

    rates = [
        f'settings.ACCOUNT_RATE_LIMITS["{k}"]' for k in settings.ACCOUNT_RATE_LIMITS
    ]
    rates += [f'settings.MFA_RATE_LIMITS["{key}"]' for key in settings.MFA_RATE_LIMITS]
    ours = {*limits(), *(f"settings.{name}" for name in OF_SETTINGS), *rates}
    assert sorted(ours - named) == []


def test_none_is_told_twice():
    named = [row["name"] for row in rows()]

    assert len(named) == len(set(named)) > 80
