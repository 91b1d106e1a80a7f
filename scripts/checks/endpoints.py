"""Endpoints across sites: estimates, intervals, heterogeneity, what is left without one site, and decisions."""

import math

import definitions as define
from cohort import bin_of, hits
from site_data import units
from tolerances import EXACT, ROUNDED


def check(study):
    protocol, results = study.protocol, study.results
    found = results["endpoints"]
    wanted = protocol.get("endpoints", [])
    study.ledger.same("endpoints", [e["id"] for e in found], [e["id"] for e in wanted])
    if protocol.get("multiplicity", {}).get("rule", "none") not in ("none", "fixed-sequence"):
        raise SystemExit("these checks have no definition for the protocol's multiplicity rule")
    verdicts, p_values = {}, {}
    for endpoint, published in zip(wanted, found):
        one(study, endpoint, published, verdicts, p_values)


def one(study, endpoint, published, verdicts, p_values):
    ledger, place = study.ledger, f"endpoint/{endpoint['id']}"
    for field, source in [("role", "role"), ("estimator", "estimator"), ("weights", "weights"),
                          ("varianceMethod", "variance")]:
        ledger.same(f"{place}.{field}", published.get(field), endpoint.get(source))
    ledger.same(place + ".of", published["of"], len(study.protocol["sites"]["invited"]))
    given = contributing(study, endpoint)
    ledger.same(place + ".sites", [s["site"] for s in published["sites"]], given)
    result = estimate(study, endpoint, given)
    compare(ledger, place, published["estimate"], result)
    if result.get("value") is not None:
        ledger.close(place + ".variance", published.get("variance"), result["variance"], result["tolerance"])
    for entry, (site, own) in zip(published["sites"], result.get("sites", {}).items()):
        for field, value in own.items():
            ledger.close(f"{place}/{site}.{field}", entry.get(field), value, EXACT)
    if "heterogeneity" in result:
        spread = published.get("heterogeneity") or {}
        ledger.same(place + ".degreesOfFreedom", spread.get("degreesOfFreedom"), len(given) - 1)
        for field, value in result["heterogeneity"].items():
            ledger.close(f"{place}.{field}", spread.get(field), value, ROUNDED)
    descriptive = {"stratified": False, "random-effects": len(given) < 5, "pooled-bounds": True}
    ledger.same(place + ".descriptive", published["descriptive"], descriptive[endpoint["estimator"]])
    asked = study.protocol.get("synthesis", {}).get("leaveOneOut", True)
    left = published.get("leaveOneOut") or []
    ledger.same(place + ".leaveOneOut", [l["without"] for l in left], given if asked and len(given) > 1 else [])
    for entry in left:
        rest = [site for site in given if site != entry["without"]]
        compare(ledger, f"{place} without {entry['without']}", entry["estimate"], estimate(study, endpoint, rest))
    decide(study, endpoint, published, result, given, verdicts, p_values)


def compare(ledger, place, metric, result):
    ledger.same(place + ".n", metric.get("n"), result.get("n"))
    if result.get("bounds"):
        interval = metric.get("interval") or {"lower": 1.0, "upper": 0.0}
        ledger.close(place + ".lower", interval["lower"], result["bounds"][0], EXACT)
        ledger.close(place + ".upper", interval["upper"], result["bounds"][1], EXACT)
        inside = interval["lower"] - 1e-15 <= result["union"] <= interval["upper"] + 1e-15
        ledger.true(place, inside, f"the union's AUROC {result['union']} is outside the bounds")
        ledger.same(place + ".value", metric["value"], None)
        ledger.same(place + ".level", interval.get("level"), None)
        return
    ledger.close(place, metric["value"], result.get("value"), result.get("tolerance", EXACT))
    interval, wanted = metric.get("interval"), result.get("interval")
    if interval is None or wanted is None:
        ledger.same(place + ".interval", interval, wanted)
    else:
        ledger.close(place + ".lower", interval["lower"], wanted[0], ROUNDED)
        ledger.close(place + ".upper", interval["upper"], wanted[1], ROUNDED)
        ledger.same(place + ".level", interval.get("level"), result["level"])


