"""The sum of a sequence's items in Python: the peers of package sequence."""
from peer import row


def make(size):
    return size


def sums(result):
    return [("sum", result[0]), ("items made", result[1])]


@row("list first", "all items in a list, then a loop", largest=10_000_000)
def _():
    def run(n):
        items = [v for v in range(n)]
        total = 0
        for v in items:
            total += v
        return total, len(items)
    return run


@row("loop over a range", "for v in range(n)", largest=20_000_000)
def _():
    def run(n):
        total = 0
        for v in range(n):
            total += v
        return total, n
    return run


@row("generator", "a function with yield, then a loop", largest=20_000_000)
def _():
    def items(n):
        v = 0
        while v < n:
            yield v
            v += 1

    def run(n):
        total = 0
        for v in items(n):
            total += v
        return total, n
    return run


@row("generator expression", "a loop over (v for v in range(n))", largest=20_000_000)
def _():
    def run(n):
        total = 0
        for v in (v for v in range(n)):
            total += v
        return total, n
    return run


@row("iterator class", "__next__ and StopIteration", largest=20_000_000)
def _():
    class Items:
        def __init__(self, n):
            self.n, self.v = n, -1

        def __iter__(self):
            return self

        def __next__(self):
            self.v += 1
            if self.v >= self.n:
                raise StopIteration
            return self.v

    def run(n):
        total = 0
        for v in Items(n):
            total += v
        return total, n
    return run


@row("itertools", "takewhile of map of islice of count", largest=20_000_000)
def _():
    import itertools

    def run(n):
        total = 0
        for v in itertools.takewhile(lambda v: v < n, map(lambda v: v, itertools.islice(itertools.count(), n))):
            total += v
        return total, n
    return run


@row("zip", "items and zeros in turn", largest=20_000_000)
def _():
    import itertools

    def run(n):
        total = 0
        for v, zero in zip(range(n), itertools.repeat(0)):
            total += v + zero
        return total, n
    return run


@row("sum of a range", "sum(range(n)): the loop is in C", largest=100_000_000)
def _():
    return lambda n: (sum(range(n)), n)


@row("queue of 64", "another thread, queue.Queue", largest=1_000_000)
def _():
    import queue
    import threading

    def run(n):
        items, total = queue.Queue(64), 0

        def produce():
            for v in range(n):
                items.put(v)
            items.put(None)
        thread = threading.Thread(target=produce)
        thread.start()
        while (v := items.get()) is not None:
            total += v
        thread.join()
        return total, n
    return run
