"""The box filter in Python: the peers of package filter."""
from image import image
from peer import row

K, R = 9, 4


def make(n):
    return image(n, 128)


def sums(out):
    n = len(out)
    name = "the value at a third down, half across"
    if isinstance(out, list):
        return [("sum", sum(map(sum, out))), ("sum of squares", sum(v * v for r in out for v in r)), (name, out[n // 3][n // 2] if n else 0)]
    return [("sum", out.sum()), ("sum of squares", (out * out).sum()), (name, out[n // 3, n // 2] if n else 0)]


def place(i, n):
    i %= 2 * n
    return 2 * n - 1 - i if i >= n else i


@row("CPython", "lists of lists, all 81 pixels", largest=128)
def _():
    def run(m):
        n, pixels = m["n"], m["list"]
        out = []
        for i in range(n):
            rows = [pixels[place(y, n)] for y in range(i - R, i + R + 1)]
            line = []
            for j in range(n):
                columns = [place(x, n) for x in range(j - R, j + R + 1)]
                line.append(sum(r[x] for r in rows for x in columns) / (K * K))
            out.append(line)
        return out
    return run


@row("NumPy", "9 + 9 slices of a padded image", needs="numpy")
def _():
    import numpy

    def run(m):
        n = m["n"]
        wide = numpy.pad(m["pixels"], R, mode="symmetric") if n else numpy.zeros((2 * R, 2 * R))
        down = wide[:n].copy()
        for y in range(1, K):
            down += wide[y:y + n]
        out = down[:, :n].copy()
        for x in range(1, K):
            out += down[:, x:x + n]
        out /= K * K
        return out
    return run


@row("SciPy uniform_filter", "scipy.ndimage, running sums, mode reflect", needs="numpy scipy")
def _():
    from scipy.ndimage import uniform_filter

    def run(m):
        uniform_filter(m["pixels"], K, output=m["out"], mode="reflect")
        return m["out"]
    return run


@row("SciPy convolve", "scipy.ndimage.convolve, 81 weights", needs="numpy scipy")
def _():
    import numpy
    from scipy.ndimage import convolve
    weights = numpy.full((K, K), 1 / (K * K))

    def run(m):
        convolve(m["pixels"], weights, output=m["out"], mode="reflect")
        return m["out"]
    return run


def compiled(**options):
    import numba
    import numpy
    bands = 16
    over = numba.prange if options.get("parallel") else range

    @numba.njit
    def reflected(i, n):
        i %= 2 * n
        return 2 * n - 1 - i if i >= n else i

    @numba.njit(**options)
    def fill(pixels, out):
        n = len(pixels)
        for b in over(bands):
            wide = numpy.zeros(n + 2 * R)
            lo, hi = b * n // bands, (b + 1) * n // bands
            for i in range(lo, hi):
                for y in range(i - R if i == lo else i + R, i + R + 1):
                    gain = reflected(y, n)
                    for j in range(n):
                        wide[R + j] += pixels[gain, j]
                if i > lo:
                    loss = reflected(i - R - 1, n)
                    for j in range(n):
                        wide[R + j] -= pixels[loss, j]
                for x in range(1, R + 1):
                    wide[R - x] = wide[R + reflected(-x, n)]
                    wide[R + n - 1 + x] = wide[R + reflected(n - 1 + x, n)]
                for j in range(n):
                    total = 0.0
                    for x in range(K):
                        total += wide[j + x]
                    out[i, j] = total * (1 / (K * K))

    def run(m):
        fill(m["pixels"], m["out"])
        return m["out"]
    return run


@row("Numba", "njit, running down, 9 additions along the row", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over 16 bands", needs="numpy numba")
def _():
    return compiled(parallel=True)
