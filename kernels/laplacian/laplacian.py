"""The Laplacian of a grid in Python: the peers of package laplacian."""
import itertools
import pathlib

from peer import cython, row


def make(n):
    h = 1 / (n - 1) if n > 1 else 1.0
    xs = [j * h for j in range(n)]
    across, down = [x * (1 - x) for x in xs], [y * y for y in xs]
    g = {"n": n, "h": h, "factor": 1 / (h * h)}
    if n <= 1000:
        g["list"] = [[a * d for a in across] for d in down]
        g["list_out"] = [[0.0] * n for _ in range(n)]
    try:
        import numpy
        g["u"], g["out"] = numpy.outer(down, across), numpy.zeros((n, n))
    except ImportError:
        pass
    return g


def sums(out):
    n = len(out)
    if isinstance(out, list):
        return [("sum of magnitudes", sum(abs(v) for r in out for v in r)), ("sum of squares", sum(v * v for r in out for v in r)),
                ("the value at a third down, half across", out[n // 3][n // 2] if n else 0)]
    return [("sum of magnitudes", sum(abs(r).sum() for r in out)), ("sum of squares", sum((r * r).sum() for r in out)),
            ("the value at a third down, half across", out[n // 3, n // 2] if n else 0)]


@row("CPython", "lists of lists, divided by h**2 at every point", largest=1000)
def _():
    def run(g):
        n, h, u, out = g["n"], g["h"], g["list"], g["list_out"]
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                out[i][j] = (u[i - 1][j] + u[i + 1][j] + (u[i][j - 1] + u[i][j + 1]) - 4 * u[i][j]) / h**2
        return out
    return run


@row("CPython, iterators", "tee, islice and zip, times 1/h**2", largest=1000)
def _():
    def run(g):
        n, factor, u, out = g["n"], g["factor"], g["list"], g["list_out"]
        for i in range(1, n - 1):
            left, here, right = itertools.tee(u[i], 3)
            cross = zip(itertools.islice(u[i - 1], 1, n - 1), itertools.islice(left, n - 2), itertools.islice(here, 1, n - 1),
                        itertools.islice(right, 2, n), itertools.islice(u[i + 1], 1, n - 1))
            out[i][1:n - 1] = [(a + b + (l + r) - 4 * m) * factor for a, l, m, r, b in cross]
        return out
    return run


@row("NumPy", "one expression of slices", needs="numpy")
def _():
    def run(g):
        u, out = g["u"], g["out"]
        out[1:-1, 1:-1] = (u[:-2, 1:-1] + u[2:, 1:-1] + (u[1:-1, :-2] + u[1:-1, 2:]) - 4 * u[1:-1, 1:-1]) * g["factor"]
        return out
    return run


@row("NumPy out=", "no new arrays but one", needs="numpy")
def _():
    import numpy

    def run(g):
        u, out = g["u"], g["out"]
        to = out[1:-1, 1:-1]
        numpy.multiply(u[1:-1, 1:-1], -4, out=to)
        for part in (u[:-2, 1:-1], u[2:, 1:-1], u[1:-1, :-2], u[1:-1, 2:]):
            to += part
        to *= g["factor"]
        return out
    return run


@row("numexpr", "all its threads, into a result that was there", needs="numpy numexpr")
def _():
    import numexpr

    def run(g):
        u, out = g["u"], g["out"]
        parts = {"a": u[:-2, 1:-1], "b": u[2:, 1:-1], "l": u[1:-1, :-2], "r": u[1:-1, 2:], "m": u[1:-1, 1:-1], "f": g["factor"]}
        numexpr.evaluate("(a + b + (l + r) - 4*m) * f", parts, out=out[1:-1, 1:-1])
        return out
    return run


def compiled(**options):
    import numba
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def fill(u, out, factor):
        n = len(u)
        for i in over(1, n - 1):
            for j in range(1, n - 1):
                out[i, j] = (u[i - 1, j] + u[i + 1, j] + (u[i, j - 1] + u[i, j + 1]) - 4 * u[i, j]) * factor

    def run(g):
        fill(g["u"], g["out"], g["factor"])
        return g["out"]
    return run


@row("Numba", "njit, times 1/h**2", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over rows", needs="numpy numba")
def _():
    return compiled(parallel=True)


@row("Numba parallel, fastmath", "as Numba parallel, sums in any order", needs="numpy numba")
def _():
    return compiled(parallel=True, fastmath=True)


@row("Cython, prange", "memoryviews, typed, OpenMP over rows", needs="numpy Cython")
def _():
    module = cython(pathlib.Path(__file__).with_name("laplacian_cython.pyx"), "laplacian_cython")

    def run(g):
        module.fill(g["u"], g["out"], g["factor"])
        return g["out"]
    return run
