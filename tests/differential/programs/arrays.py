"""Expressions of whole arrays, by dtype, shape and whether their bits are compared."""
from scalars import Scalars
from types_of import ARG_REDUCTIONS, COMPLEX, ELEMENTWISE, FLOATS, INTS, NAMES, REDUCTIONS


LARGEST = 20000  # elements of one array


def product(shape):
    n = 1
    for m in shape:
        n *= m
    return n


class Arrays(Scalars):
    def shape_text(self, shape):
        if len(shape) == 1 and self.chance(50):
            return self.length_text(shape[0])
        return f"({', '.join(self.length_text(n) for n in shape)}{',' if len(shape) == 1 else ''})"

    def shape_of_rank(self, rank):
        shape = tuple(self.pick(self.dims) for _ in range(rank))
        return shape if product(shape) <= LARGEST else shape[:1]

    # Views and fresh arrays.
    def view(self, v, shape):
        """Text of a view of variable v that has this shape, or None."""
        parts, at = [], 0
        spare = len(v.shape) - len(shape)  # axes that an integer takes
        for n in shape:
            while spare > 0 and at < len(v.shape) and v.shape[at] > 0 and (v.shape[at] < n or self.chance(30)):
                parts.append(self.index(v.shape[at]))
                at, spare = at + 1, spare - 1
            if n == 1 and (at >= len(v.shape) or self.chance(30)):
                parts.append(self.pick(["None", "np.newaxis"]))
                spare += 1
                continue
            if at >= len(v.shape) or v.shape[at] < n:
                return None
            part = self.slice_of(v.shape[at], n)
            if part is None:
                return None
            parts.append(part)
            at += 1
        while at < len(v.shape):
            if v.shape[at] == 0:
                return None
            parts.append(self.index(v.shape[at]))
            at += 1
        while parts and parts[-1] == ":" and len(parts) > 1 and self.chance(50):
            parts.pop()
        return f"{v.name}[{', '.join(parts)}]" if parts and len(shape) > 0 else None

    def array_atom(self, kind, shape, exact):
        whole = [v for v in self.arrays(kind, exact)]
        options = [v.name for v in whole if v.shape == shape]
        options += [f"{v.name}.T" for v in whole if v.shape == shape[::-1] and len(shape) > 1]
        if not options or self.chance(30):
            for v in whole[-3:]:
                text = self.view(v, shape)
                if text is not None:
                    options.append(text)
        for v in whole[:2]:
            if len(shape) > 1 and len(v.shape) == 1 and product(shape) == v.shape[0]:
                options.append(f"{v.name}.reshape({', '.join(map(str, shape))})")
        if not options or self.chance(15):
            options.append(self.fresh(kind, shape, exact))
        return self.pick(options)

    def fresh(self, kind, shape, exact):
        dtype = f"np.{NAMES[kind]}"
        others = [v for v in self.arrays() if (v.exact or not exact) and v.shape == shape and v.kind[0] not in "cf" and kind != "?"]
        options = [f"np.ones({self.shape_text(shape)}, dtype={dtype})", f"np.zeros({self.shape_text(shape)}, {dtype})"]
        weak = {"c": "complex", "f": "float", "b": "bool", "?": "bool"}.get(kind[0], "int")
        options.append(f"np.full({self.shape_text(shape)}, {self.literal(weak).strip('-')}, dtype={dtype})")
        if others:
            options.append(f"{self.pick(others).name}.astype({dtype})")
        if len(shape) == 1 and kind != "?":
            options.append(f"np.arange({self.length_text(shape[0])}, dtype={dtype})")
            if 0 < shape[0] < 7:
                options.append(f"np.array([{', '.join(self.literal(weak).strip('-') for _ in range(shape[0]))}], dtype={dtype})")
        if len(shape) == 2 and kind != "?":
            options.append(f"np.eye({shape[0]}, {shape[1]}, dtype={dtype})")
            options.append(f"np.arange({product(shape)}).reshape({shape[0]}, {shape[1]}).astype({dtype})")
        return self.pick(options)

    # Element by element.
    def spread(self, shape):
        """A shape that broadcasts to this one."""
        if not shape or not self.chance(35):
            return shape
        cut = shape[self.number(0, len(shape) - 1):]
        return tuple(1 if self.chance(25) else n for n in cut)

    def elementwise(self, kind, shape, depth, exact):
        options = [row for row in ELEMENTWISE if kind in row[1] and (row[3] or not exact)]
        if not options:
            return None
        template, table, needs, _ = self.pick(options)
        present = {v.kind for v in self.arrays()}
        familiar = [row for row in table[kind] if all(o[:-2] in present for o in row if o.endswith("[]"))]
        operands = self.pick(familiar if familiar and not self.chance(25) else table[kind])
        exact = exact or needs
        wide = [k for k, o in enumerate(operands) if o.endswith("[]")]
        full, texts = self.pick(wide), []
        for k, o in enumerate(operands):
            if k in wide:
                texts.append(self.array(o[:-2], shape if k == full else self.spread(shape), depth - 1, exact))
            elif o == "int" and any(p.startswith("u") for p in operands):
                texts.append(str(self.number(0, 9)))
            elif o == "int" and not self.chance(10):
                texts.append(self.literal("int"))
            else:
                texts.append(self.scalar(o, 1, exact))
        return template.format(*texts)

    def where(self, kind, shape, depth, exact):
        yes, no = (self.array(kind, shape, depth - 1, exact) for _ in range(2))
        return f"np.where({self.array('?', shape, depth - 1, True)}, {yes}, {no})"

    def reduced(self, kind, shape, depth, exact):
        rows = [r for r in REDUCTIONS + ARG_REDUCTIONS if kind in r[1]]
        rows = [r for r in rows if r[3] or kind in INTS or not exact]
        if not rows or len(shape) > 2:
            return None
        name, table, needs, _ = self.pick(rows)
        present = {v.kind for v in self.arrays()}
        familiar = [row for row in table[kind] if row[0][:-2] in present]
        source = self.pick(familiar if familiar and not self.chance(25) else table[kind])[0][:-2]
        axis = self.number(0, len(shape))
        length = self.pick(self.dims)
        if length * product(shape) > LARGEST:
            return None
        inner = self.array(source, shape[:axis] + (length,) + shape[axis:], depth - 1, exact or needs)
        axis = self.pick([axis, axis - len(shape) - 1])
        if name not in ("argmin", "argmax", "count_nonzero") and self.chance(30):
            return f"{inner}.{name}(axis={axis})" if inner[-1] in ")]" or inner.isidentifier() else f"({inner}).{name}(axis={axis})"
        keep = ""
        if len(shape) > 0 and name not in ("argmin", "argmax") and self.chance(20):
            k = self.number(0, len(shape) - 1)
            if shape[k] == 1:
                inner = self.array(source, shape[:k] + (length,) + shape[k + 1:], depth - 1, exact or needs)
                axis, keep = k, ", keepdims=True"
        return f"np.{name}({inner}, axis={axis}{keep})"

    # By indices.
    def index_array(self, length, count):
        low, high = (-length - 1, length) if self.boundscheck and self.chance(4) else (-length, length - 1)
        names = [v for v in self.arrays("i8", True) if v.shape == (count,)]
        if names and self.chance(40):
            return f"({self.pick(names).name} % {length})"
        if count > 8:
            return f"(np.arange({count}) * {self.number(1, 5)} % {length})"
        return f"np.array([{', '.join(str(self.number(low, high)) for _ in range(count))}], dtype=np.int64)" if count else "np.zeros(0, dtype=np.int64)"

    def gathered(self, kind, shape, exact):
        sources = [v for v in self.arrays(kind, exact) if 0 not in v.shape and len(v.shape) >= 1]
        if not sources or not shape:
            return None
        v = self.pick(sources)
        rank, n = len(v.shape), shape[0]
        if len(shape) == 1:
            picks = [self.index_array(m, n) if k == 0 or self.chance(40) else self.index(m) for k, m in enumerate(v.shape)]
            return f"{v.name}[{', '.join(picks)}]"
        if rank == 2 and len(shape) == 2 and v.shape[1] == shape[1]:
            return f"{v.name}[{self.index_array(v.shape[0], n)}]"
        if rank == 2 and len(shape) == 2 and v.shape[0] == shape[0]:
            return f"{v.name}[:, {self.index_array(v.shape[1], shape[1])}]"
        if rank == 2 and len(shape) == 2:
            return f"{v.name}[{self.index_array(v.shape[0], n)}[:, None], {self.index_array(v.shape[1], shape[1])}]"
        return None

    # Other structure.
    def structured(self, kind, shape, depth, exact):
        rank, n = len(shape), shape[0] if shape else 0
        whole = lambda s=shape: self.array(kind, s, depth - 1, exact)  # noqa: E731
        options = [lambda: f"np.flip({whole()})", lambda: f"({whole()}).copy()"]
        if kind != "?" and kind not in COMPLEX:
            options.append(lambda: f"({self.array(self.pick(INTS), shape, depth - 1, True)}).astype(np.{NAMES[kind]})")
        if kind in INTS:
            options.append(lambda: f"np.clip(np.nan_to_num({self.array('f8', shape, depth - 1, True)}), 0.0, 100.0).astype(np.{NAMES[kind]})")
        if rank == 1:
            first = self.number(0, n)
            options += [lambda: f"np.concatenate(({whole((first,))}, {whole((n - first,))}))", lambda: f"np.hstack(({whole((first,))}, {whole((n - first,))}))"]
            if kind not in COMPLEX:
                options.append(lambda: f"np.sort({whole()})")
            if kind in ("i8", "f8", "c16"):
                options.append(lambda: f"np.cumsum({whole()})")
            names = [v.name for v in self.arrays(kind, True) if v.shape == shape and kind not in COMPLEX]
            if names:  # which of equal elements comes first is NumPy's to choose
                name = self.pick(names)
                options.append(lambda: f"{name}[np.argsort({name})]")
            if n % 2 == 0:
                options.append(lambda: f"np.repeat({whole((n // 2,))}, 2)")
            square = self.pick(self.dims)
            if square >= n:
                options.append(lambda: f"np.diag({whole((n, n))})")
        if rank == 2:
            m = shape[1]
            options += [lambda: f"({whole((m, n))}).T", lambda: f"np.transpose({whole((m, n))})", lambda: f"({whole((n * m,))}).reshape({n}, {m})",
                        lambda: f"np.triu({whole()}, {self.number(-1, 1)})", lambda: f"np.tril({whole()})", lambda: f"np.outer({whole((n,))}, {whole((m,))})"]
            if n == 2:
                options.append(lambda: f"np.stack(({whole((m,))}, {whole((m,))}))")
                options.append(lambda: f"np.vstack(({whole((m,))}, {whole((m,))}))")
            if kind == "i8" or (kind in ("f8", "c16") and not exact):
                inner = self.pick(self.dims)
                options.append(lambda: f"({whole((n, inner))} @ {whole((inner, m))})")
            if kind in INTS + FLOATS:
                options.append(lambda: f"np.sort({whole()}, axis={self.pick([1, -1])})")
        if rank == 1 and (kind == "i8" or (kind in ("f8", "f4") and not exact)):
            inner = self.pick(self.dims)
            options.append(lambda: f"np.dot({whole((n, inner))}, {whole((inner,))})")
            options.append(lambda: f"({whole((n * inner,))}).reshape({n}, {inner}).sum(axis=1)")
        if rank >= 2:
            axis = self.number(0, rank - 1)
            first = self.number(0, shape[axis])
            part = lambda k: shape[:axis] + (k,) + shape[axis + 1:]  # noqa: E731
            options.append(lambda: f"np.concatenate(({whole(part(first))}, {whole(part(shape[axis] - first))}), axis={axis})")
        return self.pick(options)()

    last_shapes = {}

    def array(self, kind, shape, depth=2, exact=False):
        """Text of an expression with this dtype and shape."""
        text = None
        if depth > 0 and not self.chance(15):
            form = self.pick(["elementwise"] * 6 + ["reduced", "gathered", "structured", "structured", "where"])
            if not shape:
                form = "elementwise"
            if form == "elementwise":
                text = self.elementwise(kind, shape, depth, exact)
            elif form == "reduced":
                text = self.reduced(kind, shape, depth, exact)
            elif form == "gathered":
                text = self.gathered(kind, shape, exact)
            elif form == "where":
                text = self.where(kind, shape, depth, exact)
            else:
                text = self.structured(kind, shape, depth, exact)
            if text is not None and len(text) > 160:
                text = None
        if text is None:
            text = self.array_atom(kind, shape, exact)
        return text

    def masked(self, v):
        """A boolean array for the whole of v, or for its first axis."""
        shape = v.shape if self.chance(70) or len(v.shape) == 1 else v.shape[:1]
        mask = self.array("?", shape, 1, True)
        return f"({mask}).copy()" if v.kind == "?" else mask, shape  # NumPy stores through a mask while it reads it