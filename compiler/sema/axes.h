// Axes as arguments: read by the typing rule of a function, and again by its emitter.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sema/builtins.h"

namespace kjit::sema {

using Axes = std::vector<uint8_t>;

// The axes that a constant names (an integer or a tuple of them), counted from the first one, in the order given. On an
// error false, and `problem` says what is wrong (empty: not a constant).
bool read_axes(const Constant* constant, int rank, Axes& out, std::string& problem);

// The order of axes that swapaxes and moveaxis make of an array; `args` are their two constants.
bool read_permutation(const Builtin& row, std::span<const Constant* const> args, int rank, Axes& out,
                      std::string& problem);

// The axes that flip, flipud and fliplr turn. `constant`: the argument `axis`; null: not given or None.
bool read_flipped(const Builtin& row, const Constant* constant, int rank, Axes& out, std::string& problem);

}  // namespace kjit::sema
