"""The slopes of windows in Python: the peers of package rolling."""
from peer import row

DAYS, LENGTH = 14, 743
MASK, GOLDEN = (1 << 64) - 1, 0x9E3779B97F4A7C15


def mixed(i):
    z = (i + 1) * GOLDEN & MASK
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def make(users):
    t = {}
    if users <= 1000:
        t["lists"] = [[mixed(i) % 121 / 60 for i in range(u * LENGTH, (u + 1) * LENGTH)] for u in range(users)]
    try:
        import numpy
    except ImportError:
        return t
    u = numpy.uint64
    z = numpy.arange(1, users * LENGTH + 1, dtype=u) * u(GOLDEN)
    z = (z ^ z >> u(30)) * u(0xBF58476D1CE4E5B9)
    z = (z ^ z >> u(27)) * u(0x94D049BB133111EB)
    t["y"] = ((z ^ z >> u(31)) % u(121) / 60).reshape(users, LENGTH)
    return t


def sums(slopes):
    if not isinstance(slopes, list):
        slopes = slopes.ravel()
    names = "sum of the slopes' sizes", "largest", "smallest"
    if len(slopes) == 0:
        return [(name, 0) for name in names]
    if isinstance(slopes, list):
        return list(zip(names, (sum(map(abs, slopes)), max(slopes), min(slopes))))
    return list(zip(names, (float(abs(slopes).sum()), float(slopes.max()), float(slopes.min()))))


def weights():
    squares = sum((j - 6.5) ** 2 for j in range(DAYS))
    return [(j - 6.5) / squares for j in range(DAYS)]


@row("CPython", "lists, weights", largest=1000)
def _():
    w = weights()
    return lambda t: [sum(map(float.__mul__, y[s:s + DAYS], w)) for y in t["lists"] for s in range(LENGTH - DAYS + 1)]


@row("CPython, sliding", "lists, sums that gain a value and lose one", largest=1000)
def _():
    scale = 1 / sum((j - 6.5) ** 2 for j in range(DAYS))

    def run(t):
        slopes = []
        for y in t["lists"]:
            sy, sxy = sum(y[:DAYS]), sum(j * v for j, v in enumerate(y[:DAYS]))
            slopes.append((sxy - 6.5 * sy) * scale)
            for loss, gain in zip(y, y[DAYS:]):
                sxy += 13 * gain - (sy - loss)
                sy += gain - loss
                slopes.append((sxy - 6.5 * sy) * scale)
        return slopes
    return run


@row("statsmodels RollingOLS", "a general routine, called for each user", needs="numpy statsmodels", largest=10)
def _():
    import numpy
    from statsmodels.regression.rolling import RollingOLS
    design = numpy.vstack((numpy.ones(LENGTH), numpy.arange(LENGTH))).T
    return lambda t: numpy.array([RollingOLS(y, design, window=DAYS).fit(params_only=True).params[DAYS - 1:, 1] for y in t["y"]])


@row("NumPy windows", "sliding_window_view @ weights", needs="numpy")
def _():
    import numpy
    w = numpy.array(weights())
    return lambda t: numpy.lib.stride_tricks.sliding_window_view(t["y"], DAYS, axis=1) @ w


@row("NumPy slices", "14 slices times weights, added up", needs="numpy")
def _():
    w = weights()

    def run(t):
        y, n = t["y"], LENGTH - DAYS + 1
        out = y[:, :n] * w[0]
        for j in range(1, DAYS):
            out += y[:, j:j + n] * w[j]
        return out
    return run


def compiled(slide=False, **options):
    import numba
    import numpy
    over = numba.prange if options.get("parallel") else range
    w, n = numpy.array(weights()), LENGTH - DAYS + 1
    scale = 1 / sum((j - 6.5) ** 2 for j in range(DAYS))

    @numba.njit(**options)
    def anew(y, w):
        out = numpy.empty((len(y), n))
        for u in over(len(y)):
            for s in range(n):
                total = 0.0
                for j in range(DAYS):
                    total += y[u, s + j] * w[j]
                out[u, s] = total
        return out

    @numba.njit(**options)
    def sliding(y, w):
        out = numpy.empty((len(y), n))
        for u in over(len(y)):
            sy = sxy = 0.0
            for j in range(DAYS):
                sy += y[u, j]
                sxy += j * y[u, j]
            out[u, 0] = (sxy - 6.5 * sy) * scale
            for s in range(1, n):
                loss, gain = y[u, s - 1], y[u, s + DAYS - 1]
                sxy += 13 * gain - (sy - loss)
                sy += gain - loss
                out[u, s] = (sxy - 6.5 * sy) * scale
        return out
    return lambda t: (sliding if slide else anew)(t["y"], w)


@row("Numba", "njit, weights", needs="numpy numba")
def _():
    return compiled()


@row("Numba, sliding", "njit, sums that gain a value and lose one", needs="numpy numba")
def _():
    return compiled(slide=True)


@row("Numba parallel", "njit(parallel=True), prange over users, weights", needs="numpy numba")
def _():
    return compiled(parallel=True)
