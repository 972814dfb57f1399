"""The grey image that filters read."""


def image(n, most_in_lists):
    """n by n pixels: as lists up to a size, and where there is NumPy as an array, with room for results."""
    m = {"n": n}
    if n <= most_in_lists:
        m["list"] = [[float((i * i * 7 + j * j * 13 + i * j * 5) % 251) for j in range(n)] for i in range(n)]
    try:
        import numpy
        j = numpy.arange(n)
        m["pixels"], m["out"] = numpy.empty((n, n)), numpy.empty((n, n))
        for i in range(n):
            m["pixels"][i] = (i * i * 7 + j * j * 13 + i * j * 5) % 251
    except ImportError:
        pass
    return m
