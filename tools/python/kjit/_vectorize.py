"""vectorize: ufuncs made of a function of numbers. The loops are compiled; what stands here is NumPy's way of calling them."""

import inspect
import threading
import types as python_types

import numpy as np

from . import _kjit, cuda
from . import types as _types
from ._decorators import CompilationError, SignatureError, ufunc_kernel

_SHORT = {"boolean": "bool", "none": None}
_MISSING = object()


def _dtypes(signature):
    """(dtypes of the arguments, dtype of the result or None) of a declared signature: a text, a Signature, or a tuple of types."""
    if isinstance(signature, str):
        signature = eval(signature, {"__builtins__": {}}, vars(_types))  # noqa: S307 - names of types and calls of them
    if type(signature).__module__.startswith("numba."):  # Numba's own
        return tuple(np.dtype(str(t)) for t in signature.args), np.dtype(str(signature.return_type))
    result = None
    if isinstance(signature, _types.Signature):
        signature, result = signature.arguments, signature.result
    if not isinstance(signature, tuple):
        raise TypeError(f"a signature of vectorize is that of a function: float64(float64), not {signature!r}")
    try:
        return tuple(_dtype(t) for t in signature), None if result is None else _dtype(result)
    except (TypeError, AttributeError):
        raise TypeError(f"a signature of vectorize is over numbers, not {signature!r}") from None


def _dtype(type_):
    return np.dtype(_SHORT.get(type_.name, type_.name))


def _is_foreign(value):
    """Whether a value says itself what ufuncs do with it."""
    return type(value) is not np.ndarray and getattr(type(value), "__array_ufunc__", np.ndarray.__array_ufunc__) is not np.ndarray.__array_ufunc__


