"""Nine weights in Python: the peers of package convolution."""
from image import image
from peer import row

WEIGHTS = [[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]


def make(n):
    return image(n, 1024)


def sums(out):
    n = len(out)
    flat = [v for r in out for v in r] if isinstance(out, list) else out.ravel()
    one = flat[n // 3 * n + n // 2] if n else 0
    if isinstance(out, list):
        placed, squares = sum(k % 97 * v for k, v in enumerate(flat)), sum(v * v for v in flat)
    else:
        import numpy
        placed, squares = (numpy.arange(n * n) % 97 * flat).sum(), (flat * flat).sum()
    return [("sum times the place by 97", placed), ("sum of squares", squares), ("the value at a third down, half across", one)]


@row("CPython", "lists of lists", largest=1024)
def _():
    (a, b, c), (d, e, f), (g, h, i) = WEIGHTS

    def run(m):
        n, pixels, out = m["n"], m["list"], []
        for k in range(n):
            up, here, down = pixels[k - 1], pixels[k], pixels[(k + 1) % n]
            line = []
            for j in range(n):
                right = (j + 1) % n
                line.append(a * up[j - 1] + b * up[j] + c * up[right]
                            + d * here[j - 1] + e * here[j] + f * here[right]
                            + g * down[j - 1] + h * down[j] + i * down[right])
            out.append(line)
        return out
    return run


@row("NumPy roll", "nine rolled copies times weights", needs="numpy")
def _():
    import numpy

    def run(m):
        out = m["out"]
        out[:] = 0
        for y in range(3):
            for x in range(3):
                out += WEIGHTS[y][x] * numpy.roll(m["pixels"], (1 - y, 1 - x), (0, 1))
        return out
    return run


@row("NumPy slices", "nine slices of a padded image times weights", needs="numpy")
def _():
    import numpy

    def run(m):
        n, out = m["n"], m["out"]
        wide = numpy.pad(m["pixels"], 1, mode="wrap") if n else numpy.zeros((2, 2))
        out[:] = 0
        for y in range(3):
            for x in range(3):
                out += WEIGHTS[y][x] * wide[y:y + n, x:x + n]
        return out
    return run


@row("SciPy correlate", "scipy.ndimage.correlate, mode wrap", needs="numpy scipy")
def _():
    import numpy
    from scipy.ndimage import correlate
    weights = numpy.array(WEIGHTS)

    def run(m):
        correlate(m["pixels"], weights, output=m["out"], mode="wrap")
        return m["out"]
    return run


@row("PyTorch conv2d", "circular padding first, then conv2d, float64", needs="numpy torch")
def _():
    import torch
    weights = torch.tensor(WEIGHTS, dtype=torch.float64).reshape(1, 1, 3, 3)

    def run(m):
        image = torch.from_numpy(m["pixels"])[None, None]
        return torch.nn.functional.conv2d(torch.nn.functional.pad(image, (1, 1, 1, 1), mode="circular"), weights)[0, 0].numpy()
    return run


def compiled(**options):
    import numba
    import numpy
    over = numba.prange if options.get("parallel") else range
    weights = numpy.array(WEIGHTS)

    @numba.njit
    def nine(a, h, b, w, left, j, right):
        return ((w[0, 0] * a[left] + w[0, 1] * a[j] + w[0, 2] * a[right])
                + (w[1, 0] * h[left] + w[1, 1] * h[j] + w[1, 2] * h[right])
                + (w[2, 0] * b[left] + w[2, 1] * b[j] + w[2, 2] * b[right]))

    @numba.njit(**options)
    def fill(pixels, out, w):
        n = len(pixels)
        for i in over(n):
            # Through out[i] as an array of its own, prange loses what goes to its last place.
            a, h, b = pixels[(i + n - 1) % n], pixels[i], pixels[(i + 1) % n]
            for j in range(1, n - 1):
                out[i, j] = nine(a, h, b, w, j - 1, j, j + 1)
            out[i, 0] = nine(a, h, b, w, n - 1, 0, 1 % n)
            out[i, n - 1] = nine(a, h, b, w, max(n - 2, 0), n - 1, 0)

    def run(m):
        fill(m["pixels"], m["out"], weights)
        return m["out"]
    return run


@row("Numba", "njit", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over rows", needs="numpy numba")
def _():
    return compiled(parallel=True)
