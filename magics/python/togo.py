# Values that go to Go, in the same files, with the Go types that hold them.
import array
import collections.abc
import concurrent.futures
import dataclasses
import datetime
import json
import os
import struct
import sys

GO = {"b1": "bool", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int", "u1": "uint8", "u2": "uint16", "u4": "uint32",
      "u8": "uint64", "f4": "float32", "f8": "float64", "c8": "complex64", "c16": "complex128", "str": "string", "int": "int",
      "m8": "hpgo__time.Duration", "M8": "hpgo__time.Time"}
PART = 8 << 20  # what one thread writes at a time
UNKNOWN = "\0"  # the type of the elements of an empty list, until it is known


class Writer:
    """Values as nodes, the Go types that hold them, and their bulk data."""

    def __init__(self):
        self.bulk, self.size = [], 0
        self.np = sys.modules.get("numpy")  # who has an array has imported it
        self.open = set()

    def add(self, node, data):
        node["at"] = self.size
        self.bulk.append((self.size, data))
        self.size = aligned(self.size + data.nbytes)
        return node

    def value(self, v, path):
        """A node and its Go type; None for the type of None."""
        for convert in (self.scalar, self.numbers, self.frame, self.record):
            found = convert(v, path)
            if found is not None:
                return found
        if id(v) in self.open:
            raise TypeError("%s contains itself" % path)
        self.open.add(id(v))
        try:
            if isinstance(v, collections.abc.Mapping):
                return self.mapping(v, path)
            if isinstance(v, (list, tuple, set, frozenset, range, collections.abc.ValuesView, collections.abc.KeysView)):
                return self.sequence(list(v), path)
        finally:
            self.open.discard(id(v))
        raise TypeError("%s has type %s, for which Go has none: hand over numbers, text, lists, dicts or arrays of these" % (path, type(v).__name__))

    def scalar(self, v, path):
        if v is None:
            return {"k": "none"}, None
        if isinstance(v, bool):
            return self.text("b1", "true" if v else "false")
        if isinstance(v, int):
            if not -1 << 63 <= int(v) < 1 << 63:
                raise TypeError("%s is %d bits long, beyond int64: hand over float(%s) or str(%s)" % (path, int(v).bit_length(), path, path))
            return self.text("int", str(int(v)))
        if isinstance(v, str):
            try:
                v.encode()
            except UnicodeEncodeError:
                raise TypeError("%s is text with lone surrogates, which is not UTF-8" % path) from None
            return self.text("str", str(v))
        if isinstance(v, (bytes, bytearray)):
            return self.add({"k": "array", "t": "u1", "shape": [len(v)]}, memoryview(v)), "[]uint8"
        if self.np is not None and isinstance(v, self.np.generic):
            return self.number(v, path)
        if isinstance(v, float):
            return self.text("f8", repr(float(v)))
        if isinstance(v, complex):
            return self.text("c16", "%r %r" % (v.real, v.imag))
        if isinstance(v, datetime.timedelta):
            return self.text("m8", str(v // datetime.timedelta(microseconds=1) * 1000))
        if isinstance(v, datetime.datetime):
            return self.text("M8", str(nanoseconds(v, path)))

    def text(self, t, text):
        return {"k": "scalar", "t": t, "v": text}, GO[t]

    def number(self, v, path):
        """A scalar of numpy."""
        t = self.dtype(v.dtype, path)
        if v.dtype.kind in "mM":
            return self.text(t, str(self.times(v, path).astype("i8")))
        if v.dtype.kind in "US":
            return self.text("str", str(v.astype("U")))
        if t[0] == "c":
            return self.text(t, "%r %r" % (float(v.real), float(v.imag)))
        if t[0] == "f":
            return self.text(t, repr(float(v)))
        return self.text(t, str(v.item()).lower())

    def times(self, v, path):
        """Times or durations of numpy, in nanoseconds."""
        unit = v.dtype.kind + "8[ns]"
        ns = v if v.dtype == unit else v.astype(unit)
        if ns is not v and (ns.astype(v.dtype) != v)[~self.np.isnat(v)].any():
            raise TypeError("%s has values that nanoseconds don't reach: hand over %s.astype('int64') or .astype(str)" % (path, path))
        if v.dtype.kind == "m" and self.np.isnat(v).any():
            raise TypeError("%s has a NaT, which no time.Duration is: hand it over without" % path)
        return ns

    def dtype(self, d, path):
        """The name of a dtype of numpy; None for objects, text and records."""
        t = {"b": "b1", "M": "M8", "m": "m8"}.get(d.kind, d.kind + str(d.itemsize))
        if t == "f2":
            t = "f4"
        if t not in GO and d.kind not in "OUSV":
            raise TypeError("%s has dtype %s, which Go doesn't have: convert it with .astype('float64') or another" % (path, d))
        return t if t in GO else None

    def numbers(self, v, path):
        """Arrays: those of numpy and whatever has a buffer of numbers."""
        if self.np is None or not isinstance(v, self.np.ndarray):
            if isinstance(v, (array.array, memoryview)):
                return self.buffer(memoryview(v), path)
            if self.np is None or isinstance(v, type) or not hasattr(v, "__array__") or hasattr(v, "columns"):
                return None
            v = v.__array__()
        np = self.np
        if isinstance(v, np.ma.MaskedArray):
            raise TypeError("%s is a masked array: hand over %s.filled(value)" % (path, path))
        if v.ndim == 0:
            return self.value(v.item() if v.dtype.kind == "O" else v[()], path)
        if v.dtype.names:
            if v.ndim > 1:
                raise TypeError("%s has records in %d dimensions: hand over %s.ravel()" % (path, v.ndim, path))
            return self.columns([(n, v[n]) for n in v.dtype.names], len(v), path)
        t = self.dtype(v.dtype, path)
        if v.dtype.kind == "U":
            return self.sequence(v.tolist(), path)
        if v.dtype.kind == "S":
            return self.sequence(np.char.decode(v, "utf-8").tolist(), path)
        if t is None:
            return self.sequence(v.tolist(), path)
        if v.dtype.kind in "mM":
            v = self.times(v, path)
        v = np.ascontiguousarray(v, dtype={"b1": "?", "M8": "M8[ns]", "m8": "m8[ns]"}.get(t, t))
        node = {"k": "array", "t": t, "shape": list(v.shape)}
        raw = v.reshape(-1).view("u1") if v.size else np.empty(0, "u1")
        return self.add(node, memoryview(raw)), "[]" * v.ndim + GO[t]

    def buffer(self, m, path):
        """An array.array or a memoryview."""
        code = m.format.lstrip("@=<")
        size = m.itemsize
        kind = "b" if code == "?" else "f" if code in "fd" else "i" if code in "bhilqn" else "u" if code in "BHILQNc" else ""
        t = kind + str(size)
        if t not in GO:
            raise TypeError("%s is a buffer of format %r, which has no Go type" % (path, m.format))
        raw = memoryview(m if m.c_contiguous else m.tobytes()).cast("B") if m.nbytes else memoryview(b"")
        return self.add({"k": "array", "t": t, "shape": list(m.shape)}, raw), "[]" * m.ndim + GO[t]

    def frame(self, v, path):
        """A DataFrame of pandas or polars."""
        if not hasattr(v, "columns") or not hasattr(v, "__getitem__") or isinstance(v, collections.abc.Mapping):
            return None
        return self.columns([(str(c), self.series(v[c])) for c in v.columns], len(v), path)

    def series(self, s):
        a = s.to_numpy()
        return a if a.dtype.kind != "O" else a.tolist()

    def columns(self, columns, count, path):
        for i, (name, _) in enumerate(columns):
            if name in (n for n, _ in columns[:i]):
                raise TypeError("%s has two columns %r: rename one" % (path, name))
        names = fields([name for name, _ in columns])
        node = {"k": "rows", "n": count, "names": [name for name, _ in columns], "items": []}
        types = []
        for name, column in columns:
            n, t = self.value(column, "%s[%r]" % (path, name))
            node["items"].append(n)
            types.append(t[2:] if t and t.startswith("[]") else "any")
        return node, "[]" + record_type(names, node["names"], types)

    def record(self, v, path):
        """A dataclass or a namedtuple."""
        names = members(v)
        if names is None:
            return None
        node, types = {"k": "struct", "names": names, "items": []}, []
        for name in names:
            n, t = self.value(getattr(v, name), "%s.%s" % (path, name))
            node["items"].append(n)
            types.append(t or "any")
        return node, record_type(fields(names), names, types)

    def mapping(self, v, path):
        keys, kt = self.sequence(list(v.keys()), path + " (keys)")
        values, vt = self.sequence([*v.values()], path + " (values)", records=False)
        if not v:
            return {"k": "map", "keys": keys, "values": values}, "map[string]any"
        if kt[2:] not in ("string", "int", "float64", "bool", "any") or any(isinstance(k, (tuple, bytes, frozenset)) for k in v):
            raise TypeError("%s has keys that can't be those of a Go map: use text or numbers" % path)
        return {"k": "map", "keys": keys, "values": values}, "map[%s]%s" % (kt[2:], vt[2:])

    def sequence(self, items, path, records=True):
        """A list: of one kind of numbers or text in bulk, else one by one."""
        kinds = set(map(type, items))
        if not kinds:
            return {"k": "list"}, "[]" + UNKNOWN
        if kinds == {str}:
            return self.strings(items, path)
        if kinds <= {int, float} and float in kinds:
            return self.buffer(memoryview(array.array("d", items)), path)
        if kinds == {int}:
            try:
                return self.buffer(memoryview(array.array("q", items)), path)
            except OverflowError:
                pass  # the element that is too large is named below
        if kinds == {bool}:
            return self.add({"k": "array", "t": "b1", "shape": [len(items)]}, memoryview(bytes(items))), "[]bool"
        if kinds == {complex}:
            flat = array.array("d", [x for c in items for x in (c.real, c.imag)])
            return self.add({"k": "array", "t": "c16", "shape": [len(items)]}, memoryview(flat).cast("B")), "[]complex128"
        if self.np is not None and all(issubclass(k, self.np.number) for k in kinds):
            return self.numbers(self.np.array(items), path)
        names = same_names(items) if records else None
        if names:
            get = getattr if members(items[0]) else lambda item, name: item[name]
            return self.columns([(n, [get(i, n) for i in items]) for n in names], len(items), path)
        nodes, types = [], set()
        for i, item in enumerate(items):
            n, t = self.value(item, "%s[%d]" % (path, i))
            nodes.append(n)
            types.add(t)
        return {"k": "list", "items": nodes}, "[]" + joined(types)

    def strings(self, items, path):
        try:
            raw = [s.encode() for s in items]
        except UnicodeEncodeError:
            raise TypeError("%s holds text with lone surrogates, which is not UTF-8" % path) from None
        lengths, _ = self.buffer(memoryview(array.array("q", map(len, raw))), path)
        text = b"".join(raw)
        return self.add({"k": "strings", "size": len(text), "lengths": lengths}, memoryview(text)), "[]string"


def joined(types):
    """The Go type that holds values of several."""
    known = {t for t in types if not t or not t.endswith(UNKNOWN)}
    if len(known) < 2:
        return next(iter(known or types)) or "any"
    for dims in range(4):
        if known == {"[]" * dims + "int", "[]" * dims + "float64"}:
            return "[]" * dims + "float64"
    return "any"


def members(v):
    """The names of the fields of a dataclass or a namedtuple, else None."""
    if dataclasses.is_dataclass(v) and not isinstance(v, type):
        return [f.name for f in dataclasses.fields(v)]
    if isinstance(v, tuple) and hasattr(v, "_fields"):
        return list(v._fields)


def same_names(items):
    """The names that all items have as keys or fields; None if they differ."""
    names = None
    for item in items:
        own = list(item) if isinstance(item, dict) else members(item)
        if not own or not all(isinstance(n, str) for n in own) or names not in (None, own):
            return None
        names = own
    return names


def nanoseconds(t, path):
    """Those since 1970 of a datetime, which may be pandas' NaT."""
    if t != t:
        return NO_TIME
    ns = (t.astimezone(datetime.timezone.utc) - EPOCH) // datetime.timedelta(microseconds=1) * 1000
    if not -1 << 63 < ns < 1 << 63:
        raise TypeError("%s is %s, which nanoseconds don't reach: hand over str(%s)" % (path, t, path))
    return ns


def fields(names):
    """Names of struct fields in Go, all different."""
    found = []
    for name in names:
        words = "".join(c if c.isalpha() or c.isdecimal() else " " for c in name).split()
        field = "".join(w[:1].upper() + w[1:] for w in words)
        if not field[:1].isupper():
            field = "X" + field
        base, n = field, 1
        while field in found:
            n += 1
            field = base + str(n)
        found.append(field)
    return found


def record_type(names, keys, types):
    tags = []
    for k in keys:
        tag = "handover" if k in ("", "-") or "," in k else "json"
        tags.append(json.dumps(tag + ":" + json.dumps(k, ensure_ascii=False), ensure_ascii=False))
    return "struct{%s}" % "; ".join("%s %s %s" % f for f in zip(names, types, tags))


def save(files, values):
    """Writes values to the first of two files that has the room, and tells their Go types."""
    writer, nodes, types = Writer(), [], []
    for name, value in values:
        node, t = writer.value(value, name)
        node["name"] = name
        nodes.append(node)
        types.append((t or "any").replace(UNKNOWN, "any"))
    head = json.dumps(nodes).encode()
    head = HEAD + struct.pack("<Q", len(head)) + head
    head += bytes(aligned(len(head)) - len(head))
    for path in files:
        try:
            write(path, head, writer)
            return {"file": path, "types": types}
        except OSError as e:
            if path == files[-1]:
                raise OSError("hand over %.1f MB: %s" % (writer.size / 1e6, e)) from None


def write_part(fd, at, data):
    while data.nbytes:
        done = os.pwrite(fd, data, at)
        at, data = at + done, data[done:]


def write(path, head, writer):
    if os.path.exists(path):
        os.unlink(path)
    fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        os.ftruncate(fd, len(head) + writer.size)
        parts = [(0, memoryview(head))]
        for at, data in writer.bulk:
            data = data.cast("B") if data.nbytes else memoryview(b"")
            parts += [(len(head) + at + i, data[i:i + PART]) for i in range(0, data.nbytes, PART)]
        if writer.size < 2 * PART:
            for part in parts:
                write_part(fd, *part)
            return
        with concurrent.futures.ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
            for done in [pool.submit(write_part, fd, *part) for part in parts]:
                done.result()
    except BaseException:
        os.unlink(path)
        raise
    finally:
        os.close(fd)
