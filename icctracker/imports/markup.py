"""XML as a small tree, within limits; read as far as it goes where it is broken.

Nothing is ever loaded from outside: a document type declaration is refused before any
of it is read, and with it every entity but the five.
"""

import html
import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from .files import FileRefused

DEEPEST, MOST_NODES = 100, 200_000
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
# End tags that files write in the place of that of a paragraph.
_ENDS_PARAGRAPH = {"docTitle", "alinea"}


class Node:
    """An element: its name without prefix, its attributes, its texts and elements."""

    __slots__ = ("attributes", "name", "parts")

    def __init__(self, name, attributes):
        self.name, self.attributes, self.parts = name, attributes, []

    def __iter__(self):
        return (part for part in self.parts if isinstance(part, Node))

    def get(self, name, default=""):
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def child(self, *names):
        """The first child of one of these names, or None."""
        return next((each for each in self if each.name in names), None)

    def all(self, name):
        """All elements of a name within it, in reading order."""
        for each in self:
            if each.name == name:
                yield each
            yield from each.all(name)

    def first(self, name):
        """The first element of a name within it, or None."""
        return next(self.all(name), None)


def read_tree(data):
    """The root of a file, and whether it was broken and had to be mended."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FileRefused(_("The file is not text in UTF-8.")) from fault
    if "\0" in text:
        raise FileRefused(_("The file is not text in UTF-8."))
    try:
        return _strict(text), False
    except expat.ExpatError:
        return _mended(text), True


class _Builder:
    """Puts elements together, within limits."""

    def __init__(self):
        self.root, self.open, self.nodes = None, [], 0

    def start(self, name, attributes):
        self.nodes += 1
        if len(self.open) >= DEEPEST or self.nodes > MOST_NODES:
            text = _("The XML is deeper or has more parts than any document.")
            raise FileRefused(text)
        node = Node(name.rpartition(":")[2], attributes)
        if self.open:
            self.open[-1].parts.append(node)
        elif self.root is None:
            self.root = node
        else:
            raise FileRefused(_("Two documents stand in this file: part them first."))
        self.open.append(node)

    def end(self, _name):
        self.open.pop()

    def text(self, text):
        if self.open:
            self.open[-1].parts.append(text)


def refuse_declaration(*_declared):
    """Refuse a document type declaration, and with it all that it would define."""
    text = _("This XML declares a document type, which is not read for safety.")
    raise FileRefused(text)


def _strict(text):
    builder = _Builder()
    # Declarations are refused, so that no entity can be defined.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_declaration
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.Parse(text.encode(), True)
    return builder.root


def _mended(text):
    """The same of XML that is not well formed: stray ends are dropped.

    An end that stands in the place of that of a paragraph ends it, and of an attribute
    that is repeated the first stands.
    """
    builder, at = _Mending(), 0
    while at < len(text):
        begins = text.find("<", at)
        if begins < 0:
            builder.text(_plain(text[at:]))
            break
        builder.text(_plain(text[at:begins]))
        at = _tag(builder, text, begins)
    if builder.root is None:
        raise FileRefused(_("This is no XML."))
    return builder.root


def _tag(builder, text, at):
    """Take the tag that begins here; where the next part of the text begins."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
        if text.startswith(opening, at):
            ends = text.find(closing, at + len(opening))
            ends = len(text) if ends < 0 else ends
            if opening == "<![CDATA[":
                builder.text(text[at + len(opening) : ends])
            return ends + len(closing)
    if text.startswith("<!", at):
        refuse_declaration()
    other = text.find("<", at + 1)
    # No further than to the next, however many there are.
    ends = text.find(">", at, len(text) if other < 0 else other)
    if ends < 0:
        builder.text("<")
        return at + 1
    inside = text[at + 1 : ends]
    name = re.match(r"/?\s*([\w:.-]+)", inside)
    if not name:
        builder.text(f"<{inside}>")
    elif inside.startswith("/"):
        builder.end(name[1].rpartition(":")[2])
    else:
        attributes = {}
        for key, value in _ATTRIBUTE.findall(inside):
            attributes.setdefault(key, _plain(value[1:-1]))
        builder.start(name[1], attributes)
        if inside.endswith("/"):
            builder.open.pop()
    return ends + 1


class _Mending(_Builder):
    def end(self, name):
        names = [node.name for node in self.open]
        if name in _ENDS_PARAGRAPH and "paragraph" in names and names[-1] != name:
            within = names[len(names) - names[::-1].index("paragraph") :]
            if name not in within:
                name = "paragraph"
        if name in names:
            del self.open[len(names) - 1 - names[::-1].index(name) :]

    def start(self, name, attributes):
        if self.root is not None and not self.open and name != "akomaNtoso":
            # Behind an end too many: what follows still belongs to the document.
            self.open.append(self.root)
        super().start(name, attributes)


def _plain(text):
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)
