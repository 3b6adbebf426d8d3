"""Downloads of every entry: how long they take, and how much memory they claim."""

from benchmarks.asking import GaveUp, Line

PLAINLY = {"Accept-Encoding": "identity"}
ADDRESSES = {
    "All entries as CSV": ("site", "/evidence.csv"),
    "All entries as JSON": ("site", "/evidence.json"),
    "Datasette, all entries as CSV": (
        "datasette",
        "/{}/evidence.csv?_stream=on&_size=max",
    ),
}


def download(servers, database, *, patience):
    """Each of the downloads, from servers that have just begun; rows by name."""
    rows = {}
    for name, (server, path) in ADDRESSES.items():
        servers[server].restart()
        rows[name] = _one(servers[server], path.format(database), patience)
    return rows


def _one(server, path, patience):
    line = Line(server, patience)
    # Whatever is read once and kept for all pages is not the stream's.
    line.get("/evidence/?page=2" if "?" not in path else path.partition("?")[0])
    watched = server.watch()
    try:
        answer = line.get(path, PLAINLY)
    except GaveUp:
        grown = server.grown(watched)
        server.restart()
        return {"gave_up": True, "grown_MiB": round(grown)}
    return {
        "seconds": round(answer.seconds, 3),
        "first_byte": round(answer.began, 3),
        "MB": round(answer.size / 1e6, 1),
        "status": answer.status,
        "grown_MiB": round(server.grown(watched), 1),
    }
