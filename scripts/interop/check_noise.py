#!/usr/bin/env python3
"""Compare Concordat's differential privacy with OpenDP and with 50-digit arithmetic.

usage: check_noise.py vectors FILE     write the reference vectors of Tests/PrivacyTests (mpmath, 50 digits)
       check_noise.py compare DUMP     compare a dump of draws and costs with opendp

The dump is written by the tests of the module:
    CONCORDAT_NOISE_DUMP=DUMP swift test --filter PrivacyTests.NoiseDump

`compare` checks
  1. draws:       each sample against as many draws of opendp's discrete Gaussian or Laplace of the same scale, by a
                  chi-squared test over quantile bins and by Welch's test of the squares; a sample of a scale 2 %
                  larger, drawn by opendp too, must be rejected (from scale 1 on), which shows that the tests can
  2. costs:       rho of the Gaussian and epsilon of the Laplace against opendp's privacy maps
  3. conversion:  epsilon at delta of rho against opendp's make_zCDP_to_approxDP, and never below the exact infimum

Exit code 0: all agree; 1: any disagrees; 2: usage. Needs opendp 0.16, numpy, scipy and mpmath.
"""
import json
import sys

REJECTED = 1e-6  # a draw of the right distribution is rejected once in a million tests
KEPT = 1e-4


def renyi_remainder(alpha, delta):
    from mpmath import log

    return (log(1 / delta) + alpha * log(1 - 1 / alpha) - log(alpha - 1)) / (alpha - 1)


def infimum(function):
    """The least value over alpha - 1 = exp(t): golden section at 50 digits."""
    from mpmath import exp, mpf, sqrt

    golden = (sqrt(5) - 1) / 2
    low, high = mpf(-25), mpf(25)
    for _ in range(180):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if function(1 + exp(left)) < function(1 + exp(right)):
            high = right
        else:
            low = left
    return function(1 + exp((low + high) / 2))


def least_epsilon(rho, delta):
    return max(0, infimum(lambda alpha: alpha * rho + renyi_remainder(alpha, delta)))


def greatest_rho(epsilon, delta):
    return max(0, -infimum(lambda alpha: (renyi_remainder(alpha, delta) - epsilon) / alpha))


def least_delta(rho, epsilon):
    from mpmath import exp, log

    return min(1, exp(infimum(
        lambda alpha: (alpha - 1) * (alpha * rho - epsilon) + alpha * log(1 - 1 / alpha) - log(alpha - 1))))


def gaussian(n, d, points):
    """Probability and upper tail by the plain sums, at 50 digits."""
    from mpmath import erfc, exp, mpf, pi, sqrt

    variance = mpf(n) / d
    if variance < 50:
        normalizer = sum(exp(-mpf(k) ** 2 / (2 * variance)) for k in range(-400, 401))
    else:
        # The next term of Poisson's summation is exp(-2 pi^2 50).
        normalizer = sqrt(2 * pi * variance)
    reach = int(16 * sqrt(variance)) + 60
    records = []
    for x in points:
        probability = exp(-mpf(x) ** 2 / (2 * variance)) / normalizer
        if reach < 200_000:
            tail = sum(exp(-mpf(k) ** 2 / (2 * variance)) for k in range(x + 1, x + 1 + reach)) / normalizer
        else:
            # Euler-Maclaurin at the lower end with four corrections, far beyond what a Double shows here.
            sigma, a = sqrt(variance), (mpf(x) + 1) / sqrt(variance)
            density = exp(-a * a / 2) / sqrt(2 * pi)
            he = [mpf(1), a, a**2 - 1, a**3 - 3 * a, a**4 - 6 * a**2 + 3, a**5 - 10 * a**3 + 15 * a]
            derivative = lambda j: (-1) ** j * he[j] * density / sigma ** (j + 1)
            tail = (erfc(a / sqrt(2)) / 2 + derivative(0) / 2 - derivative(1) / 12 + derivative(3) / 720
                    - derivative(5) / 30240)
        records.append({"x": x, "probability": float(probability), "upper_tail": float(tail)})
    return records


