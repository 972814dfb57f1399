"""The sum of squares in Python: the peers of package norm."""
from array import array

from peer import row


def make(size):
    v = {"n": size}
    try:
        import numpy
        v["numpy"] = numpy.arange(size, dtype=numpy.float64)
    except ImportError:
        pass
    if size <= 1 << 22:
        v["list"] = [float(i) for i in range(size)]
        v["array"] = array("d", v["list"])
    return v


def sums(total):
    return [("sum of squares", total)]


def loop(name):
    def run(v):
        total = 0.0
        for x in v[name]:
            total += x * x
        return total
    return run


@row("CPython list", "a loop over a list", largest=1 << 22)
def _():
    return loop("list")


@row("CPython array", "a loop over array('d'), which boxes each value", largest=1 << 22)
def _():
    return loop("array")


@row("NumPy sum(v*v)", "all squares first", needs="numpy")
def _():
    import numpy
    return lambda v: float(numpy.sum(v["numpy"] * v["numpy"]))


@row("NumPy dot", "BLAS", needs="numpy")
def _():
    import numpy
    return lambda v: float(numpy.dot(v["numpy"], v["numpy"]))


def compiled(**options):
    import numba
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def total(v):
        sum = 0.0
        for i in over(len(v)):
            sum += v[i] * v[i]
        return sum
    return lambda v: total(v["numpy"])


@row("Numba", "njit: sums stay in order", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True, fastmath=True), prange", needs="numpy numba")
def _():
    return compiled(parallel=True, fastmath=True)
