"""Words spread over buckets in Python: the peers of package entropy."""
import math

from peer import row

OFFSET, PRIME, MASK = 14695981039346656037, 1099511628211, 0xFFFFFFFFFFFFFFFF


def make(n):
    letters, all, buckets = 2, 676, 8
    while all < n:
        letters, all = letters + 1, all * 26
    while 2 * buckets < 3 * n:
        buckets *= 2
    words = []
    for i in range(n):
        word = bytearray(letters)
        for at in reversed(range(letters)):
            word[at] = 97 + i % 26
            i //= 26
        words.append(bytes(word))
    s = {"words": words, "buckets": buckets, "letters": letters}
    try:
        import numpy
        s["array"] = numpy.frombuffer(b"".join(words), dtype=numpy.uint8).reshape(n, letters)
    except ImportError:
        pass
    return s


def sums(result):
    counts, entropy = result
    counts = [int(c) for c in counts]
    return [("keys", sum(counts)), ("keys in the fullest bucket", max(counts)),
            ("collisions", sum(max(0, c - 1) for c in counts)), ("entropy", entropy)]


@row("CPython", "FNV-1a, a loop of loops")
def _():
    def run(s):
        words, mask = s["words"], s["buckets"] - 1
        counts = [0] * s["buckets"]
        for word in words:
            h = OFFSET
            for byte in word:
                h = (h ^ byte) * PRIME & MASK
            counts[h & mask] += 1
        entropy = 0.0
        for c in counts:
            if c:
                p = c / len(words)
                entropy -= p * math.log(p)
        return counts, entropy
    return run


@row("NumPy", "FNV-1a, letter by letter for all words", needs="numpy")
def _():
    import numpy

    def run(s):
        h = numpy.full(len(s["array"]), OFFSET, dtype=numpy.uint64)
        for at in range(s["letters"]):
            h = (h ^ s["array"][:, at]) * numpy.uint64(PRIME)
        counts = numpy.bincount((h & numpy.uint64(s["buckets"] - 1)).astype(numpy.int64), minlength=s["buckets"])
        p = counts[counts > 0] / max(len(h), 1)
        return counts, float(-(p * numpy.log(p)).sum())
    return run


@row("Numba", "FNV-1a, njit", needs="numpy numba")
def _():
    import numba
    import numpy

    @numba.njit
    def spread(words, buckets):
        counts = numpy.zeros(buckets, dtype=numpy.int64)
        mask = numpy.uint64(buckets - 1)
        for i in range(words.shape[0]):
            h = numpy.uint64(OFFSET)
            for at in range(words.shape[1]):
                h = (h ^ numpy.uint64(words[i, at])) * numpy.uint64(PRIME)
            counts[h & mask] += 1
        entropy = 0.0
        for c in counts:
            if c > 0:
                p = c / words.shape[0]
                entropy -= p * numpy.log(p)
        return counts, entropy
    return lambda s: spread(s["array"], s["buckets"])
