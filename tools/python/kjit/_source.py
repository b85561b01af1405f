"""From a Python function to the text that kjit compiles: its source, and the globals and closure variables that it uses.

The text keeps the lines and columns of the file, so that messages, tracebacks and debuggers show the places that the user knows.
Functions of the same file that the function calls come along in the same text; functions of other files, and those of closures,
are compiled from texts of their own and given as values.
"""

import ast
import builtins
import enum
import inspect
import sys
import textwrap
import types as python_types

import numpy

from . import types as _types


class SourceError(Exception):
    """The source of a function cannot be had."""


def raised_arguments(message, line):
    """The arguments of an exception that the statement in `line` raised with this message, which shows them as str() does."""
    try:
        raised = next(s for s in ast.walk(ast.parse(line.strip())) if isinstance(s, ast.Raise))
    except (SyntaxError, StopIteration):
        return (message,)
    arguments = raised.exc.args if isinstance(raised.exc, ast.Call) else []
    if not arguments:
        return (message,) if message else ()
    texts = any(isinstance(n, ast.JoinedStr) or isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(arguments[0]))
    is_key = isinstance(raised.exc.func, ast.Name) and raised.exc.func.id == "KeyError"
    if len(arguments) == 1 and texts and not is_key:
        return (message,)
    try:
        value = ast.literal_eval(message)
    except (SyntaxError, ValueError):
        return (message,)
    if len(arguments) == 1:
        return (value,)
    return value if isinstance(value, tuple) and len(value) == len(arguments) else (message,)


def parse(function):
    """(tree of the function, its lines as the text will hold them, number of the first line, columns taken off the left)."""
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError) as problem:
        raise SourceError(f"the source of '{function.__name__}' cannot be found ({problem}); kjit.compile(text) compiles text") from None
    first = max(first, 1)
    text = "".join(lines)
    dedented = textwrap.dedent(text)
    if function.__name__ == "<lambda>":
        return parse_lambda(function, text, first)
    try:
        tree = ast.parse(dedented)
    except SyntaxError as problem:
        raise SourceError(f"the source of '{function.__name__}' does not stand alone: {problem}") from None
    node = tree.body[0]
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise SourceError(f"'{function.__name__}' is not a function definition")
    out = dedented.splitlines()
    for i in range(node.lineno - 1):  # decorators: the caller says what they mean
        out[i] = ""
    return node, out[node.lineno - 1 : node.end_lineno], first + node.lineno - 1


def parse_lambda(function, text, first):
    """A lambda becomes `def lambda_(...): return ...` in one logical line."""
    for begin in ("", "(", "[", "{"):
        try:
            tree = ast.parse(begin + textwrap.dedent(text).strip() + {"": "", "(": ")", "[": "]", "{": "}"}[begin])
            break
        except SyntaxError:
            continue
    else:
        raise SourceError("the source of the lambda does not stand alone; a def works")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and tuple(a.arg for a in n.args.args) == names]
    if len(found) != 1:
        raise SourceError("the lambda cannot be told from others of its line; a def works")
    node = ast.FunctionDef(name="lambda_", args=found[0].args, body=[ast.Return(found[0].body)], decorator_list=[])
    ast.copy_location(node, found[0])
    ast.fix_missing_locations(node)
    return node, [f"def lambda_({ast.unparse(found[0].args)}): return ({ast.unparse(found[0].body)})"], first


def used_names(node):
    """Names that the function reads, and the dotted names on them with their places: {"np": [("np.linalg.inv", node)]}."""
    read, dotted = set(), {}

    def visit(n):
        if isinstance(n, ast.Attribute):
            parts, base = [n.attr], n.value
            while isinstance(base, ast.Attribute):
                parts.append(base.attr)
                base = base.value
            if isinstance(base, ast.Name):
                read.add(base.id)
                dotted.setdefault(base.id, []).append((".".join([base.id, *reversed(parts)]), n))
                return
        if isinstance(n, ast.Name):
            read.add(n.id)
        elif isinstance(n, ast.arg):
            return  # annotations mean nothing
        for child in ast.iter_child_nodes(n):
            if n is node and child is node.returns:
                continue
            visit(child)

    node.decorator_list = []
    visit(node)
    return read, dotted


def global_names(function, node):
    """Names that the code looks up outside of the function, and those in the defaults of its parameters."""
    names, codes = set(), [function.__code__]
    while codes:
        code = codes.pop()
        names.update(code.co_names, code.co_freevars)
        codes += [c for c in code.co_consts if isinstance(c, python_types.CodeType)]
    for default in [*node.args.defaults, *node.args.kw_defaults]:
        names.update(n.id for n in ast.walk(default or ast.Pass()) if isinstance(n, ast.Name))
    return names


def closure_of(function):
    """Variables of the functions around it; those that have no value yet are left out."""
    out = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            out[name] = cell.cell_contents
        except ValueError:
            pass
    return out


_PACKAGES = ("numpy", "math", "cmath", "numba", "kjit")


