"""A text that a researcher pastes, or reads from a PDF, and looks at first."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icctracker.models import Document, DocumentText, Import
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

SYMBOL = "S/RES/1593(2005)"
TEXT = """The Security Council,

Taking note of the report of the harbour master on the lamps,

1. Decides to refer the state of the lamps to the Prosecutor of the Court;

2. Decides to remain seized of the matter."""
FRENCH = """Le Conseil de sécurité,

Prenant note du rapport sur les lampes du port et de la rade pour la nuit,

1. Décide de renvoyer les lampes du port et la rade dans les mains des gardiens."""


@pytest.fixture
def anna(client):
    user = make_user("researcher", email="anna@example.org", public_name="Anna")
    client.force_login(user)
    return user


@pytest.fixture
def post(client, anna):
    def send(words=TEXT, **data):
        values = {"symbol": SYMBOL, "language": "en", "words": words} | data
        return client.post(reverse("text-create"), values)

    return send


def page(response):
    return " ".join(response.content.decode().split())


def keep(post, words=TEXT, **data):
    """Look at the paragraphs, then keep them."""
    shown = post(words, **data)
    return post(words, previewed=shown.context["previewed"], keep="yes", **data)


def pdf(lines):
    """A PDF with these lines on a page, as any program might write one."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown}ET".encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, places = io.BytesIO(), []
    file.write(b"%PDF-1.4\n")
    for number, part in enumerate(parts, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    begins = file.tell()
    file.write(b"xref\n0 6\n0000000000 65535 f \n")
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % begins)
    return file.getvalue()


def uploaded(content, name="n0529273.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


class TestPasting:
    def test_its_paragraphs_are_shown_first_and_nothing_is_kept(self, post):
        answer = post()

        assert [each.label for each in answer.context["passages"]] == [
            *("", "PP 1", "OP 1", "OP 2")
        ]
        assert "Keep this text" in page(answer)
        assert not DocumentText.objects.exists()

    def test_what_was_shown_is_kept_as_typed_by_a_person(self, post, anna, client):
        answer = keep(post)

        text = DocumentText.objects.get()
        assert (text.typed_by, text.variant, text.imported) == (anna, "pasted", None)
        assert text.paragraphs.count() == 4
        document = Document.objects.get(symbol=SYMBOL)
        assert answer["Location"] == f"{document.get_absolute_url()}#text"
        assert "typed by a person" in page(client.get(document.get_absolute_url()))

    def test_what_was_changed_since_is_shown_once_more(self, post):
        shown = post().context["previewed"]

        answer = post(TEXT + "\n\n3. Ends.", previewed=shown, keep="yes")

        assert "has changed since it was shown" in page(answer)
        assert not DocumentText.objects.exists()

    def test_its_writer_may_correct_it(self, post, client):
        keep(post)
        address = f"{reverse('text-create')}?symbol={SYMBOL}"
        initial = client.get(address).context["form"].initial

        better = initial["words"].replace("lamps to", "lanterns to")
        keep(post, better, replaces=initial["replaces"])

        words = DocumentText.objects.get().paragraphs.get(label="OP 1").words
        assert "lanterns" in words

    def test_that_of_somebody_else_is_not_replaced_unseen(self, post, client):
        keep(post)
        client.force_login(make_user("researcher", email="ben@example.org"))

        answer = keep(post, TEXT.replace("lamps to", "lanterns to"))

        assert answer.status_code == 409
        assert "lanterns" in page(answer)
        words = DocumentText.objects.get().paragraphs.get(label="OP 1").words
        assert "lanterns" not in words

    def test_twice_the_same_is_kept_once(self, post):
        keep(post)
        keep(post)

        assert DocumentText.objects.count() == 1

    def test_beside_an_official_text_none_is_typed(self, post):
        document = Document.objects.get(symbol=SYMBOL)
        DocumentText.objects.create(
            document=document,
            language="en",
            variant="akn",
            imported=Import.objects.first(),
        )

        answer = keep(post)

        assert "official text in this language is there already" in page(answer)
        assert "harbour master" in page(answer)

    def test_those_who_log_no_evidence_add_no_text(self, client):
        client.force_login(make_user(email="cleo@example.org"))

        assert client.get(reverse("text-create")).status_code == 403


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"words": ""}, "Paste the text, or choose a PDF."),
            ({"symbol": ""}, "Say which document it is."),
            ({"symbol": "S/RES/2999(2026)"}, "is not in the catalogue"),
            ({"symbol": "hello"}, "hello is not in the catalogue"),
            ({"language": "tlh"}, "Choose one of those listed."),
            ({"words": FRENCH}, "This text seems to be in French"),
            ({"words": "المحكمة الجنائية الدولية"}, "seems to be in Arabic"),
            ({"words": "המועצה מחליטה"}, "Its language is none that is read here."),
            (
                {"words": f"Resolution 1970 (2011)\n\n{TEXT}"},
                "This text says that it is S/RES/1970(2011), not S/RES/1593(2005).",
            ),
            (
                {"words": f"A/RES/71/248\n\n{TEXT}"},
                "This text says that it is A/RES/71/248, not S/RES/1593(2005).",
            ),
            ({"words": "The Security Council,"}, "No paragraph was found"),
            ({"words": "# A heading alone"}, "No paragraph was found"),
            ({"pdf": uploaded(b"")}, "The file is empty."),
            ({"pdf": uploaded(b"hello")}, "This file is no PDF."),
            ({"pdf": uploaded(b"%PDF-1.4 nothing")}, "is broken and cannot be read"),
            ({"pdf": uploaded(pdf([]))}, "has no words, only pictures of pages"),
        ],
    )
    def test_each_is_answered_in_words_and_nothing_typed_is_lost(
        self, post, data, said
    ):
        answer = post(**data)

        assert answer.status_code == 200
        assert said in page(answer).replace("&#x27;", "'")
        assert "Keep this text" not in page(answer)
        typed = data.get("words", TEXT).split("\n")[0]
        assert typed in answer.content.decode()
        assert not DocumentText.objects.exists()


class TestPdf:
    def test_its_words_are_shown_to_be_corrected(self, post):
        lines = [
            *("S/RES/1593 \\(2005\\)", "Resolution 1593 \\(2005\\)"),
            *("The Security Council,", "Taking note of the report of the", "master,"),
            *("1. Decides to light the", "lamps of the harbour;", "2. Ends."),
        ]

        answer = post("", pdf=uploaded(pdf(lines)))

        assert [each.label for each in answer.context["passages"]] == [
            *("", "PP 1", "OP 1", "OP 2")
        ]
        typed = answer.context["form"]["words"].value()
        assert "1. Decides to light the lamps of the harbour;" in typed
        keep(post, typed, variant="pdf")
        assert DocumentText.objects.get().variant == "pdf"

    def test_that_of_another_document_is_refused(self, post):
        lines = [
            "S/RES/1970 \\(2011\\)",
            "The Security Council,",
            "1. Ends it all.",
        ]

        answer = post("", pdf=uploaded(pdf(lines)))

        assert "This text says that it is S/RES/1970(2011)" in page(answer)
        assert "1. Ends it all." in page(answer)
