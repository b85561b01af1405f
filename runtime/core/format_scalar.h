// One number as text; the C interface, print and array formatting share these.
#pragma once

#include "core/decimal.h"

namespace kjit::rt {

// Python's repr of a float (float64) or NumPy's str (float32): "1.0", "1e+16", "inf", "-0.0".
template <class Float>
void put_float(NumberText& out, Float value);

// Python's repr of a complex number, float32 parts as NumPy writes them: "(1+2j)", "1j".
template <class Float>
void put_complex(NumberText& out, Float re, Float im);

// One element of an array, as str() of the NumPy scalar. False when dtype is none.
bool put_element(NumberText& out, int dtype, const void* element);

}  // namespace kjit::rt
