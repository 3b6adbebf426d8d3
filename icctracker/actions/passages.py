"""Keeping the text of a document: all of its paragraphs, or none."""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from icctracker.models import DocumentText, Paragraph

from . import ActionRefused, EditConflict, require
from .descent import trace_descents

AT_ONCE = 500
Variant = DocumentText.Variant


def digest_of(passages):
    """What tells one text from another: its words, under their labels."""
    told = hashlib.sha256()
    for each in passages:
        told.update(f"{each.place}\t{each.label}\t{each.words}\n".encode())
    return told.hexdigest()


@dataclass(frozen=True, slots=True)
class Official:
    """A text from an official file, to be kept; maybe in the place of another.

    ``facts`` are its language, variant, source, job number and digest.
    """

    document_id: int
    passages: list
    facts: dict
    replaces: int | None = None


@transaction.atomic
def keep_official(texts, *, imported):
    """Keep texts from official files, each with all of its paragraphs: all or none."""
    replaced = [each.replaces for each in texts if each.replaces]
    DocumentText.objects.filter(pk__in=replaced).delete()
    made = [
        DocumentText(document_id=each.document_id, imported=imported, **each.facts)
        for each in texts
    ]
    DocumentText.objects.bulk_create(made)
    rows = (
        row
        for text, each in zip(made, texts, strict=True)
        for row in _rows(text, each.passages)
    )
    Paragraph.objects.bulk_create(rows, batch_size=AT_ONCE)


@transaction.atomic
def keep_typed(document, passages, *, by, language, variant, seen=""):
    """Keep a text that a person typed, pasted or read from a PDF, in their name.

    ``seen`` is the digest of the typed text that it takes the place of, if any. An
    official text needs none beside it.
    """
    require(by, "icctracker.add_documenttext")
    if not any(each.label for each in passages):
        raise ActionRefused(_("No paragraph was found in this text."))
    there = document.texts.select_for_update().filter(language=language)
    for text in there:
        if not text.is_typed:
            raise ActionRefused(
                _("The official text in this language is there already.")
            )
        if text.digest == digest_of(passages):
            return text
        if text.digest != seen:
            raise EditConflict(
                _("%(document)s has a typed text in this language already, by %(who)s.")
                % {"document": document, "who": text.typed_by}
            )
        text.delete()
    text = DocumentText(
        document=document,
        language=language,
        variant=variant,
        typed_by=by,
        digest=digest_of(passages),
    )
    try:
        with transaction.atomic():
            _keep(text, passages)
            trace_descents({document.pk})
            return text
    except IntegrityError as clash:
        raise EditConflict(_("Somebody else was quicker.")) from clash


def _keep(text, passages):
    text.save()
    Paragraph.objects.bulk_create(_rows(text, passages), batch_size=AT_ONCE)


def _rows(text, passages):
    return (
        Paragraph(
            text_id=text.pk,
            order=order,
            place=each.place,
            label=each.label,
            anchor=each.anchor,
            level=each.level,
            section=each.section,
            annex=each.annex,
            is_heading=each.is_heading,
            is_quotation=each.is_quotation,
            words=each.words,
        )
        for order, each in enumerate(passages, start=1)
    )
