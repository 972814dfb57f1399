"""Draws the figures of `hpgo bench plots` with matplotlib.

Reads names of figures from standard input and answers each with the seconds
that drawing it to SVG took and the bytes of the file. Data are 64-bit floats in
files NAME.KEY of the directory given. The first answer is about importing.
"""

import time

start = time.perf_counter()
import gc
import io
import os
import sys

import numpy as np
import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

print(time.perf_counter() - start, matplotlib.__version__, flush=True)


def data(name, key):
    return np.fromfile(os.path.join(sys.argv[1], name + "." + key), dtype=np.float64)


def log_lines(ax, d):
    for key in ("a", "b", "c"):
        ax.plot(d("n"), d(key), marker="o", label="series " + key)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("n")
    ax.set_ylabel("time (s)")
    ax.set_title("Three series")
    ax.legend()


def line(ax, d):
    ax.plot(d("y"))


def scatter(ax, d):
    ax.scatter(d("x"), d("y"), s=7)


def bars(ax, d):
    y = d("y")
    ax.bar(["name %d" % (i + 1) for i in range(len(y))], y)
    ax.tick_params(axis="x", rotation=36)


def heat(ax, d):
    z = d("z")
    side = int(len(z) ** 0.5)
    ax.figure.colorbar(ax.imshow(z.reshape(side, side), origin="lower", aspect="auto"))


def histogram(ax, d):
    ax.hist(d("y"), bins="fd")


kinds = {"log": log_lines, "line": line, "scatter": scatter, "bars": bars, "heat": heat, "histogram": histogram}

for request in sys.stdin:
    name, kind = request.split()
    values = {key: data(name, key) for _, key in (f.split(".") for f in os.listdir(sys.argv[1]) if f.startswith(name + "."))}
    gc.collect()
    start = time.perf_counter()
    figure = Figure(figsize=(6.5, 4))
    FigureCanvasSVG(figure)
    kinds[kind](figure.subplots(), values.__getitem__)
    out = io.BytesIO()
    figure.savefig(out, format="svg")
    print(time.perf_counter() - start, len(out.getvalue()), flush=True)
