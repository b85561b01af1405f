"""What a generated function knows at one point: its variables, and how choices are drawn.

What lang-spec/differences.md lists is kept out of programs here, not filtered from results:
  D1  integer scalars narrower than 64 bits are converted before operators widen them; bools take no part in arithmetic;
      Python's numbers and NumPy's never meet in one variable
  D2  Python's integers stay below 2**60 (assigned values below 2**20); nothing but Python's own numbers is divided by what may be 0,
      and those only where CPython raises too; functions of `math` get arguments inside their domain; exponents are small constants;
      floats become integers, and integers narrower ones, only where they fit; max() and min() take one type; sums of floats are compared with a tolerance
      and decide nothing; what is left after an exception is not compared; shifts are by constants
  D3  a variable keeps its type; names are bound before they are read
"""
import dataclasses

from hypothesis import strategies as st


@dataclasses.dataclass(frozen=True)
class Var:
    """A variable: kind of scalar, or dtype and shape of an array (a length of None is not known). Exact: kjit has to give NumPy's bits.
    A loop variable has its range; fixed ones are not assigned."""
    name: str
    kind: str
    shape: tuple = None
    exact: bool = True
    range: tuple = None
    fixed: bool = False

    @property
    def is_array(self):
        return self.shape is not None


class Scope:
    def __init__(self, draw, dims, boundscheck):
        self.draw, self.dims, self.boundscheck = draw, dims, boundscheck
        self.lines, self.indent = [], 1
        self.variables = []
        self.made = 0
        self.loops = 0  # nesting

    # Choices: the first of a list, and no, is what shrinking prefers.
    def pick(self, options):
        options = list(options)
        return options[0] if len(options) == 1 else self.draw(st.sampled_from(options))

    def number(self, low, high):
        return self.draw(st.integers(low, high)) if high > low else low

    def chance(self, percent):
        return self.draw(st.integers(0, 99)) >= 100 - percent

    # Text.
    def emit(self, line):
        self.lines.append("    " * self.indent + line)

    def name(self, letter):
        self.made += 1
        return f"{letter}{self.made}"

    # Variables.
    def declare(self, var):
        self.variables.append(var)
        return var

    def scalars(self, kind, exact=False):
        return [v for v in self.variables if not v.is_array and v.kind == kind and (v.exact or not exact)]

    def arrays(self, kind=None, exact=False):
        return [v for v in self.variables if v.is_array and (kind is None or v.kind == kind) and (v.exact or not exact) and None not in v.shape]

    def unknown(self, kinds, exact=False):
        """Arrays of one axis whose length nobody knows."""
        return [v for v in self.variables if v.is_array and None in v.shape and v.kind in kinds and (v.exact or not exact)]

    # Integers that are indices of an axis.
    def index(self, length):
        if self.boundscheck and self.chance(4):
            return str(self.number(-length - 2, length + 1))
        names = [v for v in self.variables if v.range is not None and v.range[0] <= v.range[1]]
        inside = [v for v in names if 0 <= v.range[0] and v.range[1] < length]
        if inside and not self.chance(30):
            return self.pick(inside).name
        if names and self.chance(60):
            v = self.pick(names)
            low, high = -length - v.range[0], length - 1 - v.range[1]  # what may be added, wrapped indices included
            if low <= high:
                c = self.number(max(low, -3), min(high, 3)) if max(low, -3) <= min(high, 3) else low
                return v.name if c == 0 else f"{v.name} {'+' if c > 0 else '-'} {abs(c)}"
            return f"{v.name} % {length}"
        ints = self.scalars("int")
        if ints and self.chance(25):
            return f"{self.pick(ints).name} % {length}"
        return str(self.number(-length, length - 1)) if self.chance(50) else str(self.number(0, length - 1))

    def slice_of(self, length, wanted):
        """Text of a slice that takes `wanted` of `length` elements, or None."""
        options = []
        if wanted == length:
            options += [":", "::-1"]
        if 0 < wanted < length:
            options += [f":{wanted}", f"-{wanted}:", f"{length - wanted}:", f":-{length - wanted}"]
            first = self.number(0, length - wanted)
            options += [f"{first}:{first + wanted}", f"{first + wanted - 1}:{first - 1 if first else ''}:-1"]
        for step in (2, 3, -2):
            if wanted and len(range(length)[::step]) == wanted:
                options.append(f"::{step}")
            if wanted and len(range(length)[1::step]) == wanted:
                options.append(f"1::{step}")
        if wanted == 0:
            options += [":0", f"{length}:", "2:1"]
        return self.pick(options) if options else None

    def length_text(self, n):
        """An expression whose value is n."""
        options = [str(n)]
        for v in self.arrays():
            options += [f"{v.name}.shape[{k}]" for k, m in enumerate(v.shape) if m == n]
            if v.shape and v.shape[0] == n:
                options.append(f"len({v.name})")
        return self.pick(options)
