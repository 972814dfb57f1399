# The Python side of %%python, in five files that are sent as one text: this one
# talks to the kernel, shown.py makes rich forms of values, fromgo.py and togo.py
# hand values over, cells.py runs cells in one lasting namespace.
#
# The kernel sends the text, then orders, one JSON object a line, on REQUESTS;
# what happens goes back as JSON lines on EVENTS. Text goes to the descriptors 1
# and 2 as ever. A mark in both of them stands for the moment of each event, so
# that the kernel can put all in order. When REQUESTS ends the kernel is gone, and
# so are we.
import io
import json
import os
import queue
import signal
import threading

__name__ = "hpgo"
REQUESTS, EVENTS = 3, 4
MARK = hpgo_mark  # given by the loader
orders = queue.Queue()
answers = queue.Queue()


class State:
    running = False  # a cell runs: SIGINT interrupts it
    held = 0  # the main thread writes what must stay whole
    pending = False  # it was interrupted meanwhile
    taken = False  # the cell has got its KeyboardInterrupt
    epoch = 0  # marks written
    stream = None  # the stream that was written to since the last mark
    child = False  # this is a fork of the process that the kernel knows
    loop = task = current_task = None  # of cells that await at their top level
    cancelled = False  # the task, by an interrupt
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
                State.pending, State.taken = False, True
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
    if not State.running or State.taken:
        return  # the kernel repeats an interrupt, for one may come as a sleep begins
    if State.held:
        State.pending = True
        return
    State.taken = True
    if State.task and State.current_task(State.loop) is None:
        # An exception in the loop itself would lose the task's next step.
        State.cancelled = True
        State.loop.call_soon_threadsafe(State.task.cancel)
    else:
        raise KeyboardInterrupt