def laplace(n, d, points):
    from mpmath import exp, mpf

    q = exp(-mpf(d) / n)
    return [{"x": x, "probability": float((1 - q) / (1 + q) * q ** x), "upper_tail": float(q ** (x + 1) / (1 + q))}
            for x in points]


def variance_of(kind, n, d):
    from mpmath import exp, mpf

    ratio = mpf(n) / d
    if kind == "discrete-laplace":
        q = exp(-1 / ratio)
        return float(2 * q / (1 - q) ** 2)
    if ratio > 50:
        return float(ratio)
    terms = [(k, exp(-mpf(k) ** 2 / (2 * ratio))) for k in range(-400, 401)]
    return float(sum(k * k * p for k, p in terms) / sum(p for _, p in terms))


def vectors(path):
    import mpmath
    from mpmath import mpf, sqrt

    mpmath.mp.dps = 50
    distributions = []
    for n, d in [(1, 100), (1, 10), (3, 19), (7, 43), (1, 1), (2, 3), (10, 1), (123456789, 987654321), (10000, 1),
                 (999999, 1), (1000001, 1), (10**12, 7), (2**64 - 1, 1)]:
        sigma = float(sqrt(mpf(n) / d))
        points = sorted({int(round(z * sigma)) for z in (0, 0.5, 1, 2, 3, 5, 8, 12, 20)})
        distributions.append({"mechanism": "discrete-gaussian", "parameter": f"{n}/{d}",
                              "variance": variance_of("discrete-gaussian", n, d), "points": gaussian(n, d, points)})
    for n, d in [(1, 20), (1, 3), (1, 1), (7, 2), (100, 1), (10**9, 7), (2**40, 1)]:
        points = sorted({int(round(z * n / d)) for z in (0, 0.5, 1, 2, 5, 10, 30, 100)})
        distributions.append({"mechanism": "discrete-laplace", "parameter": f"{n}/{d}",
                              "variance": variance_of("discrete-laplace", n, d), "points": laplace(n, d, points)})
    conversions = []
    for rho in ["0.000000000001", "0.000001", "0.001", "0.005", "0.03125", "0.1", "0.5", "1", "2.5", "10", "100"]:
        for delta in ["0.01", "0.00001", "0.000001", "0.000000001", "0.000000000001"]:
            conversions.append({"rho": rho, "delta": delta, "epsilon": float(least_epsilon(mpf(rho), mpf(delta)))})
    budgets = [{"epsilon": e, "delta": d, "rho": float(greatest_rho(mpf(e), mpf(d)))}
               for e in ["0.01", "0.1", "0.5", "1", "2", "4", "8", "20", "100"]
               for d in ["0.01", "0.00001", "0.000001", "0.000000001"]]
    deltas = [{"rho": r, "epsilon": e, "delta": float(least_delta(mpf(r), mpf(e)))}
              for r, e in [("0.1", "1"), ("0.025", "1"), ("0.005", "0.5"), ("0.5", "4"), ("1", "0.5"), ("2.5", "20")]]
    with open(path, "w") as file:
        json.dump({"tool": f"mpmath {mpmath.__version__}, 50 digits; scripts/interop/check_noise.py vectors",
                   "distributions": distributions, "conversions": conversions, "budgets": budgets, "deltas": deltas},
                  file, indent=1)
        file.write("\n")


def p_values(left, right):
    """Two-sample chi-squared over quantile bins, and Welch's test of the squares: the spread about 0."""
    import numpy
    from scipy import stats

    both = numpy.concatenate([left, right])
    edges = numpy.unique(numpy.quantile(both, numpy.linspace(0, 1, 41), method="inverted_cdf"))
    rows = [numpy.bincount(numpy.searchsorted(edges, sample), minlength=len(edges)) for sample in (left, right)]
    table = numpy.array(rows)
    table = table[:, table.sum(axis=0) > 0]
    shape = stats.chi2_contingency(table, correction=False).pvalue if table.shape[1] > 1 else 1.0
    if (both == both[0]).all():
        return shape, 1.0
    squares = [sample.astype(float) ** 2 for sample in (left, right)]
    return shape, stats.ttest_ind(*squares, equal_var=False).pvalue


