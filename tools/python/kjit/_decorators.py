"""jit, njit and their options: Python functions become kernels, compiled from their source when they are called."""

import functools
import threading
import types as python_types
import weakref

import numpy

from . import _kjit, _source
from . import types as _types

_OPTIONS = ("nopython", "parallel", "fastmath", "cache", "nogil", "boundscheck", "error_model", "inline", "forceobj", "looplift",
            "debug", "locals", "no_cpython_wrapper", "no_cfunc_wrapper", "no_rewrites")
_IGNORED = ("pipeline_class", "target", "_target", "_dbg_extend_lifetimes", "_dbg_optnone", "_nrt", "error_model_numpy")


class CompilationError(Exception):
    """A function cannot be compiled. The text has file, line, column and the line itself with a caret."""


class ReadonlyError(CompilationError, ValueError):
    """A kernel writes into an array that is read-only."""


class SignatureError(CompilationError, TypeError):
    """No declared signature takes these arguments."""


class CompilationWarning(UserWarning):
    """Something in a kernel is likely to be a mistake: iterations of a loop over prange that share what they should not."""


for _error in (CompilationError, ReadonlyError, SignatureError, CompilationWarning):
    _error.__module__ = "kjit"  # as tracebacks show it
_kjit.set_exception_types(CompilationError, ReadonlyError, SignatureError, CompilationWarning)
_kjit.set_exception_arguments(_source.raised_arguments)


