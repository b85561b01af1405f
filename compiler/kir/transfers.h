// Whether every array of a function that offloads is where it is read or written: a part of the verifier.
#pragma once

#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::kir {

// Adds what is violated. Nothing where pass offload has not placed transfers yet.
void verify_transfers(const Module& module, const Function& f, std::vector<std::string>& out);

}  // namespace kjit::kir
