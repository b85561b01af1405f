// Proofs that two accesses touch no common element in different iterations.
//
// Source: the classical dependence test as a system of linear inequalities over integers: W. Pugh, "The Omega Test"
// (1991), without its exact part: substitution of equalities, the test by common divisors, and Fourier-Motzkin
// elimination with rounding. Products of atoms are unknowns of their own.
#pragma once

#include "passes/accesses.h"

namespace kjit::passes {

// True: iteration n of the first and iteration m of the second, with n != m, have no element in common. A variable that
// multiplies an index is taken as at least 1, and offsets loaded from one array (k[i], k[i + 1]) as ascending.
bool never_meet(const LoopAccesses& loop, const Access& first, const Access& second);

}  // namespace kjit::passes