def option_text(name, value):
    if name == "locals":
        return "{" + ", ".join(f"{key!r}: {_types.spelled(t)!r}" for key, t in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(repr(flag) for flag in sorted(value)) + "}" if value else "False"
    if name == "inline" and callable(value):
        return repr("never")
    return repr(value)


def decorator_text(signatures, options, name="_kjit_decorator"):
    """The line that stands before the def: `@_kjit_decorator("f8(f8)", fastmath=True)`."""
    parts = []
    if signatures is not None:
        many = isinstance(signatures, (list, tuple)) and not (isinstance(signatures, tuple) and _is_types(signatures))
        parts.append("[" + ", ".join(repr(_signature_text(s)) for s in signatures) + "]" if many else repr(_signature_text(signatures)))
    parts += [f"{option}={option_text(option, value)}" for option, value in options.items()
              if (option not in _IGNORED or option == "target" and (name == "_kjit_vectorize" or value == "cuda")) and value is not None]
    return f"@{name}({', '.join(parts)})"


def _is_types(items):
    """Whether a tuple is the arguments of one signature, not a list of signatures."""
    return all(isinstance(i, _types.Type) or i is None or type(i).__module__.startswith("numba.") and not hasattr(i, "return_type")
               for i in items)


def _signature_text(signature):
    if isinstance(signature, tuple):
        return "(" + ", ".join(_types.spelled(t) for t in signature) + ("," if len(signature) == 1 else "") + ")"
    return _types.spelled(signature)


_lock = threading.RLock()  # one thread at a time makes texts; what is compiled from them is compiled side by side
_building = []


def _load(dispatcher):
    """What a dispatcher asks for at its first call: a module with its function, and the function's name in there."""
    with _lock:
        return _load_locked(dispatcher, dispatcher.py_func)


def _load_locked(dispatcher, function):
    if any(d is dispatcher for d in _building):
        raise CompilationError(f"'{function.__name__}' calls itself through another file or closure: recursion goes within one file only")
    _building.append(dispatcher)
    try:
        text = _source.Text(function, lambda f: dispatcher.decorator if f is function else _lines.get(f, ""),
                            _is_kernel, _as_kernel)
        source, first = text.render()
        module = _kjit.load_text(source, function.__code__.co_filename, text.globals, first)
    except _source.SourceError as problem:
        raise CompilationError(str(problem)) from None
    finally:
        _building.pop()
    return module, "lambda_" if function.__name__ == "<lambda>" else function.__name__


_lines = weakref.WeakKeyDictionary()  # the decorator of each function that has one
_plain = {}


def _is_kernel(value):
    return isinstance(getattr(value, "kernel", value), _kjit.Dispatcher) and value.py_func is not None


def _as_kernel(value):
    """A function of another file as a kernel: a dispatcher as it is, that of a ufunc, Numba's by its Python function, a helper
    without a decorator."""
    value = getattr(value, "kernel", value)
    if isinstance(value, _kjit.Dispatcher):
        return value
    if not isinstance(value, python_types.FunctionType):
        return njit(value.py_func)
    if value not in _plain:
        _plain[value] = _dispatcher(value, "")
    return _plain[value]


def _dispatcher(function, decorator):
    made = _kjit.Dispatcher(function, _load)
    functools.update_wrapper(made, function)
    made.decorator = decorator
    made.inspect_llvm = functools.partial(_inspect, made, "llvm-opt")
    made.inspect_asm = functools.partial(_inspect, made, "asm")
    return made


def _inspect(kernel, stage, signature=None):
    return kernel.inspect(stage) if signature is None else kernel.inspect(stage, signature)


def jit(signature_or_function=None, **options):
    """Compiles a function for the types that it is called with, or for declared signatures.

    `@jit`, `@jit(...)`, `jit(function)`. Signatures: "f8(f8[:], i8)", float64(float64[:], int64), a tuple of types, or a list of
    these. Options as Numba has them: nopython, parallel, fastmath (True or a set of flags), cache, nogil, boundscheck, error_model
    ("python" or "numpy"), inline, locals; target="cuda" with parallel=True runs loops over prange and expressions on arrays on a GPU,
    and takes its arrays (kjit.cuda) too. Signatures are looked at when the kernel is first called.
    """
    unknown = [name for name in options if name not in _OPTIONS and name not in _IGNORED]
    if unknown:
        raise TypeError(f"jit() got an unexpected option '{unknown[0]}'; it knows {', '.join(_OPTIONS)}")
    if options.get("forceobj") or options.get("looplift"):
        raise NotImplementedError("object mode is not supported: use njit, and remove what kernels cannot hold")
    if options.get("target", "cpu") not in ("cpu", "cuda"):
        raise NotImplementedError(f"target={options['target']!r} is not supported: 'cpu', and with parallel=True 'cuda' are")

    def decorate(function, signatures):
        if isinstance(function, _kjit.Dispatcher):
            return function
        if not isinstance(function, python_types.FunctionType):
            raise TypeError(f"jit() takes a function of Python, not {type(function).__name__}")
        line = decorator_text(signatures, options)
        _lines[function] = line
        return _dispatcher(function, line)

    first = signature_or_function
    if isinstance(first, (python_types.FunctionType, _kjit.Dispatcher)):
        return decorate(first, None)
    if callable(first) and not isinstance(first, (_types.Type, _types.Signature)) and not type(first).__module__.startswith("numba."):
        raise TypeError(f"jit() takes a function of Python, not {type(first).__name__}")
    return lambda function: decorate(function, first)


def ufunc_kernel(function, signatures, options):
    """The dispatcher under a ufunc: what kernels call, of a function with @vectorize."""
    line = decorator_text(signatures, options, "_kjit_vectorize")
    _lines[function] = line
    return _dispatcher(function, line)


def cuda_kernel(function, signatures, options):
    """The dispatcher under a function with @cuda.jit."""
    line = decorator_text(signatures, options, "_kjit_cuda.jit")
    _lines[function] = line
    return _dispatcher(function, line)


def njit(signature_or_function=None, **options):
    """jit(nopython=True): the same here, since nothing runs in object mode."""
    return jit(signature_or_function, **options)


class prange:
    """range() whose iterations may run at the same time, in kernels with parallel=True; outside of kernels it is range."""

    def __new__(cls, *arguments):
        return range(*arguments)


class pndindex(numpy.ndindex):
    """numpy.ndindex whose indices along the first axis may come at the same time, in kernels with parallel=True."""
