# Values that come from Go, in the files that hpgo/magics/handover describes.
import array
import datetime
import json
import mmap
import os
import struct

HEAD = b"hpgohov1"
ALIGN = 64
TYPECODES = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q", "f4": "f", "f8": "d"}
NO_TIME = -1 << 63  # Go's zero time; NaT
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def numpy():
    """numpy, None where it is missing. It is imported when values need it."""
    try:
        import numpy
        return numpy
    except ImportError:
        return None


def aligned(n):
    return (n + ALIGN - 1) // ALIGN * ALIGN


def moment(ns):
    """The time that nanoseconds since 1970 mean."""
    return None if ns == NO_TIME else EPOCH + datetime.timedelta(microseconds=ns / 1000)


class Reader:
    """The values of one file, which is mapped: arrays are its memory."""

    def __init__(self, path, frames):
        with open(path, "r+b") as f:
            self.memory = memoryview(mmap.mmap(f.fileno(), 0))
        os.unlink(path)
        size, = struct.unpack_from("<Q", self.memory, 8)
        self.nodes = json.loads(bytes(self.memory[16:16 + size]))
        self.bulk = self.memory[aligned(16 + size):]
        self.np = numpy()
        self.frames = frames

    def value(self, n):
        return getattr(self, n["k"])(n)

    def none(self, n):
        return None

    def scalar(self, n):
        t, text = n["t"], n.get("v", "")
        if t == "str":
            return text
        if t == "b1":
            return text == "true"
        if t == "M8":
            return moment(int(text))
        if t == "m8":
            return datetime.timedelta(microseconds=int(text) / 1000)
        if t[0] == "c":
            return complex(*map(float, text.split()))
        return float(text) if t[0] == "f" else int(text)

    def array(self, n):
        t, shape, at = n["t"], n["shape"], n.get("at", 0)
        count = 1
        for d in shape:
            count *= d
        size = count * int(t[1:])
        raw = self.bulk[at:at + size]
        if self.np is not None:
            dtype = {"b1": "?", "M8": "M8[ns]", "m8": "m8[ns]"}.get(t, t)
            if not size:
                return self.np.zeros(shape, dtype)
            return self.np.frombuffer(raw, dtype, count).reshape(shape)
        return self.nested(self.flat(t, raw), shape)

    def flat(self, t, raw):
        """Numbers without numpy."""
        if t in TYPECODES:
            found = array.array(TYPECODES[t])
            found.frombytes(raw)
            return found
        if t == "b1":
            return [b != 0 for b in raw]
        if t[0] == "c":
            parts = raw.cast("f" if t == "c8" else "d")
            return [complex(re, im) for re, im in zip(parts[::2], parts[1::2])]
        if t == "M8":
            return [moment(ns) for ns in raw.cast("q")]
        return [datetime.timedelta(microseconds=ns / 1000) for ns in raw.cast("q")]

    def nested(self, flat, shape):
        if len(shape) < 2:
            return flat
        step = len(flat) // shape[0] if shape[0] else 0
        return [self.nested(flat[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])]

    def strings(self, n):
        raw, at, found = bytes(self.bulk[n.get("at", 0):n.get("at", 0) + n.get("size", 0)]), 0, []
        for size in self.plain(n["lengths"]):
            found.append(raw[at:at + size].decode())
            at += size
        return found

    def plain(self, n):
        """A list of values of Python's own types."""
        v = self.value(n)
        return v.tolist() if hasattr(v, "tolist") and n["t"] not in ("M8", "m8") else v

    def list(self, n):
        return [self.value(i) for i in n.get("items", ())]

    def map(self, n):
        values = self.value(n["values"])
        one_dimension = n["values"]["k"] == "array" and len(n["values"]["shape"]) == 1
        return dict(zip(self.plain(n["keys"]), self.plain(n["values"]) if one_dimension else values))

    def struct(self, n):
        return dict(zip(n["names"], map(self.value, n["items"])))

    def rows(self, n):
        names = n["names"]
        if self.frames:
            import pandas
            return pandas.DataFrame({k: self.column(c) for k, c in zip(names, n["items"])}, columns=names)
        columns = [self.plain(c) if c["k"] == "array" and len(c["shape"]) == 1 else self.value(c) for c in n["items"]]
        return [dict(zip(names, row)) for row in zip(*columns)]

    def column(self, n):
        v = self.value(n)
        return v if n["k"] != "array" or len(n["shape"]) == 1 else list(v)


def load(path, frames):
    """The variables of a file by their names."""
    reader = Reader(path, frames)
    return {n["name"]: reader.value(n) for n in reader.nodes}
