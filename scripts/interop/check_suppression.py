#!/usr/bin/env python3
"""Attack the plans of the Suppression module with solvers that share no code with it.

usage: check_suppression.py TOOL [--tables N] [--seed S] [--kinds K=N,K] [--optimum N] [--effort E] [--processes P]
                            [--primary-only] [--patience SECONDS] [--details FILE]

TOOL is the benchmark executable `gate-bench`; it plans systems that this script makes up: two-way tables with margins
(also with margins that must be published), tables that share a margin, three-way tables with all margins, chains of
three-way tables, histograms with cumulative counts, any sums. For every plan:
  1. fixed counts are published, sensitive ones withheld, bundles not torn;
  2. for every withheld count, HiGHS (scipy.optimize.milp) finds the least and the greatest value that whole,
     non-negative solutions of what is published allow; they must differ by the required width;
  3. where the tool says that nothing protects, the largest pattern is audited and must fail too.
With --optimum N the loss of the first N plans of each kind is compared with the fewest cells and with the least value
that any protecting pattern withholds, each found on its own by cutting planes over HiGHS; where a plan loses more than
1.25 times either, with the least that the larger of both ratios can be at all. A system whose optimum takes longer than
--patience is left out of the comparison. --primary-only: against patterns that protect the sensitive counts and leave
the others to be found out, as the classic problem does.

Exit code 0: nothing was recovered; 1: something was.
"""
import argparse
import json
import multiprocessing
import random
import subprocess
import sys
import time
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, lil_matrix, vstack

FAR = 1e5


# Systems.


def count(generator, mean, zeros):
    return 0 if generator.random() < zeros else int(generator.expovariate(1 / mean))


def margins(sizes):
    """All subsets of the cells that are a cell, a margin or the total, by local index."""
    cells = list(product(*[range(size) for size in sizes]))
    result = []
    for kept in product([True, False], repeat=len(sizes)):
        groups = {}
        for index, cell in enumerate(cells):
            groups.setdefault(tuple(c for c, keep in zip(cell, kept) if keep), []).append(index)
        result += [groups[key] for key in sorted(groups)]
    return result


class Builder:
    def __init__(self, generator, threshold):
        self.generator, self.threshold = generator, threshold
        self.unknowns, self.links, self.statements = [], [], []

    def state(self, unknowns, bundle=None, role=None):
        value = sum(self.unknowns[u] for u in unknowns)
        if role is None:
            role = "sensitive" if 0 < value < self.threshold else "open"
        width = max(self.threshold, value if role == "sensitive" else 0)
        self.statements.append(
            {"unknowns": sorted(unknowns), "role": role, "width": width, "loss": value, "bundle": bundle})

    def table(self, sizes, values):
        offset = len(self.unknowns)
        self.unknowns += values
        for group in margins(sizes):
            self.state([offset + u for u in group])
        return offset

    def system(self):
        return {"unknowns": self.unknowns, "links": self.links, "statements": self.statements}


def random_values(generator, number):
    mean, zeros = generator.choice([4, 10, 20, 40, 80]), generator.choice([0, 0, 0.2, 0.4])
    return [count(generator, mean, zeros) for _ in range(number)]


def two_way(generator, builder):
    sizes = [generator.randint(3, 6), generator.randint(3, 6)]
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1]))


def given_margins(generator, builder):
    """The margins are published whatever follows, where they are not small themselves."""
    sizes = [generator.randint(3, 6), generator.randint(3, 6)]
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1]))
    for statement in builder.statements:
        if len(statement["unknowns"]) > 1 and statement["role"] == "open":
            statement["role"] = "fixed"


def wide(generator, builder):
    sizes = [generator.randint(7, 10), generator.randint(7, 10)]
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1]))


def small_two_way(generator, builder):
    sizes = [generator.choice([4, 5, 6])] * 2
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1]))


def linked_two_way(generator, builder):
    rows, first, second = (generator.randint(2, 4) for _ in range(3))
    values = random_values(generator, rows * first)
    a = builder.table([rows, first], values)
    other = []
    for row in range(rows):
        parts = [0] * second
        for _ in range(sum(values[row * first:(row + 1) * first])):
            parts[int(second * generator.random() ** 2)] += 1
        other += parts
    b = builder.table([rows, second], other)
    for row in range(rows):
        builder.links.append({
            "left": [a + row * first + c for c in range(first)],
            "right": [b + row * second + c for c in range(second)]})


