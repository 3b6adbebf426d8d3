"""A handful of display filters, available in every template."""

from django import template

register = template.Library()
