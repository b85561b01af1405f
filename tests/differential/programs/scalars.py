"""Expressions of scalars, by the kind of their value. What operators make of mixed kinds is CPython's and NumPy 2's, as types_of.py says."""
from scope import Scope
from types_of import INTS, NAMES

# kind -> templates and the kinds of their operands. An operand may ask: "!" exact, "nz" not 0 (of Python's numbers: by adding to abs()).
RULES = {
    "int": [("({} + {})", "int int"), ("({} - {})", "int int"), ("({} * {})", "small small"), ("({} // {})", "int int.nz"),
            ("({} % {})", "int int.nz"), ("({} & {})", "int int"), ("({} | {})", "int int"), ("({} ^ {})", "int int"), ("({} << 3)", "small"),
            ("({} >> 2)", "int"), ("max({}, {})", "int int"), ("min({}, {})", "int int"), ("abs({})", "int"), ("(-{})", "int"),
            ("(~{})", "int"), ("({0} if {1} else {2})", "int bool int"), ("({} ** 2)", "small"), ("int({})", "tame"), ("math.floor({})", "tame"),
            ("round({})", "tame"), ("(int({}) % 1000)", "i8"), ("divmod({}, {})[0]", "int int.nz"), ("math.gcd({}, {})", "int int"),
            ("int({})", "bool"), ("({} // {})", "int int.maybe")],
    "i8": [("({} + {})", "i8 i8"), ("({} - {})", "i8 int"), ("({} * {})", "i8 i8"), ("({} * {})", "int i8"), ("({} // {})", "i8 int.nz"),
           ("({} % {})", "i8 int.nz"), ("({} & {})", "i8 i8"), ("({} ^ {})", "i8 int"), ("({} << 4)", "i8"), ("({} >> 1)", "i8"),
           ("(-{})", "i8"), ("abs({})", "i8"), ("(~{})", "i8"), ("max({}, {})", "i8 i8"), ("np.minimum({}, {})", "i8 i8"), ("np.int64({})", "int"),
           ("({0} if {1} else {2})", "i8 bool i8"), ("({} ** 3)", "i8"), ("np.int64({})", "tame")],
    "u8": [("({} + {})", "u8 u8"), ("({} - {})", "u8 u8"), ("({} * {})", "u8 u8"), ("({} // {})", "u8 u8.lit"), ("({} % {})", "u8 u8.lit"),
           ("({} & {})", "u8 u8"), ("({} | {})", "u8 u8"), ("({} >> 3)", "u8"), ("({} << 7)", "u8"), ("(~{})", "u8"),
           ("max({}, {})", "u8 u8"), ("({0} if {1} else {2})", "u8 bool u8")],
    "float": [("({} + {})", "float float"), ("({} - {})", "float int"), ("({} * {})", "float float"), ("({} * {})", "int float"),
              ("({} / {})", "float float.nz"), ("({} / {})", "int int.nz"), ("({} // {})", "float! float!.nz"), ("({} % {})", "float! int.nz"),
              ("abs({})", "float"), ("(-{})", "float"), ("float({})", "int"), ("float({})", "f8"), ("float({})", "f4"), ("math.sqrt(abs({}))", "float"),
              ("math.sin({})", "tame~"), ("math.exp({})", "tame~"), ("max({}, {})", "float! float!"), ("min({}, {})", "float! float!"),
              ("({0} if {1} else {2})", "float bool float"), ("({} / {})", "float! int.maybe"), ("math.hypot({}, {})", "tame~ tame~"),
              ("{}.real", "complex"), ("({} ** 2)", "tame")],
    "f8": [("({} + {})", "f8 f8"), ("({} * {})", "f8 float"), ("({} - {})", "f4 f8"), ("({} + {})", "i8 float"), ("({} * {})", "f4 i8"),
           ("({} / {})", "i8 int.nz"), ("({} / {})", "f8 float.nz"), ("({} // {})", "f8! float!.nz"), ("({} % {})", "f8! int.nz"), ("abs({})", "f8"),
           ("(-{})", "f8"), ("np.sqrt({})", "f8"), ("np.sqrt({})", "i8"), ("np.sin({})", "f8~"), ("np.exp({})", "f8~"), ("np.float64({})", "float"),
           ("np.maximum({}, {})", "f8 f8"), ("np.floor({})", "f8!"), ("np.sign({})", "f8!"), ("({0} if {1} else {2})", "f8 bool f8"),
           ("({} ** 2)", "f8"), ("{}.imag", "c16"), ("np.abs({})", "c16~")],
    "f4": [("({} + {})", "f4 f4"), ("({} * {})", "f4 float"), ("({} - {})", "int f4"), ("({} / {})", "f4 int.nz"), ("abs({})", "f4"),
           ("(-{})", "f4"), ("np.sqrt({})", "f4"), ("np.cos({})", "f4~"), ("np.float32({})", "float"), ("np.float32({})", "i8"),
           ("np.minimum({}, {})", "f4 f4"), ("np.floor({})", "f4!"), ("({0} if {1} else {2})", "f4 bool f4"), ("{}.real", "c8")],
    "complex": [("({} + {})", "complex complex"), ("({} * {})", "complex complex"), ("({} - {})", "complex float"), ("({} * {})", "int complex"),
                ("(-{})", "complex"), ("complex({}, {})", "float float"), ("{}.conjugate()", "complex"), ("({0} if {1} else {2})", "complex bool complex")],
    "c16": [("({} + {})", "c16 c16"), ("({} * {})", "c16 c16"), ("({} - {})", "c16 float"), ("({} * {})", "i8 complex"), ("({} * {})", "c16 f8"),
            ("({} / {})", "c16~ int.nz"), ("(-{})", "c16"), ("np.conj({})", "c16"), ("np.complex128({})", "complex"), ("np.exp({})", "c16~"),
            ("({0} if {1} else {2})", "c16 bool c16"), ("({} + {})", "c8 f8")],
    "c8": [("({} + {})", "c8 c8"), ("({} * {})", "c8 f4"), ("({} * {})", "c8 complex"), ("(-{})", "c8"), ("np.complex64({})", "complex"),
           ("np.conj({})", "c8")],
    "bool": [("({} < {})", "int int"), ("({} == {})", "int int"), ("({} <= {})", "float! float!"), ("({} > {})", "f8! float!"), ("({} != {})", "i8 int"),
             ("({} < {})", "i8 f8!"), ("({} >= {})", "u8 u8"), ("({} == {})", "f4! f4!"), ("({} < {} <= {})", "int int int"), ("({} and {})", "bool bool"),
             ("({} or {})", "bool bool"), ("(not {})", "bool"), ("({} == {})", "complex! complex!"), ("({} != {})", "c16! c16!"), ("({} < {})", "narrow narrow"),
             ("({} == {})", "narrow int"), ("np.isnan({})", "f8!"), ("math.isfinite({})", "float!"), ("bool({})", "int"), ("({0} if {1} else {2})", "bool bool bool")],
}
LITERALS = {"int": ["1", "0", "2", "3", "-1", "5", "7", "-4"], "float": ["1.0", "0.5", "0.0", "2.0", "-1.5", "0.25", "3.0"],
            "complex": ["1j", "(1+2j)", "(0.5-1j)"], "bool": ["True", "False"]}


