// Memory of large arrays that were freed, kept for the next ones.
//
// A kernel that makes temporaries of 100 KB to 64 MB in a loop would otherwise get them from the system each time, and
// pay for the page faults and the clearing of pages that malloc gave back: as much as for the arithmetic.
// At most kLimit bytes are kept in the process, the longest unused go first. Thread-safe; where another thread has the
// cache at hand (or had, in a child after fork), malloc and free are used instead. Off under the sanitizers, which are
// to see each use after free.
#pragma once

#include <cstddef>

namespace kjit::rt {

// A block of at least `bytes`, whose size is put into `capacity`; null when none fits.
void* take_cached(size_t bytes, size_t& capacity);
// Whether the block is kept; if not, the caller frees it.
bool put_cached(void* block, size_t capacity);
// Frees what is kept.
void clear_cache();

}  // namespace kjit::rt
