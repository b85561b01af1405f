// What kjit uses of the CUDA driver's interface, in declarations of its own: building needs no toolkit. Numbers and
// layouts are the driver's; tests/cuda compares them with a toolkit's header where there is one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kjit::rt::cuda {

using Result = int;        // CUresult
using DeviceNumber = int;  // CUdevice
using Address = uint64_t;  // CUdeviceptr
struct RawContext;         // *CUcontext
struct RawModule;          // *CUmodule
struct RawFunction;        // *CUfunction
struct RawStream;          // *CUstream; null: the default stream
struct RawEvent;           // *CUevent
struct RawPool;            // *CUmemoryPool
struct RawLink;            // *CUlinkState

namespace result {
constexpr Result kSuccess = 0, kInvalidValue = 1, kOutOfMemory = 2, kNotInitialized = 3, kDeinitialized = 4,
                 kNoDevice = 100, kInvalidContext = 201, kInvalidPtx = 218, kInvalidSource = 300, kNotFound = 500,
                 kNotReady = 600, kIllegalAddress = 700, kLaunchOutOfResources = 701, kLaunchTimeout = 702,
                 kAssert = 710, kHardwareStackError = 714, kIllegalInstruction = 715, kMisalignedAddress = 716,
                 kInvalidAddressSpace = 717, kInvalidPc = 718, kLaunchFailed = 719, kUnknown = 999;
}

enum DeviceAttribute : int {  // CUdevice_attribute
  kMaxThreadsPerBlock = 1,
  kMaxBlockX = 2,
  kMaxBlockY = 3,
  kMaxBlockZ = 4,
  kMaxGridX = 5,
  kMaxGridY = 6,
  kMaxGridZ = 7,
  kMaxSharedPerBlock = 8,
  kWarpSize = 10,
  kMultiprocessors = 16,
  kCapabilityMajor = 75,
  kCapabilityMinor = 76,
  kMaxSharedPerBlockOptin = 97,
  kMemoryPoolsSupported = 115,
};

enum FunctionAttribute : int {  // CUfunction_attribute
  kFunctionMaxThreads = 0,
  kFunctionSharedBytes = 1,
  kFunctionLocalBytes = 3,
  kFunctionRegisters = 4,
  kFunctionMaxDynamicShared = 8,
};

enum PoolAttribute : int {  // CUmemPool_attribute; values are uint64_t
  kPoolReleaseThreshold = 4,
  kPoolReserved = 5,
  kPoolReservedHigh = 6,
  kPoolUsed = 7,
  kPoolUsedHigh = 8,
};

enum JitOption : int {  // CUjit_option
  kJitErrorLog = 5,
  kJitErrorLogBytes = 6,
};

constexpr int kInputPtx = 1;                 // CU_JIT_INPUT_PTX
constexpr unsigned kStreamNonBlocking = 1;   // CU_STREAM_NON_BLOCKING
constexpr unsigned kEventDisableTiming = 2;  // CU_EVENT_DISABLE_TIMING
constexpr unsigned kHostAllocPortable = 1;   // CU_MEMHOSTALLOC_PORTABLE
constexpr int kAllocationPinned = 1;         // CU_MEM_ALLOCATION_TYPE_PINNED
constexpr int kLocationDevice = 1;           // CU_MEM_LOCATION_TYPE_DEVICE

struct PoolProperties {  // CUmemPoolProps
  int allocation_type;
  int handle_types;
  int location_type;
  int location;
  void* security;
  size_t max_size;
  unsigned char reserved[56];
};

}  // namespace kjit::rt::cuda