def canonical(value):
    """(module, name) of something that the language knows, such as numpy.sqrt, math.pi's functions, numba.prange; else None."""
    if isinstance(value, _types.Type):
        return ("numba", value.name) if value.name.isidentifier() else None
    if isinstance(value, numpy.ufunc):
        return ("numpy", value.__name__) if getattr(numpy, value.__name__, None) is value else None
    name = getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    if isinstance(value, type) and issubclass(value, numpy.generic):
        return ("numpy", name)
    if name == "LinAlgError" and value is numpy.linalg.LinAlgError:
        return ("numpy.linalg", name)
    # Numba's own first: prange is defined in a module of it that programs do not name.
    for module in dict.fromkeys(("numba", getattr(value, "__module__", None), "numpy", "math", "cmath", "numpy.linalg", "numpy.random")):
        if isinstance(module, str) and module.split(".")[0] in _PACKAGES and getattr(sys.modules.get(module), name, None) is value:
            return (numbas_name(module), name)
    return None


def numbas_name(module):
    """Kernels know the package's modules by Numba's names, and those that are its own affair not at all."""
    parts = module.split(".")
    if parts[0] != "kjit":
        return module
    public = [p for p in parts[1:] if not p.startswith("_")]
    return ".".join(["numba", *public]) if public[:1] == ["cuda"] else "numba"


def is_known_module(value):
    return isinstance(value, python_types.ModuleType) and value.__name__.split(".")[0] in _PACKAGES


class Text:
    """The text of a function and of those that it calls in the same file, with their globals."""

    def __init__(self, function, decorator, is_kernel, resolve):
        """decorator(function): the line before its def, "" for a plain helper; is_kernel(value): a decorated function;
        resolve(value): what to give for another function, a kernel."""
        self.decorator, self.is_kernel, self.resolve = decorator, is_kernel, resolve
        self.root = function
        self.prologue, self.globals, self.parts, self.done = ["from numba import jit as _kjit_decorator, vectorize as _kjit_vectorize, cuda as _kjit_cuda"], {}, [], {}
        self.add(function)

    def add(self, function):
        node, lines, first = parse(function)
        self.done[node.name] = function
        decorator = self.decorator(function)
        part = [first, decorator, lines]
        self.parts.append(part)
        read, dotted = used_names(node)
        closure = closure_of(function)
        for name in sorted(read & global_names(function, node)):
            if name in closure:
                self.bind(name, closure[name], dotted, lines, node)
            elif name in function.__globals__:
                self.bind(name, function.__globals__[name], dotted, lines, node)

    def python_function(self, value):
        """The function of Python under a kernel, ours or Numba's; a function as it is; else None."""
        if self.is_kernel(value) or type(value).__module__.startswith("numba.") and hasattr(value, "py_func"):
            return value.py_func
        return value if isinstance(value, python_types.FunctionType) else None

    def bind(self, name, value, dotted, lines, node):
        if name in self.globals or name in self.done and self.done[name] is self.python_function(value):
            return
        inner = self.python_function(value)
        if inner is not None and canonical(value) is None:
            together = (inner.__globals__ is self.root.__globals__ and not inner.__closure__ and not self.root.__closure__
                        and inner.__code__.co_filename == self.root.__code__.co_filename and inner.__name__ == name
                        and name not in self.done)
            if together:
                self.add(inner)
            else:
                self.globals[name] = self.resolve(value)
            return
        if is_known_module(value):
            self.prologue.append(f"import {numbas_name(value.__name__)} as {name}")
            return
        if isinstance(value, python_types.ModuleType) or isinstance(value, type) and canonical(value) is None:
            if getattr(builtins, name, None) is value:
                return
            self.attributes(name, value, dotted, lines, node)
            return
        known = canonical(value)
        if known:
            self.prologue.append(f"from {known[0]} import {known[1]} as {name}")
        elif getattr(builtins, getattr(value, "__name__", ""), None) is value:
            if value.__name__ != name:
                self.prologue.append(f"{name} = {value.__name__}")
        else:
            self.globals[name] = plain(value)

    def attributes(self, name, value, dotted, lines, node):
        """`config.N` of a module or class of the user's becomes the constant `config_N`, which is as long."""
        for text, place in sorted(dotted.get(name, []), key=lambda item: -len(item[0])):
            found, parts, count = value, text.split("."), 1
            for part in parts[1:]:
                if not (isinstance(found, (python_types.ModuleType, type)) and hasattr(found, part)):
                    break
                found, count = getattr(found, part), count + 1
            if count == 1:
                continue
            old, new = ".".join(parts[:count]), "_".join(parts[:count])
            line = place.lineno - node.lineno
            column = len(lines[line].encode()[: place.col_offset].decode())
            if lines[line][column : column + len(old)] == old:
                lines[line] = lines[line][:column] + new + lines[line][column + len(old) :]
                self.bind(new, found, {}, lines, node)
        self.globals.setdefault(name, value)

    def render(self):
        """(text, number of its first line)."""
        parts = sorted(self.parts, key=lambda part: part[0])
        out, at = [], parts[0][0] - 1  # the number of the line that comes next
        first = at - len(self.prologue)
        for begin, decorator, lines in parts:
            lines = [decorator, *lines] if decorator else lines
            gap = max(begin - (1 if decorator else 0) - at, 0)  # 0 too where a decorator has no room: lines are shown one too low
            out += [""] * gap + lines
            at += gap + len(lines)
        return "\n".join(self.prologue + out) + "\n", first


def plain(value):
    """The value that a global stands for: members of integer and float enumerations are their numbers."""
    if isinstance(value, enum.Enum) and isinstance(value.value, (bool, int, float, complex)):
        return value.value
    if isinstance(value, (list,)) and all(isinstance(v, (bool, int, float, complex)) for v in value):
        return value
    if isinstance(value, tuple) and type(value) is not tuple:
        return tuple(value)
    return value
