# Runs cells: compiles and runs them, and tells what they gave or raised.
import ast
import builtins
import importlib.util
import inspect
import linecache
import os
import re
import signal
import sys
import threading
import time
import traceback
import types


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
        State.loop, State.current_task = asyncio.new_event_loop(), asyncio.current_task
    State.task, State.cancelled = State.loop.create_task(eval(code, space)), False
    try:
        return State.loop.run_until_complete(State.task)
    except asyncio.CancelledError as e:
        if not State.cancelled:
            raise
        raise KeyboardInterrupt().with_traceback(e.__traceback__) from None
    finally:
        State.task = None


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


def change_directory(path):
    try:
        os.chdir(path)
    except OSError as e:
        raise OSError(e.errno, e.strerror + "; %cd DIR goes to another", path) from None


def run(order, space):
    """Runs one order and returns what is to be said at its end."""
    done = {}
    try:
        State.pending = State.taken = False
        State.running = True
        try:
            for name, value in order.get("env", {}).items():
                os.environ[name] = value
            if order.get("dir"):
                change_directory(order["dir"])
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
    sys.meta_path.insert(0, Hooks())
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
