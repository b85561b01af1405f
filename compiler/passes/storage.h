// Where new arrays are kept that nothing refers to when the statement that makes them runs again: on the stack, or in
// memory that is reserved once, before a loop.
//
// Precondition: the module verifies. Postcondition: the same, with Stmt::memory set and statements that reserve memory
// ahead of loops.
//
// An Alloc or Copy qualifies when none of the variables that may refer to its memory (points.h) is returned or handed
// to a function whose result may be it, and none of them is read after the statement before it gets a new value: what
// an earlier run of the statement made is dead. Then
//   small constant shapes   go to the stack, up to some size for each array and for the function; loops over them have
//                           constant extents, so that LLVM can unroll them and keep the elements in registers
//   in a loop               the outermost loop that does not change the lengths gets an Alloc `ahead` in front of it.
//   When
//                           that fails, nothing happens until the statement runs, which raises MemoryError.
// Fills and zeros are written each time. The array has no owner, so its variable needs no counting.
//
// Also marks copies of elements (CopyArray) between arrays that cannot share memory.
//
// Why here: before borrow, which looks at owners; after everything that makes, moves or outlines statements.
#pragma once

#include <vector>

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

void storage(sema::TypeContext& types, kir::Module& module);
// The same; says where arrays are kept, and why those are made anew in each iteration that are.
void storage(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
