"""Made-up texts of Council documents, in files of the shapes the UN publishes."""

import io
import zipfile
from html import escape

NAMESPACES = (
    'xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"'
    ' xmlns:akn4un="http://un.org/akn4un"'
)
PREAMBLE = ("Recalling the report of the harbour master,", "Noting the tides,")
OPERATIVE = (
    ("1.", "Decides that the lamps shall be lit;"),
    ("2.", "Remains seized of the matter."),
)
NAMES = {"resolution": "resolution", "statement": "presidentialStatement"}
NAMES |= {"draft": "draftResolution"}


def paragraph(number, words, inner="", class_="SingleTxt"):
    """One paragraph as most files have it."""
    num = f"<num>{number}</num>" if number else ""
    return (
        f'<paragraph class="{class_}">{num}<content><p xml:space="preserve">\t'
        f"{words}</p></content>{inner}</paragraph>"
    )


def body(paragraphs):
    return "".join(paragraph(number, escape(words)) for number, words in paragraphs)


def containers(paragraphs):
    return "".join(
        f'<container name="x"><p><span class="italic">{escape(words)}</span></p>'
        "</container>"
        for words in paragraphs
    )


def akn(
    symbol="S/RES/1593 (2005)",
    *,
    kind="resolution",
    language="eng",
    date="2005-03-31",
    printed="",
    meeting="5158",
    address="2005-03-31/1593-2005",
    job="05-29273 (E)",
    author="sc",
    preamble=PREAMBLE,
    operative=OPERATIVE,
    main="",
    attachments="",
    steps="",
    voting="",
    extra="",
):
    """A file as bytes; whatever is not said is that of a resolution of 2005."""
    cover = f'<docNumber refersTo="#symbol">{symbol}</docNumber>' if symbol else ""
    inner = containers(preamble)
    opening = "" if kind == "statement" else "<formula><p>The Security Council,</p>"
    opening += "</formula>" if opening else ""
    before = f"<preamble>{opening}{inner}</preamble>" if opening else ""
    return f"""<akomaNtoso {NAMESPACES}>
  <!--Made up-->
  <statement name="{NAMES.get(kind, kind)}">
    <meta><identification><FRBRWork>
      <FRBRuri value="/akn/un/statement/deliberation/unsc/{address}/"/>
      <FRBRdate date="{date}" name="adoption"/><FRBRauthor href="{author}"/>
    </FRBRWork><FRBRExpression><FRBRlanguage language="{language}"/></FRBRExpression>
    </identification>
    <workflow>{steps}</workflow>
    <analysis><parliamentary><voting>{voting}</voting></parliamentary></analysis>
    <presentation><docketNumber>{job}</docketNumber></presentation>{extra}</meta>
    <coverPage><p>{cover}</p><p><docTitle refersTo="#adoption">Adopted at its
      <inline name="adoptionMeeting" title="{meeting}th">{meeting}th meeting</inline>,
      on <docDate date="{date}" refersTo="#adoptionDate">{printed}</docDate></docTitle>
    </p></coverPage>
    {before}<mainBody>{main or body(operative)}</mainBody>{attachments}
  </statement>
</akomaNtoso>""".encode()


def statement(paragraphs, *, symbol="S/PRST/2014/5", opening="", **values):
    """A statement by the President."""
    opening = opening or (
        "At the 7115th meeting of the Security Council, held on 21 February 2014 in"
        " connection with the Council’s consideration of the item entitled “The"
        " harbours”, the President of the Security Council made the following"
        " statement on behalf of the Council:"
    )
    main = f"<alinea><content><p>{opening}</p></content></alinea>{body(paragraphs)}"
    values = {"kind": "statement", "address": "2014-02-21/2014-5"} | values
    values = {"date": "2014-02-21", "job": "14-24277 (E)"} | values
    return akn(symbol, main=main, **values)


def annex(inner, title=""):
    heading = f"<heading>{title}</heading>" if title else ""
    return (
        f'<attachments><attachment>{heading}<doc name="annex"><mainBody>{inner}'
        "</mainBody></doc></attachment></attachments>"
    )


def voting(**counts):
    """Counts as in the head: in_favour=11, against=…; values may be lists of names."""
    ways = {"in_favour": "inFavour", "against": "against", "abstaining": "abstaining"}
    found = ""
    for name, value in counts.items():
        names = value if isinstance(value, list) else []
        number = len(names) if names else value
        members = "".join(f"<organization>{each}</organization>" for each in names)
        found += (
            f'<count value="{number:03}" refersTo="{ways[name]}"><akn4un:voters>'
            f"{members}</akn4un:voters></count>"
        )
    return found


def archive(files):
    """A ZIP of files by their names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return kept.getvalue()
