"""Kernels in kjit and in CPython with NumPy: the same text, the same arguments, and what both make of them.

    with Host("build/release/bin/differential_host") as host:
        outcomes = host.run(text, "kernel", args)   # one for each of host.levels
        problem = compare(oracle(text, "kernel", args), outcomes[0])

kjit runs in one process that answers many requests (host.cpp has the protocol) and is started again when it dies.
"""
import builtins
import contextlib
import os
import pathlib
import select
import signal
import struct
import subprocess
import sys
import types
import warnings

try:
    import numpy as np
except ImportError:
    python = pathlib.Path(__file__).resolve().parents[2] / ".cache/venv/bin/python"
    if not python.exists() or pathlib.Path(sys.prefix).resolve() == python.parents[1].resolve():
        print("skipped: NumPy is not installed here (tools/setup --tests)")
        sys.exit(1 if os.environ.get("KJIT_TESTS_COMPLETE") else 77)
    sys.exit(subprocess.call([str(python), *sys.argv]))

ORACLE_SECONDS = 20
DTYPES = [np.dtype(t) for t in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16")]


def root(array):
    """The array that owns the memory of `array`."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def roots(args):
    found = []
    for a in args:
        if isinstance(a, np.ndarray) and not any(root(a) is f for f in found):
            found.append(root(a))
    return found


def offset(array):
    return array.__array_interface__["data"][0] - root(array).__array_interface__["data"][0]


def duplicate(args):
    """The same arguments with memory of their own; arrays that shared memory still do."""
    owners = roots(args)
    copies = [o.copy(order="K") for o in owners]

    def one(a):
        if not isinstance(a, np.ndarray):
            return a
        k = next(i for i, o in enumerate(owners) if o is root(a))
        view = np.ndarray(a.shape, a.dtype, copies[k], offset(a), a.strides) if a.size else np.empty(a.shape, a.dtype)
        view.flags.writeable = a.flags.writeable
        return view
    return [one(a) for a in args], copies


class Error:
    """What a call raised: kind, message, line of the text."""

    def __init__(self, kind, message, line=0):
        self.kind, self.message, self.line = kind, message, line

    def __repr__(self):
        return f"{self.kind}: {self.message}" + (f" (line {self.line})" if self.line else "")


class Result:
    """What a call returned, and the bytes of the buffers behind its arguments."""

    def __init__(self, value, buffers):
        self.value, self.buffers = value, buffers

    def __repr__(self):
        return repr(self.value)


class Host:
    def __init__(self, program, levels=(0, 3), timeout=60.0):
        self.command = [str(pathlib.Path(program).resolve())] + [str(n) for n in levels]
        self.levels, self.timeout, self.process = levels, timeout, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def run(self, text, function, args, boundscheck=False):
        """The outcome at each level."""
        return [outcomes[0] for outcomes in self.run_all(text, function, [args], boundscheck)]

    def run_all(self, text, function, calls, boundscheck=False):
        """The outcomes of several calls at each level."""
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        request = [string(text.encode()), string(function.encode()), struct.pack("<BI", boundscheck, len(calls))]
        owners = [roots(args) for args in calls]
        for args, mine in zip(calls, owners):
            request.append(struct.pack("<I", len(mine)))
            for o in mine:
                request += [struct.pack("<Q", o.nbytes), o.tobytes(order="A")]
            request.append(string(struct.pack("<I", len(args)) + b"".join(encode(a, mine) for a in args)))
        outcomes = []
        try:
            data = memoryview(b"".join(request))
            while data:
                data = data[self.process.stdin.write(data):]
            for _ in range(len(self.levels) * len(calls)):
                outcomes.append(self.answer(owners[len(outcomes) % len(calls)]))
        except (EOFError, BrokenPipeError, TimeoutError) as e:
            try:
                status = "no answer" if isinstance(e, TimeoutError) else self.ending()
            finally:
                self.stop()
            outcomes += [Error("crash", status)] * (len(self.levels) * len(calls) - len(outcomes))
        return [outcomes[k:k + len(calls)] for k in range(0, len(outcomes), len(calls))]

    def ending(self):
        code = self.process.wait(10)
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def read(self, count):
        out = self.process.stdout
        data = b""
        while len(data) < count:
            if not select.select([out], [], [], self.timeout)[0]:
                raise TimeoutError
            part = os.read(out.fileno(), count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def unpack(self, form):
        return struct.unpack("<" + form, self.read(struct.calcsize("<" + form)))

    def string(self):
        return self.read(self.unpack("I")[0]).decode(errors="replace")

    def answer(self, owners):
        if not self.unpack("B")[0]:
            kind, message = self.string(), self.string()
            return Error(kind, message, self.unpack("I")[0])
        value = self.value()
        return Result(value, [self.read(o.nbytes) for o in owners])

    def value(self):
        tag = self.read(1)
        if tag in b"bidc":
            parts = self.unpack({b"b": "B", b"i": "q", b"d": "d", b"c": "dd"}[tag])
            return bool(parts[0]) if tag == b"b" else complex(*parts) if tag == b"c" else parts[0]
        if tag == b"s":
            dtype = DTYPES[self.unpack("B")[0]]
            return np.frombuffer(self.read(16)[:dtype.itemsize], dtype)[0]
        if tag == b"t":
            return tuple(self.value() for _ in range(self.unpack("I")[0]))
        if tag == b"a":
            number, rank, _ = self.unpack("BBB")
            shape = self.unpack("q" * rank)
            size = int(np.prod(shape, dtype=np.int64))
            return np.frombuffer(self.read(size * DTYPES[number].itemsize), DTYPES[number]).reshape(shape)
        return None


def string(data):
    return struct.pack("<I", len(data)) + data


def encode(value, owners):
    if value is None:
        return b"n"
    if isinstance(value, np.ndarray):
        k = next(i for i, o in enumerate(owners) if o is root(value))
        geometry = struct.pack(f"<{2 * value.ndim}q", *value.shape, *value.strides)
        return (b"a" + bytes([DTYPES.index(value.dtype), value.ndim, not value.flags.writeable]) + geometry +
                struct.pack("<Iq", k, offset(value) if value.size else 0))
    if isinstance(value, np.generic):
        return b"s" + bytes([DTYPES.index(value.dtype)]) + value.tobytes().ljust(16, b"\0")
    if isinstance(value, tuple):
        return b"t" + struct.pack("<I", len(value)) + b"".join(encode(v, owners) for v in value)
    if isinstance(value, bool):
        return b"b" + bytes([value])
    if isinstance(value, int):
        return b"i" + struct.pack("<q", value)
    if isinstance(value, float):
        return b"d" + struct.pack("<d", value)
    return b"c" + struct.pack("<dd", value.real, value.imag)


def plain_numba():
    """A module `numba` whose decorators leave functions as they are."""
    module = types.ModuleType("numba")
    module.njit = module.jit = lambda *a, **_: a[0] if a and callable(a[0]) else lambda f: f
    module.prange = builtins.range
    return module


class Endless(BaseException):
    """A call that has run for ORACLE_SECONDS: nothing to compare with."""


@contextlib.contextmanager
def at_most(seconds):
    def stop(*_):
        raise Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def oracle(text, function, args):
    """What CPython makes of the call; Endless after ORACLE_SECONDS."""
    args, copies = duplicate(args)
    sys.modules["numba"] = plain_numba()
    scope = {"__name__": "program"}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), at_most(ORACLE_SECONDS):
            warnings.simplefilter("ignore")
            exec(compile(text, "program", "exec"), scope)
            value = scope[function](*args)
    except RecursionError:
        raise
    except Exception as e:  # whatever the program raises is the answer
        kind = "TypeError" if isinstance(e, TypeError) else type(e).__name__
        return Error(kind, str(e))
    return Result(value, [c.tobytes(order="A") for c in copies])


def parts(value, path="result"):
    """The leaves of a result with their names."""
    if isinstance(value, (tuple, list)):
        for i, v in enumerate(value):
            yield from parts(v, f"{path}[{i}]")
    else:
        yield path, value


def sort_of(value):
    if isinstance(value, np.ndarray):
        return f"array of {value.dtype}"
    if isinstance(value, (bool, np.bool_)):
        return "bool"  # comparisons of NumPy's numbers are Python's bools in kernels
    return f"np.{value.dtype}" if isinstance(value, np.generic) else type(value).__name__


def leaf_problem(want, got, tolerance):
    """'' or why `got` is not `want`. Tolerance: of floats, relative and absolute; None: equal, nan for nan; "skip": any value."""
    if sort_of(want) != sort_of(got):
        return f"is {sort_of(got)} {got!r}, expected {sort_of(want)} {want!r}"
    if want is None or tolerance == "skip":
        return ""
    a, b = np.asarray(want), np.asarray(got)
    if a.shape != b.shape:
        return f"has shape {b.shape}, expected {a.shape}"
    with np.errstate(all="ignore"):
        if a.dtype.kind not in "fc" or tolerance is None:
            same = (a == b) | ((a != a) & (b != b))
            if a.dtype.kind == "f":
                same &= (np.signbit(a) == np.signbit(b)) | (a != 0)
        else:
            same = np.isclose(b, a, rtol=tolerance, atol=tolerance, equal_nan=True)
            if a.dtype.kind == "c":  # where products of parts overflow, their difference is inf or nan as they are fused or not
                same |= ~np.isfinite(a) & ~np.isfinite(b)
    if same.all():
        return ""
    k = tuple(int(i[0]) for i in np.nonzero(~same)) if a.ndim else ()
    return f"at {k}: {b[k]!r}, expected {a[k]!r}; {int((~same).sum())} of {a.size} differ" if k else f"is {got!r}, expected {want!r}"


def compare(want, got, tolerances=None):
    """'' or how an outcome of kjit differs from the oracle's. `tolerances`: one for each leaf of the result and then for each
    buffer of the arguments (with its dtype): (dtype, tolerance)."""
    if isinstance(want, Error) or isinstance(got, Error):
        if isinstance(want, Error) and isinstance(got, Error) and want.kind == got.kind:
            return ""
        if isinstance(want, Error) and want.kind == "TypeError" and isinstance(got, Error) and got.kind == "Compile":
            return ""
        return f"kjit: {got!r}; CPython: {want!r}"
    leaves, mine = list(parts(want.value)), list(parts(got.value))
    if len(leaves) != len(mine):
        return f"result has {len(mine)} parts, expected {len(leaves)}"
    for k, ((path, w), (_, g)) in enumerate(zip(leaves, mine)):
        problem = leaf_problem(w, g, tolerances[0][k] if tolerances else None)
        if problem:
            return f"{path} {problem}"
    for k, (w, g) in enumerate(zip(want.buffers, got.buffers)):
        dtype, tolerance = tolerances[1][k] if tolerances else (np.dtype("u1"), None)
        problem = leaf_problem(np.frombuffer(w, dtype), np.frombuffer(g, dtype), tolerance)
        if problem:
            return f"memory of argument {k} {problem}"
    return ""
