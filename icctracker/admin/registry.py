"""Registers every noun; read once all apps, and their own admins, are loaded."""

from . import evidence, people, recommendations, records, subjects

__all__ = ["evidence", "people", "recommendations", "records", "subjects"]
