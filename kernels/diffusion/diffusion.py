"""Diffusion in Python: the peers of package diffusion."""
import pathlib

from peer import cython, row

DT = 0.1


def make(n):
    lo, hi = n * 4 // 10, n // 2
    steps = max(2, min(1000, 1000 * 512 * 512 // (n * n))) if n else 1000
    s = {"n": n, "steps": steps}
    if n <= 512:
        s["list"] = [[0.005 if lo <= i < hi and lo <= j < hi else 0.0 for j in range(n)] for i in range(n)]
    try:
        import numpy
        s["u"] = numpy.zeros((n, n))
        s["u"][lo:hi, lo:hi] = 0.005
    except ImportError:
        pass
    return s


def sums(u):
    n = len(u)
    at = n * 45 // 100
    if isinstance(u, list):
        return [("sum of all cells", sum(map(sum, u))), ("sum of squares", sum(v * v for r in u for v in r)),
                ("the middle of the block", u[at][at] if n else 0)]
    return [("sum of all cells", u.sum()), ("sum of squares", (u * u).sum()), ("the middle of the block", u[at, at] if n else 0)]


@row("CPython", "lists of lists, two that change places", largest=128)
def _():
    def run(s):
        n, u = s["n"], [list(r) for r in s["list"]]
        following = [[0.0] * n for _ in range(n)]
        for _ in range(s["steps"]):
            for i in range(n):
                for j in range(n):
                    xx = u[(i + 1) % n][j] + u[(i - 1) % n][j] - 2.0 * u[i][j]
                    yy = u[i][(j + 1) % n] + u[i][(j - 1) % n] - 2.0 * u[i][j]
                    following[i][j] = u[i][j] + (xx + yy) * DT
            u, following = following, u
        return u
    return run


@row("NumPy roll", "a new array for each operation", needs="numpy")
def _():
    from numpy import roll

    def run(s):
        u = s["u"]
        for _ in range(s["steps"]):
            laplacian = roll(u, +1, 0) + roll(u, -1, 0) + roll(u, +1, 1) + roll(u, -1, 1) - 4 * u
            u = u + DT * laplacian
        return u
    return run


def stepped(s, step):
    """Takes steps, first from the input, where it is, and then from one of two arrays to the other."""
    import numpy
    u, following = s["u"], numpy.empty_like(s["u"])
    for k in range(s["steps"]):
        step(u, following)
        u, following = following, numpy.empty_like(u) if k == 0 else u
    return u


def add_rolled(u, out):
    """Adds the four neighbours of u to out, in place."""
    out[1:] += u[:-1]
    out[0] += u[-1]
    out[:-1] += u[1:]
    out[-1] += u[0]
    out[:, 1:] += u[:, :-1]
    out[:, 0] += u[:, -1]
    out[:, :-1] += u[:, 1:]
    out[:, -1] += u[:, 0]


@row("NumPy in place", "no new arrays, slices for the rolls", needs="numpy")
def _():
    import numpy

    def one(u, following):
        numpy.multiply(u, -4, out=following)
        add_rolled(u, following)
        following *= DT
        following += u
    return lambda s: stepped(s, one)


@row("numexpr", "as in place, the last expression by numexpr", needs="numpy numexpr")
def _():
    import numexpr
    import numpy

    def one(u, following):
        numpy.multiply(u, -4, out=following)
        add_rolled(u, following)
        numexpr.evaluate("f * 0.1 + u", {"f": following, "u": u}, out=following)
    return lambda s: stepped(s, one)


@row("SciPy laplace", "scipy.ndimage.laplace, mode wrap", needs="numpy scipy")
def _():
    from scipy.ndimage import laplace

    def one(u, following):
        laplace(u, output=following, mode="wrap")
        following *= DT
        following += u
    return lambda s: stepped(s, one)


def compiled(**options):
    import numba
    over = numba.prange if options.get("parallel") else range

    @numba.njit(**options)
    def step(u, following):
        n = len(u)
        for i in over(n):
            above, below = (i - 1 if i > 0 else n - 1), (i + 1 if i < n - 1 else 0)
            for j in range(1, n - 1):
                xx = u[below, j] + u[above, j] - 2.0 * u[i, j]
                yy = u[i, j + 1] + u[i, j - 1] - 2.0 * u[i, j]
                following[i, j] = u[i, j] + (xx + yy) * DT
            for j, left, right in ((0, n - 1, min(1, n - 1)), (n - 1, max(n - 2, 0), 0)):
                xx = u[below, j] + u[above, j] - 2.0 * u[i, j]
                yy = u[i, right] + u[i, left] - 2.0 * u[i, j]
                following[i, j] = u[i, j] + (xx + yy) * DT

    return lambda s: stepped(s, step)


@row("Numba", "njit, edges apart", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over rows", needs="numpy numba")
def _():
    return compiled(parallel=True)


@row("Cython, prange", "memoryviews, typed, OpenMP over rows, edges apart", needs="numpy Cython")
def _():
    module = cython(pathlib.Path(__file__).with_name("diffusion_cython.pyx"), "diffusion_cython")

    def one(u, following):
        module.step(u, following, DT)
    return lambda s: stepped(s, one)
