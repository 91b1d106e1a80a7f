#!/usr/bin/env python3
"""Attack the plans of the Suppression module with solvers that share no code with it.

usage: check_suppression.py TOOL [--tables N] [--seed S] [--kinds K,K] [--optimum N] [--effort E] [--processes P]

TOOL is the benchmark executable `gate-bench`; it plans systems that this script makes up: two-way tables with margins,
pairs of them that share a margin, three-way tables with all margins, chains of three-way tables, histograms with
cumulative counts. For every plan:
  1. fixed counts are published, sensitive ones withheld, bundles not torn;
  2. for every withheld count, HiGHS (scipy.optimize.milp) finds the least and the greatest value that whole,
     non-negative solutions of what is published allow; they must differ by the required width;
  3. where the tool says that nothing protects, the largest pattern is audited and must fail too.
With --optimum N the loss of the first N plans of each kind is compared with the fewest cells and with the least value
that any protecting pattern withholds, each found on its own by cutting planes over HiGHS.

Exit code 0: nothing was recovered; 1: something was.
"""
import argparse
import json
import multiprocessing
import random
import subprocess
import sys
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, lil_matrix

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


def three_way(generator, builder):
    sizes = generator.choice([[3, 3, 3], [2, 3, 3], [2, 2, 4], [3, 3, 2]])
    builder.table(sizes, random_values(generator, sizes[0] * sizes[1] * sizes[2]))


def cube(generator, builder):
    builder.table([3, 3, 3], random_values(generator, 27))


def chain(generator, builder):
    size = generator.choice([2, 3])
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


KINDS = {f.__name__: f for f in [two_way, small_two_way, linked_two_way, three_way, cube, chain, histogram, loose]}


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


def optimum(system, weights, limit=400):
    """The least weight of secondary statements over all patterns that protect by the linear bounds (so at most the
    optimum in whole numbers), and whether it was proven."""
    attacker = Attacker(system)
    statements = system["statements"]
    m, n = len(statements), len(attacker.truth)
    sensitive = np.array([s["role"] == "sensitive" for s in statements])
    fixed = np.array([s["role"] == "fixed" for s in statements])
    weights = np.where(sensitive, 0.0, weights)
    rows, bounds = [], []
    for i, a in enumerate(statements):
        for j in range(i):
            b = statements[j]
            if a["unknowns"] == b["unknowns"] or (a["bundle"] is not None and a["bundle"] == b["bundle"]):
                row = np.zeros(m)
                row[i], row[j] = 1, -1
                rows += [row, -row]

    def separate(shares):
        found = []
        for s in np.argsort(-shares, kind="stable"):
            if shares[s] < 1e-6:
                break
            width = statements[s]["width"]
            total, free, coefficients = 0.0, 0.0, np.zeros(m)
            others = np.array([i for i in range(m) if i != s], int)
            far = np.where(shares[others] > 1 - 1e-9, np.inf, 2 * width * shares[others])
            near = attacker.values[others] * shares[others]
            sums = attacker.sums[others]
            upper = np.concatenate([far, near])
            keep = np.isfinite(upper)
            matrix = csr_matrix(np.vstack([sums.todense(), -sums.todense()]))[keep]
            which = np.concatenate([np.arange(m - 1), np.arange(m - 1)])[keep]
            for sign in (1, -1):
                objective = -sign * np.asarray(attacker.sums[s].todense()).ravel()
                answer = linprog(
                    objective, A_ub=matrix if matrix.shape[0] else None, b_ub=upper[keep] if matrix.shape[0] else None,
                    A_eq=attacker.links if attacker.links.shape[0] else None,
                    b_eq=np.zeros(attacker.links.shape[0]) if attacker.links.shape[0] else None,
                    bounds=np.column_stack([-attacker.truth, attacker.truth + FAR]), method="highs")
                if answer.status != 0:
                    total = np.inf
                    break
                total += -answer.fun
                if total >= width * shares[s] - 1e-6:
                    break
                for dual, index, row in zip(answer.ineqlin.marginals, which, np.flatnonzero(keep)):
                    if -dual > 1e-9:
                        other = others[index]
                        coefficients[other] += np.inf if row < m - 1 else -dual * attacker.values[other]
                for dual, value in zip(answer.lower.marginals, attacker.truth):
                    free += dual * value
            if total >= width * shares[s] - 1e-6:
                continue
            need = width - free
            if need <= 1e-6:
                continue
            row = np.minimum(1, coefficients / need)
            row[s] = -1
            if row @ shares < -1e-6:
                found.append(row)
                if len(found) >= 15:
                    break
        return found

    integrality = np.zeros(m)
    shares = None
    for _ in range(limit):
        constraints = [LinearConstraint(np.array(rows), 0, np.inf)] if rows else []
        answer = milp(
            weights, constraints=constraints, integrality=integrality, bounds=Bounds(sensitive * 1.0, 1.0 - fixed),
            options={"time_limit": 60})
        if answer.status != 0:
            return None, False
        shares = np.round(answer.x) if integrality.any() else np.clip(answer.x, 0, 1)
        cuts = separate(shares)
        if cuts:
            rows += cuts
        elif not integrality.any():
            integrality = np.ones(m)
        else:
            return float(weights @ shares), True
    return None, False