def star(generator, builder):
    """Three tables of the same rows."""
    rows = generator.randint(2, 4)
    totals, offsets, widths = None, [], []
    for _ in range(3):
        width = generator.randint(2, 3)
        if totals is None:
            values = random_values(generator, rows * width)
            totals = [sum(values[row * width:(row + 1) * width]) for row in range(rows)]
        else:
            values = []
            for total in totals:
                parts = [0] * width
                for _ in range(total):
                    parts[int(width * generator.random() ** 1.7)] += 1
                values += parts
        offsets.append(builder.table([rows, width], values))
        widths.append(width)
    for other in (1, 2):
        for row in range(rows):
            builder.links.append({
                "left": [offsets[0] + row * widths[0] + c for c in range(widths[0])],
                "right": [offsets[other] + row * widths[other] + c for c in range(widths[other])]})


def three_way(generator, builder):
    sizes = generator.choice([[3, 3, 3], [2, 3, 3], [2, 2, 4], [3, 3, 2]])
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1] * sizes[2]))


def cube(generator, builder):
    builder.table([3, 3, 3], random_values(generator, 27))


def large_cube(generator, builder):
    builder.table([4, 4, 4], random_values(generator, 64))


def short_chain(generator, builder):
    chain(generator, builder, [2])


def chain(generator, builder, sizes=(2, 3)):
    size = generator.choice(sizes)
    values = random_values(generator, size ** 3)
    offset = builder.table([size] * 3, values)
    for _ in range(generator.randint(1, 2)):
        nxt = [0] * size ** 3
        for b, c in product(range(size), repeat=2):
            for _ in range(sum(values[(a * size + b) * size + c] for a in range(size))):
                nxt[(b * size + c) * size + int(size * generator.random() ** 1.5)] += 1
        other = builder.table([size] * 3, nxt)
        for b, c in product(range(size), repeat=2):
            builder.links.append({
                "left": [offset + (a * size + b) * size + c for a in range(size)],
                "right": [other + (b * size + c) * size + d for d in range(size)]})
        values, offset = nxt, other


def histogram(generator, builder):
    bins, classes = generator.randint(3, 7), generator.randint(1, 3)
    builder.unknowns = random_values(generator, bins * classes)
    for group in range(classes):
        for last in range(bins):
            builder.state([group * bins + b for b in range(last + 1)])
        if generator.random() < 0.5:
            for b in range(bins):
                builder.state([group * bins + b])
    if classes > 1:
        for last in range(bins):
            builder.state([g * bins + b for g in range(classes) for b in range(last + 1)])


def loose(generator, builder):
    """Any sums, fixed ones and bundles among them."""
    number = generator.randint(4, 9)
    builder.unknowns = random_values(generator, number)
    for _ in range(generator.randint(4, 14)):
        unknowns = generator.sample(range(number), generator.randint(1, min(5, number)))
        bundle = generator.randint(0, 2) if generator.random() < 0.3 else None
        role = "fixed" if generator.random() < 0.1 and bundle is None else None
        builder.state(unknowns, bundle, role)


KINDS = {f.__name__: f for f in [
    two_way, small_two_way, given_margins, wide, linked_two_way, star, three_way, cube, large_cube, chain, short_chain,
    histogram, loose]}


def make(kind, seed):
    generator = random.Random(f"{kind}-{seed}")
    builder = Builder(generator, generator.choice([3, 5, 10]))
    KINDS[kind](generator, builder)
    return builder.system()


# The attacker.


class Attacker:
    def __init__(self, system):
        self.truth = np.array(system["unknowns"], float)
        n = len(self.truth)
        self.sums = lil_matrix((len(system["statements"]), n))
        for row, statement in enumerate(system["statements"]):
            for unknown in statement["unknowns"]:
                self.sums[row, unknown] = 1
        self.sums = csr_matrix(self.sums)
        links = lil_matrix((len(system["links"]), n))
        for row, link in enumerate(system["links"]):
            for unknown in link["left"]:
                links[row, unknown] += 1
            for unknown in link["right"]:
                links[row, unknown] -= 1
        self.links = csr_matrix(links)
        self.values = self.sums @ self.truth

    def interval(self, statement, withheld):
        """In whole numbers, up to FAR above the truth."""
        published = [i for i, hidden in enumerate(withheld) if not hidden]
        constraints = []
        if published:
            constraints.append(LinearConstraint(self.sums[published], self.values[published], self.values[published]))
        if self.links.shape[0]:
            constraints.append(LinearConstraint(self.links, 0, 0))
        objective = np.asarray(self.sums[statement].todense()).ravel()
        ends = []
        for sign in (1, -1):
            answer = milp(
                sign * objective, constraints=constraints, integrality=np.ones(len(self.truth)),
                bounds=Bounds(0, self.truth + FAR), options={"mip_rel_gap": 0})
            if answer.status != 0:
                raise RuntimeError(answer.message)
            ends.append(sign * round(answer.fun))
        return ends

    def narrow(self, system, withheld):
        """The withheld statements that are known within less than their width."""
        result = []
        for index, hidden in enumerate(withheld):
            if hidden:
                low, high = self.interval(index, withheld)
                if high - low < system["statements"][index]["width"]:
                    result.append((index, low, high))
        return result


