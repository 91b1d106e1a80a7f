#!/usr/bin/env python3
"""Checks all that scripts/demo left in its output folder, with programs that share no code with Concordat.

usage: check_demo.py DEMO_OUTPUT

For both studies: results.json and every signed document by its JSON Schema; every envelope by securesystemslib and
openssl with the key of the one role in trust.json that may sign it, refused with another role's key and with one byte
changed; the chain of digests from release to job to protocol, and results.json against what the sites signed; every
number of results.json from the sites' own files (recompute.py). Then that nothing that left a site (recorded request
bodies, envelopes, results, the coordinator's whole state and log) names a patient, a case, a UID or a file of it.

Exit code: 0 all good, 1 not, 2 usage.
"""

import base64
import hashlib
import json
import pathlib
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "interop"))

import site_data  # noqa: E402
import verify_envelope  # noqa: E402
from ledger import Ledger  # noqa: E402
from privacy import Search, Secrets  # noqa: E402
from recomputation import check  # noqa: E402

STUDIES = {"cohort": "cohort-description", "validation": "."}
SCHEMA_OF = {
    "urn:concordat:study-protocol:v1": "study-protocol", "urn:concordat:job:v1": "job",
    "urn:concordat:release:v1": "release"}


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Demo:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.ledger = Ledger("schemas, envelopes and digests")
        self.schemas = {
            path.name.removesuffix(".schema.json"): jsonschema.Draft202012Validator(load(path))
            for path in (ROOT / "protocols" / "schema").glob("*.schema.json")}
        self.trust = load(self.folder / "trust.json")["roles"]
        self.sites = {}

    def site(self, name):
        if name not in self.sites:
            self.sites[name] = site_data.Site(self.folder / "state" / name / "data")
        return self.sites[name]

    def by_schema(self, place, name, document):
        errors = list(self.schemas[name].iter_errors(document))
        for error in errors[:5]:
            self.ledger.fail(place, f"{name} schema: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        self.ledger.compared += 1

    # Envelopes

    def role_of(self, statement):
        kind = statement["predicateType"]
        if kind == "urn:concordat:study-protocol:v1":
            return "sponsor"
        return "coordinator" if kind == "urn:concordat:job:v1" else "site:" + statement["predicate"]["site"]

    def accepts(self, document, role):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for index, key in enumerate(self.trust[role]["keys"]):
                paths.append(pathlib.Path(folder, f"{index}.pem"))
                paths[-1].write_text(key["publicKey"], encoding="utf-8")
            try:
                verify_envelope.check(document, paths, self.trust[role]["threshold"])
            except (verify_envelope.Refused, ValueError, KeyError) as refusal:
                return str(refusal) or repr(refusal)
        return None

    def envelope(self, path):
        """Verifies one envelope; its statement and digest."""
        document = path.read_bytes()
        envelope = json.loads(document)
        payload = base64.b64decode(envelope["payload"], validate=True)
        statement = json.loads(payload)
        place = path.relative_to(self.folder).as_posix()
        self.by_schema(place, "envelope", envelope)
        self.by_schema(place, SCHEMA_OF[statement["predicateType"]], statement["predicate"])
        role = self.role_of(statement)
        refusal = self.accepts(document, role)
        self.ledger.true(place, refusal is None, f"refused by {role}'s key: {refusal}")
        other = next(name for name in sorted(self.trust) if name != role)
        self.ledger.true(place, self.accepts(document, other) is not None, f"accepted by the key of {other}")
        changed = bytearray(payload)
        changed[len(changed) // 2] ^= 1
        forged = {**envelope, "payload": base64.b64encode(bytes(changed)).decode()}
        refusal = self.accepts(json.dumps(forged).encode(), role)
        self.ledger.true(place, refusal is not None, "accepted with a changed byte")
        return statement, "sha256:" + hashlib.sha256(payload).hexdigest()

    # One study

    def study(self, name, folder):
        folder = (self.folder / folder).resolve()
        results = load(folder / "results.json")
        self.by_schema(f"{name}/results.json", "results", results)
        found = {path.name: self.envelope(path) for path in sorted((folder / "envelopes").glob("*.json"))}
        statement, protocol_digest = found["protocol.json"]
        protocol = statement["predicate"]
        invited = protocol["sites"]["invited"]
        same = self.ledger.same
        same(f"{name}.protocolDigest", results["study"]["protocolDigest"], protocol_digest)
        same(f"{name}.model", results["study"].get("model"), protocol.get("model", {}).get("digest"))
        released = [site["site"] for site in results["sites"] if site["state"] == "released"]
        expected = ["protocol.json", *(f"job-{s}.json" for s in invited), *(f"release-{s}.json" for s in released)]
        same(f"{name}.envelopes", sorted(found), sorted(expected))
        folders = {}
        for entry in results["sites"]:
            site = entry["site"]
            if site not in released:
                self.ledger.fail(f"{name}/{site}", f"is {entry['state']}, not released")
                continue
            job, job_digest = found[f"job-{site}.json"]
            release = found[f"release-{site}.json"][0]["predicate"]
            same(f"{name}/{site}.job.protocol", job["predicate"]["protocol"]["digest"], protocol_digest)
            inner = base64.b64decode(job["predicate"]["protocol"]["envelope"]["payload"])
            same(f"{name}/{site}.job.envelope", "sha256:" + hashlib.sha256(inner).hexdigest(), protocol_digest)
            same(f"{name}/{site}.release.job", release["job"], job_digest)
            same(f"{name}/{site}.release.protocol", release["protocol"], protocol_digest)
            same(f"{name}/{site}.release.study", release["study"], results["study"]["id"])
            same(f"{name}/{site}.release.site", release["site"], site)
            same(f"{name}/{site}.release.model", release.get("model"), protocol.get("model", {}).get("digest"))
            same(f"{name}/{site}.answers", entry["answers"], release["answers"])
            same(f"{name}/{site}.times", results["times"]["releases"][site], release["times"])
            state = self.folder / "state" / site
            predictions = state / "agent" / "predictions" / f"{job_digest.removeprefix('sha256:')}.csv"
            folders[site] = (self.site(site), predictions if protocol.get("model") else None)
        ledger = Ledger(f"{name}: results.json recomputed")
        check(results, protocol, folders, ledger)
        return ledger

    # What left

    def privacy(self):
        ledger = Ledger("privacy: documents that left a site")
        names = sorted(path.parent.name for path in (self.folder / "state").glob("*/data"))
        search = Search([Secrets(self.site(name)) for name in names])
        left = sorted((self.folder / "state").glob("*/recorded/*"))
        recorded = {path.parent.parent.name for path in left}
        ledger.same("recorded", sorted(recorded), names)
        left += sorted(self.folder.glob("**/envelopes/*.json")) + sorted(self.folder.glob("**/results.json"))
        # All that the coordinator has of the sites: its database, its log.
        coordinator = self.folder / "state" / "coordinator"
        left += sorted(path for path in coordinator.rglob("*") if path.is_file())
        left += sorted(self.folder.glob("logs/coordinator.log"))
        for path in left:
            findings = search.findings(path.name.encode() + b"\n" + path.read_bytes())
            ledger.true(path.relative_to(self.folder).as_posix(), not findings, "holds " + ", ".join(findings[:5]))
        return ledger


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    demo = Demo(sys.argv[1])
    ledgers = [demo.study(name, folder) for name, folder in STUDIES.items()]
    return max(ledger.report() for ledger in [demo.ledger, *ledgers, demo.privacy()])


if __name__ == "__main__":
    sys.exit(main())
