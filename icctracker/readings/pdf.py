"""The words in a PDF, read within bounds of pages, size and time."""

import time

from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024
MOST_PAGES, LONGEST_TEXT, SECONDS = 100, 1_000_000, 20
# Fewer words on a page than on any that was not scanned.
FEWEST_LETTERS = 20


class PdfUnread(Exception):
    """A PDF whose words cannot be read; the message says why, in words."""


def words_in(file):
    """The words of a PDF, page after page; PdfUnread, in words, if there are none."""
    # Taken when it is needed: no other page waits for it.
    from pypdf import PdfReader

    if file.size > LARGEST:
        raise PdfUnread(_("The PDF is larger than 10 MB."))
    if file.read(1024).find(b"%PDF-") < 0:
        raise PdfUnread(_("This file is no PDF."))
    file.seek(0)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise PdfUnread(_("The PDF is locked with a password."))
        if len(reader.pages) > MOST_PAGES:
            text = _("The PDF has more than %d pages, as no document of the Council.")
            raise PdfUnread(text % MOST_PAGES)
        pages = _pages(reader)
    except PdfUnread:
        raise
    # A broken PDF can fail anywhere in its reading, in any way.
    except Exception as fault:
        raise PdfUnread(_("The PDF is broken and cannot be read.")) from fault
    text = "\n\n".join(pages)
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        raise PdfUnread(
            _("The PDF has no words, only pictures of pages: paste the text instead.")
        )
    return text


def _pages(reader):
    until, length, pages = time.monotonic() + SECONDS, 0, []
    for page in reader.pages:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length > LONGEST_TEXT or time.monotonic() > until:
            raise PdfUnread(
                _("The PDF takes too long to read: paste the text instead.")
            )
    return pages
