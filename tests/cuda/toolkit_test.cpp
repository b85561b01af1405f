// Our declarations beside the toolkit's header, where it is installed: numbers, layouts, sizes of parameters.
#include <gtest/gtest.h>

#include "cuda/types.h"

#if __has_include(<cuda.h>)
#include <cuda.h>

#include <vector>

namespace kjit::rt::cuda {

// Ours, under names that the header does not have.
namespace ours {
#define CUDA_FUNCTION(name, symbol, parameters) Result name parameters;
#include "cuda/driver.def"
#undef CUDA_FUNCTION
}  // namespace ours

namespace {

template <typename>
struct Signature;
template <typename R, typename... P>
struct Signature<R(P...)> {
  static std::vector<size_t> sizes() { return {sizeof(R), sizeof(P)...}; }
};

TEST(CudaToolkit, ParametersHaveTheSizesOfTheHeader) {
#define CUDA_FUNCTION(name, symbol, parameters) \
  EXPECT_EQ(Signature<decltype(ours::name)>::sizes(), Signature<decltype(::symbol)>::sizes()) << #symbol;
#include "cuda/driver.def"
#undef CUDA_FUNCTION
}

TEST(CudaToolkit, NumbersAreTheHeaders) {
  EXPECT_EQ(result::kOutOfMemory, CUDA_ERROR_OUT_OF_MEMORY);
  EXPECT_EQ(result::kDeinitialized, CUDA_ERROR_DEINITIALIZED);
  EXPECT_EQ(result::kNoDevice, CUDA_ERROR_NO_DEVICE);
  EXPECT_EQ(result::kInvalidPtx, CUDA_ERROR_INVALID_PTX);
  EXPECT_EQ(result::kNotReady, CUDA_ERROR_NOT_READY);
  EXPECT_EQ(result::kIllegalAddress, CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_EQ(result::kInvalidPc, CUDA_ERROR_INVALID_PC);
  EXPECT_EQ(result::kLaunchFailed, CUDA_ERROR_LAUNCH_FAILED);
  EXPECT_EQ(int{kMaxBlockX}, int{CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X});
  EXPECT_EQ(int{kMaxGridZ}, int{CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z});
  EXPECT_EQ(int{kMaxSharedPerBlock}, int{CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK});
  EXPECT_EQ(int{kMultiprocessors}, int{CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT});
  EXPECT_EQ(int{kCapabilityMinor}, int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR});
  EXPECT_EQ(int{kMaxSharedPerBlockOptin}, int{CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN});
  EXPECT_EQ(int{kMemoryPoolsSupported}, int{CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED});
  EXPECT_EQ(int{kFunctionRegisters}, int{CU_FUNC_ATTRIBUTE_NUM_REGS});
  EXPECT_EQ(int{kFunctionLocalBytes}, int{CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES});
  EXPECT_EQ(int{kFunctionMaxDynamicShared}, int{CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES});
  EXPECT_EQ(int{kPoolReleaseThreshold}, int{CU_MEMPOOL_ATTR_RELEASE_THRESHOLD});
  EXPECT_EQ(int{kPoolReserved}, int{CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT});
  EXPECT_EQ(int{kPoolReservedHigh}, int{CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH});
  EXPECT_EQ(int{kPoolUsed}, int{CU_MEMPOOL_ATTR_USED_MEM_CURRENT});
  EXPECT_EQ(int{kPoolUsedHigh}, int{CU_MEMPOOL_ATTR_USED_MEM_HIGH});
  EXPECT_EQ(kInputPtx, int{CU_JIT_INPUT_PTX});
  EXPECT_EQ(result::kNotFound, CUDA_ERROR_NOT_FOUND);
  EXPECT_EQ(int{kJitErrorLog}, int{CU_JIT_ERROR_LOG_BUFFER});
  EXPECT_EQ(int{kJitErrorLogBytes}, int{CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES});
  EXPECT_EQ(kStreamNonBlocking, CU_STREAM_NON_BLOCKING);
  EXPECT_EQ(kEventDisableTiming, CU_EVENT_DISABLE_TIMING);
  EXPECT_EQ(kHostAllocPortable, unsigned{CU_MEMHOSTALLOC_PORTABLE});
  EXPECT_EQ(kAllocationPinned, CU_MEM_ALLOCATION_TYPE_PINNED);
  EXPECT_EQ(kLocationDevice, CU_MEM_LOCATION_TYPE_DEVICE);
}

TEST(CudaToolkit, PoolPropertiesAreLaidOutAsInTheHeader) {
  EXPECT_EQ(sizeof(PoolProperties), sizeof(CUmemPoolProps));
  EXPECT_EQ(offsetof(PoolProperties, location_type), offsetof(CUmemPoolProps, location));
  EXPECT_EQ(offsetof(PoolProperties, location), offsetof(CUmemPoolProps, location) + offsetof(CUmemLocation, id));
  EXPECT_EQ(offsetof(PoolProperties, security), offsetof(CUmemPoolProps, win32SecurityAttributes));
  EXPECT_EQ(offsetof(PoolProperties, max_size), offsetof(CUmemPoolProps, maxSize));
}

}  // namespace
}  // namespace kjit::rt::cuda
#else
TEST(CudaToolkit, ParametersHaveTheSizesOfTheHeader) { GTEST_SKIP() << "no cuda.h"; }
#endif
