// A libcuda for tests: memory is the host's, streams run at once, kernels are functions that the test gives; others do
// nothing, or with KJIT_FAKE_CUDA_RUN in the environment what their PTX says (ptx_machine.h). It counts
// what is alive, wants a current context where the driver does, and fails where it is told to.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Nothing was called, nothing is alive; two devices of 1 GiB.
void fake_cuda_reset();
void fake_cuda_devices(int count);
// The (skip + 1)-th call of this function from now on answers `result`; for ever with `sticky`.
void fake_cuda_fail(const char* symbol, int result, int skip, bool sticky);
// Calls so far, as "cuInit cuDeviceGetCount ... ".
const char* fake_cuda_log();
// What is alive: "context", "stream", "event", "module", "pool", "buffer" or "host".
int64_t fake_cuda_live(const char* what);
// The text of the module that was loaded as number `which`; null where there were fewer.
const char* fake_cuda_image(int64_t which);
// What modules that are asked for their variable of that name have in it at first; otherwise zeros.
void fake_cuda_variable(const char* name, const void* data, size_t bytes);
// Wrong uses: handles that are not alive, work without a context or in another device's.
int64_t fake_cuda_misuse();
// What a launch of this kernel does: grid is three numbers of blocks, three of threads.
void fake_cuda_kernel(const char* name, void (*body)(void** parameters, const unsigned* grid));
}
