"""A whole site on loopback, from the files of ``deploy/``, which loses its parts.

Debian's PostgreSQL (a primary and a replica), PgBouncer, Redis and nginx, two instances
of the site and readers and writers who count. Minutes, so only when asked for:
``.venv/bin/python -m pytest -m faults tests/faults``.
"""
