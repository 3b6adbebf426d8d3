"""Registers every noun; read once all apps, and their own admins, are loaded."""

from . import (
    catalogue,
    council_imports,
    evidence,
    people,
    recommendations,
    records,
    subjects,
)

__all__ = [
    "catalogue",
    "council_imports",
    "evidence",
    "people",
    "recommendations",
    "records",
    "subjects",
]
