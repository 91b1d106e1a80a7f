"""What the released answers of a cohort study say together, as an attacker would work it out.

The unknowns are the numbers of cases in every combination of the protocol's variables: an age bin (or missing,
malformed, out of range), a sex, and so on. Every published number is the sum of some of them. What is not published is
bounded by two linear programs (scipy's HiGHS) over all non-negative solutions. No code or structure is shared with the
agent.
"""

import functools
import itertools
import math

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

OUTSIDE = ("missing", "malformed", "outOfRange")


class Space:
    """The combinations of levels of all variables that the protocol's statistics name."""

    def __init__(self, protocol):
        self.statistics = protocol["statistics"]
        variables = {v["id"]: v for v in protocol["variables"]}
        self.edges = {}
        for statistic in self.statistics:
            if statistic["kind"] == "histogram":
                known = self.edges.setdefault(statistic["variable"], [int(e) for e in statistic["edges"]])
                if known != [int(e) for e in statistic["edges"]]:
                    raise SystemExit("this check expects the same edges in every histogram of a variable")
        self.levels = {}
        for id, variable in variables.items():
            if variable["kind"] == "category":
                self.levels[id] = [*variable["levels"], "missing"]
            elif id in self.edges:
                self.levels[id] = [*range(len(self.edges[id]) - 1), *OUTSIDE]
        self.axes = list(self.levels)
        self.cells = list(itertools.product(*self.levels.values()))
        self.index = {cell: place for place, cell in enumerate(self.cells)}

    def level(self, variable, value):
        """The level of a value as `site_data` reads it."""
        if variable not in self.edges:
            return value if isinstance(value, str) else "missing"
        if not isinstance(value, int):
            return value.name
        edges = self.edges[variable]
        # Bins are [a, b), the last one is closed.
        inner = [k for k in range(len(edges) - 1) if edges[k] <= value < edges[k + 1]]
        return inner[0] if inner else len(edges) - 2 if value == edges[-1] else "outOfRange"

    def cells_of(self, **chosen):
        """The indices of the combinations with the given levels (a level, or a list of them)."""
        def fits(cell):
            return all(
                cell[self.axes.index(axis)] in (wanted if isinstance(wanted, list) else [wanted])
                for axis, wanted in chosen.items())
        return tuple(place for place, cell in enumerate(self.cells) if fits(cell))

    @functools.cached_property
    def asked(self):
        """Every count that the protocol asks for, with its name: (statistic, name) -> indices.

        Of a table its cells and all margins; of a histogram every bin, what is outside of the bins, and the total of
        each group; of the flow the number of cases.
        """
        asked = {("flow", "analysed"): self.cells_of()}
        for statistic in self.statistics:
            if statistic["kind"] == "table":
                for subset in subsets(statistic["axes"]):
                    for levels in itertools.product(*(self.levels[axis] for axis in subset)):
                        chosen = dict(zip(subset, levels))
                        asked[statistic["id"], table_name(chosen)] = self.cells_of(**chosen)
            else:
                variable, by = statistic["variable"], statistic.get("by")
                bins = list(range(len(self.edges[variable]) - 1))
                for group in self.levels[by] if by else [None]:
                    own = {by: group} if by else {}
                    for level in [*bins, *OUTSIDE]:
                        asked[statistic["id"], bin_name(group, level)] = self.cells_of(**own, **{variable: level})
                    asked[statistic["id"], bin_name(group, "n")] = self.cells_of(**own, **{variable: bins})
        return asked


def subsets(axes):
    return [s for size in range(len(axes) + 1) for s in itertools.combinations(axes, size)]


def table_name(chosen):
    return " ".join(f"{axis}={level}" for axis, level in chosen.items()) or "all"


def bin_name(group, level):
    return f"{level}" if group is None else f"{group} {level}"