class VectorizedFunction:
    """A ufunc: called with numbers and arrays, with `out`, `where`, `casting`, `order` and `dtype`; its methods are NumPy's."""

    signature = None  # it is no generalised ufunc

    def __init__(self, function, signatures, options):
        self.__wrapped__ = self.py_func = function
        self.__name__, self.__doc__, self.__module__, self.__qualname__ = function.__name__, function.__doc__, function.__module__, function.__qualname__
        code = function.__code__
        if code.co_argcount == 0 or code.co_kwonlyargcount or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
            raise TypeError(f"vectorize wants a function of one or more parameters by position, not {function.__name__}{inspect.signature(function)}")
        self.nin = code.co_argcount
        self.nout, self.nargs = 1, self.nin + 1
        self.identity = None if options.get("identity") == "reorderable" else options.get("identity")  # as NumPy shows it
        self._declared = [_dtypes(s) for s in signatures]
        for arguments, _ in self._declared:
            if len(arguments) != self.nin:
                raise TypeError(f"'{self.__name__}' takes {self.nin} arguments, a signature has {len(arguments)}")
        self.kernel = ufunc_kernel(function, list(signatures) or None, options)
        self._options = {name: options[name] for name in ("fastmath",) if options.get(name)}
        if options.get("target") in ("parallel", "cuda"):
            self._options["parallel"] = True
        self._on_device = options.get("target") == "cuda"
        self._entries, self._lock = {}, threading.Lock()

    def __repr__(self):
        return f"<ufunc {self.__name__!r}>"

    def __reduce__(self):
        return self.__qualname__  # found by name, as functions are

    @property
    def types(self):
        return ["".join(d.char for d in arguments) + "->" + ("?" if result is None else result.char) for arguments, result in self._declared]

    @property
    def ntypes(self):
        return len(self._declared)

    def _entry(self, parameters, call):
        """A compiled function of `parameters` that gives `function` + `call`."""
        found = self._entries.get(call)
        if found is None:
            said = dict(self._options, target="cuda") if self._on_device and call.startswith("(") else self._options
            options = ", ".join(f"{name}={value!r}" if not isinstance(value, (set, frozenset)) else
                                f"{name}={{{', '.join(map(repr, sorted(value)))}}}" for name, value in said.items())
            text = f"import numpy as np\nfrom numba import njit\n@njit({options})\ndef entry({', '.join(parameters)}):\n    return function{call}\n"
            with self._lock:
                module = _kjit.load_text(text, f"<ufunc {self.__name__}>", {"function": self.kernel}, 1)
                found = self._entries[call] = module.attribute("entry")
        return found

    def _run(self, parameters, call, values):
        """Calls it; a number that comes out has NumPy's type, an error of types is NumPy's."""
        entry = self._entry(parameters, call)
        try:
            made = entry(*values)
            if isinstance(made, (np.ndarray, np.generic, _kjit.DeviceArray)):
                return made
            dtype = entry.result_dtype(*values)
        except SignatureError:
            raise
        except CompilationError as problem:
            raise self._ufunc_error(problem) from None
        return made if dtype is None else dtype.type(made)

    @staticmethod
    def _ufunc_error(problem):
        line = str(problem).split("\n", 1)[0]
        message = line.split("error: ", 1)[-1].rsplit(" [", 1)[0]
        texts = ("did not contain a loop", "Cannot cast ufunc", "only supported for", "a ufunc gives one number")
        if any(t in message for t in texts):
            return TypeError(message)
        if "out of bounds for array of dimension" in message:
            return np.exceptions.AxisError(message)
        if "dimensions, the result has" in message or "at most one axis" in message:
            return ValueError(message)
        return problem

    def _overridden(self, method, inputs, out, keywords):
        """What an operand's own __array_ufunc__ gives; _MISSING when there is none."""
        outs = out if isinstance(out, tuple) else () if out is None else (out,)
        foreign = []
        for value in (*inputs, *outs):
            if _is_foreign(value) and all(type(value) is not type(f) for f in foreign):
                at = next((i for i, f in enumerate(foreign) if isinstance(value, type(f))), len(foreign))
                foreign.insert(at, value)
        if not foreign:
            return _MISSING
        if out is not None:
            keywords = {**keywords, "out": outs}
        for value in foreign:
            if type(value).__array_ufunc__ is None:
                raise TypeError(f"operand {type(value).__name__!r} does not support ufuncs (__array_ufunc__=None)")
            made = value.__array_ufunc__(self, method, *inputs, **keywords)
            if made is not NotImplemented:
                return made
        shown = ", ".join(repr(i) for i in inputs)
        types = ", ".join(repr(type(v).__name__) for v in (*inputs, *outs))
        raise TypeError(f"operand type(s) all returned NotImplemented from __array_ufunc__({self!r}, {method!r}, {shown}): {types}")

    @staticmethod
    def _operand(value):
        """A number of Python's as it is, which is weak; an array of a device; anything else as an array, or a scalar of NumPy's."""
        if type(value) in (bool, int, float, complex) or isinstance(value, (np.generic, _kjit.DeviceArray)):
            return value
        array = np.asarray(value)
        return array[()] if array.ndim == 0 else array

    def _output(self, out):
        if isinstance(out, tuple):
            if len(out) != 1:
                raise ValueError("The 'out' tuple must have exactly one entry per ufunc output")
            out = out[0]
        if out is not None and not isinstance(out, (np.ndarray, _kjit.DeviceArray) if self._on_device else np.ndarray):
            raise TypeError("return arrays must be of ArrayType")
        return out

    def _given(self, values):
        """Operands as they came; with target="cuda" those of other libraries on the device as ours."""
        return [cuda.as_cuda_array(v) if cuda.is_cuda_array(v) else v for v in values] if self._on_device else values

    def _refuse_on_device(self, values, **keywords):
        if not any(isinstance(v, _kjit.DeviceArray) for v in values):
            return
        for name, (value, default) in keywords.items():
            if value is not default and value != default:
                raise NotImplementedError(f"{self.__name__}: {name}={value!r} with arrays of a device is not supported")

    def _loop_for(self, dtype, given):
        """Operands for the loop whose result is `dtype`."""
        dtype = np.dtype(dtype)
        have = [getattr(g, "dtype", np.dtype(type(g))) for g in given]
        loops = [a for a, r in self._declared if r == dtype and all(np.can_cast(h, w, "same_kind") for h, w in zip(have, a))]
        if self._declared and not loops:
            raise TypeError(f"No loop matching the specified signature and casting was found for ufunc {self.__name__}")
        return [w.type(g) if np.ndim(g) == 0 else g.astype(w, copy=False) for g, w in zip(given, loops[0] if loops else [dtype] * self.nin)]

    def __call__(self, *inputs, out=None, where=True, casting="same_kind", order="K", dtype=None, subok=True):
        if len(inputs) == self.nargs and out is None:
            *inputs, out = inputs
        if len(inputs) != self.nin:
            raise TypeError(f"{self.__name__}() takes from {self.nin} to {self.nargs} positional arguments but {len(inputs)} were given")
        inputs = self._given(inputs)
        if out is not None:
            out = tuple(self._given(out)) if isinstance(out, tuple) else self._given((out,))[0]
        self._refuse_on_device((*inputs, *(out if isinstance(out, tuple) else (out,))), dtype=(dtype, None), order=(order, "K"), casting=(casting, "same_kind"))
        keywords = {}
        for name, value, default in (("where", where, True), ("casting", casting, "same_kind"), ("order", order, "K"), ("dtype", dtype, None), ("subok", subok, True)):
            if value is not default and not (isinstance(value, str) and value == default):
                keywords[name] = value
        made = self._overridden("__call__", inputs, out, keywords)
        if made is not _MISSING:
            return made
        out = self._output(out)
        given = [self._operand(i) for i in inputs]
        if dtype is not None:
            given = self._loop_for(dtype, given)
        return self._elements("", given, out, where, casting, order, dtype)

    def _elements(self, method, given, out, where, casting, order, dtype):
        names = [f"a{i}" for i in range(len(given))]
        parameters, values, call = list(names), list(given), ", ".join(names)
        if where is not True:
            parameters.append("where"), values.append(self._operand(where))
            call += ", where=where"
        target = out
        if out is not None and casting != "same_kind":
            target = None if where is True else out.copy()
        if target is not None:
            parameters.append("out"), values.append(target)
            call += ", out=out"
        arrays = [v for v in values if isinstance(v, np.ndarray)]
        columns = order == "F" or order in "KA" and arrays and all(a.flags.fnc for a in arrays)
        if columns and target is None and not method and len({a.ndim for a in arrays}) == 1:
            made = self._run(parameters, f"({call})", [v.T if isinstance(v, np.ndarray) else v for v in values]).T
        else:
            made = self._run(parameters, f"{method}({call})", values)
            if order == "F" and target is None:
                made = np.asfortranarray(made)
        if dtype is not None and target is None:
            made = made.astype(dtype, copy=False)
        if out is None:
            return made
        if target is not out:
            np.copyto(out, made, casting=casting)
        return out

    def outer(self, a, b, /, *, out=None, where=True, casting="same_kind", order="K", dtype=None):
        if self.nin != 2:
            raise ValueError("outer product only supported for binary functions")
        made = self._overridden("outer", (a, b), out, {})
        if made is not _MISSING:
            return made
        given = [self._operand(a), self._operand(b)]
        if dtype is not None:
            given = self._loop_for(dtype, given)
        return self._elements(".outer", given, self._output(out), where, casting, order, dtype)

    def _fold(self, method, array, settings, values, out):
        if self.nin != 2:
            raise ValueError(f"{method} only supported for binary functions")
        made = self._overridden(method, (array, *([values["indices"]] if "indices" in values else [])), out, {k: v for k, v in settings.items() if v is not None})
        if made is not _MISSING:
            return made
        out = self._output(out)
        names = ["array", *values]
        call = ", ".join(["array", *(f"{n}={n}" for n in values), *(f"{k}={self._setting(v)}" for k, v in settings.items() if v is not _MISSING)])
        if isinstance(array, _kjit.DeviceArray) and self._on_device:
            array = array.copy_to_host()  # methods run on the CPU
        given = [np.asarray(array), *(np.asarray(v) if k == "indices" else v for k, v in values.items())]
        made = self._run(names, f".{method}({call})", given)
        if out is None:
            return made
        if out.shape != np.shape(made):
            raise ValueError(f"output parameter for reduction operation {self.__name__} has the wrong shape: {out.shape}, not {np.shape(made)}")
        np.copyto(out, made, casting="same_kind")
        return out

    @staticmethod
    def _setting(value):
        if isinstance(value, (np.dtype, type)):
            return f"np.{np.dtype(value).name}" if np.dtype(value) != np.bool_ else "np.bool_"
        return repr(tuple(int(v) for v in value)) if isinstance(value, (tuple, list)) else repr(value if value is None or isinstance(value, bool) else int(value))

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=_MISSING, where=True):
        values = {} if initial is _MISSING or initial is None else {"initial": initial}
        if where is not True:
            values["where"] = np.asarray(where) if np.ndim(where) else bool(where)
            if self.identity not in (0, 1) and "initial" not in values:
                raise ValueError(f"reduction operation '{self.__name__}' does not have an identity, so to use a where mask one has to specify 'initial'")
        if isinstance(axis, tuple) and not axis and not _is_foreign(array):  # each element by itself
            array, axis, keepdims = np.asarray(array)[np.newaxis], 0, False
        return self._fold("reduce", array, {"axis": axis, "dtype": dtype, "keepdims": bool(keepdims)}, values, out)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        return self._fold("accumulate", array, {"axis": axis, "dtype": dtype}, {}, out)

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        return self._fold("reduceat", array, {"axis": axis, "dtype": dtype}, {"indices": indices}, out)

    def at(self, a, indices, b=None, /):
        if self.nin > 2:
            raise ValueError("Only unary and binary ufuncs supported at this time")
        if (b is None) != (self.nin == 1):
            raise ValueError("second operand needed for ufunc" if b is None else "second operand provided when ufunc is unary")
        made = self._overridden("at", (a, indices) if b is None else (a, indices, b), None, {})
        if made is not _MISSING:
            return made
        if not isinstance(a, np.ndarray):
            raise TypeError("first operand must be array")
        indices = tuple(np.asarray(i) for i in indices) if isinstance(indices, tuple) else indices if isinstance(indices, int) else np.asarray(indices)
        self._run(["a", "indices"], ".at(a, indices)", [a, indices]) if b is None else \
            self._run(["a", "indices", "b"], ".at(a, indices, b)", [a, indices, self._operand(b)])
        return None


