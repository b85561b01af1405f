"""Writes npy_tables.inc: contents of .npy files as np.save writes them."""
import io
import os

import numpy as np
from numpy.lib import format as npy

from cpp_text import HEAD

ARRAYS = [
    np.array([1.5, -2.0, np.inf]), np.arange(6, dtype=np.int32).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(7, np.uint8), np.array([True, False, True]), np.zeros((0, 3), np.float32), np.array([1 + 2j], np.complex64),
    np.array([1 - 2j, 3.5j]), np.arange(3, dtype=np.int8), np.arange(3, dtype=np.int16), np.arange(3, dtype=np.uint16),
    np.arange(3, dtype=np.uint32), np.array([2**63], np.uint64), np.array([-5, 2**62]), np.array([0.1], np.float32),
    np.arange(24, dtype=np.int64).reshape(2, 3, 4), np.zeros((1, 1, 1, 1, 1, 1, 1, 1, 1)),
]


def literal(data):
    """Octal escapes never run into the digits that follow."""
    text = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else "\\%03o" % b for b in data)
    lines = [text[i:i + 2000] for i in range(0, len(text), 2000)]
    return "std::string_view(" + " ".join('"' + line + '"' for line in lines) + ", %d)" % len(data)


def saved(array, version=None):
    out = io.BytesIO()
    if version is None:
        np.save(out, array)
    else:
        npy.write_array(out, array, version)
    return out.getvalue()


def main():
    out = [HEAD.format("make_npy_tables.py")]
    out.append("// dtype, shape, column-major, file\ninline const FileRow kFiles[] = {\n")
    for a in ARRAYS:
        column = a.flags.f_contiguous and not a.flags.c_contiguous
        out.append("    {KJIT_%s, {%s}, %s,\n     %s},\n" % (
            a.dtype.name.upper(), ", ".join(map(str, a.shape)), "true" if column else "false", literal(saved(a))))
    out.append("};\n\n// The first of them in formats 2.0 and 3.0.\ninline const std::string_view kNewerFormats[] = {\n")
    out += ["    %s,\n" % literal(saved(ARRAYS[0], version)) for version in ((2, 0), (3, 0))]
    out.append("};\n")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "npy_tables.inc"), "w") as f:
        f.write("".join(out))


main()
