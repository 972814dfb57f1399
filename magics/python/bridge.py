# The Python side of %%python: runs cells in one lasting namespace, and hands
# values over as values.py does, which is read before this. The kernel sends
# this text, then orders, one JSON object a line, on REQUESTS; what happens goes
# back as JSON lines on EVENTS. Text goes to the descriptors 1 and 2 as ever. A
# mark in both of them stands for the moment of each event, so that the kernel
# can put all in order. When REQUESTS ends the kernel is gone, and so are we.
import ast
import base64
import builtins
import importlib.util
import inspect
import io
import itertools
import json
import linecache
import os
import queue
import pprint
import re
import signal
import sys
import threading
import time
import traceback
import types

__name__ = "hpgo"
REQUESTS, EVENTS = 3, 4
MARK = hpgo_mark  # given by the loader
BACKEND = "hpgo_figures"
LONG = 1000  # elements of a list that are shown
orders = queue.Queue()
answers = queue.Queue()


class State:
    running = False  # a cell runs: SIGINT interrupts it
    held = 0  # the main thread writes what must stay whole
    pending = False  # it was interrupted meanwhile
    epoch = 0  # marks written
    stream = None  # the stream that was written to since the last mark
    child = False  # this is a fork of the process that the kernel knows
    loop = None  # of cells that await at their top level
    can_ask = False
    loader = stdout = stderr = None


class Whole:
    """What one thread writes under it no other thread and no interrupt breaks."""

    lock = threading.RLock()

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            State.held += 1
        Whole.lock.acquire()

    def __exit__(self, *error):
        Whole.lock.release()
        if threading.current_thread() is threading.main_thread():
            State.held -= 1
            if State.pending and not State.held:
                State.pending = False
                raise KeyboardInterrupt


def forked():
    """In a child: marks and events are the parent's alone."""
    State.child, Whole.lock = True, threading.RLock()


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def mark(kind):
    """Ends an epoch in both streams: what follows comes after all before."""
    if State.child:
        return
    State.epoch += 1
    State.stream = None
    text = "\0%s%s%d\0" % (MARK, kind, State.epoch)
    for fd in (1, 2):
        write_all(fd, text.encode())


def send(**event):
    if State.child:
        return
    text = json.dumps(event)
    with Whole():
        flush()
        mark("e")  # an event follows
        write_all(EVENTS, b'{"epoch":%d,' % State.epoch + text[1:].encode() + b"\n")


class Output(io.TextIOBase):
    """sys.stdout and sys.stderr, which show whole lines at once."""

    def __init__(self, name, fd):
        self.name, self.fd = "<%s>" % name, fd
        self.buffer = io.FileIO(fd, "wb", closefd=False)
        self.held = []  # the beginning of a line

    encoding, errors = "utf-8", "backslashreplace"

    def writable(self):
        return True

    def fileno(self):
        return self.fd

    def isatty(self):
        return False

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        self.held.append(text)
        if "\n" in text or "\r" in text or len(self.held) > 1000:
            self.flush()
        return len(text)

    def flush(self):
        if not self.held:
            return
        with Whole():
            text, self.held = "".join(self.held), []
            if State.stream not in (None, self.fd):
                mark("s")
            State.stream = self.fd
            write_all(self.fd, text.encode("utf-8", "backslashreplace"))

    def close(self):
        pass


def ask(prompt, password=False):
    if not State.can_ask:
        raise EOFError("there is nobody to ask: the front end takes no input")
    if threading.current_thread() is not threading.main_thread():
        raise EOFError("only the cell's own thread can ask for input")
    while not answers.empty():  # of a question that was interrupted
        answers.get()
    send(op="ask", text=str(prompt), password=password)
    answer = answers.get()
    if answer.get("error"):
        raise EOFError(answer["error"])
    return answer["text"]


def flush():
    """Shows what was written so far, also without the end of its line."""
    for stream in (State.stdout, State.stderr):
        stream.flush()


