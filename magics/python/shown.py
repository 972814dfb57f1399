# What a cell shows: the MIME forms of values, and the figures of matplotlib.
import base64
import io
import itertools
import os
import pprint
import sys

BACKEND = "hpgo_figures"
LONG = 1000  # elements of a list that are shown
FORMS = (("_repr_html_", "text/html"), ("_repr_markdown_", "text/markdown"), ("_repr_svg_", "image/svg+xml"),
         ("_repr_png_", "image/png"), ("_repr_jpeg_", "image/jpeg"), ("_repr_latex_", "text/latex"), ("_repr_json_", "application/json"))


def encoded(mime, value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode() if mime.startswith("image/") and "svg" not in mime else bytes(value).decode("utf-8", "replace")
    return value


def bundle(value):
    """The MIME forms of a value, as IPython finds them."""
    data, meta = {"text/plain": plain(value)}, {}
    if "matplotlib.figure" in sys.modules and isinstance(value, sys.modules["matplotlib.figure"].Figure):
        picture, size = drawn(value)
        return dict(data, **picture), size
    if isinstance(value, type):
        return data, meta
    method = getattr(value, "_repr_mimebundle_", None)
    if callable(method):
        found = tolerated(method)
        if isinstance(found, tuple):
            found, meta = (found + ({},))[:2]
        if found:
            return dict(data, **{k: encoded(k, v) for k, v in found.items()}), meta or {}
    for name, mime in FORMS:
        method = getattr(value, name, None)
        found = tolerated(method) if callable(method) else None
        if isinstance(found, tuple):
            found, meta[mime] = found
        if found is not None:
            data[mime] = encoded(mime, found)
    return data, meta


def tolerated(method):
    try:
        return method()
    except Exception:  # as IPython: the other forms are still shown
        print("\n".join(describe(*sys.exc_info())), file=sys.stderr)


def plain(value):
    if type(value) not in (dict, list, tuple, set):
        return repr(value)
    more = ""
    if len(value) > LONG:
        more = "\n... %d elements in all" % len(value)
        head = itertools.islice(value.items() if isinstance(value, dict) else value, LONG)
        value = type(value)(head)
    return pprint.pformat(value, width=100, compact=True, sort_dicts=False) + more


def display(*values, **options):
    """Shows values in their richest form, among what is printed."""
    for value in values:
        data, meta = bundle(value)
        send(op="display", data=data, metadata=meta)


def drawn(figure):
    """A matplotlib figure as a picture: PNG, or SVG with rcParams["savefig.format"] = "svg"."""
    form = sys.modules["matplotlib"].rcParams["savefig.format"]
    form = form if form in ("png", "svg") else "png"
    out = io.BytesIO()
    figure.savefig(out, format=form, bbox_inches="tight")
    if form == "svg":
        return {"image/svg+xml": out.getvalue().decode()}, {}
    return {"image/png": base64.b64encode(out.getvalue()).decode()}, {}


def show_figures(*args, **options):
    """Shows and closes the open figures of pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or sys.modules["matplotlib"].get_backend().lower() != "module://" + BACKEND:
        return
    try:
        for number in pyplot.get_fignums():
            display(pyplot.figure(number))
    finally:
        pyplot.close("all")


def clear_output(wait=False):
    """Removes what the cell has shown: at once, or when the next output comes."""
    send(op="clear", wait=bool(wait))


class Hooks:
    """An importer that makes modules which show things show them in the cell."""

    def __init__(self):
        self.loaders = {}  # those of the modules being imported

    def find_spec(self, name, path=None, target=None):
        from importlib.machinery import ModuleSpec, PathFinder
        if name == BACKEND:
            return ModuleSpec(name, self)
        if name == "IPython.core.display_functions" or name == "matplotlib" and "MPLBACKEND" not in os.environ:
            spec = PathFinder.find_spec(name, path)
            if spec is not None and spec.loader is not None:
                self.loaders[name], spec.loader = spec.loader, self
            return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == BACKEND:
            from matplotlib.backend_bases import FigureManagerBase
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            module.FigureCanvas, module.FigureManager, module.show = FigureCanvasAgg, FigureManagerBase, show_figures
            return
        loader = self.loaders.pop(module.__name__)
        module.__loader__ = module.__spec__.loader = loader
        loader.exec_module(module)
        if module.__name__ == "matplotlib":
            module.rcParams["backend"] = "module://" + BACKEND
        else:
            module.display, module.clear_output = display, clear_output
