"""The slopes of rows in Python: the peers of package ols."""
import bisect

from peer import row

DAYS = 14
MASK, GOLDEN = (1 << 64) - 1, 0x9E3779B97F4A7C15


def poisson60():
    out, term, total = [], 8.756510762696521e-27, 0.0
    for k in range(200):
        total += term
        out.append(total)
        term = term * 60 / (k + 1)
    return out


def uniform(i):
    z = (i + 1) * GOLDEN & MASK
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return ((z ^ z >> 31) >> 11) / (1 << 53)


def make(rows):
    shares = poisson60()
    try:
        import numpy
    except ImportError:
        values = [bisect.bisect_right(shares, uniform(i)) / 60 for i in range(rows * DAYS)]
        return {"lists": [values[i * DAYS:(i + 1) * DAYS] for i in range(rows)]}
    u = numpy.uint64
    z = numpy.arange(1, rows * DAYS + 1, dtype=u) * u(GOLDEN)
    z = (z ^ z >> u(30)) * u(0xBF58476D1CE4E5B9)
    z = (z ^ z >> u(27)) * u(0x94D049BB133111EB)
    z = ((z ^ z >> u(31)) >> u(11)) / (1 << 53)
    y = numpy.searchsorted(shares, z, side="right").reshape(rows, DAYS) / 60
    return {"y": y, "lists": y.tolist() if rows <= 100_000 else None}


def sums(slopes):
    if len(slopes) == 0:
        return [("sum of slopes", 0), ("largest", 0), ("smallest", 0)]
    return [("sum of slopes", sum(slopes)), ("largest", max(slopes)), ("smallest", min(slopes))]


def weights():
    squares = sum((j - 6.5) ** 2 for j in range(DAYS))
    return [(j - 6.5) / squares for j in range(DAYS)]


@row("CPython", "lists, closed form with all its sums", largest=100_000)
def _():
    def slope(y):
        n = len(y)
        sx = sy = sxx = sxy = 0.0
        for x, v in enumerate(y):
            sx += x
            sy += v
            sxx += x * x
            sxy += x * v
        return (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return lambda t: [slope(y) for y in t["lists"]]


@row("NumPy lstsq", "a general solver, called for each row", needs="numpy", largest=100_000)
def _():
    import numpy
    design = numpy.vstack((numpy.arange(DAYS), numpy.ones(DAYS))).T
    return lambda t: numpy.array([numpy.linalg.lstsq(design, y, rcond=None)[0][0] for y in t["y"]])


@row("NumPy", "closed form for all rows at once", needs="numpy")
def _():
    import numpy
    x = numpy.arange(DAYS, dtype=float)
    sx, sxx = x.sum(), (x * x).sum()

    def run(t):
        y = t["y"]
        return (DAYS * (y * x).sum(axis=1) - sx * y.sum(axis=1)) / (DAYS * sxx - sx * sx)
    return run


@row("NumPy weights", "y @ weights", needs="numpy")
def _():
    import numpy
    w = numpy.array(weights())
    return lambda t: t["y"] @ w


def compiled(**options):
    import numba
    import numpy
    over = numba.prange if options.get("parallel") else range
    w = numpy.array(weights())

    @numba.njit(**options)
    def slopes(y, w):
        out = numpy.empty(len(y))
        for i in over(len(y)):
            total = 0.0
            for j in range(DAYS):
                total += y[i, j] * w[j]
            out[i] = total
        return out
    return lambda t: slopes(t["y"], w)


@row("Numba", "njit, weights", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over rows, weights", needs="numpy numba")
def _():
    return compiled(parallel=True)