def torn(system, withheld):
    bundles = {}
    for statement, hidden in zip(system["statements"], withheld):
        if (statement["role"] == "fixed" and hidden) or (statement["role"] == "sensitive" and not hidden):
            return True
        if statement["bundle"] is not None and bundles.setdefault(statement["bundle"], hidden) != hidden:
            return True
    return False


def protectable(system):
    """Whether the largest pattern protects the sensitive ones."""
    attacker = Attacker(system)
    statements = system["statements"]
    withheld = [s["role"] != "fixed" for s in statements]

    def close():
        # A bundle falls as a whole, and equal sums are published together.
        changed = True
        while changed:
            changed = False
            for i, a in enumerate(statements):
                for j, b in enumerate(statements):
                    same = a["unknowns"] == b["unknowns"] or (a["bundle"] is not None and a["bundle"] == b["bundle"])
                    if same and withheld[i] and not withheld[j]:
                        withheld[i] = False
                        changed = True

    while True:
        close()
        if any(s["role"] == "sensitive" and not hidden for s, hidden in zip(statements, withheld)):
            return False
        narrow = attacker.narrow(system, withheld)
        if not narrow:
            return True
        for index, _, _ in narrow:
            withheld[index] = False


# The optimum, by cutting planes.


class Optimum:
    """The least that any protecting pattern withholds, by the linear bounds (so at most the optimum in whole numbers).

    What one question learned of a system (a row: if these are published, that one is known too well) serves the next.
    With `primary_only` the secondary ones need no width of their own, as in the classic problem."""

    def __init__(self, system, primary_only=False, patience=120):
        self.statements = system["statements"]
        self.attacker = Attacker(system)
        self.end, self.primary_only = time.monotonic() + patience, primary_only
        self.m, self.n = len(self.statements), len(self.attacker.truth)
        self.sensitive = np.array([s["role"] == "sensitive" for s in self.statements])
        self.fixed = np.array([s["role"] == "fixed" for s in self.statements])
        self.widths = np.array([s["width"] for s in self.statements], float)
        self.both = vstack([self.attacker.sums, -self.attacker.sums]).tocsr()
        self.rows = []
        for i, a in enumerate(self.statements):
            for j in range(i):
                b = self.statements[j]
                if a["unknowns"] == b["unknowns"] or (a["bundle"] is not None and a["bundle"] == b["bundle"]):
                    row = np.zeros(self.m)
                    row[i], row[j] = 1, -1
                    self.rows += [row, -row]

    def broken(self, shares):
        """Rows (at least 0) that these shares break."""
        m, attacker, found = self.m, self.attacker, []
        links = attacker.links if attacker.links.shape[0] else None
        for s in np.argsort(-shares, kind="stable"):
            if shares[s] < 1e-6:
                break
            if self.primary_only and not self.sensitive[s]:
                continue
            width = self.widths[s]
            far = np.where(shares > 1 - 1e-9, FAR, 2 * width * shares)
            near = attacker.values * shares
            far[s], near[s] = width, min(width, attacker.values[s])
            upper = np.concatenate([far, near])
            total, free, coefficients = 0.0, 0.0, np.zeros(m)
            objective = np.asarray(attacker.sums[s].todense()).ravel()
            for sign in (1, -1):
                answer = linprog(
                    -sign * objective, A_ub=self.both, b_ub=upper, A_eq=links,
                    b_eq=None if links is None else np.zeros(links.shape[0]),
                    bounds=np.column_stack([-attacker.truth, np.full(self.n, 10 * FAR)]), method="highs")
                if answer.status != 0:
                    total = np.inf
                    break
                total -= answer.fun
                if total >= width * shares[s] - 1e-6:
                    break
                duals = -answer.ineqlin.marginals
                for row in np.flatnonzero(duals > 1e-9):
                    index = row % m
                    if index == s:
                        free += duals[row] * upper[row]
                    else:
                        coefficients[index] += np.inf if row < m else duals[row] * attacker.values[index]
                free += answer.lower.marginals @ attacker.truth
            need = width - free
            if total >= width * shares[s] - 1e-6 or need <= 1e-6:
                continue
            row = np.minimum(1, coefficients / need)
            row[s] = -1
            if row @ shares < -1e-6:
                found.append(row)
                if len(found) >= 15:
                    break
        return found

    def least(self, weights, more=None):
        """Of each statement, whether the cheapest pattern withholds it; None when there was not time enough.

        more: (rows over shares and one further column of weight 1, their upper bounds), for the least of a maximum."""
        weights = np.where(self.sensitive, 0.0, weights)
        extra = 0 if more is None else 1
        integrality = np.zeros(self.m + extra)
        while time.monotonic() < self.end:
            constraints = []
            if self.rows:
                rows = np.array(self.rows)
                constraints.append(LinearConstraint(np.hstack([rows, np.zeros((len(rows), extra))]), 0, np.inf))
            if extra:
                constraints.append(LinearConstraint(more[0], -np.inf, more[1]))
            answer = milp(
                np.append(weights, [1.0] * extra), constraints=constraints, integrality=integrality,
                bounds=Bounds(np.append(self.sensitive * 1.0, [0.0] * extra),
                              np.append(1.0 - self.fixed, [np.inf] * extra)),
                options={"time_limit": 60, "mip_rel_gap": 1e-6})
            if answer.status != 0:
                return None
            shares = answer.x[:self.m]
            shares = np.round(shares) if integrality.any() else np.clip(shares, 0, 1)
            cuts = self.broken(shares)
            if cuts:
                self.rows += cuts
            elif not integrality.any():
                integrality[:self.m] = 1
            else:
                return shares > 0.5
        return None

    def losses(self, shares):
        """Number and value of the secondary ones."""
        values = np.array([s["loss"] for s in self.statements])
        hidden = np.asarray(shares) & ~self.sensitive
        return int(hidden.sum()), int(values[hidden].sum())

    def ideal(self):
        """The fewest and the least of all patterns, each on its own."""
        values = np.array([s["loss"] for s in self.statements])
        fewest = self.least(1 + 1e-4 * values / max(1, values.sum()))
        least = None if fewest is None else self.least(values + 1e-3)
        return None if least is None else (self.losses(fewest), self.losses(least))

    def worst(self, count, value, primary=(0, 0)):
        """The least that the larger of both losses can be, as a multiple of these (and the primary ones)."""
        values = np.array([s["loss"] for s in self.statements])
        count, value = count + primary[0], value + primary[1]
        rows = np.zeros((2, self.m + 1))
        rows[0, :self.m], rows[1, :self.m] = ~self.sensitive / count, np.where(self.sensitive, 0, values) / value
        rows[:, self.m] = -1
        shares = self.least(np.full(self.m, 1e-6), (rows, -np.array([primary[0] / count, primary[1] / value])))
        if shares is None:
            return None
        own = self.losses(shares)
        return max((own[0] + primary[0]) / count, (own[1] + primary[1]) / value)


