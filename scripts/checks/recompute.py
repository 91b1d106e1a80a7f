#!/usr/bin/env python3
"""Recomputes what a results.json says from the sites' own files, by an independent implementation.

usage: recompute.py RESULTS.json --protocol PROTOCOL.json --site NAME=FOLDER[:PREDICTIONS.csv] [--site ...]

FOLDER holds the site's site.yaml with the files that it names; PREDICTIONS.csv is what the agent kept of the model's
run (`case,patient,reference,score,status`), needed where the protocol has a model. Every site with a release must be
given. Counts, sums and twice the Mann-Whitney statistic must be equal; areas, variances and shares to 1e-12, what
needs a quantile function to 1e-9 (relative). What is withheld must be listed as withheld, and nothing published may
stand for 1 to 9 patients (or what protocol and site ask, where that is more).

Exit code: 0 all equal, 1 not, 2 usage.
"""

import argparse
import json
import pathlib
import sys

from ledger import Ledger
from recomputation import check


def main():
    parser = argparse.ArgumentParser(description="Recompute results.json from the sites' own files.")
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--protocol", type=pathlib.Path, required=True)
    parser.add_argument("--site", action="append", required=True, metavar="NAME=FOLDER[:PREDICTIONS.csv]")
    arguments = parser.parse_args()
    folders = {}
    for text in arguments.site:
        name, equals, rest = text.partition("=")
        if not equals:
            parser.error(f"--site {text}: write NAME=FOLDER or NAME=FOLDER:PREDICTIONS.csv")
        folder, _, predictions = rest.partition(":")
        folders[name] = (folder, predictions or None)
    ledger = Ledger(str(arguments.results))
    results = json.loads(arguments.results.read_text(encoding="utf-8"))
    protocol = json.loads(arguments.protocol.read_text(encoding="utf-8"))
    check(results, protocol, folders, ledger)
    return ledger.report()


if __name__ == "__main__":
    sys.exit(main())
