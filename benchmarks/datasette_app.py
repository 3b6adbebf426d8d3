"""Datasette over the same table; runs in an environment of its own, without Django."""

import os

from datasette.app import Datasette

application = Datasette(
    files=[os.environ["PEER_DATABASE"]],
    # Its own limit would cut the download short; the rest is as it comes.
    settings={"max_csv_mb": 0},
).app()
