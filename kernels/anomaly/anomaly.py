"""Days of a stream that aren't normally distributed, in Python: the peers of package
anomaly. See Value and K2 there for the formulas."""
import itertools
import math

from peer import row

DAY = 86_400
GOLDEN = 0x9E3779B97F4A7C15
RARE = (1 << 64) // 604_800 + 1
WORD = (1 << 64) - 1
LANES = 0x0000FFFF0000FFFF


def make(size):
    return size


def sums(k2s):
    found = [day for day, k2 in enumerate(k2s) if math.exp(-k2 / 2) < 1e-3]
    first = (found + [-1] * 5)[:5]
    return [("days", len(k2s)), ("sum of K²", sum(k for k in k2s if not math.isnan(k))), ("anomalous days", len(found))] + \
        [(f"anomalous day {i + 1}", day) for i, day in enumerate(first)]


def k2(n, m2, m3, m4):
    """The statistic, from the central moments."""
    y = m3 / m2 ** 1.5 * math.sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    beta2 = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w2 = math.sqrt(2 * (beta2 - 1)) - 1
    zs = math.asinh(y / math.sqrt(2 / (w2 - 1))) / math.sqrt(math.log(w2) / 2)
    x = (m4 / m2 ** 2 - 3 * (n - 1) / (n + 1)) / math.sqrt(24 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5)))
    root = 6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * math.sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    a = 6 + 8 / root * (2 / root + math.sqrt(1 + 4 / root ** 2))
    q = (1 - 2 / a) / (1 + x * math.sqrt(2 / (a - 4)))
    zk = (1 - 2 / (9 * a) - math.copysign(abs(q) ** (1 / 3), q)) / math.sqrt(2 / (9 * a))
    return zs * zs + zk * zk


def mix(z):
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
    return z ^ z >> 31


def value(i):
    at = 4 * i
    if mix((at + 1) * GOLDEN & WORD) < RARE:
        return 100.0
    lanes = 0
    for k in (2, 3, 4):
        z = mix((at + k) * GOLDEN & WORD)
        lanes += (z & LANES) + (z >> 16 & LANES)
    r = ((lanes & 0xFFFFFFFF) + (lanes >> 32) - 6 * 65_535) / (4 * 65_536)
    r2 = r * r
    return ((((0.029899776 * r2 + 0.008355968) * r2 + 0.076542912) * r2 + 0.252408784) * r2 + 3.949846138) * r


@row("CPython", "rows from a generator, itertools.groupby, a list a day", largest=10)
def _():
    def rows(days):
        for i in range(days * DAY):
            yield i, value(i)

    def run(days):
        found = []
        for _, group in itertools.groupby(rows(days), lambda row: row[0] // DAY):
            values = [v for _, v in group]
            n = len(values)
            mean = math.fsum(values) / n
            m2 = m3 = m4 = 0.0
            for v in values:
                d = v - mean
                d2 = d * d
                m2, m3, m4 = m2 + d2, m3 + d2 * d, m4 + d2 * d2
            found.append(k2(n, m2 / n, m3 / n, m4 / n))
        return found
    return run


@row("NumPy, SciPy", "a day as an array, scipy.stats.normaltest", needs="numpy scipy")
def _():
    import numpy
    from scipy.stats import normaltest
    word = numpy.uint64

    def mixed(z):
        z = (z ^ z >> word(30)) * word(0xBF58476D1CE4E5B9)
        z = (z ^ z >> word(27)) * word(0x94D049BB133111EB)
        return z ^ z >> word(31)

    def values(day):
        at = numpy.arange(4 * DAY * day, 4 * DAY * (day + 1), 4, dtype=word)
        lanes = numpy.zeros(DAY, word)
        for k in (2, 3, 4):
            z = mixed((at + word(k)) * word(GOLDEN))
            lanes += (z & word(LANES)) + (z >> word(16) & word(LANES))
        total = (lanes & word(0xFFFFFFFF)) + (lanes >> word(32))
        r = (total.astype(float) - 6 * 65_535) / (4 * 65_536)
        r2 = r * r
        x = ((((0.029899776 * r2 + 0.008355968) * r2 + 0.076542912) * r2 + 0.252408784) * r2 + 3.949846138) * r
        x[mixed((at + word(1)) * word(GOLDEN)) < word(RARE)] = 100
        return x
    return lambda days: [float(normaltest(values(day)).statistic) for day in range(days)]


def loops(numba, **options):
    import numpy
    over = numba.prange if options.get("parallel") else range
    golden, rare, low = numpy.uint64(GOLDEN), numpy.uint64(RARE), numpy.uint64(LANES)
    word = numpy.uint64

    @numba.njit(inline="always")
    def mixed(z):
        z = (z ^ (z >> word(30))) * word(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> word(27))) * word(0x94D049BB133111EB)
        return z ^ (z >> word(31))

    @numba.njit(inline="always")
    def lanes(z):
        return (z & low) + ((z >> word(16)) & low)

    @numba.njit
    def fill(x, day):
        for k in range(len(x)):
            at = word(4) * (word(day) * word(DAY) + word(k))
            s = lanes(mixed((at + word(2)) * golden)) + lanes(mixed((at + word(3)) * golden)) + lanes(mixed((at + word(4)) * golden))
            total = numpy.int64((s & word(0xFFFFFFFF)) + (s >> word(32)))
            r = (total - 6 * 65_535) / (4 * 65_536)
            r2 = r * r
            y = ((((0.029899776 * r2 + 0.008355968) * r2 + 0.076542912) * r2 + 0.252408784) * r2 + 3.949846138) * r
            x[k] = 100.0 if mixed((at + word(1)) * golden) < rare else y

    @numba.njit(**options)
    def moments(days, out):
        for day in over(days):
            x = numpy.empty(DAY)
            fill(x, day)
            total = 0.0
            for v in x:
                total += v
            mean = total / DAY
            m2, m3, m4 = 0.0, 0.0, 0.0
            for v in x:
                d = v - mean
                d2 = d * d
                m2 += d2
                m3 += d2 * d
                m4 += d2 * d2
            out[day, 0], out[day, 1], out[day, 2] = m2 / DAY, m3 / DAY, m4 / DAY

    def run(days):
        out = numpy.empty((days, 3))
        moments(days, out)
        return [k2(DAY, *m) for m in out.tolist()]
    return run


@row("Numba", "njit, a day at a time", needs="numpy numba")
def _():
    import numba
    return loops(numba)


@row("Numba parallel", "njit(parallel=True), prange over days", needs="numpy numba")
def _():
    import numba
    return loops(numba, parallel=True)
