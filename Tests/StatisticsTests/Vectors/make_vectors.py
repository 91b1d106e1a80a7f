#!/usr/bin/env python3
"""Writes the generated vectors of StatisticsTests: quantise.json, distributions.json, clustered.json.

Every expected value comes from an implementation that shares nothing with the product: Python's decimal and fractions
modules, mpmath at 40 digits (scipy only gives the quantiles' starting points), numpy. Run it beside the files:
python3 make_vectors.py (mpmath, numpy, scipy needed; about a minute).
"""
import json
import pathlib
import random
import struct
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import mpmath
import numpy
import scipy.stats

HERE = pathlib.Path(__file__).parent
LIMIT = 2**63 - 3
CONTEXT = Context(prec=1500, Emin=-9999, Emax=9999)


def write(name, value):
    text = json.dumps(value, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{")
    (HERE / name).write_text(text + "\n")


def half_even(value: Fraction) -> int:
    quotient, rest = divmod(value.numerator, value.denominator)
    twice = 2 * rest
    if twice > value.denominator or (twice == value.denominator and quotient % 2):
        quotient += 1
    return quotient


def units(value: Decimal, resolution: str):
    exact = Fraction(value) / Fraction(resolution)
    result = half_even(exact)
    # A second opinion from the decimal module, where the quotient is representable in it.
    if Fraction(resolution).numerator == 1 and abs(exact) < 10**40:
        scaled = CONTEXT.divide(value, Decimal(resolution))
        assert int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=CONTEXT)) == result
    return result if abs(result) <= LIMIT else None


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def quantise():
    random.seed(20261122)
    resolutions = ["0.000001", "0.01", "0.1", "1", "0.5", "0.25", "0.3", "3", "25", "1000", "1e-18", "0.0000000123"]
    doubles = []
    texts = []
    for resolution in resolutions:
        step = Fraction(resolution)
        values = [0.0, -0.0, 1.0, -1.0, 0.5, 0.285, 2.675, 1e-320, 5e-324, 1e15, 1e18, 9.3e18, 1.7e308, -2.5, 0.1]
        for _ in range(60):
            values.append(random.random())
            values.append(random.uniform(-1000, 1000))
            values.append(float(numpy.float32(random.random())))
            # Around ties: the double nearest to k + 1/2 steps, and its neighbours.
            tie = float((Fraction(random.randint(0, 10**6)) + Fraction(1, 2)) * step)
            values += [tie, float(numpy.nextafter(tie, 0)), float(numpy.nextafter(tie, 1e300))]
            values.append(struct.unpack(">d", random.randbytes(8))[0])
        # Ties that a double holds exactly.
        values += [(2 * k + 1) / 2 * float(step) for k in range(8) if Fraction(float(step)) == step]
        for value in values:
            if value == value and abs(value) != float("inf"):
                doubles.append([bits(value), resolution, units(Decimal(value), resolution)])
        written = ["0.285", "2.675", "-0.005", "0.005", "0.015", "+1.5", ".5", "5.", "1e-3", "1E3", "12e+2", "-0",
                   "0e9999", "1e-9999", "9" * 40, "0." + "0" * 30 + "1", "123456789.123456789", "0.4999999999999999",
                   "0.5000000000000000000000001", "4611686018427387904", "9223372036854775805", "1e400"]
        for _ in range(60):
            digits = random.randint(1, 25)
            text = str(random.randint(0, 10**digits - 1))
            point = random.randint(0, len(text))
            text = random.choice(["", "-", "+"]) + text[:point] + random.choice([".", ""]) + text[point:]
            if random.random() < 0.3:
                text += random.choice("eE") + str(random.randint(-25, 12))
            written.append(text)
            tie = (Decimal(random.randint(0, 10**6)) + Decimal("0.5")) * Decimal(resolution)
            written += [str(tie), str(tie) + "1" if "." in str(tie) and "E" not in str(tie) else str(tie)]
        for text in written:
            texts.append([text, resolution, units(Decimal(text), resolution)])
    write("quantise.json", {"doubles": doubles, "texts": texts})


