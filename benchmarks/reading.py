"""Ask for everything in turn, round after round, so that noise falls on all alike."""

from statistics import median

from benchmarks.asking import GaveUp, Line, summary
from benchmarks.targets import BARE, NOT_MODIFIED, PLAIN, Addresses

BARE_EVERY = 8


class Reading:
    """The rounds over all targets; what is too slow is asked less often, or given up.

    ``patience`` is how many seconds one answer may take, ``budget`` how many seconds a
    target may take in all before it is asked no more.
    """

    def __init__(self, servers, sheet, *, patience, budget):
        self.servers, self.addresses = servers, Addresses(sheet)
        self.budget = budget
        self.lines = {name: Line(server, patience) for name, server in servers.items()}
        self.taken, self.worked, self.rows = {}, {}, {}
        # Pages that were given up once; no other form of them is asked for.
        self.hopeless = set()

    def measure(self, targets, rounds):
        """Warm up, then go round; a row of figures for each target, by its name."""
        bare = next(target for target in targets if target.name == BARE)
        order = []
        for place, target in enumerate(targets):
            order += [bare, target] if place and place % BARE_EVERY == 0 else [target]
        for target in targets:
            self._first(target)
        for _round in range(rounds):
            for target in order:
                if self._goes_on(target):
                    self._again(target)
        for target in targets:
            self._sum_up(target)
        return self.rows

    def _first(self, target):
        row = self.rows[target.name] = {"mode": target.mode}
        self.taken[target.name], self.worked[target.name] = [], []
        if target.page in self.hopeless:
            row["not_asked"] = True
            return
        answer = self._ask(target)
        if answer is None:
            row["gave_up"] = True
            self.hopeless.add(target.page)
            return
        row["first"] = round(answer.seconds * 1000, 1)
        row["status"], row["gzipped"] = answer.status, answer.packed
        if target.mode == NOT_MODIFIED and not answer.etag:
            row["no_etag"] = True

    def _goes_on(self, target):
        row, taken = self.rows[target.name], self.taken[target.name]
        if any(row.get(why) for why in ("gave_up", "not_asked", "no_etag")):
            return False
        return target.name == BARE or len(taken) < 2 or sum(taken) < self.budget

    def _again(self, target):
        headers = {}
        if target.mode != PLAIN:
            before = self._ask(target)
            if before and target.mode == NOT_MODIFIED:
                headers["If-None-Match"] = before.etag
        server = self.servers[target.server]
        began = server.worked()
        answer = self._ask(target, headers)
        if answer is None:
            self.rows[target.name]["gave_up"] = True
            return
        self.worked[target.name].append(server.worked() - began)
        self.taken[target.name].append(answer.seconds)
        self.rows[target.name]["status"] = answer.status

    def _ask(self, target, headers=()):
        """The answer; None if it was given up, and then its server begins anew."""
        line = self.lines[target.server]
        path = self.addresses.of(target)
        try:
            return line.get(path, self.addresses.headers(target) | dict(headers))
        except GaveUp:
            self.servers[target.server].restart()
            return None

    def _sum_up(self, target):
        row, taken = self.rows[target.name], self.taken[target.name]
        if taken:
            row |= summary(taken)
            row["cpu"] = round(median(self.worked[target.name]) * 1000, 2)