class Scalars(Scope):
    def literal(self, kind):
        if kind in LITERALS:
            return self.pick(LITERALS[kind])
        weak = "complex" if kind[0] == "c" else "float" if kind[0] == "f" else "int"
        text = self.pick(LITERALS[weak][:4] if kind[0] == "u" else LITERALS[weak])
        return f"np.{NAMES[kind]}({text.strip('-') if kind[0] == 'u' else text})"

    def element(self, array):
        return f"{array.name}[{', '.join(self.index(n) for n in array.shape)}]" if array.shape else f"{array.name}[()]"

    def elements(self, kinds, exact):
        return [v for v in self.arrays() if v.kind in kinds and 0 not in v.shape and (v.exact or not exact)]

    def scalar_atom(self, kind, exact):
        options = [v.name for v in self.scalars(kind, exact)]
        if kind == "bool":
            options += [self.element(v) for v in self.elements(["?"], exact)[:3]]
        elif kind == "int":
            options += [v.name for v in self.variables if v.range is not None]
            options += [f"{v.name}.{self.pick(['size', 'ndim', 'shape[0]'])}" for v in self.arrays()[:3] if v.shape]
            options += [f"int({self.element(v)})" for v in self.elements(["i1", "u1", "i2"], exact)[:2]]
        elif kind == "i8":
            options += [self.element(v) for v in self.elements(["i8"], exact)]
            options += [f"np.int64({self.element(v)})" for v in self.elements(["i1", "i4", "u2", "?"], exact)[:2]]
        elif kind in NAMES:
            options += [self.element(v) for v in self.elements([kind], exact)]
        if not options or self.chance(25):
            return self.literal(kind)
        return self.pick(options)

    def folded(self, kind, exact):
        """A reduction of a whole array, or None."""
        names = {"i8": [("sum", ["i8", "i4", "i1", "i2", "?"]), ("max", ["i8"]), ("prod", ["i1", "i8"]), ("argmax", INTS + ["f8", "f4"]),
                        ("argmin", INTS + ["f8"])],
                 "u8": [("sum", ["u1", "u8", "u4"]), ("min", ["u8"])], "bool": [("any", ["?", "i8", "f8"]), ("all", ["?", "i4", "f8"])],
                 "f8": [("max", ["f8"]), ("min", ["f8"])] + ([] if exact else [("sum", ["f8"]), ("mean", ["f8", "i8", "i4"]), ("std", ["f8", "i4"]), ("prod", ["f8"])]),
                 "f4": [("max", ["f4"])] + ([] if exact else [("sum", ["f4"]), ("mean", ["f4"])]),
                 "c16": [] if exact else [("sum", ["c16"]), ("mean", ["c16"])], "c8": [] if exact else [("sum", ["c8"])],
                 "int": [("count_nonzero", ["?", "i8", "f8"])]}.get(kind, [])
        options = []
        for fold, kinds in names:
            needs = fold in ("argmax", "argmin", "any", "all", "count_nonzero")
            for v in [v for v in self.arrays() if v.kind in kinds] + self.unknown(kinds):
                if (exact or needs) and not v.exact:
                    continue
                part = v.name
                if v.shape and None not in v.shape and self.chance(30):
                    n = v.shape[0]
                    part = f"{v.name}[{self.index(n)}]" if n and len(v.shape) > 1 else f"{v.name}[{self.pick(self.bounds(n))}]"
                call = f"np.{fold}({part})"
                options.append(f"int({call})" if kind == "int" else call)
        if kind == "i8" or (kind in ("f8", "f4", "c16") and not exact):
            options += self.products(kind)
        return self.pick(options) if options else None

    def products(self, kind):
        """Inner products of vectors, whole or cut where a loop says."""
        vectors = [v for v in self.arrays(kind) if v.shape and v.shape[0]]
        found = []
        for v in vectors[:3]:
            w = self.pick([w for w in vectors if w.shape[-1] == v.shape[-1]] or [v])
            if w.shape[-1] != v.shape[-1]:
                continue
            cut = self.pick(self.bounds(v.shape[-1])) if self.chance(40) else ":"
            x, y = (f"{a.name}[{', '.join([self.index(n) for n in a.shape[:-1]] + [cut])}]" if 0 not in a.shape else a.name for a in (v, w))
            if 0 not in v.shape and 0 not in w.shape:
                found.append(self.pick([f"np.dot({x}, {y})", f"({x} @ {y})", f"np.sum({x} * {y})"]))
        return found

    def bounds(self, n):
        """Slices whose ends the loops decide."""
        ends = [v.name for v in self.variables if v.range is not None and v.range[0] >= 0] or ["1"]
        end = self.pick(ends)
        return [f"{end}:", f":{end}", f":{end} + 1", f"{end}::2", f"{end}::-1"]

    def operand(self, kind, depth, exact):
        """An operand as RULES describe it."""
        kind, _, wish = kind.partition(".")
        loose = kind.endswith("~")
        exact = exact or kind.endswith("!")
        kind = kind.rstrip("!~")
        if loose and exact:
            return None
        if kind == "small":
            return f"({self.scalar('int', depth, exact)} % 1000)"
        if kind == "tame":
            return f"min(max({self.scalar('float', depth, True if not loose else exact)}, -20.0), 20.0)" if loose else self.tame(depth)
        if kind == "narrow":
            options = [self.element(v) for v in self.elements(["i1", "i4", "u2", "u1", "i2"], True)] + \
                      [v.name for v in self.variables if not v.is_array and v.kind in ("i1", "i4", "u2", "u1", "i2")]
            return self.pick(options) if options else None
        if wish == "lit":
            return f"np.{NAMES[kind]}({self.number(1, 9)})"
        text = self.scalar(kind, depth, exact)
        if wish == "nz":
            return self.pick([str(self.number(1, 7)), f"(abs({text}) + 1)"])
        return text

    def tame(self, depth):
        """A float of CPython that is no nan and fits everywhere."""
        x = self.scalar("float", depth, True)
        names = [v.name for v in self.scalars("float", True)]
        return f"({x} if -1000.0 < {x} < 1000.0 else 0.5)" if x in names or len(x) < 12 else "2.5"

    def scalar(self, kind, depth=2, exact=False):
        """Text of an expression of this kind. Exact: its value decides something, or is compared bit by bit."""
        if kind in ("i1", "i2", "i4", "u1", "u2", "u4"):
            return self.scalar_atom(kind, exact)
        if depth <= 0 or self.chance(20):
            return self.scalar_atom(kind, exact)
        if self.chance(25):
            folded = self.folded(kind, exact)
            if folded is not None:
                return folded
        template, kinds = self.pick(RULES[kind])
        if "maybe" in kinds and not self.chance(10):
            return self.scalar_atom(kind, exact)
        operands = [self.operand(k, depth - 1, exact) for k in kinds.split()]
        if None in operands:
            return self.scalar_atom(kind, exact)
        text = template.format(*operands)
        if len(text) > 140:
            return self.scalar_atom(kind, exact)
        if kind == "int" and ("*" in template or "<<" in template):
            return f"({text} % 4099)"
        return text
