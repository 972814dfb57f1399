"""Darts in Python: the peers of package pi."""
import os

from peer import row

MASK = (1 << 64) - 1
SIDE = 1 << 26


def make(darts):
    return darts


def sums(hits):
    return [("hits", hits)]


def count(lo, hi):
    hits = 0
    for i in range(lo, hi):
        z = (i + 1) * 0x9E3779B97F4A7C15 & MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        z ^= z >> 31
        x, y = (z >> 38) / SIDE, (z >> 12 & SIDE - 1) / SIDE
        if x * x + y * y < 1:
            hits += 1
    return hits


def parts(darts, n):
    return [(i * darts // n, (i + 1) * darts // n) for i in range(n)]


def cpus():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@row("CPython", "a loop", largest=2_000_000)
def _():
    return lambda darts: count(0, darts)


def by_processes(count):
    """Forks a process for each CPU and adds up what they send."""
    import multiprocessing
    fork = multiprocessing.get_context("fork")

    def send(end, lo, hi):
        end.send(count(lo, hi))

    def run(darts):
        workers = []
        for lo, hi in parts(darts, cpus()):
            ours, theirs = fork.Pipe()
            p = fork.Process(target=send, args=(theirs, lo, hi), daemon=True)
            p.start()
            workers.append((p, ours))
        hits = sum(end.recv() for _, end in workers)
        for p, _ in workers:
            p.join()
        return hits
    return run


@row("multiprocessing", "the loop in a process for each CPU, forked for the run", largest=2_000_000)
def _():
    return by_processes(count)


def arrays():
    import numpy
    u = numpy.uint64

    def count(lo, hi, block=1 << 16):
        hits = 0
        for begin in range(lo, hi, block):
            z = numpy.arange(begin + 1, min(begin + block, hi) + 1, dtype=u) * u(0x9E3779B97F4A7C15)
            z = (z ^ z >> u(30)) * u(0xBF58476D1CE4E5B9)
            z = (z ^ z >> u(27)) * u(0x94D049BB133111EB)
            z ^= z >> u(31)
            x, y = (z >> u(38)) / SIDE, (z >> u(12) & u(SIDE - 1)) / SIDE
            hits += int(numpy.count_nonzero(x * x + y * y < 1))
        return hits
    return count


@row("NumPy", "65,536 darts at a time", needs="numpy")
def _():
    count = arrays()
    return lambda darts: count(0, darts)


@row("NumPy, multiprocessing", "a process for each CPU, forked for the run", needs="numpy")
def _():
    return by_processes(arrays())


def compiled(**options):
    import numba
    import numpy
    over = numba.prange if options.get("parallel") else range
    u = numpy.uint64
    golden, first, second, mask = u(0x9E3779B97F4A7C15), u(0xBF58476D1CE4E5B9), u(0x94D049BB133111EB), u(SIDE - 1)

    @numba.njit(**options)
    def count(darts):
        hits = 0
        for i in over(darts):
            z = u(i + 1) * golden
            z = (z ^ z >> u(30)) * first
            z = (z ^ z >> u(27)) * second
            z ^= z >> u(31)
            x, y = z >> u(38), z >> u(12) & mask
            if x * x + y * y < u(SIDE * SIDE):
                hits += 1
        return hits
    return count


@row("Numba", "njit, whole numbers", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange, whole numbers", needs="numpy numba")
def _():
    return compiled(parallel=True)
