#!/usr/bin/env python3
"""Proves on a demo's output that the checks can fail: every kind of number changed, every kind of name planted.

usage: test_checks.py DEMO_OUTPUT

Exit code: 0 every planted fault was found, 1 not, 2 usage.
"""

import base64
import copy
import functools
import hashlib
import json
import pathlib
import re
import sys

import definitions
from check_demo import STUDIES, Demo, load
from cohort import SiteCases
from ledger import Ledger
from privacy import Search, Secrets
from recomputation import Recomputation


def numbers(value, path=()):
    """The paths of all numbers and withheld marks in a document."""
    if isinstance(value, dict):
        if value.get("withheld") == "cell-protected":
            yield path
            return
        for name, member in value.items():
            if name != "times":
                yield from numbers(member, (*path, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from numbers(member, (*path, index))
    elif value is None or isinstance(value, int | float) or re.fullmatch(r"-?\d{16,}", value):
        yield path


def changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * (1 + 1e-7)
    if isinstance(value, str):
        return str(int(value) + 1)
    return 0.5 if value is None else 0


def with_change(document, path):
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed(place[path[-1]])
    return document


def shape(document, path):
    """Paths of one shape hold the same kind of number: list indices do not count, the kind of answer does."""
    parts, place = [], document
    for step in path:
        place = place[step]
        if isinstance(place, dict):
            kind = place.get("kind") or place.get("estimator") or (place.get("name") if "value" in place else None)
            if kind:
                parts.append(kind)
        if not isinstance(step, int):
            parts.append(step)
    return "/".join(parts)


def every_number(demo):
    """Changes one number of every shape; those that went unnoticed."""
    # The same cases are asked about again and again.
    for name in ("obuchowski", "delong", "auroc"):
        original = getattr(definitions, name)
        cached = functools.lru_cache(maxsize=None)(original)
        setattr(definitions, name, lambda *columns, cached=cached: cached(*map(tuple, columns)))
    tried = 0
    for name, folder in STUDIES.items():
        folder = demo.folder / folder
        results = load(folder / "results.json")
        protocol = demo.envelope(folder.resolve() / "envelopes" / "protocol.json")[0]["predicate"]
        sites = {}
        for site in protocol["sites"]["invited"]:
            _, job = demo.envelope(folder.resolve() / "envelopes" / f"job-{site}.json")
            predictions = demo.folder / "state" / site / "agent" / "predictions" / f"{job.removeprefix('sha256:')}.csv"
            sites[site] = SiteCases(site, demo.site(site), predictions, protocol)

        def differences(document):
            ledger = Ledger(name)
            Recomputation(document, protocol, sites, ledger).run()
            return ledger.failures

        assert not differences(results), "the unchanged results differ"
        shapes = {}
        for path in numbers(results):
            shapes.setdefault(shape(results, path), path)
        faults = {label: with_change(results, path) for label, path in shapes.items()}
        if results["withheld"]:
            shorter = copy.deepcopy(results)
            shorter["withheld"].pop()
            faults["a withheld answer that is not listed"] = shorter
        for label, document in faults.items():
            tried += 1
            try:
                found = differences(document)
            except (KeyError, ValueError, TypeError, IndexError, AssertionError):
                found = True
            if not found:
                yield f"{name}: a changed {label} went unnoticed"
    print(f"{tried} kinds of numbers changed")


def every_name(demo):
    """Plants names in documents that look as if they left a site; those that went unnoticed."""
    name = next(path.parent.name for path in sorted((demo.folder / "state").glob("*/data")))
    site = demo.site(name)
    search = Search([Secrets(site)])
    case = site.cases[0]
    patient, found = site.patient[case], site.objects[0]
    table = (site.folder / site.description["data"]["tables"][0]["file"]).read_text(encoding="utf-8")
    uid = re.search(r"(?<=,)[0-9.]{30,}(?=,)", table)[0]
    plain = {
        "patient": patient, "patient in capitals": patient.upper(), "case": case, "UID": uid,
        "UID of another site": "1.2.840.113619.2.55.3", "UID of an object": sorted(found["uids"])[0],
        "file": found["path"].name, "path": str(site.folder.resolve() / "x"),
        "table": site.description["data"]["tables"][0]["file"],
        "hash of a patient": hashlib.sha256(patient.encode()).hexdigest(),
        "hash of a file": hashlib.sha256((site.folder / found["path"]).read_bytes()).hexdigest()}
    wrap = {
        "text": lambda text: text,
        "payload": lambda text: base64.b64encode(json.dumps({"answers": [{"level": text}]}).encode()).decode(),
        "payload in a payload": lambda text: base64.b64encode(json.dumps(
            {"payload": base64.b64encode(text.encode() + b" and more than that").decode()}).encode()).decode(),
        "payload without its beginning": lambda text: base64.b64encode(
            f"what comes before {text} ".encode()).decode()[5:],
        "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
        "escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text)}
    for kind, text in plain.items():
        for way, encode in wrap.items():
            if not search.findings(f'{{"reason":"{encode(text)}"}}'.encode()):
                yield f"{kind} as {way} went unnoticed"
    if search.findings(b'{"title":"Public data (LIDC-IDRI, CC BY 3.0)","version":"1.0.0","cases":12}'):
        yield "a harmless document is refused"
    print(f"{len(plain) * len(wrap)} planted names")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    demo = Demo(pathlib.Path(sys.argv[1]))
    missed = [*every_number(demo), *every_name(demo)]
    for line in missed:
        print(line, file=sys.stderr)
    print(f"{len(missed)} faults went unnoticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