def compare(path):
    import mpmath
    import numpy
    import opendp.prelude as dp
    from mpmath import mpf

    mpmath.mp.dps = 50
    dp.enable_features("contrib")
    vector = dp.vector_domain(dp.atom_domain(T=dp.i64))
    l1, l2 = dp.l1_distance(T=dp.i64), dp.l2_distance(T=float)
    make = {"discrete-gaussian": lambda scale: dp.m.make_gaussian(vector, l2, scale=scale),
            "discrete-laplace": lambda scale: dp.m.make_laplace(vector, l1, scale=scale)}
    with open(path) as file:
        dump = json.load(file)
    failures = 0

    def report(agrees, text):
        nonlocal failures
        failures += not agrees
        print(("agrees   " if agrees else "DISAGREES"), text)

    for sample in dump["samples"]:
        top, _, bottom = sample["scale"].partition("/")
        scale = float(mpf(top) / mpf(bottom or 1))
        ours = numpy.array(sample["draws"], dtype=numpy.int64)
        theirs = numpy.array(make[sample["mechanism"]](scale)([0] * len(ours)), dtype=numpy.int64)
        wrong = numpy.array(make[sample["mechanism"]](scale * 1.02)([0] * len(ours)), dtype=numpy.int64)
        shape, spread = p_values(ours, theirs)
        power = min(p_values(ours, wrong))
        # At tiny scales all draws are 0 whatever the 2 %, so there is nothing to reject.
        shown = sample["mayNotReject"] or power < KEPT
        report(min(shape, spread) > REJECTED and shown,
               f"{sample['mechanism']} {sample['scale']}: n {len(ours)}, p shape {shape:.3g}, spread {spread:.3g}; "
               f"2 % too wide p {power:.3g}")
    for cost in dump["costs"]:
        scale = float(mpf(cost["scale"]))
        theirs = make[cost["mechanism"]](scale).map(
            cost["sensitivity"] if cost["mechanism"] == "discrete-laplace" else float(cost["sensitivity"]))
        rho = theirs if cost["mechanism"] == "discrete-gaussian" else theirs**2 / 2
        exact = mpf(cost["sensitivity"]) ** 2 / mpf(cost["scale"]) ** 2 / 2
        ours = mpf(cost["rho"])
        report(ours >= exact and ours - exact <= mpf("1e-12") and abs(rho / float(ours) - 1) < 1e-9 + 1e-12 / rho,
               f"cost of {cost['mechanism']} {cost['scale']}, sensitivity {cost['sensitivity']}: "
               f"{cost['rho']}, opendp {rho:.12g}")
    for item in dump["conversions"]:
        rho, delta = float(item["rho"]), float(item["delta"])
        # A Gaussian of this rho: scale = sqrt(1 / 2 rho) at sensitivity 1.
        measurement = dp.c.make_zCDP_to_approxDP(make["discrete-gaussian"]((0.5 / rho) ** 0.5))
        theirs = measurement.map(1.0).epsilon(delta)
        exact = least_epsilon(mpf(item["rho"]), mpf(item["delta"]))
        ours = item["epsilon"]
        report(mpf(ours) >= exact and ours <= float(exact) * (1 + 1e-10) and abs(theirs / ours - 1) < 1e-6,
               f"rho {item['rho']}, delta {item['delta']}: epsilon {ours:.12g}, opendp {theirs:.12g}, "
               f"exact {float(exact):.12g}")
    print(f"{failures} disagree")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("vectors", "compare"):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(vectors(sys.argv[2]) if sys.argv[1] == "vectors" else compare(sys.argv[2]))