def judge(job):
    kind, seed, plan, wants_optimum = job
    system = make(kind, seed)
    result = {"kind": kind, "seed": seed, "problems": [], "seconds": plan["seconds"]}
    withheld = plan.get("withheld")
    result["complete"] = plan["isComplete"]
    if withheld is None:
        result["refused"] = True
        if protectable(system):
            result["problems"].append("refused, although the largest pattern protects")
        return result
    if torn(system, withheld):
        result["problems"].append("roles or bundles are not kept")
    for index, low, high in Attacker(system).narrow(system, withheld):
        width = system["statements"][index]["width"]
        result["problems"].append(f"statement {index} is in {low}...{high}, not {width} wide")
    if wants_optimum and plan["isComplete"]:
        statements = system["statements"]
        secondary = [s for s, hidden in zip(statements, withheld) if hidden and s["role"] != "sensitive"]
        number, _ = optimum(system, np.ones(len(statements)))
        value, _ = optimum(system, np.array([s["loss"] + 1e-4 for s in statements]))
        if number is not None and value is not None:
            primary = [s for s in statements if s["role"] == "sensitive"]
            result["losses"] = [
                len(secondary), round(number), sum(s["loss"] for s in secondary), int(value + 1e-6),
                len(primary), sum(s["loss"] for s in primary)]
    return result


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("tool")
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--optimum", type=int, default=0)
    parser.add_argument("--effort", type=int)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    jobs = [(kind, options.seed + i) for kind in kinds for i in range(options.tables)]
    lines = "".join(json.dumps(make(*job)) + "\n" for job in jobs)
    command = [options.tool, "plan"] + ([str(options.effort)] if options.effort else [])
    plans = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(plans) == len(jobs)
    work = [(kind, seed, json.loads(plan), seed - options.seed < options.optimum)
            for (kind, seed), plan in zip(jobs, plans)]
    with multiprocessing.Pool(options.processes) as pool:
        results = pool.map(judge, work, chunksize=4)
    failed = False
    for kind in kinds:
        mine = [r for r in results if r["kind"] == kind]
        for r in mine:
            for problem in r["problems"]:
                failed = True
                print(f"RECOVERED {kind} seed {r['seed']}: {problem}")
        seconds = sorted(r["seconds"] for r in mine)
        print(f"{kind}: {len(mine)} systems, {sum(bool(r['problems']) for r in mine)} with a problem, "
              f"{sum('refused' in r for r in mine)} not protectable, {sum(not r['complete'] for r in mine)} incomplete; "
              f"plan mean {sum(seconds) / len(seconds):.3f} s, longest {seconds[-1]:.2f} s")
        losses = np.array([r["losses"] for r in mine if "losses" in r], float)
        if len(losses):
            for name, own, best, primary in [("cells", 0, 1, 4), ("value", 2, 3, 5)]:
                ratio = losses[:, own].sum() / max(1, losses[:, best].sum())
                each = (losses[:, own] + 1e-9) / (losses[:, best] + 1e-9)
                with_primary = (losses[:, own] + losses[:, primary]) / np.maximum(1, losses[:, best] + losses[:, primary])
                print(f"  {name}: {ratio:.3f} of the optimum in all ({len(losses)} systems); secondary alone above 1.25: "
                      f"{(each > 1.25).sum()}, with the sensitive ones above 1.25: {(with_primary > 1.25).sum()}, "
                      f"largest {with_primary.max():.2f}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
