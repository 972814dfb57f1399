"""Different first names in Python: the peers of package distinct."""
from names import LOWER, UPPER, VOWELS, mixed
from peer import row

ENDINGS = "", "n", "l", "sa"


def name(i):
    x = mixed(i)
    first = "".join((LOWER if k else UPPER)[x >> 6 * k + 2 & 15] + VOWELS[x >> 6 * k & 3] for k in range(5)) + ENDINGS[x >> 30]
    return first + " " + UPPER[x >> 4 & 15] + VOWELS[x >> 12 & 3] + LOWER[x >> 20 & 15] + VOWELS[x >> 28 & 3]


def make(n):
    return [name(i) for i in range(n)]


def sums(count):
    return [("first names", count)]


@row("list", "a loop through the names seen so far", largest=10_000)
def _():
    def run(names):
        seen = []
        for name in names:
            first, last = name.split(" ", 1)
            for s in seen:
                if s == first:
                    break
            else:
                seen.append(first)
        return len(seen)
    return run


@row("list, in", "as list, the loop by the interpreter", largest=10_000)
def _():
    def run(names):
        seen = []
        for name in names:
            first, last = name.split(" ", 1)
            if first not in seen:
                seen.append(first)
        return len(seen)
    return run


@row("set", "add for each name")
def _():
    def run(names):
        seen = set()
        for name in names:
            first, last = name.split(" ", 1)
            seen.add(first)
        return len(seen)
    return run


@row("set comprehension", "partition")
def _():
    return lambda names: len({name.partition(" ")[0] for name in names})


@row("sorted", "equal names side by side")
def _():
    def run(names):
        count, last = 0, None
        for first in sorted(name.split(" ", 1)[0] for name in names):
            count += first != last
            last = first
        return count
    return run
