"""Keeps account of what was compared and what differed."""

import math
import sys


class Ledger:
    def __init__(self, title):
        self.title = title
        self.compared = 0
        self.withheld = 0
        self.failures = []

    def fail(self, place, message):
        self.failures.append(f"{place}: {message}")

    def same(self, place, found, expected):
        self.compared += 1
        if found == expected:
            return True
        self.fail(place, f"found {_short(found)}, expected {_short(expected)}")
        return False

    def true(self, place, condition, message):
        self.compared += 1
        if not condition:
            self.fail(place, message)

    def close(self, place, found, expected, tolerance):
        """Relative, and absolute below one part in ten thousand, where a relative difference says little."""
        self.compared += 1
        if found is None or expected is None:
            if found is not expected:
                self.fail(place, f"found {found}, expected {expected}")
            return
        limit = tolerance * max(abs(expected), 1e-4)
        if not math.isfinite(found) or abs(found - expected) > limit:
            self.fail(place, f"found {found!r}, expected {expected!r} (differs by {abs(found - expected):.3g})")

    def count(self, place, found, expected):
        """A number, or a withheld one. True when the number is published."""
        if isinstance(found, dict):
            self.withheld += 1
            self.same(place, found, {"withheld": "cell-protected"})
            return False
        self.same(place, int(found), expected)
        return True

    def report(self):
        for failure in self.failures[:50]:
            print(f"DIFFERS {failure}", file=sys.stderr)
        if len(self.failures) > 50:
            print(f"... and {len(self.failures) - 50} more", file=sys.stderr)
        print(f"{self.title}: {self.compared} comparisons, {self.withheld} withheld numbers, "
              f"{len(self.failures)} differences")
        return 1 if self.failures else 0


def _short(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."
