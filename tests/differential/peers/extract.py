"""Finds the decorated functions of a source tree that stand on their own, with the helpers, constants and imports they need.

A function stands on its own when every name it reads is its own, a builtin, of numpy, math, cmath or numba, a constant of its
file, or another decorated function of its file that stands on its own.
"""
import ast
import builtins
import pathlib
import re
import symtable
import textwrap

import table

KNOWN_MODULES = {"numpy", "math", "cmath", "numba"}
DECORATORS = {"jit", "njit", "ngjit", "ngjit_parallel", "generated_jit"}
OTHER_DECORATORS = {"vectorize", "guvectorize", "stencil"}
# names that only decorators read, with a meaning that changes nothing for a serial run
DECORATOR_CONSTANTS = {"NUMBA_PARALLEL": "NUMBA_PARALLEL = False", "NUMBA_DISABLE_PARALLEL": "NUMBA_DISABLE_PARALLEL = True"}


class NotAlone(Exception):
    """Says what a function needs from outside of its file."""


class Kernel:
    """One function to run: qualified name, text of a file that holds it and all it needs, its tree."""

    def __init__(self, repository, path, qualified, name, text, node, kind):
        self.repository, self.path, self.qualified, self.name = repository, path, qualified, name
        self.text, self.node, self.kind = text, node, kind


def decorator_name(node):
    """`jit` for @jit, @nb.jit, @nb.jit(...), @utils.njit; None for other decorators and for those of GPU kernels."""
    target = node.func if isinstance(node, ast.Call) else node
    names = []
    while isinstance(target, ast.Attribute):
        names.append(target.attr)
        target = target.value
    if not isinstance(target, ast.Name):
        return None
    names.append(target.id)
    if any("cuda" in n for n in names):
        return None
    return names[0] if names[0] in DECORATORS | OTHER_DECORATORS else None


def decorated(node):
    return next((d for d in node.decorator_list if decorator_name(d)), None)


def without_type_statements(text):
    """Python 3.12's type aliases and type parameters away, for an older interpreter; lines stay where they are."""
    text = re.sub(r"^(\s*)type (\w+) = ", r"\1\2 = ", text, flags=re.M)
    return re.sub(r"^(\s*def \w+)\[[^\n]*?\](?=\()", r"\1", text, flags=re.M)


