"""Drives the rows of a subject that are in Python: see package protocol.

Run as: python3 peer.py SUBJECT.py. The subject's file gives

    make(size) -> input            the same input as the Go subject's Make
    sums(result) -> [(name, value)]  the figures that the Go subject's Sums gives
    @row(name, doc, needs="numpy numba", largest=N)
    def _(): ... return function of the input    called when the subject is opened

A row's function is made in open, which may take its time (imports, compilers); the
first check runs it once before anything is measured, so a just-in-time compiler has
done its work by then.
"""
import importlib
import json
import os
import platform
import sys
import time

ROWS = []


def row(name, doc, needs="", largest=None):
    """Adds a row; needs are modules, largest is the greatest size that it can bear."""
    def add(make):
        ROWS.append({"name": name, "doc": doc, "needs": needs.split(), "largest": largest, "make": make})
        return make
    return add


def missing(r, size):
    for module in r["needs"]:
        try:
            importlib.import_module(module)
        except Exception as e:
            return f"python3 has no {module} ({type(e).__name__}: {e})"
    if r["largest"] is not None and size > r["largest"]:
        return f"it would take too long at size {size}; it runs up to {r['largest']}"
    return ""


def cython(path, name):
    """Compiles a .pyx file with -O3 -march=native -fopenmp and imports it."""
    import tempfile
    with tempfile.TemporaryDirectory(prefix="hpgo-cython-") as where:
        return cythonized(path, name, where)


def cythonized(path, name, where):
    import importlib.util
    import pathlib
    import subprocess
    import sysconfig
    where = pathlib.Path(where)
    c, so = where / f"{name}.c", where / (name + sysconfig.get_config_var("EXT_SUFFIX"))
    subprocess.run([sys.executable, "-m", "cython", "-3", "-o", str(c), str(path)], check=True, capture_output=True, text=True)
    subprocess.run(["gcc", "-O3", "-march=native", "-ffp-contract=off", "-fopenmp", "-shared", "-fPIC", "-w",
                    "-I" + sysconfig.get_path("include"), str(c), "-o", str(so)], check=True, capture_output=True, text=True)
    spec = importlib.util.spec_from_file_location(name, so)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def versions():
    found = [f"Python {platform.python_version()}"]
    for name in sorted({m for r in ROWS for m in r["needs"]}):
        if (m := sys.modules.get(name)) is not None and hasattr(m, "__version__"):
            found.append(f"{name} {m.__version__}")
    return ", ".join(found)


def spoil(result):
    """Makes a result wrong: rows that share it are found out where they leave it as it is.
    Zeros stay, as those of edges that nobody writes."""
    if hasattr(result, "dtype"):
        if result.ndim and result.dtype.kind in "iuf" and result.flags.writeable:
            result *= result.dtype.type(3)
    elif isinstance(result, list):
        for i, value in enumerate(result):
            if isinstance(value, (int, float)):
                result[i] = 3 * value
            else:
                spoil(value)


class Peer:
    def __init__(self, subject):
        self.subject, self.input, self.functions = subject, None, []

    def open(self, name, size):
        size = int(size)
        self.input, self.functions, rows = self.subject.make(size), [], []
        for r in ROWS:
            why, function = missing(r, size), None
            if not why:
                try:
                    function = r["make"]()
                except Exception as e:
                    why = f"{type(e).__name__}: {e} {getattr(e, 'stderr', '') or ''}".strip()[:500]
            rows.append({"name": r["name"], "doc": r["doc"], "missing": why})
            self.functions.append(function)
        return {"version": versions(), "rows": rows}

    def function(self, row):
        found = self.functions[int(row)]
        if found is None:
            raise LookupError(f"row {row} isn't there: open told why")
        return found

    def check(self, row):
        result = self.function(row)(self.input)
        figures = [{"name": n, "value": float(v)} for n, v in self.subject.sums(result)]
        spoil(result)
        return {"sums": figures}

    def run(self, row, seconds):
        function, runs, total, clock = self.function(row), 0, 0.0, time.perf_counter
        while runs == 0 or total < float(seconds):
            begin = clock()
            function(self.input)
            total += clock() - begin
            runs += 1
        return {"runs": runs, "seconds": total}


def main():
    import importlib.util
    sys.modules["peer"] = sys.modules["__main__"]
    spec = importlib.util.spec_from_file_location("subject", sys.argv[1])
    subject = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(subject)
    peer = Peer(subject)
    out, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    for line in sys.stdin:
        words = line.split()
        try:
            answer = {"open": peer.open, "check": peer.check, "run": peer.run}[words[0]](*words[1:])
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
