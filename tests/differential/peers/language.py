"""Decides whether a function stays within the loop slice of the language: scalars, element access, views, loops, tuples.

What can be read off the text is (no lists, dicts, classes, try, formatting); whether an operator or a function is applied to
a whole array is found by running the function on its arguments with each expression watched.
"""
import ast

import numpy as np

CREATION = {"empty", "zeros", "ones", "full", "arange", "linspace", "empty_like", "zeros_like", "ones_like", "full_like"}
ARRAY_METHODS = {"copy", "sum", "mean", "min", "max", "fill", "dot", "reshape", "astype", "any", "all", "argmin", "argmax", "ravel",
                 "flatten", "std", "var", "prod", "cumsum", "transpose", "sort", "item", "nonzero", "conj", "clip", "round", "argsort"}
SEQUENCE = {"sum", "min", "max", "len", "enumerate", "zip", "range", "prange", "isinstance"}


def _static(tree):
    reasons = set()
    for node in ast.walk(tree):
        kind = {ast.Dict: "dict", ast.Set: "set", ast.List: "list", ast.ListComp: "list", ast.DictComp: "dict", ast.SetComp: "set",
                ast.GeneratorExp: "generator", ast.Yield: "generator", ast.Try: "try", ast.With: "with", ast.JoinedStr: "text",
                ast.ClassDef: "class", ast.Global: "global", ast.MatMult: "matrix product"}.get(type(node))
        if kind:
            reasons.add(kind)
        if isinstance(node, ast.Attribute) and node.attr in ("linalg", "random"):
            reasons.add("np." + node.attr)
        if isinstance(node, ast.Attribute) and node.attr in ("append", "format", "encode", "join", "lower"):
            reasons.add("list or text")
    return reasons


class _Watch(ast.NodeTransformer):
    """Wraps every expression that could be one over whole arrays into a call that looks at its value."""

    def _wrap(self, node, label):
        self.generic_visit(node)
        call = ast.Call(ast.Name("__seen", ast.Load()), [ast.Constant(label), node], [])
        return ast.copy_location(call, node)

    def visit_BinOp(self, node):
        return self._wrap(node, "array expression")

    def visit_UnaryOp(self, node):
        return self._wrap(node, "array expression")

    def visit_Compare(self, node):
        return self._wrap(node, "array expression")

    def visit_Subscript(self, node):
        self.generic_visit(node)
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not isinstance(node.slice, ast.Slice) and not any(isinstance(i, (ast.Slice, ast.Starred)) for i in items):
            node.slice = ast.Call(ast.Name("__index", ast.Load()), [node.slice], [])
        else:
            items = [i if isinstance(i, ast.Slice) else ast.Call(ast.Name("__index", ast.Load()), [i], []) for i in items]
            node.slice = ast.Tuple(items, ast.Load()) if isinstance(node.slice, ast.Tuple) else items[0]
        return ast.fix_missing_locations(node)

    def visit_Assign(self, node):
        self.generic_visit(node)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        node.value = ast.Call(ast.Name("__operand", ast.Load()), [node.value], [])
        return ast.fix_missing_locations(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if name in CREATION | SEQUENCE or any(isinstance(a, ast.Starred) for a in node.args):
            return node
        method = isinstance(node.func, ast.Attribute) and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy", "math"))
        arguments = [ast.Call(ast.Name("__method", ast.Load()), [ast.Constant(name), node.func.value], [])] if method else []
        if isinstance(node.func, ast.Attribute) and not method:
            node.args = [ast.Call(ast.Name("__argument", ast.Load()), [ast.Constant("np." + name), a], []) for a in node.args]
            call = ast.Call(ast.Name("__seen", ast.Load()), [ast.Constant("np." + name), node], [])
            return ast.fix_missing_locations(ast.copy_location(call, node))
        if method:
            node.func.value = arguments[0]
        return ast.fix_missing_locations(node)


def _whole(value):
    return isinstance(value, np.ndarray) and value.ndim > 0


def reasons_outside(text, name, argument_lists):
    """The constructs outside of the loop slice that the function and its helpers use on these arguments; empty when within."""
    tree = ast.parse(text)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    reasons = set().union(*[_static(ast.Module(f.body, [])) for f in functions])

    def seen(label, value):
        if _whole(value):
            reasons.add(label)
        return value

    def argument(label, value):
        if _whole(value) or isinstance(value, list):
            reasons.add(label)
        return value

    def operand(value):
        return seen("array expression", value)

    def index(value):
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, (np.ndarray, list)) and np.ndim(part) > 0:
                reasons.add("fancy index")
        return value

    def method(label, value):
        if isinstance(value, np.ndarray) and label in ARRAY_METHODS:
            reasons.add("." + label)
        return value

    for f in functions:
        f.body = [_Watch().visit(s) for s in f.body]
    _slice_stores(functions, reasons)
    scope = {"__name__": "kernel", "__seen": seen, "__index": index, "__operand": operand, "__method": method, "__argument": argument}
    exec(compile(ast.fix_missing_locations(tree), name, "exec"), scope)
    for arguments in argument_lists:
        try:
            scope[name](*arguments)
        except Exception as error:
            reasons.add(f"not watched: {error}")
    return sorted(reasons)


def _slice_stores(functions, reasons):
    """`a[1:3] = ...` writes a whole array."""
    for f in functions:
        for node in ast.walk(f):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
            for t in targets:
                if isinstance(t, ast.Subscript) and any(isinstance(n, ast.Slice) for n in [t.slice, *getattr(t.slice, "elts", [])]):
                    reasons.add("slice store")
