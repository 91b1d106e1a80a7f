#!/usr/bin/env python3
"""Plays the attacker against the ledger: reads what `gate-bench ledger-dump` prints.

For each release it computes, from all rows that were allowed before and the new ones, the smallest number of
patients that a linear combination of the rows is not zero for: exactly, in fractions, by trying all sets of fewer than t
columns of a matrix whose kernel the rows span; for larger t by mixed-integer programs (HiGHS), whose finds are
checked in fractions. The ledger must allow nothing that isolates fewer than t patients; refusing more is counted.

    gate-bench ledger-dump 200 1 | python3 check_ledger.py
"""
import json
import sys
from fractions import Fraction


def reduced(rows):
    """Reduced row echelon form in fractions; the pivots."""
    matrix = [[Fraction(x) for x in row] for row in rows]
    pivots, place = [], 0
    for column in range(len(matrix[0]) if matrix else 0):
        found = next((i for i in range(place, len(matrix)) if matrix[i][column]), None)
        if found is None:
            continue
        matrix[place], matrix[found] = matrix[found], matrix[place]
        lead = matrix[place][column]
        matrix[place] = [x / lead for x in matrix[place]]
        for i in range(len(matrix)):
            if i != place and matrix[i][column]:
                factor = matrix[i][column]
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[place])]
        pivots.append(column)
        place += 1
        if place == len(matrix):
            break
    return matrix[:place], pivots


def smallest_by_sets(rows, limit):
    """The least size up to the limit of a set of patients that holds a combination; None above it.

    The rows span the kernel of H; a vector on the set S exists exactly when the columns S of H are dependent."""
    basis, pivots = reduced(rows)
    if not basis:
        return None
    n = len(rows[0])
    free = [j for j in range(n) if j not in pivots]
    # H has a row per free column j: x_j - sum of basis[i][j] x_pivot(i).
    columns = []
    for j in range(n):
        if j in pivots:
            i = pivots.index(j)
            columns.append([-basis[i][f] for f in free])
        else:
            columns.append([Fraction(1 if f == j else 0) for f in free])
    best = [None]

    def extend(start, echelon):
        for j in range(start, n):
            vector = columns[j]
            for lead, other in echelon:
                if vector[lead]:
                    factor = vector[lead]
                    vector = [a - factor * b for a, b in zip(vector, other)]
            lead = next((k for k, x in enumerate(vector) if x), None)
            size = len(echelon) + 1
            if lead is None:
                if best[0] is None or size < best[0]:
                    best[0] = size
                continue
            if size < (limit if best[0] is None else best[0] - 1):
                scale = vector[lead]
                extend(j + 1, echelon + [(lead, [x / scale for x in vector])])

    extend(0, [])
    return best[0]


def smallest_by_programs(rows, limit):
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    basis, _ = reduced(rows)
    if not basis:
        return None
    r, n = len(basis), len(rows[0])
    matrix = np.array([[float(x) for x in row] for row in basis]).T
    eye = np.eye(n)
    best = None
    for p in range(n):
        if not matrix[p].any():
            continue
        # v = matrix c, |v| <= z, v_p = 1: the largest entry is at p.
        cost = np.concatenate([np.zeros(r), np.ones(n)])
        upper = LinearConstraint(np.hstack([matrix, -eye]), -np.inf, 0)
        lower = LinearConstraint(np.hstack([-matrix, -eye]), -np.inf, 0)
        at = LinearConstraint(np.concatenate([matrix[p], np.zeros(n)]), 1, 1)
        few = LinearConstraint(np.concatenate([np.zeros(r), np.ones(n)]), 0, limit)
        solved = milp(
            cost, constraints=[upper, lower, at, few], integrality=np.concatenate([np.zeros(r), np.ones(n)]),
            bounds=Bounds(np.concatenate([-np.full(r, np.inf), np.zeros(n)]), np.concatenate([np.full(r, np.inf), np.ones(n)])))
        if solved.x is None:
            continue
        support = [j for j in range(n) if solved.x[r + j] > 0.5]
        left = [[row[j] for j in range(n) if j not in support] for row in basis]
        if len(reduced(left)[0]) < r:
            best = len(support) if best is None else min(best, len(support))
    return best


def main():
    released, counts, missed = {}, {}, 0
    for line in sys.stdin:
        one = json.loads(line)
        rows = released.setdefault(one["series"], [])
        together = rows + one["rows"]
        t = one["t"]
        smallest = (smallest_by_sets if t <= 4 else smallest_by_programs)(together, t - 1)
        isolates = smallest is not None and smallest < t
        key = (one["verdict"], "isolates" if isolates else "safe", "by sets" if one["sets"] else "by search")
        counts[key] = counts.get(key, 0) + 1
        if one["verdict"] == "allowed":
            rows += one["rows"]
            if isolates:
                missed += 1
                print(f"series {one['series']}: allowed though {smallest} patients can be isolated", file=sys.stderr)
    for key in sorted(counts):
        print(f"{counts[key]:6}  verdict {key[0]}, truth {key[1]}, ledger {key[2]}")
    if not counts or missed:
        sys.exit(f"{missed} releases isolate patients" if missed else "nothing was read")


if __name__ == "__main__":
    main()