def number(value) -> float:
    return float(mpmath.nstr(value, 25))


def root(function, start):
    """The root near a double-precision starting point, by the secant method at the working precision."""
    start = mpmath.mpf(start)
    return mpmath.findroot(function, (start * (1 - mpmath.mpf("1e-9")), start * (1 + mpmath.mpf("1e-9"))),
                           tol=mpmath.mpf("1e-60"), maxsteps=8, verify=False)


def beta_ratio(a, b, x, y):
    """I_x(a, b), y = 1 - x, by the series of positive terms on the side where it is short."""
    a, b, x, y = (mpmath.mpf(v) for v in (a, b, x, y))
    if x > 0.5:
        # Digits enough for what the subtraction from one takes away.
        with mpmath.workdps(340):
            return 1 - beta_ratio(b, a, y, x)
    log_factor = a * mpmath.log(x) + b * mpmath.log(y) - mpmath.log(a) - (
        mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b))
    total, term, k = mpmath.mpf(1), mpmath.mpf(1), 0
    while term > total * mpmath.eps:
        term *= (a + b + k) / (a + 1 + k) * x
        total += term
        k += 1
    return mpmath.exp(log_factor) * total


def gamma_ratio(a, x):
    """P(a, x) by its series of positive terms."""
    a, x = mpmath.mpf(a), mpmath.mpf(x)
    total, term, k = mpmath.mpf(1), mpmath.mpf(1), 1
    while term > total * mpmath.eps:
        term *= x / (a + k)
        total += term
        k += 1
    return mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a + 1)) * total