class Input(io.TextIOBase):
    """sys.stdin: each line is asked for."""

    name, encoding, errors = "<stdin>", "utf-8", "strict"

    def readable(self):
        return True

    def readline(self, size=-1):
        try:
            return ask("") + "\n"
        except EOFError:
            return ""

    def read(self, size=-1):
        return "".join(self) if size is None or size < 0 else self.readline()


def listen():
    """Takes orders; ends the process and all it started with the kernel."""
    try:
        for line in requests:
            order = json.loads(line)
            (answers if order["op"] == "answer" else orders).put(order)
    finally:
        os.killpg(os.getpgrp(), signal.SIGKILL)


def interrupted(number, frame):
    if State.held:
        State.pending = State.running
    elif State.running:
        raise KeyboardInterrupt


# ---- what is shown

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
        traceback.print_exc()


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


class Backend:
    """An importer that makes figures of matplotlib come to the cell."""

    def find_spec(self, name, path=None, target=None):
        from importlib.machinery import ModuleSpec, PathFinder
        if name == BACKEND:
            return ModuleSpec(name, self)
        if name == "matplotlib" and "MPLBACKEND" not in os.environ:
            spec = PathFinder.find_spec(name, path)
            if spec is not None and spec.loader is not None:
                spec.loader, self.inner = self, spec.loader
            return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == BACKEND:
            from matplotlib.backend_bases import FigureManagerBase
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            module.FigureCanvas, module.FigureManager, module.show = FigureCanvasAgg, FigureManagerBase, show_figures
            return
        module.__loader__ = module.__spec__.loader = self.inner
        self.inner.exec_module(module)
        module.rcParams["backend"] = "module://" + BACKEND


# ---- cells

def describe(kind, error, tb):
    """A traceback in cell lines, without the frames of this file."""
    lines = traceback.TracebackException(kind, error, tb)
    seen = set()

    def clean(t):
        if t is None or id(t) in seen:
            return
        seen.add(id(t))
        t.stack = traceback.StackSummary.from_list([f for f in t.stack if f.filename != "<hpgo>"])
        clean(t.__cause__)
        clean(t.__context__)
        for inner in getattr(t, "exceptions", None) or ():
            clean(inner)

    clean(lines)
    text = re.sub(r'File "(cell \d+)", line (\d+)(, in <(?:module|expression)>)?', r"\1, line \2", "".join(lines.format()))
    if not lines.stack:
        text = text.replace("Traceback (most recent call last):\n", "", 1)
    return text.rstrip("\n").split("\n")


def fail(kind, error, tb):
    value = "".join(traceback.format_exception_only(kind, error)).rstrip("\n").split("\n")[-1]
    return {"name": kind.__name__, "value": value, "traceback": describe(kind, error, tb)}


def run_code(code, space):
    if not code.co_flags & inspect.CO_COROUTINE:
        return eval(code, space)
    import asyncio
    if State.loop is None:
        State.loop = asyncio.new_event_loop()
    task = State.loop.create_task(eval(code, space))
    try:
        return State.loop.run_until_complete(task)
    except KeyboardInterrupt:
        task.cancel()  # or the next cell would go on with it
        try:
            return State.loop.run_until_complete(task)
        except asyncio.CancelledError as e:
            raise KeyboardInterrupt().with_traceback(e.__traceback__) from None


def compiled(order):
    """The cell's statements, and its last expression if it ends with one."""
    name = "cell %d" % order["cell"]
    text = order["code"]
    lines = [line + "\n" for line in [""] * (order["line"] - 1) + text.split("\n")]
    linecache.cache[name] = (len(text), None, lines, name)
    flags = getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)
    tree = compile("".join(lines), name, "exec", ast.PyCF_ONLY_AST | flags, True)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        tail = tree.body.pop()
        value = ast.Expression(tail.value)
        last = compile(value, name, "eval", flags, True)
        behind = lines[tail.end_lineno - 1].encode()[tail.end_col_offset:]
        order["quiet"] = behind.lstrip().startswith(b";")
    return compile(tree, name, "exec", flags, True), last


