"""Guesses arguments for a function from the way its body uses them."""
import ast
import random

import numpy as np

INT_NAMES = {"n", "m", "k", "i", "j", "x", "y", "num", "index", "size", "nx", "ny", "width", "height", "count"}


class Evidence:
    def __init__(self):
        self.rank, self.exact_rank, self.array, self.integer, self.tuple, self.callee, self.default = 0, None, False, False, False, False, None


def _names(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


class _Uses(ast.NodeVisitor):
    """Collects evidence on parameters: ranks from subscripts and shapes, integers from ranges and indices."""

    def __init__(self, evidence, functions, depth):
        self.e, self.functions, self.depth = evidence, functions, depth

    def _array(self, name, rank, exact=False):
        if name in self.e:
            self.e[name].array = True
            self.e[name].rank = max(self.e[name].rank, rank)
            if exact:
                self.e[name].exact_rank = rank

    def visit_Subscript(self, node):
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        axes = [i for i in index if not (isinstance(i, ast.Constant) and i.value in (None, Ellipsis))]
        base, chained = node.value, 0
        while isinstance(base, ast.Subscript):
            base, chained = base.value, chained + 1
        if isinstance(base, ast.Name):
            self._array(base.id, len(axes) + chained)
        if isinstance(base, ast.Attribute) and base.attr in ("shape", "strides") and isinstance(base.value, ast.Name):
            at = node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) else 0
            self._array(base.value.id, at + 1 if at >= 0 else -at)
        for i in axes:
            for name in _names(i) & self.e.keys():
                self.e[name].integer = True
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name):
            self._array(node.value.id, 2 if node.attr == "T" else 1)
        self.generic_visit(node)

    def visit_Assign(self, node):
        target = node.targets[0]
        if isinstance(target, ast.Tuple):
            if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and isinstance(node.value.value, ast.Name):
                self._array(node.value.value.id, len(target.elts), exact=True)
            elif isinstance(node.value, ast.Name) and node.value.id in self.e:
                self.e[node.value.id].tuple = len(target.elts)
        self.generic_visit(node)

    def visit_For(self, node):
        for name in _names(node.iter) if isinstance(node.iter, ast.Name) else ():
            self._array(name, 1)
        self.generic_visit(node)

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name):
            if node.func.id in self.e:
                self.e[node.func.id].callee = True
            if node.func.id in ("range", "prange"):
                for name in set().union(*map(_names, node.args)) & self.e.keys():
                    self.e[name].integer = not self.e[name].array
            if node.func.id == "len" and isinstance(node.args[0], ast.Name):
                self._array(node.args[0].id, 1)
            helper = self.functions.get(node.func.id)
            if helper and self.depth < 3:
                inner = evidence(helper, self.functions, self.depth + 1)
                for argument, found in zip(node.args, inner.values()):
                    if isinstance(argument, ast.Name) and argument.id in self.e:
                        mine = self.e[argument.id]
                        mine.array |= found.array
                        mine.rank = max(mine.rank, found.rank)
                        mine.integer |= found.integer
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("prange", "dot", "zeros_like", "empty_like", "ones_like"):
            for name in set().union(set(), *map(_names, node.args)) & self.e.keys():
                if node.func.attr == "prange":
                    self.e[name].integer = not self.e[name].array
                else:
                    self._array(name, 1)
        self.generic_visit(node)


def evidence(function, functions, depth=0):
    parameters = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    found = {p: Evidence() for p in parameters}
    uses = _Uses(found, functions, depth)
    for statement in function.body:
        uses.visit(statement)
    for name, default in zip(reversed(parameters), reversed(function.args.defaults)):
        found[name].default = default
    return found


def _array(rng, n, rank, dtype, holes=False):
    shape = (n,) * rank
    if dtype == np.bool_:
        return rng.random(shape) < 0.5
    if np.issubdtype(dtype, np.integer):
        return rng.integers(0, max(n - 1, 1), shape).astype(dtype)
    values = np.round(rng.random(shape) * 4 - (1 if holes else 0), 3)
    if np.issubdtype(dtype, np.complexfloating):
        values = values + 1j * np.round(rng.random(shape), 3)
    values = values.astype(dtype)
    if holes and values.size:
        values.flat[rng.integers(0, values.size, max(values.size // 4, 1))] = np.nan
    return values


def candidates(name, found):
    """Generators of values, the likely ones first: functions of (numpy generator, python generator, n)."""
    arrays = []
    ranks = [found.exact_rank] if found.exact_rank else [max(found.rank, 1), max(found.rank, 1) + 1]
    kinds = [np.int64, np.float64, np.int32] if found.integer and not found.array else [np.float64, np.float32, np.int64, np.int32, np.bool_, np.uint8, np.complex128]
    for rank in ranks:
        for kind in kinds:
            arrays.append(lambda g, r, n, rank=rank, kind=kind: _array(g, n, rank, kind))
        arrays.insert(1, lambda g, r, n, rank=rank: _array(g, n, rank, np.float64, holes=True))
    whole = [lambda g, r, n: r.randint(0, 3), lambda g, r, n: n, lambda g, r, n: r.randint(1, 2)]
    real = [lambda g, r, n: round(r.uniform(0.25, 3), 3), lambda g, r, n: round(r.uniform(-2, 2), 3)]
    flag = [lambda g, r, n: r.random() < 0.5]
    if found.callee:
        return []
    if found.tuple:
        k = found.tuple
        return [lambda g, r, n: tuple(r.randint(1, 3) for _ in range(k)), lambda g, r, n: tuple(round(r.uniform(0, 3), 2) for _ in range(k)),
                lambda g, r, n: g.random(k)]
    if found.array:
        return arrays + [lambda g, r, n: (n,) * max(found.rank, 1)]
    if isinstance(found.default, ast.Constant) and isinstance(found.default.value, bool):
        return flag
    if found.integer or name in INT_NAMES:
        return whole + real + arrays
    return real + whole + flag + arrays


def guesses(function, functions, count):
    """Yields argument lists, from likely to unlikely, always the same ones for the same function."""
    found = evidence(function, functions)
    lists = [(candidates(name, e), e.array) for name, e in found.items()]
    if not all(options for options, _ in lists):
        return
    python, generator = random.Random(7), np.random.default_rng(7)
    for attempt in range(count):
        n = (4, 5, 6, 32, 3)[attempt % 5]
        spread = 0.15 if attempt < count // 3 else 0.55 if attempt < 2 * count // 3 else 0.85
        arguments = []
        same_dtype = python.random() < 0.7
        shift = 0
        while python.random() < spread:
            shift += 1
        for options, array in lists:
            at = shift if same_dtype and array else 0
            while not (same_dtype and array) and python.random() < (spread if array else spread / 2):
                at += 1
            arguments.append(options[at % len(options)](generator, python, n))
        yield arguments
