"""Types of signatures, as Numba spells them: float64, float64[:, ::1], float64(float64[:], int64), UniTuple(int64, 2)."""

import numpy as _np


class Type:
    """A type of a signature. Called with types it makes a signature; called with a number it converts the number."""

    __slots__ = ("name", "_numpy")

    def __init__(self, name, numpy=None):
        self.name = name
        self._numpy = numpy

    def __repr__(self):
        return self.name

    def __eq__(self, other):
        return isinstance(other, Type) and other.name == self.name

    def __hash__(self):
        return hash(self.name)

    def __getitem__(self, axes):
        """An array of this type: [:] any strides, [::1] row-major, [::1, :] column-major."""
        axes = axes if isinstance(axes, tuple) else (axes,)
        shown = []
        for axis in axes:
            if not isinstance(axis, slice) or axis.start is not None or axis.stop is not None or axis.step not in (None, 1):
                raise TypeError("an axis of an array type is : or ::1")
            shown.append("::1" if axis.step == 1 else ":")
        return Type(f"{self.name}[{', '.join(shown)}]")

    def __call__(self, *arguments):
        if arguments and all(isinstance(a, (Type, tuple)) or a is None for a in arguments) or not arguments:
            return Signature(self, arguments)
        if len(arguments) == 1 and self._numpy is not None:
            return self._numpy(arguments[0])
        raise TypeError(f"{self.name}(...) takes types, for a signature, or one number")


class Signature:
    """A signature with its result: float64(float64, int64)."""

    __slots__ = ("result", "arguments")

    def __init__(self, result, arguments):
        self.result, self.arguments = result, tuple(arguments)

    def __repr__(self):
        return f"{self.result!r}({', '.join(spelled(a) for a in self.arguments)})"


def spelled(type_):
    """The text of a type, a signature, a tuple of types, or a text as it is."""
    if isinstance(type_, str):
        return type_
    if type_ is None:
        return "none"
    if isinstance(type_, tuple):
        return f"({', '.join(spelled(t) for t in type_)}{',' if len(type_) == 1 else ''})"
    return _spelled_of_numba(type_) if type(type_).__module__.startswith("numba.") else repr(type_)


def _spelled_of_numba(type_):
    """Numba's own types and signatures."""
    if hasattr(type_, "return_type"):
        return f"{spelled(type_.return_type)}({', '.join(map(spelled, type_.args))})"
    if hasattr(type_, "layout") and hasattr(type_, "ndim"):
        axes = [":"] * type_.ndim
        if axes and type_.layout in "CF":
            axes[-1 if type_.layout == "C" else 0] = "::1"
        return f"{spelled(type_.dtype)}[{', '.join(axes)}]"
    if type(type_).__name__ in ("Tuple", "UniTuple"):
        return f"Tuple({spelled(tuple(type_.types))})"
    return str(type_)


def UniTuple(dtype, count):
    return Type(f"UniTuple({spelled(dtype)}, {count})")


def Tuple(types):
    return Type(f"Tuple(({', '.join(spelled(t) for t in types)},))")


def Array(dtype, ndim, layout, readonly=False):
    return Type(f"Array({spelled(dtype)}, {ndim}, '{layout}'{', readonly=True' if readonly else ''})")


def Optional(dtype):
    return Type(f"optional({spelled(dtype)})")


optional = Optional

_NAMES = {
    "boolean": ("bool_", "b1", "bool_"), "int8": ("i1", "char"), "int16": ("i2", "short"), "int32": ("i4", "intc"),
    "int64": ("i8", "intp", "int_", "long_", "longlong"), "uint8": ("u1", "uchar"), "uint16": ("u2", "ushort"),
    "uint32": ("u4", "uintc"), "uint64": ("u8", "uintp", "uint", "ulong"), "float32": ("f4",), "float64": ("f8", "double", "float_"),
    "complex64": ("c8",), "complex128": ("c16",),
}
none = Type("none")
void = Type("void")
__all__ = ["none", "void", "UniTuple", "Tuple", "Array", "Optional", "optional", "Type", "Signature"]
for _name, _others in _NAMES.items():
    globals()[_name] = Type(_name, getattr(_np, "bool_" if _name == "boolean" else _name))
    for _other in _others:
        globals()[_other] = globals()[_name]
    __all__ += [_name, *_others]
