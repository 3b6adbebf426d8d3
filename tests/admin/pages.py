"""Addresses of the admin."""

from django.urls import reverse


def page(noun, name, *args):
    """An admin page of one of our nouns."""
    return reverse(f"admin:icctracker_{noun}_{name}", args=args)
