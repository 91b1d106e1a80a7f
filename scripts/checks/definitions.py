"""The statistics of a study, written from their sources. Shares no code or structure with Concordat's engine.

Exact rational arithmetic (`fractions`) up to the last step wherever a result is rational; scipy for quantiles.
"""

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
from scipy import stats


def auroc(scores, labels):
    """The share of (positive, negative) pairs that are in order, ties one half, as (2U, n+, n-)."""
    scores, labels = np.asarray(scores, dtype=np.int64), np.asarray(labels, dtype=bool)
    positives, negatives = scores[labels], scores[~labels]
    above = positives[:, None] > negatives[None, :]
    tied = positives[:, None] == negatives[None, :]
    return 2 * int(above.sum()) + int(tied.sum()), len(positives), len(negatives)


def obuchowski(scores, labels, patients):
    """Obuchowski (1997), Biometrics 53:567-578: the variance of the area for cases clustered in patients.

    The structural components are V10(x) = mean over negatives of psi(x, y) and V01(y) = mean over positives of
    psi(x, y). Per patient they are summed; with m positives, n negatives in I10 and I01 of I patients

        S10 = I10 / ((I10 - 1) m) * sum_i (V10_i. - m_i A)^2          S01 likewise
        S11 = I / (I - 1) * sum_i (V10_i. - m_i A)(V01_i. - n_i A)
        var = S10 / m + S01 / n + 2 S11 / (m n)
    """
    twice, m, n = auroc(scores, labels)
    area = Fraction(twice, 2 * m * n)
    scores, labels = np.asarray(scores, dtype=np.int64), np.asarray(labels, dtype=bool)
    positives, negatives = np.sort(scores[labels]), np.sort(scores[~labels])
    v10, v01 = defaultdict(Fraction), defaultdict(Fraction)
    m_of, n_of = defaultdict(int), defaultdict(int)
    for score, label, patient in zip(scores, labels, patients):
        if label:
            below, upto = np.searchsorted(negatives, score, "left"), np.searchsorted(negatives, score, "right")
            v10[patient] += Fraction(int(below + upto), 2 * n)
            m_of[patient] += 1
        else:
            below, upto = np.searchsorted(positives, score, "left"), np.searchsorted(positives, score, "right")
            v01[patient] += Fraction(2 * m - int(below + upto), 2 * m)
            n_of[patient] += 1
    everyone = set(m_of) | set(n_of)
    i10, i01, i = len(m_of), len(n_of), len(everyone)
    s10 = Fraction(i10, (i10 - 1) * m) * sum((v10[p] - m_of[p] * area) ** 2 for p in m_of)
    s01 = Fraction(i01, (i01 - 1) * n) * sum((v01[p] - n_of[p] * area) ** 2 for p in n_of)
    s11 = Fraction(i, i - 1) * sum((v10[p] - m_of[p] * area) * (v01[p] - n_of[p] * area) for p in everyone)
    return s10 / m + s01 / n + 2 * s11 / (m * n)


def delong(scores, labels):
    """DeLong, DeLong and Clarke-Pearson (1988): every case is its own cluster, and no case has both classes."""
    scores, labels = np.asarray(scores, dtype=np.int64), np.asarray(labels, dtype=bool)
    x, y = scores[labels], scores[~labels]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return float(np.var(psi.mean(axis=1), ddof=1) / len(x) + np.var(psi.mean(axis=0), ddof=1) / len(y))


def logit(p):
    return math.log(p / (1 - p))


def expit(x):
    return 1 / (1 + math.exp(-x))


def z_quantile(level):
    return float(stats.norm.ppf(0.5 + level / 2))


def wald_logit(area, variance, level):
    reach = z_quantile(level) * math.sqrt(variance) / (area * (1 - area))
    return expit(logit(area) - reach), expit(logit(area) + reach)


def wald(area, variance, level):
    reach = z_quantile(level) * math.sqrt(variance)
    return max(0.0, area - reach), min(1.0, area + reach)


def wald_p(area, variance, bound, method):
    """One-sided: the chance of an area so far above the bound, on the scale of the interval."""
    if method == "wald":
        return float(stats.norm.sf((area - bound) / math.sqrt(variance)))
    return float(stats.norm.sf((logit(area) - logit(bound)) * area * (1 - area) / math.sqrt(variance)))


def student_p(difference, error, degrees):
    return float(stats.t.sf(difference / error, degrees))


def wilson(p, size, critical):
    """Wilson (1927): the two roots of (p - x)^2 = c^2 x (1 - x) / size."""
    square = critical * critical
    center = (p + square / (2 * size)) / (1 + square / size)
    half = critical / (1 + square / size) * math.sqrt(p * (1 - p) / size + square / (4 * size * size))
    return max(0.0, center - half), min(1.0, center + half)


