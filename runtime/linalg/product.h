// The product of two matrices, for other functions of this folder.
#pragma once

#include "linalg/matrix.h"

namespace kjit::rt {

// c = a b; c overlaps neither. Opens BLAS. threads: may run on several.
int32_t product(kjit_ctx* ctx, const kjit_location* where, const Matrix<double>& a, const Matrix<double>& b,
                const Matrix<double>& c, bool threads);

}  // namespace kjit::rt
