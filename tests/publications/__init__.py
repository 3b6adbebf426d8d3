"""A publication that nobody ever made, to be loaded by data alone."""

from pathlib import Path

MADE_UP = Path(__file__).parent / "made_up"
SLUG = "a-made-up-note"
