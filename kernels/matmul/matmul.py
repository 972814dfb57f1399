"""The product of matrices in Python: the peers of package matmul."""
from peer import row

MASK, GOLDEN = (1 << 64) - 1, 0x9E3779B97F4A7C15


def filled(count, seed):
    out = []
    for i in range(1, count + 1):
        z = ((seed * GOLDEN << 32) + i * GOLDEN) & MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        out.append(((z ^ z >> 31) >> 11) / (1 << 53))
    return out


def filled_array(count, seed):
    import numpy
    u = numpy.uint64
    z = numpy.arange(1, count + 1, dtype=u) * u(GOLDEN) + u((seed * GOLDEN << 32) & MASK)
    z = (z ^ z >> u(30)) * u(0xBF58476D1CE4E5B9)
    z = (z ^ z >> u(27)) * u(0x94D049BB133111EB)
    return ((z ^ z >> u(31)) >> u(11)) / (1 << 53)


def make(n):
    p = {"n": n}
    if n <= 128:
        a, b = filled(n * n, 1), filled(n * n, 2)
        p["lists"] = [a[i * n:(i + 1) * n] for i in range(n)], [b[i * n:(i + 1) * n] for i in range(n)]
    try:
        p["a"], p["b"] = filled_array(n * n, 1).reshape(n, n), filled_array(n * n, 2).reshape(n, n)
    except ImportError:
        pass
    return p


def sums(c):
    n = len(c)
    if isinstance(c, list):
        everything, trace = sum(map(sum, c)), sum(c[i][i] for i in range(n))
    else:
        everything, trace = c.sum(), c.trace()
    return [("sum of all values", everything), ("trace", trace), ("the last value", c[-1][-1] if n else 0)]


@row("CPython", "lists of lists, i, j, k", largest=128)
def _():
    def run(p):
        n, (a, b) = p["n"], p["lists"]
        c = [[0.0] * n for _ in range(n)]
        for i in range(n):
            for j in range(n):
                total = 0.0
                for k in range(n):
                    total += a[i][k] * b[k][j]
                c[i][j] = total
        return c
    return run


@row("NumPy", "a @ b: its BLAS, on all CPUs", needs="numpy")
def _():
    return lambda p: p["a"] @ p["b"]


def compiled(numba, **options):
    import numpy
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def product(a, b):
        n = len(a)
        c = numpy.zeros((n, n))
        for i in over(n):
            for k in range(n):
                factor = a[i, k]
                for j in range(n):
                    c[i, j] += factor * b[k, j]
        return c
    return lambda p: product(p["a"], p["b"])


@row("Numba", "njit, i, k, j", needs="numpy numba")
def _():
    import numba
    return compiled(numba)


@row("Numba parallel", "njit(parallel=True), prange over rows, i, k, j", needs="numpy numba")
def _():
    import numba
    return compiled(numba, parallel=True)
