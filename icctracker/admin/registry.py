"""Registers every noun; read once all apps, and their own admins, are loaded."""

from . import catalogue, codings, evidence, people, recommendations, records, subjects

__all__ = [
    "catalogue",
    "codings",
    "evidence",
    "people",
    "recommendations",
    "records",
    "subjects",
]
