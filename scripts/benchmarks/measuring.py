"""Measures whole processes side by side: pinned to CPUs, warm cache, in turns, best and median of several runs.

Peak memory is the kernel's ru_maxrss. A new process inherits the peak of the one that started it, so that nothing below
what this program holds itself (some 12 MiB; it must not import numpy) can be told apart.
"""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import threading
import time


@dataclasses.dataclass
class Run:
    wall: float
    processor: float
    peak: float
    output: str

    def json(self):
        return json.loads(self.output)


@dataclasses.dataclass
class Contender:
    name: str
    command: list
    environment: dict = dataclasses.field(default_factory=dict)
    runs: list = dataclasses.field(default_factory=list)
    failure: str = ""

    @property
    def best(self):
        return min(run.wall for run in self.runs)

    @property
    def median(self):
        walls = sorted(run.wall for run in self.runs)
        return walls[len(walls) // 2]

    @property
    def processor(self):
        return min(run.processor for run in self.runs)

    @property
    def peak(self):
        return max(run.peak for run in self.runs)


def run_once(contender, cpus, limit):
    """One process, or None when it failed; what it said is kept in the contender."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **contender.environment}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        started = time.monotonic()
        process = subprocess.Popen(["taskset", "-c", cpus, *map(str, contender.command)], stdout=output,
                                   stderr=complaints, stdin=subprocess.DEVNULL, env=environment)
        alarm = threading.Timer(limit, process.kill)
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        complaints.seek(0)
        if process.returncode != 0:
            said = complaints.read().decode(errors="replace").strip().splitlines()
            contender.failure = f"exit {process.returncode}: {said[-1] if said else 'no message'}"
            return None
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read().decode())


def race(contenders, files, cpus, repeats, limit=900, patience=60):
    """Runs each in turn so that load falls on all alike. One that took more than `patience` seconds in all is not run
    again. The cache is warmed by reading the files."""
    for file in files:
        with open(file, "rb") as stream:
            while stream.read(1 << 22):
                pass
    for round in range(repeats):
        for contender in contenders:
            if contender.failure or (round > 0 and sum(run.wall for run in contender.runs) > patience):
                continue
            run = run_once(contender, cpus, limit)
            if run:
                contender.runs.append(run)


def report(title, contenders):
    """A table; ratios are to the first contender, best to best and median to median."""
    print(f"\n{title}  (load {os.getloadavg()[0]:.1f})")
    width = max(len(contender.name) for contender in contenders)
    print(f"{'':{width}}  {'best s':>8} {'median s':>8} {'CPU s':>8} {'MiB':>6} {'runs':>4}   ratio of times   of memory")
    first = contenders[0]
    for contender in contenders:
        if not contender.runs:
            print(f"{contender.name:{width}}  failed: {contender.failure}")
            continue
        line = (f"{contender.name:{width}}  {contender.best:8.3f} {contender.median:8.3f} {contender.processor:8.3f} "
                f"{contender.peak:6.0f} {len(contender.runs):4}")
        if contender is not first and first.runs:
            line += (f"   {contender.best / first.best:6.1f} / {contender.median / first.median:6.1f}"
                     f"  {contender.peak / first.peak:8.1f}")
        print(line)


def growth(title, contenders, sizes):
    """How the first contender's best time grows from one size to the next."""
    print(f"\n{title}: growth")
    for smaller, larger, low, high in zip(contenders, contenders[1:], sizes, sizes[1:]):
        if smaller.runs and larger.runs:
            print(f"  {low:>12,} to {high:>12,}: {larger.best / smaller.best:5.1f} times the time for"
                  f" {high / low:.1f} times the size; {larger.peak / smaller.peak:.1f} times the memory")


def make_inputs(python, folder, *what):
    """Writes inputs that are not there yet, in a process of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inputs.py")
    if subprocess.run([python, script, str(folder), *map(str, what)]).returncode != 0:
        sys.exit("the inputs could not be made")


def metrics_of(run):
    """`concordat score --format json`, as a list of metrics."""
    return run.json()["metrics"]


class Agreement:
    """Compares values and keeps the largest relative difference."""

    def __init__(self, tolerance):
        self.tolerance, self.largest, self.count, self.failures = tolerance, 0.0, 0, []

    def compare(self, name, ours, theirs, tolerance=None):
        difference = float("inf") if ours is None else 0.0 if ours == theirs else (
            abs(ours - theirs) / abs(theirs) if theirs else abs(ours))
        self.count += 1
        if difference <= self.tolerance:
            self.largest = max(self.largest, difference)
        if not difference <= (tolerance or self.tolerance):
            self.failures.append(f"{name}: ours {ours!r}, theirs {theirs!r}")

    def report(self, title):
        if self.failures:
            print(f"{title}: {len(self.failures)} of {self.count} values differ by more than {self.tolerance:g}")
        else:
            print(f"{title}: {self.count} values agree within {self.largest:.1e}")
        for failure in self.failures[:5]:
            print("  " + failure)
        return not self.failures