def judge(kind, seed, plan, options):
    system = make(kind, seed)
    result = {
        "kind": kind, "seed": seed, "problems": [], "seconds": plan["seconds"], "counts": len(system["statements"])}
    withheld = plan.get("withheld")
    result["complete"] = plan["isComplete"]
    if withheld is None:
        result["refused"] = True
        if protectable(system):
            result["problems"].append("refused, although the largest pattern protects")
        return result
    result["withheld"] = sum(withheld)
    if torn(system, withheld):
        result["problems"].append("roles or bundles are not kept")
    for index, low, high in Attacker(system).narrow(system, withheld):
        width = system["statements"][index]["width"]
        result["problems"].append(f"statement {index} is in {low}...{high}, not {width} wide")
    if seed - options.seed < options.optimum and plan["isComplete"]:
        optimum = Optimum(system, options.primary_only, options.patience)
        ideal = optimum.ideal()
        if ideal is None:
            result["optimum"] = None
        else:
            (fewest, _), (_, least) = ideal
            own = optimum.losses(withheld)
            primary = [s["loss"] for s in system["statements"] if s["role"] == "sensitive"]
            result["losses"] = [own[0], fewest, own[1], least, len(primary), sum(primary)]
            result["others"] = [ideal[0][1], ideal[1][0]]
            if fewest > 0 and max(own[0] / fewest, own[1] / max(1, least)) > 1.25:
                result["possible"] = optimum.worst(fewest, max(1, least))
                result["possible with primary"] = optimum.worst(fewest, max(1, least), (len(primary), sum(primary)))
    return result


