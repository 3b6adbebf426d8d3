"""Backups: what stands is packed into one file, and put back whole or not at all.

``making`` makes one while the site is written to, ``restoring`` puts one back;
``fleeting`` says what of the records is left out, ``archive`` what the file is like,
``sqlite`` and ``postgresql`` how each database is copied and replaced.
"""
