"""Statements: assignments of names, elements, slices, masks and picked elements, loops, branches, calls."""
import re

from arrays import Arrays
from scope import Var
from types_of import ARRAYS, COMPLEX, FLOATS, NARROW

SCALARS = ["int", "float", "f8", "i8", "bool", "f4", "complex", "c16", "u8", "c8"]
FRESH = re.compile(r"np\.(where|sqrt|sin|cos|tanh|exp|expm1|sum|mean|prod|concatenate|hstack|sort|cumsum|repeat|stack|vstack|outer|dot|zeros|ones|"
                   r"full|arange|floor|minimum|maximum|clip|add|array)\(")


def surely_new(text):
    """Whether the text makes a new array: what it is bound to shares no memory."""
    if FRESH.match(text) and text.endswith(")") and text.count("np.") == 1:
        return True
    depth = 0
    for k, c in enumerate(text):
        depth += (c in "([") - (c in ")]")
        if depth == 0 and k + 1 < len(text):
            return False
    return bool(re.search(r" [-+*/] ", text)) and text[0] == "("


class Statements(Arrays):
    helpers = ()
    outside = None  # how many variables the function's own level has, while a block of it is written
    returned = None  # variables of an early return: the last one gives the same

    def shape(self):
        return self.shape_of_rank(self.pick([1, 1, 2, 2, 3]))

    def exactness(self, kind="f8"):
        """Complex arrays are never compared bit by bit: NumPy's products of them are fused where the machine can."""
        return not self.chance(35) and kind not in COMPLEX

    # Names.
    def new_scalar(self):
        kind, exact = self.pick(SCALARS), self.exactness()
        text = self.scalar(kind, 3, exact)
        if kind == "int":
            text = f"{text} % 9973" if self.chance(60) or len(text) > 25 else text
        name = self.name("x")
        self.emit(f"{name} = {text}")
        self.declare(Var(name, kind, None, exact))

    def new_array(self):
        shared = self.arrays()
        kind = self.pick([v.kind for v in shared] + ["f8", "i8"]) if not self.chance(20) else self.pick(ARRAYS)
        shape = self.pick([v.shape for v in shared if v.shape] + [self.shape()])
        exact = self.exactness(kind)
        text = self.array(kind, shape, 3, exact)
        if (not exact and not surely_new(text)) or "np.diag" in text or ".imag" in text:
            text = f"({text}).copy()"
        name = self.name("t")
        self.emit(f"{name} = {text}")
        self.declare(Var(name, kind, shape, exact))

    def new_unknown(self):
        sources = [v for v in self.arrays() if v.shape]
        if not sources:
            return self.new_array()
        v = self.pick(sources)
        mask = self.array("?", v.shape, 1, True)
        name = self.name("u")
        self.emit(f"{name} = {v.name}[{mask}]")
        self.declare(Var(name, v.kind, (None,), v.exact))
        if v.kind not in ("?", "u1", "u2", "u4", "u8"):
            self.emit(f"{name} = {name} {self.pick(['+', '*', '-'])} {self.pick(['2', name])}")

    def new_tuple(self):
        """A tuple of scalars, and variables of its parts."""
        kinds = [self.pick(SCALARS) for _ in range(self.number(2, 3))]
        name = self.name("y")
        texts = [self.scalar(k, 2, True) + (" % 9973" if k == "int" else "") for k in kinds]
        self.emit(f"{name} = ({', '.join(texts)})")
        parts = [Var(self.name("x"), k, None, True) for k in kinds]
        if self.chance(50):
            self.emit(f"{', '.join(p.name for p in parts)} = {name}")
            parts = [self.declare(p) for p in parts]
        else:
            k = self.number(0, len(kinds) - 1)
            self.emit(f"{parts[k].name} = {name}[{self.pick([k, k - len(kinds)])}]")
            self.declare(parts[k])

    def new_function(self):
        """A lambda of one scalar that may use variables which are not bound again after it, and its value."""
        if self.indent > 1:  # functions of one name that meet are an error (D3)
            return self.new_tuple()
        kind = self.pick(["float", "f8", "int"])
        kept = list(self.variables)
        self.variables = [v for v in kept if v.fixed] + [Var("z", kind)]
        text = self.scalar(kind, 2, True)
        self.variables = kept
        name, value = self.name("f"), self.name("x")
        self.emit(f"{name} = lambda z: {text}")
        tail = " % 9973" if kind == "int" else ""
        self.emit(f"{value} = {name}({self.scalar(kind, 1, True)}){tail}")
        self.declare(Var(value, kind, None, True))

    def positions(self):
        """Where a condition holds, and what is there."""
        sources = [v for v in self.arrays() if len(v.shape) == 1]
        if not sources:
            return self.new_tuple()
        v = self.pick(sources)
        name = self.name("u")
        mask = self.array("?", v.shape, 1, True)
        self.emit(f"{name} = {self.pick([f'np.nonzero({mask})[0]', f'np.flatnonzero({mask})', f'np.where({mask})[0]'])}")
        self.declare(Var(name, "i8", (None,), True))
        taken = self.name("u")
        self.emit(f"{taken} = {v.name}[{name}]")
        self.declare(Var(taken, v.kind, (None,), v.exact))

    def assign_scalar(self):
        targets = [v for v in self.variables if not v.is_array and not v.fixed and v.kind in SCALARS]
        if not targets:
            return self.new_scalar()
        v = self.pick(targets)
        if v.kind in ("bool", "complex", "c8") or self.chance(40):
            text = self.scalar(v.kind, 3, v.exact)
            self.emit(f"{v.name} = {text} % 9973" if v.kind == "int" else f"{v.name} = {text}")
        elif self.chance(15):
            others = [w for w in targets if w.kind == v.kind and w.exact == v.exact and w.name != v.name]
            if others:
                w = self.pick(others)
                self.emit(f"{v.name}, {w.name} = {w.name}, {v.name}")
        else:
            other = self.pick({"int": ["int"], "float": ["float", "int"], "f8": ["f8", "float", "i8", "f4"], "i8": ["i8", "int"],
                               "f4": ["f4", "float", "int"], "c16": ["c16", "float", "f8"], "u8": ["u8"]}[v.kind])
            op = self.pick(["+=", "-=", "*="] if v.kind != "int" else ["+=", "-="])
            self.emit(f"{v.name} {op} {self.scalar(other, 2, v.exact)}")
            if v.kind == "int":
                self.emit(f"{v.name} %= 9973")

    def rebind_array(self):
        targets = [v for v in self.arrays() if v.shape and not v.fixed]
        if not targets:
            return self.new_array()
        v = self.pick(targets)
        others = [w for w in targets if (w.kind, w.shape, w.exact) == (v.kind, v.shape, v.exact) and w.name != v.name]
        if others and self.chance(30):
            w = self.pick(others)
            self.emit(f"{v.name}, {w.name} = {w.name}, {v.name}")
            return
        text = self.array(v.kind, v.shape, 2, v.exact)
        if (not v.exact and not surely_new(text)) or "np.diag" in text or ".imag" in text:
            text = f"({text}).copy()"
        self.emit(f"{v.name} = {text}")

    # Values that fit an element, and operators of arrays.
    def stored(self, kind, exact):
        """A scalar that may be stored into an array of this dtype."""
        if kind == "?":
            return self.scalar("bool", 2, exact)
        if kind in NARROW:
            return f"({self.scalar('i8', 2, exact)} & 63)" if self.chance(60) else str(self.number(0, 9))
        if kind == "f4":
            return self.scalar(self.pick(["f4", "float", "f8", "int"]), 2, exact)
        if kind == "f8":
            return self.scalar(self.pick(["f8", "float", "int", "i8", "f4"]), 2, exact)
        if kind in COMPLEX:
            return self.scalar(self.pick(["c16", "complex", "float", "f8"] if kind == "c16" else ["c8", "complex", "f4"]), 2, exact)
        return self.scalar(kind, 2, exact) if kind == "u8" else self.scalar(self.pick(["i8", "int"]), 2, exact)

    def operator(self, kind):
        if kind == "?":
            return self.pick(["|=", "&=", "^="])
        return self.pick(["+=", "-=", "*="] + (["//=", "%="] if kind in ("i8", "i4", "i1", "u2") else []) + (["/="] if kind in FLOATS else []))

    def right(self, kind, shape, exact, source=None):
        """What is assigned to a part of this shape: often something that overlaps it."""
        if self.chance(20):
            return self.stored(kind, exact)
        if source is not None and shape and self.chance(50):
            text = self.view(source, shape)
            if text is not None:
                if kind == "?" or self.chance(30):
                    return text
                return f"{text} {self.pick('+-*')} {self.array_atom(kind, shape, exact)}"
        part = self.spread(shape) if self.chance(30) else shape
        return self.array(kind, part, 2, exact) if part else self.stored(kind, exact)

    def updated(self, kind, shape, exact, op, source):
        if op in ("//=", "%=", "/=") or kind == "?":
            return self.array(kind, shape, 1, exact)
        if kind[0] == "u" or self.chance(30):
            return str(self.number(1, 5))
        return self.right(kind, shape, exact, source) if kind not in NARROW else self.array(kind, shape, 1, exact)

    def target(self):
        targets = [v for v in self.arrays() if not v.fixed]
        return self.pick(targets) if targets else None

    def part(self, v):
        """Text and shape of a part of v by integers and slices."""
        texts, shape = [], []
        for n in v.shape:
            if n and self.chance(25):
                texts.append(self.index(n))
                continue
            wanted = self.pick([n, max(n - 1, 0), n // 2, min(n, 2)])
            text = self.slice_of(n, wanted)
            if text is None:
                text, wanted = ":", n
            texts.append(text)
            shape.append(wanted)
        return f"{v.name}[{', '.join(texts)}]", tuple(shape)

    def store_part(self):
        v = self.target()
        if v is None or not v.shape:
            return self.new_array()
        text, shape = self.part(v)
        if not shape:
            return self.store_element()
        floor = v.kind in FLOATS and not v.exact
        op = self.operator(v.kind) if self.chance(45) else "="
        if op in ("//=", "%=") and floor:
            op = "="
        self.emit(f"{text} {op} {self.updated(v.kind, shape, v.exact, op, v) if op != '=' else self.right(v.kind, shape, v.exact, v)}")

    def update_array(self):
        v = self.target()
        if v is None or not v.shape:
            return self.new_array()
        op = self.operator(v.kind)
        self.emit(f"{v.name} {op} {self.updated(v.kind, v.shape, v.exact, op, v)}")

    def store_element(self):
        v = self.target()
        if v is None or 0 in v.shape:
            return self.new_scalar()
        where = self.element(v)
        if self.chance(50) or v.kind == "?" or v.kind in NARROW:
            value = self.stored(v.kind, v.exact)
            self.emit(f"{where} = {value}" if v.kind not in NARROW or self.chance(50) else f"{where} {self.pick(['+=', '-=', '*='])} {self.number(0, 9)}")
        else:
            kind = {"i8": "i8", "u8": "u8", "f4": "f4", "c8": "c8", "c16": "c16"}.get(v.kind, "f8")
            self.emit(f"{where} {self.pick(['+=', '-=', '*='])} {self.scalar(kind, 2, v.exact)}")

    def store_masked(self):
        v = self.target()
        if v is None or not v.shape:
            return self.new_array()
        mask, shape = self.masked(v)
        if len(shape) == len(v.shape) and v.kind not in NARROW + ["?", "u8"] and self.chance(40):
            self.emit(f"{v.name}[{mask}] {self.pick(['+=', '*=', '-='])} {self.pick(['2', '3'])}")
        elif len(shape) == len(v.shape) and self.chance(30):
            name = self.name("q")
            self.emit(f"{name} = {mask}")
            other = self.array(v.kind, v.shape, 0, v.exact)
            self.emit(f"{v.name}[{name}] = ({other})[{name}]")
        else:
            self.emit(f"{v.name}[{mask}] = {self.stored(v.kind, v.exact)}")

    def store_picked(self):
        v = self.target()
        if v is None or not v.shape or 0 in v.shape:
            return self.new_array()
        count = self.pick([2, 3, 1, 4, 0, v.shape[0]])
        picks = self.index_array(v.shape[0], count)
        shape = (count,) + v.shape[1:]
        if len(v.shape) == 2 and self.chance(40):
            picks, shape = f"{picks}, {self.index_array(v.shape[1], count)}", (count,)
        op = self.pick(["=", "+=", "="]) if v.kind not in ("?",) else "="
        value = str(self.number(0, 5)) if op == "+=" or (v.kind in NARROW and self.chance(50)) else self.right(v.kind, shape, v.exact, v)
        self.emit(f"{v.name}[{picks}] {op} {value}")

    def method(self):
        v = self.target()
        if v is None or not v.shape:
            return self.new_scalar()
        literal = self.literal({"?": "bool", "c": "complex", "f": "float"}.get(v.kind[0], "int")).strip("-")
        options = [f"{v.name}.fill({literal})", f"{v.name}[:] = {literal}", f"{v.name}[...] = {self.right(v.kind, v.shape, v.exact, v)}"]
        if v.kind not in COMPLEX:
            options.append(f"{v.name}.sort()")
        self.emit(self.pick(options))

    def call(self):
        short = self.loops == 0 or max(self.dims) <= 8  # loops in loops in loops: CPython has to come to an end
        helpers = [h for h in self.helpers if short or not h.loops]
        if not helpers:
            return self.new_scalar()
        helper = self.pick(helpers)
        args = []
        for p in helper.parameters:
            if p.is_array:
                fit = [v.name for v in self.arrays(p.kind) if v.shape == p.shape and v.exact == p.exact and not v.fixed]
                args.append(self.pick(fit) if fit else self.fresh(p.kind, p.shape, p.exact))
            else:
                args.append(self.scalar(p.kind, 1, True))
        names = []
        for r in helper.results:
            names.append(Var(self.name("r"), r.kind, r.shape, r.exact))
        self.emit(f"{', '.join(n.name for n in names)} = {helper.name}({', '.join(args)})")
        for n in names:
            self.declare(n)
            if n.kind == "int" and not n.is_array:
                self.emit(f"{n.name} = {n.name} % 9973")
            elif n.is_array:
                self.emit(f"{n.name} = {n.name}.copy()") if not n.exact else None

    # Control.
    def block(self, depth, loop, least=1):
        kept = len(self.variables)
        if self.indent == 1:
            self.outside = kept
        self.indent += 1
        for _ in range(self.number(least, 3)):
            self.statement(depth - 1, loop)
        del self.variables[kept:]
        self.indent -= 1

    def branch(self, depth, loop):
        test = self.scalar("bool", 2, True)
        self.emit(f"if {test}:")
        form = self.pick(["block", "block", "exit", "raise"]) if self.indent > 1 or self.chance(30) else "block"
        if form == "raise" and not any(v.name in test for v in self.variables):
            form = "block"  # a function that can only raise has no result to go on with
        if form == "exit":
            exits = (["break", "continue"] if loop else [])
            if self.returned is None:
                self.returned = [v for v in self.variables[:self.outside] if not v.fixed and None not in (v.shape or ())]
            known = {v.name for v in self.variables}
            if self.returned and all(v.name in known for v in self.returned):
                exits.append(f"return {self.tuple_of(self.returned)}")
            self.emit("    " + (self.pick(exits) if exits else "pass"))
            return
        if form == "raise":
            self.emit(f"    raise {self.pick(['ValueError', 'IndexError', 'RuntimeError'])}('here')")
            return
        self.block(depth, loop)
        if self.chance(25):
            self.emit(f"elif {self.scalar('bool', 1, True)}:")
            self.block(depth, loop)
        if self.chance(50):
            self.emit("else:")
            self.block(depth, loop)

    def tuple_of(self, variables):
        return f"({', '.join(v.name for v in variables)},)"

    def loop(self, depth):
        kept = len(self.variables)
        self.loops += 1
        form = self.pick(["range", "range", "range", "while", "each", "enumerate", "zip", "ndindex", "until"])
        vectors = [v for v in self.arrays() if len(v.shape) == 1 and v.kind in ("f8", "i8", "f4", "c16")]
        grids = [v for v in self.arrays() if len(v.shape) == 2]
        if form == "each" and vectors:
            v = self.pick(vectors)
            name = self.name("e")
            self.emit(f"for {name} in {v.name}:")
            self.declare(Var(name, v.kind, None, v.exact, fixed=True))
        elif form == "enumerate" and vectors:
            v = self.pick(vectors)
            k, name = self.name("i"), self.name("e")
            self.emit(f"for {k}, {name} in enumerate({v.name}):")
            self.declare(Var(k, "loop", None, True, (0, v.shape[0] - 1), fixed=True))
            self.declare(Var(name, v.kind, None, v.exact, fixed=True))
        elif form == "zip" and vectors:
            v, w = self.pick(vectors), self.pick(vectors)
            a, b = self.name("e"), self.name("e")
            self.emit(f"for {a}, {b} in zip({v.name}, {w.name}):")
            self.declare(Var(a, v.kind, None, v.exact, fixed=True))
            self.declare(Var(b, w.kind, None, w.exact, fixed=True))
        elif form == "ndindex" and grids:
            v = self.pick(grids)
            a, b = self.name("i"), self.name("i")
            self.emit(f"for {a}, {b} in np.ndindex({v.name}.shape):")
            for name, n in ((a, v.shape[0]), (b, v.shape[1])):
                self.declare(Var(name, "loop", None, True, (0, n - 1), fixed=True))
        elif form == "each" and grids:
            v = self.pick(grids)
            name = self.name("w")
            self.emit(f"for {name} in {v.name}:")
            self.declare(Var(name, v.kind, v.shape[1:], v.exact, fixed=True))
        elif form == "while":
            k, n = self.name("k"), self.pick(self.dims)
            self.emit(f"{k} = 0")
            self.emit(f"while {k} < {self.length_text(n)}" + (f" and {self.scalar('bool', 1, True)}:" if self.chance(30) else ":"))
            self.emit(f"    {k} += 1")
            self.declare(Var(k, "loop", None, True, (1, n), fixed=True))
        elif form == "until":
            k = self.name("k")
            self.emit(f"{k} = 0")
            self.emit("while True:")
            self.emit(f"    if {k} >= {self.length_text(self.pick(self.dims))}:")
            self.emit("        break")
            self.emit(f"    {k} += 1")
        else:
            self.range_loop()
        self.block(depth, True)
        self.loops -= 1
        del self.variables[kept:]
        if self.chance(8):
            self.emit("else:")
            self.block(0, False)

    def range_loop(self):
        n = self.pick(self.dims)
        text = self.length_text(n)
        outer = [v.name for v in self.variables if v.range is not None and 0 <= v.range[0] and v.range[1] <= n]
        forms = [(text, (0, n - 1)), (f"1, {text}", (1, n - 1)), (f"{text} - 1, -1, -1", (0, n - 1)), (f"0, {text}, 2", (0, n - 1)), (f"1, {text} - 1", (1, n - 2)),
                 (f"{text} - 2, 0, -2", (1, n - 2)), ("3", (0, 2)), (f"{self.scalar('int', 1)} % 4", (0, 3)), ("-2, 2", (-2, 1))]
        if outer:
            forms += [(f"{self.pick(outer)}, {text}", (0, n - 1)), (f"{self.pick(outer)}", (0, n - 1)), (f"{self.pick(outer)} + 1, {text}", (1, n - 1))]
        ends, limits = self.pick(forms)
        name = self.name("i")
        self.emit(f"for {name} in range({ends}):")
        self.declare(Var(name, "loop", None, True, limits, fixed=True))

    def statement(self, depth=2, loop=False):
        plain = [self.new_scalar, self.new_array, self.assign_scalar, self.store_part, self.store_element, self.update_array, self.new_array,
                 self.rebind_array, self.store_masked, self.store_picked, self.method, self.call, self.new_unknown,
                 self.new_tuple, self.new_function, self.positions]
        if depth > 0 and self.chance(35):
            if self.loops < 2 and self.chance(65):
                self.loop(depth)
            else:
                self.branch(depth, loop)
            return
        before = len(self.lines)
        self.pick(plain)()
        if len(self.lines) == before:
            self.emit("pass")
