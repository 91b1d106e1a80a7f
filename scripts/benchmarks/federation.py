"""Times a study of table statistics over sites that are separate processes: synthetic rows, real TLS, real stores.

Measures, with the data indexed before:
  cold   from starting the coordinator and the agents (initialised, joined, indexed) to the first study's result
  warm   from `protocol submit` to the result of a further study, all processes running
and each process's peak memory (VmHWM). Bounded: it ends by itself and ends what it started.
With --peer PYTHON, NVIDIA FLARE's simulator computes statistics of the same tables in the same run, for a ratio;
`scripts/bench federation` makes that Python's environment.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

VARIABLES = 10
EXPIRES = "2036-12-31T00:00:00Z"


def write_site(folder, site, rows, seed):
    """100,000 rows are written once a run: one case a patient, quantities with two decimals and two categories."""
    generator = random.Random(seed)
    folder.mkdir(parents=True)
    with open(folder / "cases.csv", "w") as table:
        table.write("case,patient," + ",".join(f"q{i}" for i in range(VARIABLES - 2)) + ",group,positive\n")
        for row in range(rows):
            quantities = ",".join(f"{generator.gauss(50, 12):.2f}" for _ in range(VARIABLES - 2))
            table.write(f"c{row},p{row},{quantities},{'ABCD'[generator.randrange(4)]},{generator.randrange(2)}\n")
    variables = [
        f'  - {{id: q{i}, kind: quantity, unit: "1", resolution: "0.01", range: ["-100", "200"], '
        f"from: {{table: cases, column: q{i}}}}}"
        for i in range(VARIABLES - 2)
    ]
    variables.append("  - {id: group, kind: category, levels: [A, B, C, D], from: {table: cases, column: group}}")
    variables.append('  - {id: positive, kind: category, levels: ["0", "1"], from: {table: cases, column: positive}}')
    (folder / "site.yaml").write_text(
        f'site: {site}\nname: {{en: "Synthetic site"}}\ndata:\n  tables:\n'
        "    - {id: cases, file: cases.csv, key: case, patient: patient, level: case}\n"
        "variables:\n" + "\n".join(variables) + "\n"
        "policy:\n  minimumCount: 10\n  purposes: [research]\n  trustedSponsors: [sponsor.pem]\n"
        "  approvals: {jobs: automatic, releases: automatic}\n"
    )


def protocol(version, sites):
    quantities = [f"q{i}" for i in range(VARIABLES - 2)]
    statistics = [{"id": f"{q}-summary", "kind": "summary", "variable": q} for q in quantities]
    statistics += [
        {"id": f"{q}-histogram", "kind": "histogram", "variable": q,
         "edges": ["-100"] + [str(edge) for edge in range(10, 95, 5)] + ["200"]}
        for q in quantities
    ]
    statistics.append({"id": "group-by-reference", "kind": "table", "axes": ["group", "positive"]})
    return {
        "schemaVersion": "1.0", "identifier": "federation-benchmark", "version": version,
        "title": {"en": "Federation benchmark"}, "intendedUse": {"en": "Timing"}, "purpose": "research",
        "sponsor": {"name": "Benchmark", "contact": "benchmark@example.org"},
        "variables": [
            {"id": q, "kind": "quantity", "unit": "1", "resolution": "0.01", "range": ["-100", "200"]}
            for q in quantities
        ] + [{"id": "group", "kind": "category", "levels": ["A", "B", "C", "D"]},
             {"id": "positive", "kind": "category", "levels": ["0", "1"]}],
        "cohort": {"unit": "lesion", "include": [], "exclude": []},
        "statistics": statistics, "endpoints": [], "disclosure": {"minimumCell": 10},
        "sites": {"invited": sites}, "ethics": [{"site": "*", "basis": "synthetic data"}], "expires": EXPIRES,
    }


def peak_memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


class Consortium:
    def __init__(self, binaries, folder, sites, rows):
        self.binaries, self.folder, self.sites = pathlib.Path(binaries), folder, sites
        self.processes = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.run("concordat-coordinator", "init", "--state", folder / "coordinator", "--name", "Benchmark", "--host",
                 "localhost", "--url", f"https://localhost:{self.port}")
        self.run("concordat", "key", "generate", "--out", folder / "sponsor.key")
        self.run("concordat-coordinator", "sponsor", "add", "--state", folder / "coordinator", "--name", "Benchmark",
                 "--key", folder / "sponsor.pub.pem", "--output", folder / "connection.json")
        self.start("coordinator", "concordat-coordinator", "serve", "--state", folder / "coordinator", "--listen",
                   f"127.0.0.1:{self.port}")
        for index, site in enumerate(sites):
            data = folder / f"data-{site}"
            write_site(data, site, rows, seed=index)
            shutil.copy(folder / "sponsor.pub.pem", data / "sponsor.pem")
            invitation = self.run("concordat-coordinator", "invite", "--state", folder / "coordinator", "--site", site)
            self.run("concordat-agent", "join", "--state", folder / site, "--invitation", "-", input=invitation)
            self.run("concordat-agent", "index", "--state", folder / site, "--site", data / "site.yaml")
        self.stop()

    def run(self, program, *arguments, input=None):
        result = subprocess.run([self.binaries / program, *map(str, arguments)], input=input, capture_output=True,
                                text=True, timeout=300)
        if result.returncode != 0:
            sys.exit(f"{program} {arguments[0]}: {result.stderr}")
        return result.stdout

    def start(self, name, program, *arguments):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen([self.binaries / program, *map(str, arguments)], stdout=log,
                                                stderr=log, stdin=subprocess.DEVNULL)
        if name == "coordinator":
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                        return
                time.sleep(0.01)
            sys.exit("the coordinator does not answer")

    def start_all(self):
        self.start("coordinator", "concordat-coordinator", "serve", "--state", self.folder / "coordinator",
                   "--listen", f"127.0.0.1:{self.port}")
        for site in self.sites:
            self.start(site, "concordat-agent", "serve", "--state", self.folder / site)

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=30)
        self.processes = {}

    def study(self, envelope):
        """From the start of `protocol submit` to the result in hand."""
        access = ["--coordinator", self.folder / "connection.json", "--key", self.folder / "sponsor.key"]
        started = time.monotonic()
        self.run("concordat", "protocol", "submit", envelope, "--study-file", self.folder / "study", *access)
        study = (self.folder / "study").read_text().strip()
        self.run("concordat", "study", "status", study, "--wait", *access)
        results = json.loads(self.run("concordat", "study", "results", study, "--format", "json", *access))
        elapsed = time.monotonic() - started
        assert results["status"] == "complete", results["status"]
        return elapsed

    def sign(self, version):
        document = self.folder / f"protocol-{version}.json"
        document.write_text(json.dumps(protocol(version, self.sites)))
        envelope = self.folder / f"protocol-{version}.envelope.json"
        self.run("concordat", "protocol", "sign", document, "--key", self.folder / "sponsor.key", "--out", envelope)
        return envelope


def peer(python, folder, sites, limit=180):
    """NVIDIA FLARE's simulator over the same tables: wall seconds, and the peak of its processes' memory in MiB."""
    script = pathlib.Path(__file__).with_name("federation_peer.py")
    started = time.monotonic()
    process = subprocess.Popen([python, script, str(folder), *sites], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    peak = 0.0
    try:
        while process.poll() is None and time.monotonic() - started < limit:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.05)
        return (time.monotonic() - started, peak) if process.poll() == 0 else None
    finally:
        if process.poll() is None:
            for pid in descendants(process.pid):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def descendants(root):
    """The processes below one, itself included."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def tree_memory(root):
    """MiB of a process and its descendants; what they share counts once (proportional set sizes)."""
    total = 0
    for pid in descendants(root):
        try:
            lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--studies", type=int, default=5, help="warm studies, at most 50")
    parser.add_argument("--peer", metavar="PYTHON", help="a Python with scripts/benchmarks/requirements.txt")
    options = parser.parse_args()
    sites = ["one", "two", "three"]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="concordat-bench-"))
    consortium = None
    try:
        consortium = Consortium(options.binaries, folder, sites, options.rows)
        envelopes = [consortium.sign(f"1.0.{index}") for index in range(min(options.studies, 50) + 1)]
        started = time.monotonic()
        consortium.start_all()
        consortium.study(envelopes[0])
        cold = time.monotonic() - started
        warm = sorted(consortium.study(envelope) for envelope in envelopes[1:])
        memory = {name: peak_memory(process.pid) for name, process in consortium.processes.items()}
        print(f"{len(sites)} sites x {options.rows} rows x {VARIABLES} variables")
        print(f"cold, processes started to result: {cold:.2f} s")
        print(f"warm, submit to result: median {warm[len(warm) // 2]:.3f} s, min {warm[0]:.3f}, max {warm[-1]:.3f}"
              f" ({len(warm)} studies)")
        print("peak memory: " + ", ".join(f"{name} {value:.0f} MiB" for name, value in memory.items())
              + f"; sum {sum(memory.values()):.0f} MiB")
        if options.peer:
            measured = peer(options.peer, folder, sites)
            if measured is None:
                print("peer: NVIDIA FLARE's simulator failed")
            else:
                seconds, mebibytes = measured
                print(f"peer, NVIDIA FLARE simulator: {seconds:.1f} s, {mebibytes:.0f} MiB;"
                      f" ratio of times {seconds / cold:.1f} (cold), {seconds / warm[len(warm) // 2]:.1f} (warm)")
    finally:
        if consortium:
            consortium.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
