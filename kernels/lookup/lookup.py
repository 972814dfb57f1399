"""Phone books in Python: the peers of package lookup."""
from bisect import bisect_left

from names import LOWER, UPPER, VOWELS, mixed
from peer import row

LOOKUPS = 1000
ENDINGS = "", "n", "ez", "son"


def name(i):
    x = mixed(i)
    s = [(UPPER if k in (0, 2) else LOWER)[x >> 6 * k + 2 & 15] + VOWELS[x >> 6 * k & 3] for k in range(5)]
    return s[0] + s[1] + " " + s[2] + s[3] + s[4] + ENDINGS[x >> 30]


def make(n):
    book = [(name(i), 5550000000 + i) for i in range(n)]
    wanted = [book[mixed(i) % n][0] if i % 2 == 0 and n else name(n + i) for i in range(LOOKUPS)]
    ordered = sorted(book)
    return {"list": book, "wanted": wanted, "dict": dict(book),
            "names": [e[0] for e in ordered], "numbers": [e[1] for e in ordered]}


def sums(numbers):
    found = [int(n) for n in numbers if n != -1]
    return [("found", len(found)), ("sum of numbers", sum(found))]


@row("list", "one pair after another", largest=10_000)
def _():
    def find(book, wanted):
        for name, number in book:
            if name == wanted:
                return number
        return -1
    return lambda s: [find(s["list"], w) for w in s["wanted"]]


@row("bisect", "bisect_left in a sorted list")
def _():
    def run(s):
        names, numbers, out = s["names"], s["numbers"], []
        for w in s["wanted"]:
            i = bisect_left(names, w)
            out.append(numbers[i] if i < len(names) and names[i] == w else -1)
        return out
    return run


@row("dict", "get, a comprehension")
def _():
    def run(s):
        get = s["dict"].get
        return [get(w, -1) for w in s["wanted"]]
    return run


@row("dict, building included", "dict of the list of pairs, then get")
def _():
    def run(s):
        get = dict(s["list"]).get
        return [get(w, -1) for w in s["wanted"]]
    return run


@row("sorting included", "sorted, then bisect_left with a key")
def _():
    def run(s):
        book, out = sorted(s["list"]), []
        for w in s["wanted"]:
            i = bisect_left(book, w, key=lambda e: e[0])
            out.append(book[i][1] if i < len(book) and book[i][0] == w else -1)
        return out
    return run


@row("NumPy searchsorted", "all lookups in one call, names as arrays", needs="numpy")
def _():
    import numpy

    made = {}

    def run(s):
        if made.get("of") is not s:
            made.update(of=s, names=numpy.array(s["names"] or [""]), numbers=numpy.array(s["numbers"] or [-1]), wanted=numpy.array(s["wanted"]))
        at = numpy.searchsorted(made["names"], made["wanted"])
        at[at == len(made["names"])] = 0
        return numpy.where(made["names"][at] == made["wanted"], made["numbers"][at], -1)
    return run
