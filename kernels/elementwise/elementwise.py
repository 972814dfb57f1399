"""x + 5x + 4 in Python: the peers of package elementwise."""
from peer import row


def make(size):
    state, values = 1, []
    for _ in range(size):
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        values.append((state >> 11) / (1 << 53))
    v = {"list": values}
    try:
        import numpy
        v["x"], v["out"] = numpy.array(values), numpy.empty(size)
        if size > 1 << 22:
            del v["list"]
    except ImportError:
        pass
    return v


def sums(y):
    return [("sum", float(sum(y)) if isinstance(y, list) else float(y.sum())), ("last", y[-1] if len(y) else 0)]


@row("CPython", "a list comprehension", largest=1 << 22)
def _():
    return lambda v: [x + x * 5 + 4 for x in v["list"]]


@row("NumPy", "x + x*5 + 4", needs="numpy")
def _():
    return lambda v: v["x"] + v["x"] * 5 + 4


@row("NumPy out=", "no new vectors", needs="numpy")
def _():
    import numpy

    def run(v):
        x, out = v["x"], v["out"]
        numpy.multiply(x, 5, out=out)
        numpy.add(x, out, out=out)
        return numpy.add(out, 4, out=out)
    return run


@row("numexpr", "all its threads", needs="numpy numexpr")
def _():
    import numexpr
    return lambda v: numexpr.evaluate("x + x*5 + 4", {"x": v["x"]}, out=v["out"])


def compiled(**options):
    import numba
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def fill(x, y):
        for i in over(len(x)):
            y[i] = x[i] + x[i] * 5 + 4

    def run(v):
        fill(v["x"], v["out"])
        return v["out"]
    return run


@row("Numba", "njit, into a result that was there", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange", needs="numpy numba")
def _():
    return compiled(parallel=True)
