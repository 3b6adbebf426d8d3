"""Curation of catalogue, recommendations, evidence and accounts."""
