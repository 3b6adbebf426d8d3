"""Queries, bytes and time of each public page and download."""

import gzip

from loaded import load, milliseconds

load()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from icctracker.models import Evidence, Situation  # noqa: E402

veto = Evidence.objects.published().filter(kind="veto").latest("occurred_on")
situation = Situation.objects.filter(evidence__state="published").first()
known = f"?known_at={timezone.now().isoformat().replace('+00:00', 'Z')}"
PAGES = [
    reverse("home"),
    reverse("home") + known,
    reverse("recommendation-list"),
    reverse("recommendation-detail", args=["r4"]),
    reverse("recommendation-detail", args=["r7"]),
    reverse("recommendation-detail", args=["r7"]) + "?as_of=2018-12-31",
    reverse("recommendation-detail", args=["r7"]) + known,
    reverse("recommendation-history", args=["r7"]),
    reverse("recommendation-respond", args=["r7"]),
    reverse("evidence-list"),
    reverse("evidence-list") + "?kind=veto",
    reverse("evidence-list") + known,
    reverse("evidence-download", args=["csv"]),
    reverse("evidence-download", args=["json"]),
    reverse("evidence-download", args=["json"]) + known,
    reverse("evidence-detail", args=[veto.slug]),
    reverse("evidence-detail", args=[veto.slug]) + known,
    reverse("evidence-history", args=[veto.slug]),
    reverse("change-list"),
    reverse("response-list"),
    reverse("situation-list"),
    reverse("situation-list") + known,
    reverse("situation-detail", args=[situation.slug]),
    reverse("document-list"),
    reverse("document-list") + "?court=yes&year=2011",
    reverse("document-detail", args=["S/RES/1593(2005)"]),
    reverse("council"),
    reverse("member-detail", args=["russian-federation"]),
    reverse("member-detail", args=["france"]),
    reverse("methodology"),
    reverse("methodology-try"),
    reverse("codebook-list"),
    reverse("codebook-detail", args=["1.0"]),
    reverse("about"),
    reverse("sign-in"),
]
client = Client()
print(f"{'page':<62}{'answer':>7}{'queries':>8}{'gzipped':>9}{'ms':>8}")
for page in PAGES:
    client.get(page)
    with CaptureQueriesContext(connection) as log:
        answer = client.get(page)
        content = answer.getvalue()
    # Counted now: the next request empties the log.
    queries, size = len(log), len(gzip.compress(content))
    taken = milliseconds(lambda page=page: client.get(page).getvalue())
    print(f"{page[:60]:<62}{answer.status_code:>7}{queries:>8}{size:>9}{taken:>8.1f}")