class Published:
    """Everything that answers publish: equations and bounds over the space."""

    def __init__(self, space):
        self.space = space
        self.rows, self.low, self.high = [], [], []
        # Published exactly, and withheld one by one, under a name of `Space.asked`.
        self.exact = {}
        self.withheld = set()

    def say(self, cells, low, high):
        self.rows.append(cells)
        self.low.append(low)
        self.high.append(high)

    def count(self, key, value):
        """A number, or what stands in its place."""
        if isinstance(value, int):
            self.exact[key] = value
            self.say(self.space.asked[key], value, value)
        else:
            self.withheld.add(key)

    @classmethod
    def of(cls, space, answers):
        published = cls(space)
        for record in answers:
            if record["answer"]["status"] == "released":
                published.add(record["name"], record["answer"]["aggregate"])
        return published

    def add(self, name, aggregate):
        if aggregate["kind"] == "flow":
            # Nothing is excluded: both boxes are all cases.
            for box in aggregate["boxes"]:
                if box["box"] in ("screened", "analysed"):
                    self.count(("flow", "analysed"), box["cases"])
        elif aggregate["kind"] == "table":
            axes = [axis["variable"] for axis in aggregate["axes"]]
            levels = {axis["variable"]: axis["levels"] for axis in aggregate["axes"]}
            parts = [(axes, aggregate["cells"])]
            parts += [(margin["axes"], margin["cells"]) for margin in aggregate.get("margins", [])]
            for kept, cells in parts:
                for chosen, cell in zip(itertools.product(*(levels[axis] for axis in kept)), cells, strict=True):
                    self.count((name, table_name(dict(zip(kept, chosen)))), cell)
        elif aggregate["kind"] == "histogram":
            for group in aggregate["groups"]:
                self.add_group(name, len(aggregate["edges"]), group)
        else:
            raise SystemExit(f"{name}: this check does not know {aggregate['kind']}")

    def add_group(self, name, edges, group):
        level = group.get("level")
        for part in ("n", *OUTSIDE):
            self.count((name, bin_name(level, part)), group[part])
        if not isinstance(group["n"], int):
            return
        below = ()
        for edge in range(1, edges):
            key = (name, bin_name(level, edge - 1))
            below = tuple(sorted(below + self.space.asked[key]))
            self.say(below, group["lower"][edge], group["upper"][edge])
            if all(group["lower"][e] == group["upper"][e] for e in (edge - 1, edge)):
                self.count(key, group["lower"][edge] - group["lower"][edge - 1])

    def told(self, region):
        """What published zeros tell of everyone in a region: the axes on which one level is left, with that level."""
        empty = {cell for row, high in zip(self.rows, self.high) if high == 0 for cell in row}
        left = [self.space.cells[cell] for cell in region if cell not in empty]
        levels = {axis: {cell[place] for cell in left} for place, axis in enumerate(self.space.axes)}
        return {axis: found.pop() for axis, found in levels.items() if len(found) == 1}

    def minus(self, own):
        """The same statements about all the others, for one whose own true counts are `own`."""
        others = Published(self.space)
        for cells, low, high in zip(self.rows, self.low, self.high):
            part = sum(own[cell] for cell in cells)
            others.say(cells, low - part, high - part)
        asked = self.space.asked
        others.exact = {key: value - sum(own[c] for c in asked[key]) for key, value in self.exact.items()}
        return others

    def intervals(self, wanted):
        """For each set of cells the least and the greatest whole number that fits what is published (inf: no bound)."""
        if not self.rows:
            return {cells: (0, math.inf) for cells in wanted}
        # Combinations that no statement and no wanted set tells apart are one unknown: their sum is all that matters.
        patterns = {}
        members = [[] for _ in self.space.cells]
        for row, cells in enumerate([*self.rows, *wanted]):
            for cell in cells:
                members[cell].append(row)
        place = [patterns.setdefault(tuple(rows), len(patterns)) for rows in members]
        count = len(patterns)

        def vector(cells):
            row = np.zeros(count)
            row[sorted({place[cell] for cell in cells})] = 1
            return row

        equal = [k for k in range(len(self.rows)) if self.low[k] == self.high[k]]
        loose = [
            (k, sign, bound) for k in range(len(self.rows)) if self.low[k] != self.high[k]
            for sign, bound in ((1, self.high[k]), (-1, -self.low[k])) if not math.isinf(bound)]
        a_eq = sparse.csr_array(np.array([vector(self.rows[k]) for k in equal])) if equal else None
        b_eq = [self.low[k] for k in equal] if equal else None
        a_ub = sparse.csr_array(
            np.array([sign * vector(self.rows[k]) for k, sign, _ in loose])) if loose else None
        b_ub = [bound for _, _, bound in loose] if loose else None

        def solve(objective):
            result = linprog(objective, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=(0, None), method="highs")
            if result.status == 3:
                return -math.inf
            if result.status != 0:
                raise SystemExit(f"HiGHS: {result.message}")
            return result.fun

        found = {self.rows[k]: (self.low[k], self.high[k]) for k in equal}
        for cells in set(wanted) - found.keys():
            row = vector(cells)
            # Numerical noise is rounded towards the wider interval's whole number.
            low, high = solve(row), -solve(-row)
            found[cells] = (math.ceil(low - 1e-6), high if math.isinf(high) else math.floor(high + 1e-6))
        return found
