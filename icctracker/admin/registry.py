"""Registers every noun; read once all apps, and their own admins, are loaded."""

from . import (
    catalogue,
    evidence,
    people,
    recommendations,
    records,
    subjects,
    voices,
)

__all__ = [
    "catalogue",
    "evidence",
    "people",
    "recommendations",
    "records",
    "subjects",
    "voices",
]