def contributing(study, endpoint):
    """The sites whose release has what the estimator needs."""
    def released(site, name):
        return study.answers[site].get(name, {}).get("status") == "released"

    if endpoint["metric"] != "auroc":
        return [s for s in study.released if released(s, "confusion:" + endpoint["operatingPoint"])]
    name = "score-steps" if endpoint["estimator"] == "pooled-bounds" else "roc"
    return [s for s in study.released if released(s, name)]


def area_of(site):
    scores, labels = [c.score for c in site.evaluated], [c.positive for c in site.evaluated]
    return define.auroc(scores, labels)


def variance_of(site, endpoint):
    scores, labels = [c.score for c in site.evaluated], [c.positive for c in site.evaluated]
    if endpoint["variance"] == "obuchowski":
        return float(define.obuchowski(scores, labels, [c.patient for c in site.evaluated]))
    return define.delong(scores, labels)


def estimate(study, endpoint, given):
    if not given:
        return {}
    if endpoint["metric"] != "auroc":
        return proportion(study, endpoint, given)
    return {"stratified": stratified, "random-effects": random_effects, "pooled-bounds": bounds}[
        endpoint["estimator"]](study, endpoint, given)


def stratified(study, endpoint, given):
    rows = {}
    for name in given:
        twice, m, n = area_of(study.sites[name])
        area, variance = twice / (2 * m * n), variance_of(study.sites[name], endpoint)
        weight = {"pairs": m * n, "equal": 1, "inverse-variance": 1 / variance}[endpoint.get("weights", "pairs")]
        rows[name] = area, variance, weight
    total = math.fsum(w for _, _, w in rows.values())
    value = math.fsum(a * w for a, _, w in rows.values()) / total
    variance = math.fsum(v * (w / total) ** 2 for _, v, w in rows.values())
    method = {"wald-logit": define.wald_logit, "wald": define.wald}[endpoint["interval"]["method"]]
    defined = 0 < value < 1 and variance > 0
    return {
        "value": value, "variance": variance, "tolerance": EXACT, "level": endpoint["interval"]["level"],
        "n": sum(len(study.sites[s].evaluated) for s in given),
        "interval": method(value, variance, endpoint["interval"]["level"]) if defined else None,
        "limit": lambda level: method(value, variance, level)[0] if defined else None,
        "p": lambda bound: define.wald_p(value, variance, bound, endpoint["interval"]["method"]),
        "sites": {s: {"estimate": a, "variance": v, "share": w / total} for s, (a, v, w) in rows.items()}}


def proportion(study, endpoint, given):
    point = next(
        p for p in study.protocol["evaluation"]["operatingPoints"] if p["id"] == endpoint["operatingPoint"])
    threshold = units(point["threshold"], study.protocol["evaluation"]["scoreResolution"])
    positive = endpoint["metric"] == "sensitivity"
    strata = {s: hits([c for c in study.sites[s].evaluated if c.positive == positive], threshold) for s in given}
    if endpoint.get("weights", "cases") != "cases" or endpoint["variance"] != "cluster":
        raise SystemExit(f"endpoint {endpoint['id']}: these checks have no definition for its weights or variance")
    value, variance, interval, n = define.proportion(list(strata.values()), endpoint["interval"]["level"])
    own = {s: define.proportion([groups], 0.95) for s, groups in strata.items()}
    return {
        "value": value, "variance": variance, "tolerance": EXACT, "interval": interval, "n": n,
        "level": endpoint["interval"]["level"],
        "limit": lambda level: define.proportion(list(strata.values()), level)[2][0],
        "p": lambda bound: define.proportion_p(list(strata.values()), bound),
        "sites": {s: {"estimate": p, "variance": v, "share": m / n} for s, (p, v, _, m) in own.items()}}


def random_effects(study, endpoint, given):
    own, effects = {}, []
    for name in given:
        twice, m, n = area_of(study.sites[name])
        area, variance = twice / (2 * m * n), variance_of(study.sites[name], endpoint)
        own[name] = {"estimate": area, "variance": variance}
        if not (0 < area < 1 and variance > 0):
            return {}
        effects.append((define.logit(area), variance / (area * (1 - area)) ** 2))
    if len(effects) < 2:
        return {}
    fit = define.dersimonian_laird(effects, endpoint["interval"]["level"])
    return {
        "value": define.expit(fit["estimate"]), "variance": fit["variance"], "tolerance": ROUNDED,
        "level": endpoint["interval"]["level"],
        "interval": (define.expit(fit["lower"]), define.expit(fit["upper"])),
        "limit": lambda level: define.expit(define.dersimonian_laird(effects, level)["lower"]),
        "p": lambda bound: define.student_p(
            fit["estimate"] - define.logit(bound), math.sqrt(fit["variance"]), len(effects) - 1),
        "heterogeneity": {k: fit[k] for k in ("q", "tau2", "i2")}, "sites": own}


