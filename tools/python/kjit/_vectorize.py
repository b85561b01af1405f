"""vectorize: a function of numbers called element by element on arrays, with NumPy's broadcasting."""

import numbers

import numpy as np

from . import _kjit
from . import types as _types
from ._decorators import jit

_SHORT = {"boolean": "bool", "none": None}


def _dtypes(signature):
    """(dtypes of the arguments, dtype of the result) of a declared signature, a text or a Signature over numbers."""
    if isinstance(signature, str):
        signature = eval(signature, {"__builtins__": {}}, vars(_types))  # noqa: S307 - names of types and calls of them
    if not isinstance(signature, _types.Signature):
        raise TypeError(f"a signature of vectorize has a result: float64(float64), not {signature!r}")
    try:
        return tuple(_dtype(t) for t in signature.arguments), _dtype(signature.result)
    except TypeError:
        raise TypeError(f"a signature of vectorize is over numbers, not {signature!r}") from None


def _dtype(type_):
    return np.dtype(_SHORT.get(type_.name, type_.name))


class VectorizedFunction:
    """What vectorize makes of a function: called like a ufunc, with `out`."""

    def __init__(self, function, signatures, options):
        self.__wrapped__ = self.py_func = function
        self.__name__, self.__doc__ = function.__name__, function.__doc__
        self.nin = function.__code__.co_argcount
        self.nout, self.nargs = 1, self.nin + 1
        self._kernel = jit(**options)(function)
        self._declared = [_dtypes(s) for s in signatures]
        for arguments, _ in self._declared:
            if len(arguments) != self.nin:
                raise TypeError(f"'{self.__name__}' takes {self.nin} arguments, a signature has {len(arguments)}")
        self._loops = {}

    def __repr__(self):
        return f"<kjit vectorized {self.__name__!r}>"

    @property
    def types(self):
        return ["".join(d.char for d in arguments) + "->" + result.char for arguments, result in self._declared]

    def _convert(self, given):
        """The arguments as the first declared signature that takes them safely wants them, and its result; as they are without any."""
        if not self._declared:
            return given, None
        have = [np.min_scalar_type(a) if isinstance(a, numbers.Number) and not isinstance(a, np.generic) else a.dtype for a in given]
        for arguments, result in self._declared:
            if all(np.can_cast(h, w, "safe") for h, w in zip(have, arguments)):
                return [w.type(a) if np.ndim(a) == 0 else a.astype(w, copy=False) for a, w in zip(given, arguments)], result
        raise TypeError(f"no signature of '{self.__name__}' takes ({', '.join(str(h) for h in have)})")

    def _loop(self, arrays):
        """The kernel over elements; `arrays` tells which arguments are arrays, the others being one number for all."""
        if arrays not in self._loops:
            names = [f"a{i}" for i in range(self.nin)]
            items = ", ".join(f"{n}[i]" if is_array else n for n, is_array in zip(names, arrays))
            text = ("from numba import njit\n@njit\ndef loop(out, " + ", ".join(names) + "):\n    for i in range(out.size):\n"
                    f"        out[i] = function({items})\n")
            module = _kjit.load_text(text, f"<vectorize {self.__name__}>", {"function": self._kernel}, 1)
            self._loops[arrays] = module.attribute("loop")
        return self._loops[arrays]

    def __call__(self, *arguments, out=None):
        if len(arguments) == self.nin + 1 and out is None:
            *arguments, out = arguments
        if len(arguments) != self.nin:
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments, {len(arguments)} given")
        given = [a if isinstance(a, numbers.Number) else np.asarray(a) for a in arguments]
        given = [a[()] if isinstance(a, np.ndarray) and a.ndim == 0 else a for a in given]
        given, result = self._convert(given)
        which = tuple(isinstance(a, np.ndarray) for a in given)
        if not any(which) and out is None:
            value = self._kernel(*given)
            return value if result is None else result.type(value)
        if result is None:
            result = self._kernel.result_dtype(*(a.dtype.type(0) if is_array else a for a, is_array in zip(given, which)))
            if result is None:
                raise TypeError(f"'{self.__name__}' does not return a number")
        shape = np.broadcast_shapes(*(np.shape(a) for a in given))
        if out is not None and out.shape != np.broadcast_shapes(shape, out.shape):
            raise ValueError(f"non-broadcastable output operand with shape {out.shape} doesn't match the broadcast shape {shape}")
        shape = shape if out is None else out.shape
        made = np.empty(shape, result)
        flat = [np.broadcast_to(a, shape).reshape(-1) if is_array else a for a, is_array in zip(given, which)]
        self._loop(which)(made.reshape(-1), *flat)
        if out is None:
            return made
        np.copyto(out, made, casting="same_kind")
        return out

    def outer(self, a, b):
        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b)

    def __getattr__(self, name):
        if name in ("reduce", "accumulate", "at", "reduceat"):
            raise NotImplementedError(f"{name} of a vectorized function is not supported: write the loop in a kernel")
        raise AttributeError(name)


def vectorize(signatures_or_function=None, *, target="cpu", identity=None, **options):
    """A function of numbers for arrays: `@vectorize`, or with signatures, `@vectorize(["f8(f8, f8)", float32(float32, float32)])`.

    Without signatures it is compiled for the element types that it is called with. target="parallel" runs on one thread here. The
    function can be called from Python; calls from within kernels are not supported (call a decorated function and write the loop).
    """
    if target not in ("cpu", "parallel"):
        raise NotImplementedError(f"target={target!r} is not supported: vectorized functions run on the CPU")
    first = signatures_or_function
    if callable(first) and not isinstance(first, (_types.Type, _types.Signature)):
        return VectorizedFunction(first, [], options)
    signatures = [] if first is None else list(first) if isinstance(first, (list, tuple)) else [first]
    return lambda function: VectorizedFunction(function, signatures, options)


def _absent(name):
    def decorator(*arguments, **options):
        raise NotImplementedError(f"{name} is not supported: write the loops in a function with njit")

    decorator.__name__ = name
    decorator.__doc__ = f"Not supported yet; says so when it is called. A function with njit can hold the loops of {name}."
    return decorator


guvectorize = _absent("guvectorize")
stencil = _absent("stencil")
