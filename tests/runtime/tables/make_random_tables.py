"""Writes random_tables.inc: what np.random gives after several seeds, one sequence of calls for each."""
import os

import numpy as np

from cpp_text import HEAD, real

SEEDS = [0, 1, 42, 123456789, 2**32 - 1]
KEYS = [[7], [1, 2, 3, 4], list(range(700))]
RANGES = [("KJIT_BOOL", "bool", 0, 1), ("KJIT_INT8", "int8", -128, 127), ("KJIT_INT8", "int8", -3, 10), ("KJIT_UINT8", "uint8", 0, 200),
          ("KJIT_INT16", "int16", -1000, 1000), ("KJIT_UINT16", "uint16", 0, 65535), ("KJIT_INT32", "int32", -2**31, 2**31 - 1),
          ("KJIT_UINT32", "uint32", 5, 5), ("KJIT_INT64", "int64", 0, 99), ("KJIT_INT64", "int64", -2**62, 2**62),
          ("KJIT_INT64", "int64", -2**63, 2**63 - 1), ("KJIT_INT64", "int64", 10, 10 + 2**32 - 1), ("KJIT_UINT64", "uint64", 0, 2**40)]


def floats(values):
    return "{" + ", ".join(real(v) for v in values) + "}"


def integers(values):
    return "{" + ", ".join("INT64_MIN" if v == -2**63 else str(int(v)) for v in values) + "}"


def literal(value):
    return "INT64_MIN" if value == -2**63 else str(value)


def sequence():
    """The calls of the test, in its order."""
    r = np.random
    yield floats(r.rand(4))
    yield floats(r.randn(5))  # an odd count: one number is kept
    yield floats(r.uniform(-2.0, 3.0, 3))
    yield floats(r.normal(10.0, 0.5, 4))
    yield floats(r.exponential(2.0, 3))
    yield floats(r.gamma(0.5, 2.0, 3))
    yield floats(r.gamma(3.5, 1.0, 3))
    yield integers(r.poisson(3.0, 6))
    yield integers(r.poisson(250.0, 6))
    yield integers(r.permutation(10))
    yield integers(r.choice(1000, 5))


def main():
    out = [HEAD.format("make_random_tables.py")]
    out.append("inline const SequenceRow kSequences[] = {\n")
    for seed in SEEDS:
        np.random.seed(seed)
        out.append("    {%du,\n     %s},\n" % (seed, ",\n     ".join(sequence())))
    out.append("};\n\n// The key is 0, 1, 2, ... when it has 700 words.\ninline const KeyRow kKeys[] = {\n")
    for key in KEYS:
        np.random.seed(key)
        out.append("    {{%s}, %s},\n" % (", ".join(map(str, key if len(key) < 700 else [])), floats(np.random.rand(3))))
    out.append("};\n\n// dtype, low, range, five numbers after seed 5, one after them\ninline const RangeRow kRanges[] = {\n")
    for ours, dtype, low, high in RANGES:
        np.random.seed(5)
        values = [int(v) for v in np.random.randint(low, high + 1, 5, dtype=dtype)]
        out.append("    {%s, %s, %du, %s, %s},\n" % (ours, literal(low), high - low, integers(values), real(np.random.rand())))
    out.append("};\n")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "random_tables.inc"), "w") as f:
        f.write("".join(out))


main()