class File:
    """One file of a tree. With `plain`, functions at its top level count without a decorator, as if @njit stood above them."""

    def __init__(self, repository, root, path, plain=False):
        self.plain = plain
        self.repository, self.root, self.path = repository, root, str(path.relative_to(root))
        self.absolute = path
        self.source = without_type_statements(path.read_text())
        self.lines = self.source.splitlines()
        self.tree = ast.parse(self.source)
        self.tables = {}
        self.top = {}
        self._collect(self.tree.body, self.top)
        self._tables(symtable.symtable(self.source, str(path), "exec"))

    def _tables(self, table):
        for child in table.get_children():
            if child.get_type() == "function":
                self.tables.setdefault((child.get_name(), child.get_lineno()), child)
            self._tables(child)

    def _collect(self, body, names):
        """What binds each name in a block: an import, an assignment, a function, a class."""
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.setdefault(node.name, node)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    names.setdefault(alias.asname or alias.name.split(".")[0], (node, alias))
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                names[node.targets[0].id] = node
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                names[node.target.id] = node
            elif isinstance(node, ast.Try):
                self._collect(node.body + node.orelse, names)
                for handler in node.handlers:
                    self._collect(handler.body, names)
            elif isinstance(node, ast.If):
                self._collect(node.body + node.orelse, names)

    def functions(self):
        """(node, qualified name, enclosing scopes' names) of each function with a decorator of interest."""
        def walk(body, prefix, scopes):
            for node in body:
                if isinstance(node, ast.FunctionDef):
                    if decorated(node) or (self.plain and not prefix and not node.decorator_list and not node.name.startswith("test")):
                        yield node, prefix + node.name, scopes
                    inner = {}
                    self._collect(node.body, inner)
                    yield from walk(node.body, f"{prefix}{node.name}.", [inner, *scopes])
                elif isinstance(node, ast.ClassDef):
                    yield from walk(node.body, f"{prefix}{node.name}.", scopes)
                else:
                    for field in ("body", "orelse", "finalbody"):
                        yield from walk(getattr(node, field, []) if isinstance(getattr(node, field, []), list) else [], prefix, scopes)
                    for handler in getattr(node, "handlers", []):
                        yield from walk(handler.body, prefix, scopes)
        yield from walk(self.tree.body, "", [])

    def free_names(self, node):
        first = min([node.lineno, *[d.lineno for d in node.decorator_list]])
        table = self.tables.get((node.name, first)) or self.tables.get((node.name, node.lineno))
        found = set()

        def visit(t, own):
            for symbol in t.get_symbols():
                if symbol.is_global() or (symbol.is_free() and symbol.get_name() not in own):
                    found.add(symbol.get_name())
            mine = own | {s.get_name() for s in t.get_symbols() if s.is_local()}
            for child in t.get_children():
                visit(child, mine)
        visit(table, set())
        for default in [*node.args.defaults, *[d for d in node.args.kw_defaults if d]]:
            found |= {n.id for n in ast.walk(default) if isinstance(n, ast.Name)}
        return found

    def function_text(self, node):
        first = min([node.lineno, *[d.lineno for d in node.decorator_list]])
        text = textwrap.dedent("\n".join(self.lines[first - 1 : node.end_lineno])) + "\n"
        if self.plain and not node.decorator_list:
            text = "@njit\n" + text
        return "".join(l for l in text.splitlines(True) if l.strip() not in ("@staticmethod", "@classmethod"))

    def kernel(self, node, qualified, scopes):
        if why := table.takes_objects(f"{self.path}:{qualified}"):
            raise NotAlone(why)
        parts = {"import": [], "constant": [], "function": {}}
        self._need(node, scopes, parts, [])
        functions = [parts["function"][line] for line in sorted(parts["function"])]
        head = "from __future__ import annotations\n" if self._annotated(parts) else ""
        text = head + "\n".join([*dict.fromkeys(parts["import"]), "", *dict.fromkeys(parts["constant"]), ""]) + "\n"
        text += "\n\n".join(functions)
        kind = decorator_name(decorated(node)) if node.decorator_list else "njit"
        kernel = Kernel(self.repository, self.path, f"{self.path}:{qualified}", node.name, text, node, kind)
        kernel.elsewhere = "elsewhere" in parts
        return kernel

    def _annotated(self, parts):
        trees = [ast.parse(t).body[0] for t in parts["function"].values()]
        return any(t.returns or any(a.annotation for a in t.args.args) for t in trees if isinstance(t, ast.FunctionDef))

    def _import_from_tree(self, statement, name, parts):
        """A helper or a constant of another file of the same tree: taken along as if it stood in this one."""
        if statement.level:
            base = self.absolute.parents[statement.level - 1]
        else:
            base = next((d for d in [self.root, *self.root.parents][:2] if (d / (statement.module or "").split(".")[0]).exists()), self.root)
        stem = base.joinpath(*(statement.module or "").split(".")) if statement.module else base
        path = next((p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.exists()), None)
        if not path:
            raise NotAlone(f"{name} of module {'.' * statement.level}{statement.module or ''}")
        other = File(self.repository, self.root, path)
        if not isinstance(other.top.get(name), (ast.FunctionDef, ast.Assign)):
            raise NotAlone(f"{name} of module {'.' * statement.level}{statement.module or ''}")
        inner = {"import": parts["import"], "constant": parts["constant"], "function": {}}
        other._name(name, None, [], inner, [])
        parts["elsewhere"] = True
        for line, text in inner["function"].items():
            parts["function"][line - 1000000] = text

    def _need(self, node, scopes, parts, stack):
        if node.lineno in parts["function"]:
            return
        parts["function"][node.lineno] = self.function_text(node)
        if node.args.args and node.args.args[0].arg in ("self", "cls"):
            raise NotAlone("a method")
        if self.plain:
            parts["import"].append("from numba import njit")
        for d in node.decorator_list:
            self._decorator(d, scopes, parts)
        for name in sorted(self.free_names(node)):
            if name != node.name or node.name not in (n.name for n in stack):
                self._name(name, node, scopes, parts, [*stack, node])

    def _decorator(self, node, scopes, parts):
        if isinstance(node, ast.Name) and node.id in ("staticmethod", "classmethod"):
            return
        kind = decorator_name(node)
        if not kind:
            raise NotAlone(f"decorator {ast.unparse(node)}")
        target = node.func if isinstance(node, ast.Call) else node
        means = {"ngjit": "njit", "ngjit_parallel": "njit"}.get(kind, kind)
        if isinstance(target, ast.Name):
            parts["import"].append(f"from numba import {means}" + (f" as {target.id}" if means != target.id else ""))
        elif isinstance(target.value, ast.Name):
            parts["import"].append("import numba" + (f" as {target.value.id}" if target.value.id != "numba" else ""))
        else:
            raise NotAlone(f"decorator {ast.unparse(target)}")
        if kind in OTHER_DECORATORS and not self._of_numba(target):
            raise NotAlone(f"decorator {ast.unparse(target)}")
        root = target.value.id if isinstance(target, ast.Attribute) else target.id
        for n in ast.walk(node):
            if isinstance(n, ast.Name) and n.id != root:
                if n.id in DECORATOR_CONSTANTS:
                    parts["constant"].append(DECORATOR_CONSTANTS[n.id])
                else:
                    self._name(n.id, node, scopes, parts, [])

    def _of_numba(self, target):
        binding = self.top.get(target.value.id if isinstance(target, ast.Attribute) else target.id)
        if not isinstance(binding, tuple):
            return False
        statement, alias = binding
        return (statement.module if isinstance(statement, ast.ImportFrom) else alias.name).split(".")[0] == "numba"

    def _name(self, name, user, scopes, parts, stack):
        for scope in [*scopes, self.top]:
            if name in scope:
                return self._binding(name, scope[name], scopes, parts, stack)
        if hasattr(builtins, name):
            return None
        raise NotAlone(f"name {name}")

    def _binding(self, name, binding, scopes, parts, stack):
        if isinstance(binding, tuple):
            statement, alias = binding
            module = statement.module if isinstance(statement, ast.ImportFrom) else alias.name
            if (module or "").split(".")[0] not in KNOWN_MODULES or getattr(statement, "level", 0):
                if isinstance(statement, ast.ImportFrom) and alias.asname in (None, alias.name):
                    return self._import_from_tree(statement, alias.name, parts)
                raise NotAlone(f"{name} of module {module or '.'}")
            prefix = f"from {module} import {alias.name}" if isinstance(statement, ast.ImportFrom) else f"import {alias.name}"
            parts["import"].append(prefix + (f" as {alias.asname}" if alias.asname else ""))
        elif isinstance(binding, ast.FunctionDef):
            if binding in stack:
                return
            if not decorated(binding) and not self.plain:
                raise NotAlone(f"{name}, a function without decorator")
            self._need(binding, scopes, parts, stack)
        elif isinstance(binding, (ast.Assign, ast.AnnAssign)):
            for n in ast.walk(binding.value):
                if isinstance(n, ast.Name):
                    self._name(n.id, binding, scopes, parts, stack)
                elif isinstance(n, (ast.Lambda, ast.Dict, ast.ListComp, ast.Await, ast.Constant)):
                    if not isinstance(n, ast.Constant) or isinstance(n.value, (str, bytes)):
                        raise NotAlone(f"{name}, a global that is not a number or an array")
            parts["constant"].append(ast.get_source_segment(self.source, binding))
        else:
            raise NotAlone(f"{name}, a class")


def scan(root, plain=False):
    """([Kernel], [(qualified name, why it does not stand on its own)], [unreadable files]) of a source tree."""
    root = pathlib.Path(root).resolve()
    kernels, others, unreadable = [], [], []
    for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
        try:
            file = File(root.name, root if root.is_dir() else root.parent, path, plain)
        except (SyntaxError, UnicodeDecodeError):
            unreadable.append(str(path))
            continue
        for node, qualified, scopes in file.functions():
            try:
                kernels.append(file.kernel(node, qualified, scopes))
            except NotAlone as why:
                others.append((f"{file.path}:{qualified}", str(why)))
    return kernels, others, unreadable


if __name__ == "__main__":
    import collections
    import sys
    for tree in sys.argv[1:]:
        kernels, others, unreadable = scan(tree)
        print(f"{tree}: {len(kernels)} on their own, {len(others)} not, {len(unreadable)} files not read")
        for k in kernels:
            print("   ", k.qualified, k.kind)
        for why, n in collections.Counter(w for _, w in others).most_common(25):
            print("      not:", n, why)
