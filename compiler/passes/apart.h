// Proofs that two accesses touch no common element in different iterations.
//
// Source: the classical dependence test as a system of linear inequalities over integers: W. Pugh, "The Omega Test"
// (1991), without its exact part: substitution of equalities, the test by common divisors, and Fourier-Motzkin
// elimination with rounding. Products of atoms are unknowns of their own.
#pragma once

#include "passes/accesses.h"

namespace kjit::passes {

// True: iteration n of the first and iteration m of the second, with n != m, have no element in common. Offsets loaded
// from one array (k[i], k[i + 1]) are taken as ascending. Products of what stays that the proof takes as at least 1,
// for they multiply an index, are added to `factors`.
bool never_meet(const LoopAccesses& loop, const Access& first, const Access& second,
                std::set<std::vector<AtomId>>& factors);

// True: p is at least 0 in all iterations, where the access happens.
bool never_negative(const LoopAccesses& loop, const Access& access, const Poly& p);

}  // namespace kjit::passes
