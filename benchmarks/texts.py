"""Measure the import of texts: seconds and memory, for as many as there are.

    .venv/bin/python benchmarks/texts.py

Makes up files in Akoma Ntoso for 2,300 documents of our own record, with 75,000
paragraphs of the usual length, and imports them from one archive in a process of its
own: first all of them, then once more, when all is there. Every seventh is broken as
the official ones are. Needs 300 MB in a temporary folder.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from html import escape
from pathlib import Path

from council_import import ROOT, prepare

DOCUMENTS, PARAGRAPHS = 2_300, 75_000
MOST_SECONDS, MOST_MEMORY = 60, 300
WORDS = (
    "the harbour master lamps of and to in with States report Council tides shall"
    " light keep oil wharf pilots calls upon decides requests all parties concerning"
).split()
HEAD = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
<statement name="resolution"><meta><identification><FRBRWork>
<FRBRuri value="/akn/un/statement/deliberation/unsc/{day}/{number}-{year}/"/>
<FRBRdate date="{day}" name="adoption"/></FRBRWork>
<FRBRExpression><FRBRlanguage language="eng"/></FRBRExpression></identification>
<presentation><docketNumber>{job}</docketNumber></presentation></meta>
<coverPage><docNumber>S/RES/{number} ({year})</docNumber></coverPage><preamble>
<formula><p>The Security Council,</p></formula>"""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        path = folder / "texts.zip"
        made = write(path)
        size = path.stat().st_size / 1e6
        for what in ("imported", "all there already"):
            seconds, busy, memory = measure(path)
            within = seconds <= MOST_SECONDS and memory <= MOST_MEMORY
            print(
                json.dumps(
                    {
                        "what": what,
                        **made,
                        "MB": round(size, 1),
                        "seconds": round(seconds, 1),
                        "of_processor": round(busy, 1),
                        "peak_memory_MiB": int(memory),
                        "within": within,
                    }
                )
            )
        print(json.dumps(kept() | {"database_MB": round(_size(folder), 1)}))


def write(path):
    """An archive of made-up texts of resolutions of the record; how many there are."""
    from icctracker.models import Document

    chance = random.Random(11)  # noqa: S311 - made up, not secret
    rows = Document.objects.filter(series="resolution").order_by("-number")
    each, total = PARAGRAPHS / DOCUMENTS, 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, symbol in rows.values_list("number", "symbol")[:DOCUMENTS]:
            count = round(each * chance.uniform(0.3, 1.7))
            count = max(3, min(count, PARAGRAPHS - total))
            text = document(number, int(symbol[-5:-1]), count, chance)
            if number % 7 == 0:
                text = text.replace("</paragraph>", "</alinea>", 1)
            archive.writestr(f"S_RES_{number}_E.xml", text)
            total += count
    return {"documents": DOCUMENTS, "paragraphs": total}


def document(number, year, count, chance):
    head = HEAD.format(
        number=number,
        year=year,
        day=f"{year}-06-01",
        job=f"{year % 100:02}-{number:05}",
    )
    preambular = count // 3
    parts = [
        f"<container><p>{_words(chance)},</p></container>" for _n in range(preambular)
    ]
    parts.append("</preamble><mainBody>")
    at = 0
    for n in range(count - preambular):
        if n % 4 == 0:
            at += 1
        shown = f"{at}." if n % 4 == 0 else f"({'abc'[n % 4 - 1]})"
        parts.append(
            f"<paragraph><num>{shown}</num><content><p>{_words(chance)};</p></content>"
            "</paragraph>"
        )
    return f"{head}{''.join(parts)}</mainBody></statement></akomaNtoso>"


def _words(chance):
    said = " ".join(chance.choices(WORDS, k=chance.randint(20, 110)))
    return f'<span class="italic">{escape(said[:9])}</span>{escape(said[9:])}'


def measure(path):
    """Seconds, those of the processor, and peak memory in MiB of an import.

    In a process of its own; on a busy machine it takes longer than it works.
    """
    code = (
        "import sys; from pathlib import Path; from django.core.management import"
        " execute_from_command_line as run;"
        f" run(['manage.py', 'import_texts', {str(path)!r}]);"
        " import time; print(time.process_time(),"
        " Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    began = time.perf_counter()
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    seconds = time.perf_counter() - began
    if ran.returncode:
        raise SystemExit(ran.stdout[-2000:] + ran.stderr[-2000:])
    *_said, busy, memory = ran.stdout.split()
    return seconds, float(busy), int(memory) / 1024


def kept():
    from icctracker.models import DocumentText, Paragraph

    return {"texts": DocumentText.objects.count(), "rows": Paragraph.objects.count()}


def _size(folder):
    return sum(each.stat().st_size for each in folder.glob("*.sqlite3*")) / 1e6


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    main()
