"""Primes by division in Python: the peers of package primes."""
import os

from peer import row

FROM = 1_000_000_000_000


def make(count):
    return count


def sums(primes):
    return [("primes", len(primes)), ("sum of their remainders by 1,000,003", sum(int(p) % 1_000_003 for p in primes))]


def prime(n):
    if n < 5 or n % 2 == 0 or n % 3 == 0:
        return n in (2, 3)
    d = 5
    while d * d <= n:
        if n % d == 0 or n % (d + 2) == 0:
            return False
        d += 6
    return True


def cpus():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@row("CPython", "6k±1", largest=1000)
def _():
    return lambda count: [n for n in range(FROM, FROM + count) if prime(n)]


@row("multiprocessing", "6k±1 in a process for each CPU, forked for the run", largest=1000)
def _():
    import multiprocessing
    fork = multiprocessing.get_context("fork")

    def send(end, count, i, of):
        end.send([n for n in range(FROM, FROM + count) if n // 8 % of == i and prime(n)])

    def run(count):
        workers, of = [], cpus()
        for i in range(of):
            ours, theirs = fork.Pipe()
            p = fork.Process(target=send, args=(theirs, count, i, of), daemon=True)
            p.start()
            workers.append((p, ours))
        primes = sorted(p for _, end in workers for p in end.recv())
        for p, _ in workers:
            p.join()
        return primes
    return run


@row("NumPy", "all divisors of a number at once", needs="numpy", largest=1000)
def _():
    import numpy

    def run(count):
        root = int((FROM + count) ** 0.5) + 1
        divisors = numpy.arange(5, root + 6, 6)
        divisors = numpy.concatenate((divisors, divisors + 2))
        divisors.sort()
        primes = []
        for n in range(FROM, FROM + count):
            if n % 2 and n % 3 and not any((n % part == 0).any() for part in numpy.array_split(divisors[divisors * divisors <= n], 16)):
                primes.append(n)
        return primes
    return run


def compiled(**options):
    import numba
    import numpy
    over = numba.prange if options.get("parallel") else range
    u = numpy.uint64

    @numba.njit
    def prime(n):
        if n < u(5) or n % u(2) == u(0) or n % u(3) == u(0):
            return n == u(2) or n == u(3)
        d = u(5)
        while d * d <= n:
            if n % d == u(0) or n % (d + u(2)) == u(0):
                return False
            d += u(6)
        return True

    @numba.njit(**options)
    def search(begin, count):
        found = numpy.zeros(count, dtype=numpy.bool_)
        for i in over(count):
            found[i] = prime(u(begin + i))
        return found
    return lambda count: FROM + numpy.flatnonzero(search(FROM, count))


@row("Numba", "njit, 6k±1", needs="numpy numba")
def _():
    return compiled()


@row("Numba parallel", "njit(parallel=True), prange over numbers, 6k±1", needs="numpy numba")
def _():
    return compiled(parallel=True)
