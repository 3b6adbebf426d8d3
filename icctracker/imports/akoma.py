"""Council documents as the United Nations publishes them: Akoma Ntoso 3.0.

The text is flattened in reading order, and labelled by its numbers
(``texts/passages.py``); what a file says of its document stands in ``akoma_head.py``.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from icctracker.texts import passages
from icctracker.texts.numbering import FIGURE, read
from icctracker.texts.passages import (
    ANNEX,
    HEADING,
    OPENING,
    OPERATIVE,
    PREAMBLE,
    SECTION,
    Piece,
)

from .akoma_head import STATEMENT, Head, read_head
from .files import FileRefused
from .markup import Node, read_tree

# Elements that are parts of a text of their own; all others are words of one.
PARTS = {"paragraph", "point", "list", "sublist", "blockList", "item", "alinea"}
PARTS |= {"section", "crossHeading", "container", "wrapUp", "hcontainer"}
OF_HEADINGS = {"H1", "H23", "H4", "HCh", "BLUEHeadingH2"}
NAMES_ONE = ("heading", "subheading")
UNSAID = {"authorialNote", "num", "remark", "img", "meta"}
# So much of the words of a cell begins with a space.
APART = {"td", "th", "tr", "p", "br", "eol", "li", "block"}


@dataclass
class TextFile:
    """One file: which text it is, what it says of it, and its paragraphs."""

    name: str
    head: Head
    repaired: bool
    passages: list = field(default_factory=list)
    # What is odd about its numbers.
    remarks: list = field(default_factory=list)


def read_file(name, data, today_year):
    """What a file holds; FileRefused, in words, if it is no such document."""
    root, repaired = read_tree(data)
    if root.name != "akomaNtoso":
        raise FileRefused(_("This XML is no document in Akoma Ntoso."))
    statements = list(root.all("statement"))
    if len(statements) > 1:
        raise FileRefused(_("Two documents stand in this file: part them first."))
    if not statements:
        text = _("This file is in Akoma Ntoso, but no statement of the Council.")
        raise FileRefused(text)
    [statement] = statements
    head = read_head(name, statement, today_year)
    labelled = passages.label(_pieces(statement, head.kind == STATEMENT))
    if not any(each.label for each in labelled.passages):
        raise FileRefused(_("No paragraph was found in this file."))
    return TextFile(name, head, repaired, labelled.passages, labelled.remarks)


def words_of(node):
    """The words in an element, without footnotes, on one line."""
    return " ".join("".join(_texts(node)).split())


def _texts(node):
    for part in node.parts:
        if isinstance(part, str):
            yield part
        elif part.name not in UNSAID:
            if part.name in APART:
                yield " "
            yield from _texts(part)
            if part.name in APART:
                yield " "


# The pieces of a text, in reading order.


def _pieces(statement, is_statement):
    place = passages.STATEMENT if is_statement else OPERATIVE
    preamble, body = statement.child("preamble"), statement.child("mainBody")
    if preamble is not None:
        for each in preamble:
            yield from _of_preamble(each)
    if body is not None:
        found = _walk(body, place)
        yield from _of_statement(list(found)) if is_statement else found
    for attachments in statement.all("attachments"):
        for attachment in attachments:
            yield from _of_annex(attachment)


def _of_preamble(node):
    if node.name == "formula":
        yield Piece(OPENING, words_of(node))
    elif node.name == "container" and node.get("name") != "table":
        block_list, block = node.child("blockList"), node.child("block")
        if block is not None and block.get("name") == "subheading":
            yield Piece(PREAMBLE, words_of(node), mark=HEADING)
        elif block_list is not None:
            yield from _of_block_list(node, block_list)
        else:
            yield Piece(PREAMBLE, words_of(node), _number(node))
    elif node.name == "block" or node.name in NAMES_ONE:
        yield Piece(PREAMBLE, words_of(node), mark=HEADING)
    else:
        yield from _walk_one(node, PREAMBLE)


def _of_block_list(container, block_list):
    """A paragraph with points; where they bear figures they are operative ones."""
    before = Node(container.name, {})
    before.parts = container.parts[: container.parts.index(block_list)]
    introduction = block_list.child("listIntroduction")
    words = words_of(before)
    if introduction is not None:
        words = f"{words} {words_of(introduction)}".strip()
    if words:
        yield Piece(PREAMBLE, words, _number(container))
    for item in block_list:
        if item.name == "listIntroduction":
            continue
        figures = any(each.style == FIGURE for each in read(_number(item)))
        yield from _walk_one(item, OPERATIVE if figures else PREAMBLE)


def _of_statement(pieces):
    """Those of a statement: what stands above its opening sentence is its title."""
    begins = next((n for n, each in enumerate(pieces) if _opens(each)), None)
    for n, piece in enumerate(pieces):
        if piece.words.startswith("* Reissued") or begins is not None and n < begins:
            continue
        if n == begins:
            yield piece._replace(place=OPENING, number="", mark="")
        elif piece.place != OPENING:
            yield piece
        else:
            yield piece._replace(place=passages.STATEMENT)


def _opens(piece):
    words = piece.words.casefold()
    if piece.mark == HEADING or words.startswith(("“", '"')):
        return False
    named = "president of the security council" in words or "on behalf of" in words
    return piece.place == OPENING or ("following statement" in words and named)


def _of_annex(attachment):
    document = attachment.child("doc") or attachment
    body = document.first("mainBody") or document
    named = attachment.child(*NAMES_ONE) or document.first("docTitle")
    pieces = list(_walk(body, ANNEX))
    title = words_of(named) if named is not None else ""
    if not title and pieces and not pieces[0].number and len(pieces[0].words) < 100:
        title = pieces[0].words if pieces[0].mark == HEADING else ""
    yield Piece(ANNEX, title or "Annex", mark=SECTION)
    yield from pieces


def _walk(node, place):
    for each in node:
        yield from _walk_one(each, place)


def _walk_one(node, place):
    if node.name == "alinea" and place == passages.STATEMENT:
        yield Piece(OPENING, words_of(node))
    elif node.name == "section":
        yield from _section(node, place)
    elif node.name == "crossHeading" or node.name in NAMES_ONE:
        yield Piece(place, words_of(node), mark=HEADING)
    elif node.name == "formula":
        yield Piece(OPENING, words_of(node))
    else:
        yield from _paragraph(node, place)


def _section(node, place):
    named = node.child(*NAMES_ONE)
    number = _number(node)
    words = words_of(named) if named is not None else ""
    yield Piece(place, words or number, number if words else number, mark=SECTION)
    for each in node:
        if each.name != "num" and each is not named:
            yield from _walk_one(each, place)


def _paragraph(node, place):
    """A paragraph or a point, and whatever stands within it, one after the other."""
    number, named = _number(node), node.child(*NAMES_ONE)
    if named is not None or _is_heading(node, number):
        words = words_of(named) if named is not None else words_of(node)
        yield Piece(place, words, number, HEADING)
        number = ""
        if named is None:
            return
    said = Node(node.name, {})
    for part in _parts_of(node):
        if part is named or (isinstance(part, Node) and part.name == "num"):
            continue
        if not isinstance(part, Node) or not _stands_alone(part):
            said.parts.append(part)
            continue
        if words := words_of(said):
            yield Piece(place, words, number)
            number = ""
        elif number and not said.parts:
            # Its words stand one level deeper.
            pass
        said.parts = []
        for piece in _walk_one(part, place):
            if number and not piece.number and not piece.mark:
                piece, number = piece._replace(number=number), ""
            elif number and piece.number:
                yield Piece(place, "…", number)
                number = ""
            yield piece
    if words := words_of(said):
        yield Piece(place, words, number)


def _parts_of(node):
    """What a paragraph holds; what only wraps it is looked through."""
    for part in node.parts:
        wraps = isinstance(part, Node) and part.name in ("content", "intro", "list")
        if wraps or isinstance(part, Node) and part.name in ("sublist", "blockList"):
            yield from _parts_of(part)
        else:
            yield part


def _stands_alone(part):
    if part.name == "container":
        return part.get("name") != "table"
    return part.name in PARTS or part.name in ("listIntroduction",)


def _is_heading(node, number):
    """Whether its class makes it one; a point or a figure is none, whatever its class.

    A bare capital letter or Roman figure is the number of a heading.
    """
    if node.get("class") not in OF_HEADINGS:
        return False
    styles = {each.style for each in read(number)}
    return not number or bool(styles & {"capital", "capital roman"})


def _number(node):
    number = node.child("num")
    return words_of(number) if number is not None else ""