def work(job):
    """Plans and judges a few systems."""
    systems, options = job
    lines = "".join(json.dumps(make(*system)) + "\n" for system in systems)
    command = [options.tool, "tables-dump"] + ([str(options.effort)] if options.effort else [])
    plans = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(plans) == len(systems)
    return [judge(kind, seed, json.loads(plan), options) for (kind, seed), plan in zip(systems, plans)]


def report(kind, results):
    for r in results:
        for problem in r["problems"]:
            print(f"RECOVERED {kind} seed {r['seed']}: {problem}")
    seconds = sorted(r["seconds"] for r in results)
    print(f"{kind}: {len(results)} systems, {sum(r.get('withheld', 0) for r in results)} counts withheld, "
          f"{sum(bool(r['problems']) for r in results)} systems with a problem, "
          f"{sum('refused' in r for r in results)} not protectable, "
          f"{sum(not r['complete'] for r in results)} incomplete; "
          f"plan mean {sum(seconds) / len(seconds):.3f} s, longest {seconds[-1]:.2f} s")
    compared = [r for r in results if "losses" in r]
    missing = sum("optimum" in r for r in results)
    if missing:
        print(f"  the optimum of {missing} systems was not found in time")
    if not compared:
        return
    table = np.array([r["losses"] for r in compared], float)
    for name, place in (("cells", 0), ("value", 2)):
        own, best, primary = table[:, place], table[:, place + 1], table[:, 4 + place // 2]
        alone = (own + 1e-9) / (best + 1e-9)
        whole = (own + primary) / np.maximum(1, best + primary)
        print(f"  {name}: secondary {own.sum():.0f} against {best.sum():.0f}: "
              f"{own.sum() / max(1, best.sum()):.3f} in all, largest {alone.max():.2f}, "
              f"above 1.25 {(alone > 1.2501).sum()} of {len(own)}; with the sensitive ones "
              f"{(own + primary).sum() / max(1, (best + primary).sum()):.3f}, largest {whole.max():.2f}, "
              f"above 1.25 {(whole > 1.2501).sum()}")
    far = [r for r in compared if "possible" in r]
    avoidable = [r["seed"] for r in far if r["possible"] is not None and r["possible"] <= 1.2501]
    whole = [r["seed"] for r in far
             if r["possible with primary"] is not None and r["possible with primary"] <= 1.2501
             and max((r["losses"][0] + r["losses"][4]) / (r["losses"][1] + r["losses"][4]),
                     (r["losses"][2] + r["losses"][5]) / max(1, r["losses"][3] + r["losses"][5])) > 1.2501]
    print(f"  above 1.25 in cells or value {len(far)} of {len(compared)}; some pattern is within 1.25 of both in "
          f"{len(avoidable)} of these {avoidable or ''}; the same with the sensitive ones: {len(whole)} {whole or ''}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("tool")
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--optimum", type=int, default=0)
    parser.add_argument("--effort", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--primary-only", action="store_true")
    parser.add_argument("--patience", type=float, default=120)
    parser.add_argument("--details")
    options = parser.parse_args()
    numbers = {}
    for part in options.kinds.split(","):
        kind, _, number = part.partition("=")
        numbers[kind] = int(number or options.tables)
    # What takes long comes first, so that no process ends with it alone.
    systems = sorted(
        ((kind, options.seed + i) for kind, number in numbers.items() for i in range(number)),
        key=lambda system: (system[1] - options.seed >= options.optimum, -len(make(*system)["statements"])))
    size = 1 if options.optimum else 4
    jobs = [(systems[i:i + size], options) for i in range(0, len(systems), size)]
    results = []
    with multiprocessing.Pool(options.processes) as pool:
        for part in pool.imap_unordered(work, jobs):
            results += part
            if options.details:
                with open(options.details, "a") as file:
                    file.writelines(json.dumps(r) + "\n" for r in part)
    for kind in numbers:
        report(kind, sorted((r for r in results if r["kind"] == kind), key=lambda r: r["seed"]))
    print(f"{len(results)} systems in all, {sum(r.get('withheld', 0) for r in results)} counts withheld, "
          f"{sum(bool(r['problems']) for r in results)} systems with a problem")
    sys.exit(1 if any(r["problems"] for r in results) else 0)


if __name__ == "__main__":
    main()