def bounds(study, endpoint, given):
    """Each case is known to lie in a run of steps; a cross-site pair is in order surely, perhaps or not at all."""
    edges = study.score_edges()
    cases = []
    for name in given:
        released = study.answers[name]["score-steps"]["aggregate"]
        for case in study.sites[name].evaluated:
            part = released["positives" if case.positive else "negatives"]
            exact = [i for i in range(len(edges)) if part["lower"][i] == part["upper"][i]]
            step = bin_of(case.score, edges)
            start, end = max(i for i in exact if i <= step), min(i for i in exact if i > step)
            cases.append((name, case.positive, start, end, case.score))
    positives, negatives = [c for c in cases if c[1]], [c for c in cases if not c[1]]
    summaries = {name for name in given if study.answers[name].get("roc", {}).get("status") == "released"}
    low = high = union = 0
    for site, _, start, end, score in positives:
        for other, _, first, last, against in negatives:
            concordance = 2 * (score > against) + (score == against)
            union += concordance
            if site == other and site in summaries:
                low += concordance
                high += concordance
            else:
                low += 2 * (start >= last)
                high += 2 * (end > first)
    pairs = 2 * len(positives) * len(negatives)
    own = {name: area_of(study.sites[name]) for name in given}
    return {
        "bounds": (low / pairs, high / pairs), "union": union / pairs, "n": len(cases),
        "sites": {s: {"estimate": u / (2 * m * n) if s in summaries else None} for s, (u, m, n) in own.items()}}


def decide(study, endpoint, published, result, given, verdicts, p_values):
    ledger, place = study.ledger, f"endpoint/{endpoint['id']}.decision"
    hypothesis, decision = endpoint.get("hypothesis"), published.get("decision")
    if hypothesis is None:
        ledger.same(place, decision, None)
        return
    alpha = hypothesis["alpha"] / (2 if hypothesis.get("sides", 1) == 2 else 1)
    bound = hypothesis["goal"] - hypothesis.get("margin", 0)
    ledger.close(place + ".bound", decision["bound"], bound, EXACT)
    ledger.close(place + ".confidence", decision["confidence"], 1 - alpha, EXACT)
    size = study.protocol.get("sampleSize", {})
    evaluated = [case for site in given for case in study.sites[site].evaluated]
    positives = sum(case.positive for case in evaluated)
    enough = (
        len(given) >= size.get("minimumSites", 0) and positives >= size.get("minimumPositives", 0)
        and len(evaluated) - positives >= size.get("minimumNegatives", 0)
        and not (endpoint["estimator"] == "random-effects" and len(given) < 5))
    limit = result["limit"](1 - 2 * alpha) if enough and result.get("value") is not None else None
    order = study.protocol.get("multiplicity", {})
    if order.get("rule") == "fixed-sequence" and endpoint["id"] in order["family"]:
        before = order["family"][: order["family"].index(endpoint["id"])]
        if any(verdicts.get(id) != "met" for id in before):
            limit = None
    verdict = "not-evaluable" if limit is None else "met" if limit > bound else "not-met"
    verdicts[endpoint["id"]] = verdict
    ledger.same(place + ".verdict", decision["verdict"], verdict)
    ledger.close(place + ".limit", decision.get("limit"), limit, ROUNDED)
    p = decision.get("p")
    if limit is None or p is None:
        ledger.same(place + ".p", p is None, limit is None)
        return
    ledger.close(place + ".p", p, result["p"](bound), ROUNDED)
    if order.get("rule") == "fixed-sequence" and endpoint["id"] in order["family"]:
        sequence = order["family"][: order["family"].index(endpoint["id"]) + 1]
        p_values[endpoint["id"]] = p
        wanted = max(p_values[id] for id in sequence) if all(id in p_values for id in sequence) else None
        ledger.close(place + ".adjustedP", decision.get("adjustedP"), wanted, EXACT)
