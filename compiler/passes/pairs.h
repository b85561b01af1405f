// Both products of one matrix with vectors, `A @ x` and `u @ A`, in one pass over the matrix.
//
// Precondition: the module verifies. Postcondition: it computes the same. Where two such products stand in one block,
// the first makes both; the second is left for operands whose memory is written between them, or of other lengths. `u`
// may be the first product. Nothing between the two may be more than a check, a new array or an assignment to arrays
// that do not overlap the operands, which is asked at run time.
//
// Why here: after values, by which one matrix has one name; before fuse and nest, which make loops of what is between.
#pragma once

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

void pairs(sema::TypeContext& types, kir::Module& module);
void pairs(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
