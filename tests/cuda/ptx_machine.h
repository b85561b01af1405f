// Runs PTX on the CPU, thread by thread, for tests where there is no device: the instructions that LLVM makes of
// kernels.
#pragma once

#include <string>

namespace kjit::test {

// grid: three numbers of blocks, three of threads. Device addresses are the host's. Threads of a block take turns at
// barriers and at operations of a warp. `together`: so do the blocks, which may wait for
// each other. Throws std::runtime_error on what it does not know, and on threads that wait
// for each other for ever.
void run_ptx(const std::string& text, const std::string& kernel, void** parameters, const unsigned* grid,
             unsigned shared_bytes, bool together = false);

}  // namespace kjit::test