def clusters(hits, patients):
    """Per patient (m cases, h hits)."""
    of = defaultdict(lambda: [0, 0])
    for hit, patient in zip(hits, patients):
        of[patient][0] += 1
        of[patient][1] += int(hit)
    return list(of.values())


def ratio_variance(groups):
    """Cochran (1977), Sampling Techniques: the variance of H / M over patients, exact."""
    big_m, big_h, g = sum(m for m, _ in groups), sum(h for _, h in groups), len(groups)
    p = Fraction(big_h, big_m)
    return Fraction(g, g - 1) * sum((h - p * m) ** 2 for m, h in groups) / big_m**2


def proportion(strata, level):
    """A proportion over sites with patients as clusters, Wilson at the effective size with t.

    All hits over all cases; its variance is the weighted sum of the sites' ratio variances; degrees of freedom are
    patients less sites. The effective size is at most the number of cases; without any spread it is M^2 / sum m^2
    (Korn and Graubard 1998).
    """
    p, variance, size, degrees, big_m = effective(strata)
    critical = float(stats.t.ppf(0.5 + level / 2, degrees))
    return p, variance, wilson(p, size, critical), big_m


def proportion_p(strata, bound):
    """One-sided, from the score statistic whose limits are Wilson's: the variance is that at the bound."""
    p, _, size, degrees, _ = effective(strata)
    return student_p(p - bound, math.sqrt(bound * (1 - bound) / size), degrees)


def effective(strata):
    """The proportion with its variance, effective size, degrees of freedom and number of cases."""
    strata = [groups for groups in strata if groups]
    big_m = sum(m for groups in strata for m, _ in groups)
    big_h = sum(h for groups in strata for _, h in groups)
    variance = Fraction(0)
    for groups in strata:
        if len(groups) > 1:
            variance += Fraction(sum(m for m, _ in groups), big_m) ** 2 * ratio_variance(groups)
    p = Fraction(big_h, big_m)
    squares = sum(m * m for groups in strata for m, _ in groups)
    size = min(p * (1 - p) / variance, Fraction(big_m)) if variance else Fraction(big_m**2, squares)
    return float(p), float(variance), float(size), sum(len(groups) - 1 for groups in strata), big_m


def dersimonian_laird(effects, level):
    """DerSimonian and Laird (1986), with Hartung and Knapp's standard error, never below the classical one."""
    y, v = np.array([e for e, _ in effects]), np.array([s for _, s in effects])
    k = len(y)
    w = 1 / v
    fixed = np.sum(w * y) / np.sum(w)
    q = float(np.sum(w * (y - fixed) ** 2))
    tau2 = max(0.0, (q - (k - 1)) / float(np.sum(w) - np.sum(w**2) / np.sum(w)))
    ws = 1 / (v + tau2)
    mu = float(np.sum(ws * y) / np.sum(ws))
    ratio = float(np.sum(ws * (y - mu) ** 2) / (k - 1))
    se = math.sqrt(max(1.0, ratio) / float(np.sum(ws)))
    reach = float(stats.t.ppf(0.5 + level / 2, k - 1)) * se
    i2 = 100 * max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0  # per cent
    return {
        "estimate": mu, "variance": se * se, "lower": mu - reach, "upper": mu + reach, "q": q, "tau2": tau2, "i2": i2}


def chi_squared(rows):
    """Pearson's statistic of a two-way table; None where a margin is empty."""
    table = np.array(rows, dtype=float)
    if table.sum() == 0 or min(table.shape) < 2 or (table.sum(0) == 0).any() or (table.sum(1) == 0).any():
        return None
    result = stats.chi2_contingency(table, correction=False)
    v = math.sqrt(result.statistic / (table.sum() * (min(table.shape) - 1)))
    return float(result.statistic), int(result.dof), float(result.pvalue), v


def moments(units, unit, level):
    """n, mean, sd and Student's interval of whole multiples of a unit, from exact sums."""
    n, total, squares = len(units), sum(units), sum(u * u for u in units)
    mean = Fraction(total, n) * unit
    if n < 2:
        return float(mean), None, None
    variance = Fraction(n * squares - total * total, n * (n - 1)) * unit * unit
    sd = math.sqrt(variance)
    reach = float(stats.t.ppf(0.5 + level / 2, n - 1)) * math.sqrt(variance / n)
    return float(mean), sd, (float(mean) - reach, float(mean) + reach) if variance else None
