"""Queries, bytes and time of each public page."""

import gzip

from loaded import load, milliseconds

load()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from icctracker.models import Evidence, Situation  # noqa: E402

veto = Evidence.objects.published().filter(kind="veto").latest("occurred_on")
situation = Situation.objects.filter(evidence__state="published").first()
PAGES = [
    reverse("home"),
    reverse("recommendation-list"),
    reverse("recommendation-detail", args=["r4"]),
    reverse("recommendation-detail", args=["r7"]),
    reverse("recommendation-detail", args=["r7"]) + "?as_of=2018-12-31",
    reverse("evidence-list"),
    reverse("evidence-list") + "?kind=veto",
    reverse("evidence-detail", args=[veto.slug]),
    reverse("situation-list"),
    reverse("situation-detail", args=[situation.slug]),
    reverse("methodology"),
    reverse("about"),
    reverse("sign-in"),
]
client = Client()
print(f"{'page':<62}{'answer':>7}{'queries':>8}{'gzipped':>9}{'ms':>8}")
for page in PAGES:
    client.get(page)
    with CaptureQueriesContext(connection) as log:
        answer = client.get(page)
    # Counted now: the next request empties the log.
    queries, size = len(log), len(gzip.compress(answer.content))
    taken = milliseconds(lambda page=page: client.get(page))
    print(f"{page[:60]:<62}{answer.status_code:>7}{queries:>8}{size:>9}{taken:>8.1f}")
