"""The Python side of `hpgo bench magics`: the Julia set under Python's profilers.

Prints one line of JSON: seconds of each run by profiler, and what memory_profiler
says of a buffer that is touched and dropped. Profilers that aren't installed are
left out; "missing" names them. Arguments: width of the grid, rounds, bytes.
"""

import cProfile
import json
import sys
import time


def calc_pure(width, limit):
    lo, hi = -1.8, 1.8
    step = (hi - lo) / width
    ys, xs = [], []
    y = hi
    while y > lo:
        ys.append(y)
        y -= step
    x = lo
    while x < hi:
        xs.append(x)
        x += step
    c = complex(-0.62772, -0.42193)
    zs, cs = [], []
    for y in ys:
        for x in xs:
            zs.append(complex(x, y))
            cs.append(c)
    return calculate(limit, zs, cs)


def calculate(limit, zs, cs):
    output = [0] * len(zs)
    for i in range(len(zs)):
        n = 0
        z = zs[i]
        c = cs[i]
        while abs(z) < 2 and n < limit:
            z = z * z + c
            n += 1
        output[i] = n
    return output


def touch(size):
    return len(b"x" * size)


def seconds(f, *args):
    start = time.perf_counter()
    f(*args)
    return time.perf_counter() - start


def main():
    global calculate
    width, rounds, size = map(int, sys.argv[1:])
    out = {"version": sys.version.split()[0], "sum": sum(calc_pure(width, 300)), "missing": []}
    runs = {"plain": lambda: seconds(calc_pure, width, 300),
            "cProfile": lambda: seconds(cProfile.Profile().runcall, calc_pure, width, 300)}
    plain = calculate
    try:
        import line_profiler

        def lines():
            global calculate
            profile = line_profiler.LineProfiler()
            calculate = profile(plain)
            try:
                return seconds(calc_pure, width, 300)
            finally:
                calculate = plain

        runs["line_profiler"] = lines
    except ImportError:
        out["missing"].append("line_profiler")
    for name in runs:
        runs[name]()
    out["seconds"] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            out["seconds"][name].append(run())
    try:
        import memory_profiler

        few = max(2, width // 10)
        profile = memory_profiler.LineProfiler()
        out["small"] = [seconds(calc_pure, few, 300) for _ in range(rounds)]
        calculate = profile(plain)
        out["memory_profiler"] = [seconds(calc_pure, few, 300)]
        calculate = plain
        base = lambda: memory_profiler.memory_usage(-1, max_usage=True)
        out["increments"] = []
        for _ in range(rounds):
            before = base()
            peak = memory_profiler.memory_usage((touch, (size,)), max_usage=True)
            out["increments"].append((peak - before) * 2**20)
    except ImportError:
        out["missing"].append("memory_profiler")
    print(json.dumps(out))


main()