def run(order, space):
    """Runs one order and returns what is to be said at its end."""
    done = {}
    try:
        State.running = True
        try:
            for name, value in order.get("env", {}).items():
                os.environ[name] = value
            if order.get("dir"):
                os.chdir(order["dir"])
            body, last = compiled(order)
            if order.get("load"):
                space.update(load(order["load"], order.get("frames", False)))
            start = time.perf_counter()
            run_code(body, space)
            value = run_code(last, space) if last is not None else None
            space["_wall"] = time.perf_counter() - start
            if order.get("time"):
                print("Wall time: " + duration(space["_wall"]))
            if order.get("value"):
                done.update(save(order["files"], unpacked(order["value"], value)))
            elif value is not None and not order.get("quiet"):
                space["_"] = value
                done["data"], done["metadata"] = bundle(value)
            show_figures()
            if order.get("out"):
                done.update(save(order["files"], [(name, wanted(name, text, space)) for name, text in order["out"]]))
        finally:
            State.running = False
    except KeyboardInterrupt:
        done["error"] = fail(*sys.exc_info())
    except SystemExit as e:
        if e.code not in (None, 0):
            done["error"] = {"name": "SystemExit", "value": "SystemExit: %s" % e.code, "traceback": ["SystemExit: %s" % e.code]}
    except BaseException:
        done["error"] = fail(*sys.exc_info())
    return done


def unpacked(names, value):
    """The values of `a, b := %python EXPRESSION`."""
    if len(names) == 1:
        return [(names[0], value)]
    values = list(value) if isinstance(value, (tuple, list)) else [value]
    if len(values) != len(names):
        raise ValueError("%d values for %d variables" % (len(values), len(names)))
    return list(zip(names, values))


def wanted(name, text, space):
    """The value of -o NAME=EXPRESSION."""
    try:
        return eval(text, space)
    except NameError as e:
        raise NameError("-o %s: %s" % (name, e)) from None


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("\u03bcs", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            return "%.3g %s" % (seconds / size, unit)


def serve():
    main = types.ModuleType("__main__")
    State.loader = sys.modules["__main__"]  # its names are ours
    main.__builtins__ = builtins
    main.display = display
    sys.modules["__main__"] = main
    State.stdout, State.stderr = Output("stdout", 1), Output("stderr", 2)
    sys.stdin, sys.stdout, sys.stderr = Input(), State.stdout, State.stderr
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    sys.argv = [""]
    builtins.input = lambda prompt="", /: ask(prompt)
    import getpass
    getpass.getpass = lambda prompt="Password: ", stream=None: ask(prompt, True)
    sys.meta_path.insert(0, Backend())
    signal.signal(signal.SIGINT, interrupted)
    os.register_at_fork(before=flush, after_in_child=forked)
    os.set_inheritable(REQUESTS, False)
    os.set_inheritable(EVENTS, False)
    threading.Thread(target=listen, name="hpgo", daemon=True).start()
    send(op="ready", version=sys.version.split()[0], executable=sys.executable)
    while True:
        order = orders.get()
        State.can_ask = order.get("ask", False)
        if order["op"] == "check":
            send(op="done", missing=[n for n in order["modules"] if not importable(n)])
            continue
        done = run(order, main.__dict__)
        flush_c()
        try:
            send(op="done", **done)
        except (TypeError, ValueError) as e:  # a rich form that JSON can't hold
            send(op="done", **{k: v for k, v in done.items() if k not in ("data", "metadata")})
            print("the value can't be shown: %s" % e, file=sys.stderr)


def importable(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):  # its parent is missing, or it is no name
        return False


def flush_c():
    """Writes out what C code left in its buffers."""
    if "ctypes" in sys.modules:
        sys.modules["ctypes"].CDLL(None).fflush(None)


serve()
