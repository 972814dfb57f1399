"""Fibonacci numbers divisible by 3 in Python: the peers of package fibonacci."""
from peer import row


def make(size):
    return size


def sums(result):
    threes, last = result
    return [("multiples of 3", threes), ("bits of the last", last.bit_length()), ("its last 32 bits", last & (1 << 32) - 1)]


def listed(n):
    numbers = []
    a, b = 0, 1
    while len(numbers) < n:
        numbers.append(b)
        a, b = b, a + b
    return numbers


def generated(n):
    a, b = 0, 1
    for _ in range(n):
        yield b
        a, b = b, a + b


@row("list", "all numbers in a list, then len of those that 3 divides")
def _():
    def run(n):
        numbers = listed(n)
        return len([f for f in numbers if f % 3 == 0]), numbers[-1] if numbers else 0
    return run


@row("generator", "the loop over a generator")
def _():
    def run(n):
        threes, f = 0, 0
        for f in generated(n):
            if f % 3 == 0:
                threes += 1
        return threes, f
    return run


@row("generator, multiples kept", "len of a list of those that 3 divides")
def _():
    def run(n):
        last = 0

        def seen():
            nonlocal last
            for last in generated(n):
                yield last
        return len([f for f in seen() if f % 3 == 0]), last
    return run


@row("generator expression", "sum(1 for f in ... if f % 3 == 0)")
def _():
    def run(n):
        last = 0

        def seen():
            nonlocal last
            for last in generated(n):
                yield last
        return sum(1 for f in seen() if f % 3 == 0), last
    return run
