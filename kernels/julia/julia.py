"""The Julia set's counts in Python: the peers of package julia."""
import pathlib

from peer import cython, row

MAXITER = 300


def make(size):
    def axis(start, stop, step):
        out, v = [], start
        while (v < stop) if step > 0 else (v > stop):
            out.append(v)
            v += step
        return out
    if size == 0:
        return [], [], None
    xs, ys = axis(-1.8, 1.8, 3.6 / size), axis(1.8, -1.8, -3.6 / size)
    zs = [complex(x, y) for y in ys for x in xs]
    cs = [complex(-0.62772, -0.42193)] * len(zs)
    try:
        import numpy
        arrays = numpy.array(zs), numpy.array(cs)
    except ImportError:
        arrays = None
    return zs, cs, arrays


def sums(counts):
    return [("sum of counts", int(sum(counts)) if isinstance(counts, list) else int(counts.sum()))]


@row("CPython", "lists, abs(z) < 2", largest=1000)
def _():
    def counts(points):
        zs, cs, _ = points
        output = [0] * len(zs)
        for i in range(len(zs)):
            n, z, c = 0, zs[i], cs[i]
            while n < MAXITER and abs(z) < 2:
                z = z * z + c
                n += 1
            output[i] = n
        return output
    return counts


def loops(numba, **options):
    import numpy
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def counts(zs, cs, maxiter):
        output = numpy.empty(len(zs), dtype=numpy.int32)
        for i in over(len(zs)):
            n, z, c = 0, zs[i], cs[i]
            while n < maxiter and z.real * z.real + z.imag * z.imag < 4:
                z = z * z + c
                n += 1
            output[i] = n
        return output
    return lambda points: counts(points[2][0], points[2][1], MAXITER)


@row("Numba", "njit, squared modulus", needs="numpy numba")
def _():
    import numba
    return loops(numba)


@row("Numba parallel", "njit(parallel=True), prange, squared modulus", needs="numpy numba")
def _():
    import numba
    return loops(numba, parallel=True)


@row("Cython, prange guided", "memoryviews, typed, squared modulus, OpenMP", needs="numpy Cython")
def _():
    import numpy
    module = cython(pathlib.Path(__file__).with_name("julia_cython.pyx"), "julia_cython")

    def counts(points):
        output = numpy.empty(len(points[2][0]), dtype=numpy.int32)
        module.counts(MAXITER, points[2][0], points[2][1], output)
        return output
    return counts