_OPTIONS = ("nopython", "fastmath", "cache", "boundscheck", "error_model", "inline", "locals", "nogil", "debug", "forceobj", "writable_args")


def vectorize(ftylist_or_function=(), target="cpu", identity=None, **options):
    """A ufunc of a function of numbers: `@vectorize`, or with signatures, `@vectorize(["f8(f8, f8)", float32(float32, float32)])`.

    With signatures these are its loops, of which a call takes the first that all operands go into safely; without, it is compiled for
    the element types that it is called with. target: "cpu", "parallel" for loops on several threads, or "cuda" for loops on a GPU, which
    take its arrays (kjit.cuda) too and then give such. identity: 0, 1, None or
    "reorderable", what a reduction of nothing gives and whether several axes may be reduced at once. Kernels can call it too.
    """
    if target not in ("cpu", "parallel", "cuda"):
        raise ValueError(f"target is 'cpu', 'parallel' or 'cuda', not {target!r}")
    unknown = [name for name in options if name not in _OPTIONS]
    if unknown:
        raise TypeError(f"vectorize() got an unexpected option '{unknown[0]}'; it knows target, identity, {', '.join(_OPTIONS)}")
    if options.pop("forceobj", False):
        raise NotImplementedError("object mode is not supported: remove forceobj, and what kernels cannot hold")
    if options.pop("writable_args", ()):
        raise NotImplementedError("writable_args is not supported: a ufunc writes its output only")
    options.update(target=target, identity=identity)
    first = ftylist_or_function
    if isinstance(first, python_types.FunctionType) or isinstance(first, _kjit.Dispatcher):
        return VectorizedFunction(getattr(first, "py_func", first), [], options)
    signatures = list(first) if isinstance(first, (list, tuple)) else [first]
    return lambda function: VectorizedFunction(getattr(function, "py_func", function), signatures, options)


def _absent(name):
    def decorator(*arguments, **options):
        raise NotImplementedError(f"{name} is not supported: write the loops in a function with njit")

    decorator.__name__ = name
    decorator.__doc__ = f"Not supported yet; says so when it is called. A function with njit can hold the loops of {name}."
    return decorator


guvectorize = _absent("guvectorize")
stencil = _absent("stencil")