def distributions():
    mpmath.mp.dps = 40
    mpf = mpmath.mpf
    result = {"normal": [], "t": [], "chiSquared": [], "beta": [],
              "normalQuantile": [], "tQuantile": [], "chiSquaredQuantile": [], "betaQuantile": []}

    def normal(z):
        return mpmath.erfc(-z / mpmath.sqrt(2)) / 2

    def upper_t(t, df):
        t, df = mpf(t), mpf(df)
        with mpmath.workdps(340):
            tail = beta_ratio(df / 2, mpf(1) / 2, df / (df + t * t), t * t / (df + t * t)) / 2
        return tail if t >= 0 else 1 - tail

    def gamma_lower(x, df):
        return gamma_ratio(mpf(df) / 2, mpf(x) / 2)

    for z in [0.0, 1e-10, 0.1, 0.5, 0.67448975, 1.0, 1.5, 1.959963984540054, 2.5, 3.0, 5.0, 8.0, 12.3, 20.1, 30.7, 37.5]:
        for sign in (1, -1):
            result["normal"].append([sign * z, number(normal(mpf(sign * z)))])
    degrees = [0.5, 1.0, 2.0, 3.0, 4.5, 5.0, 10.0, 29.0, 53.0, 60.5, 139.0, 1000.0, 12345.0, 1e6]
    for df in degrees:
        for t in [1e-8, 0.01, 0.3, 0.7, 1.0, 1.7, 2.0, 2.6, 4.0, 7.5, 20.0, 100.0]:
            tail = upper_t(t, df)
            if tail > mpf("1e-290"):
                result["t"].append([t, df, number(tail), number(1 - tail)])
    for df in degrees:
        for factor in [0.01, 0.2, 0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 1.5, 2.0, 4.0]:
            x = df * factor
            if df > 20000:
                continue
            lower = gamma_lower(x, df)
            if 1 - lower < mpf("1e-20"):
                mpmath.mp.dps = 330
                lower = gamma_lower(x, df)
            upper = 1 - lower
            if min(lower, upper) > mpf("1e-290"):
                result["chiSquared"].append([x, df, number(lower), number(upper)])
            mpmath.mp.dps = 40
    for a, b in [(0.5, 0.5), (1.0, 1.0), (1.0, 29.0), (2.5, 7.0), (15.0, 134.0), (81.0, 183.0), (3.0, 99998.0), (5000.0, 5001.0)]:
        for x in [1e-6, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9]:
            lower = beta_ratio(a, b, x, 1 - mpf(x))
            if lower > mpf("1e-290") and 1 - lower > mpf("1e-290"):
                result["beta"].append([x, a, b, number(lower)])
    probabilities = [1e-12, 0.0001, 0.005, 0.025, 0.05, 0.2, 0.25, 0.3, 0.45, 0.499, 0.5, 0.51, 0.6, 0.75, 0.8, 0.9, 0.95,
                     0.975, 0.995, 0.9999]
    for p in probabilities:
        start = scipy.stats.norm.ppf(p)
        value = mpf(0) if p == 0.5 else root(lambda z: normal(z) - mpf(p), start)
        result["normalQuantile"].append([p, number(value)])
        for df in [1.0, 2.0, 3.0, 4.5, 29.0, 139.0, 10000.0]:
            start = scipy.stats.t.ppf(p, df)
            value = mpf(0) if p == 0.5 else root(lambda t: 1 - upper_t(t, df) - mpf(p), start)
            result["tQuantile"].append([p, df, number(value)])
        for df in [0.5, 1.0, 2.0, 4.0, 29.0, 139.0, 10000.0]:
            value = root(lambda x: gamma_lower(x, df) - mpf(p), scipy.stats.chi2.ppf(p, df))
            result["chiSquaredQuantile"].append([p, df, number(value)])
        for a, b in [(1.0, 29.0), (15.0, 134.0), (81.0, 183.0), (0.5, 2.0)]:
            # For small p the leading term of the series is the start.
            start = (p * a * mpmath.beta(a, b)) ** (1 / a) if p < 1e-6 and a < 1 else scipy.stats.beta.ppf(p, a, b)
            value = root(lambda x: beta_ratio(a, b, x, 1 - x) - mpf(p), start)
            result["betaQuantile"].append([p, a, b, number(value)])
    write("distributions.json", result)


def obuchowski(scores, labels, patients):
    """Obuchowski 1997 with numpy, from the pairwise kernel; and the same with fractions."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    m, n = len(positive), len(negative)
    kernel = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    area = kernel.mean()
    v10, v01 = kernel.mean(axis=1), kernel.mean(axis=0)
    ids = numpy.unique(patients)
    x = numpy.array([v10[patients[labels == 1] == i].sum() for i in ids])
    y = numpy.array([v01[patients[labels == 0] == i].sum() for i in ids])
    mi = numpy.array([(patients[labels == 1] == i).sum() for i in ids])
    ni = numpy.array([(patients[labels == 0] == i).sum() for i in ids])
    i10, i01, i = (mi > 0).sum(), (ni > 0).sum(), len(ids)
    s10 = i10 / ((i10 - 1) * m) * ((x - mi * area) ** 2).sum()
    s01 = i01 / ((i01 - 1) * n) * ((y - ni * area) ** 2).sum()
    s11 = i / (i - 1) * ((x - mi * area) * (y - ni * area)).sum()
    variance = s10 / m + s01 / n + 2 * s11 / (m * n)
    delong = v10.var(ddof=1) / m + v01.var(ddof=1) / n

    fraction = [[Fraction(int(2 * k), 2) for k in row] for row in kernel]
    f10 = [sum(row) / n for row in fraction]
    f01 = [sum(fraction[r][c] for r in range(m)) / m for c in range(n)]
    theta = sum(f10) / m
    pos_ids, neg_ids = list(patients[labels == 1]), list(patients[labels == 0])
    fx = [sum((v for v, p in zip(f10, pos_ids) if p == k), Fraction(0)) for k in ids]
    fy = [sum((v for v, p in zip(f01, neg_ids) if p == k), Fraction(0)) for k in ids]
    a = [fx[k] - int(mi[k]) * theta for k in range(i)]
    b = [fy[k] - int(ni[k]) * theta for k in range(i)]
    exact = (Fraction(int(i10), int(i10) - 1) * sum(v * v for v in a) / m**2
             + Fraction(int(i01), int(i01) - 1) * sum(v * v for v in b) / n**2
             + 2 * Fraction(i, i - 1) * sum(u * v for u, v in zip(a, b)) / (m * n))
    exact_delong = (sum((v - theta) ** 2 for v in f10) / (m - 1) / m + sum((v - theta) ** 2 for v in f01) / (n - 1) / n)
    assert abs(float(exact) - variance) <= 1e-12 * abs(variance) and abs(float(exact_delong) - delong) <= 1e-12 * delong
    return {"positives": m, "negatives": n, "positivePatients": int(i10), "negativePatients": int(i01), "patients": i,
            "twiceU": int(2 * kernel.sum()), "obuchowski": float(exact), "delong": float(exact_delong)}


def clustered():
    """Clustered ROC samples and clustered proportions."""
    generator = numpy.random.default_rng(7)
    roc, proportions = [], []
    for patients, largest, levels in [(12, 1, 1000000), (30, 3, 1000000), (61, 4, 20), (140, 6, 1000000), (80, 12, 7)]:
        ids, scores, labels = [], [], []
        for patient in range(patients):
            effect = generator.normal()
            for _ in range(generator.integers(1, largest + 1)):
                label = int(generator.random() < 0.4)
                value = 1 / (1 + numpy.exp(-(0.9 * effect + 1.2 * label + generator.normal())))
                ids.append(patient)
                labels.append(label)
                scores.append(int(round(value * levels)) * (1000000 // levels))
        arrays = numpy.array(scores), numpy.array(labels), numpy.array(ids)
        roc.append({"patients": ids, "scores": [int(s) for s in scores], "labels": labels,
                    "expected": obuchowski(*arrays)})
    mpmath.mp.dps = 40
    for patients, largest, rate in [(12, 1, 0.8), (40, 3, 0.9), (140, 5, 0.6), (20, 4, 1.0), (9, 3, 0.0)]:
        sizes = [int(generator.integers(1, largest + 1)) for _ in range(patients)]
        hits = [int(generator.binomial(s, min(1.0, max(0.0, rate + (generator.normal() * 0.1 if 0 < rate < 1 else 0)))))
                for s in sizes]
        m, h = sum(sizes), sum(hits)
        p = Fraction(h, m)
        variance = Fraction(patients, patients - 1) * sum((x - p * s) ** 2 for x, s in zip(hits, sizes)) / m**2
        size = min(p * (1 - p) / variance, Fraction(m)) if variance else Fraction(m * m, sum(s * s for s in sizes))
        df = patients - 1
        t = root(lambda u: mpmath.mpf("0.025") - beta_ratio(mpmath.mpf(df) / 2, 0.5, df / (df + u * u),
                 u * u / (df + u * u)) / 2, scipy.stats.t.ppf(0.975, df))
        n = mpmath.mpf(size.numerator) / size.denominator
        q = mpmath.mpf(p.numerator) / p.denominator
        center = (q + t * t / (2 * n)) / (1 + t * t / n)
        half = t / (1 + t * t / n) * mpmath.sqrt(q * (1 - q) / n + t * t / (4 * n * n))
        proportions.append({"sizes": sizes, "hits": hits, "expected": {
            "estimate": float(p), "variance": float(variance), "effectiveSize": float(size),
            "lower": number(max(center - half, 0)), "upper": number(min(center + half, 1))}})
    write("clustered.json", {"roc": roc, "proportions": proportions})


if __name__ == "__main__":
    quantise()
    clustered()
    distributions()
