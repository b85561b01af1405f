#include "cuda/fake_driver.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cuda/ptx_machine.h"
#include "cuda/types.h"

// The bodies below have the types of the table, or this file does not compile; it does not link when one is missing.
namespace kjit::rt::cuda {
extern "C" {
#define CUDA_FUNCTION(name, symbol, parameters) __attribute__((visibility("default"))) Result symbol parameters;
#include "cuda/driver.def"
#undef CUDA_FUNCTION
}

struct RawContext {
  int device;
  int retained = 0;
};
struct RawModule {
  std::string text;
  std::map<std::string, std::vector<char>> variables;
};
struct RawLink {
  std::string text;
};
struct RawFunction {
  std::string name, text;
};
struct RawStream {
  int device;
};
struct RawEvent {
  bool timing;
  int64_t at = -1;
};
struct RawPool {
  int device;
  uint64_t used = 0, used_high = 0, reserved = 0, reserved_high = 0;
};

namespace {

constexpr size_t kMemory = size_t{1} << 30;

struct Failure {
  Result code;
  int skip;
  bool sticky;
};

struct State {
  int devices = 2;
  std::map<std::string, Failure> failures;
  std::string log;
  int64_t misuse = 0, clock = 0;
  RawContext contexts[16];
  std::map<std::string, std::set<const void*>> live;
  std::map<Address, std::pair<RawPool*, size_t>> buffers;
  std::map<std::string, void (*)(void**, const unsigned*)> bodies;
  std::vector<std::unique_ptr<RawFunction>> functions;
  std::vector<std::string> images;
  std::map<std::string, std::vector<char>> variables;  // what modules find in theirs

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { free_all(); }

 private:
  // What was never given back, because a test made the giving back fail.
  void free_all() {
    for (const void* p : live["module"]) delete static_cast<const RawModule*>(p);
    for (const void* p : live["link"]) delete static_cast<const RawLink*>(p);
    for (const void* p : live["stream"]) delete static_cast<const RawStream*>(p);
    for (const void* p : live["event"]) delete static_cast<const RawEvent*>(p);
    for (const void* p : live["pool"]) delete static_cast<const RawPool*>(p);
    for (const char* what : {"host", "buffer"})
      for (const void* p : live[what]) std::free(const_cast<void*>(p));
    live.clear();
  }
};

State state;
std::recursive_mutex mutex;
thread_local std::vector<RawContext*> current;

// Notes the call; nonzero: what it answers.
Result enter(const char* symbol) {
  state.log += symbol + std::string(" ");
  auto found = state.failures.find(symbol);
  if (found == state.failures.end()) return 0;
  Failure& failure = found->second;
  if (failure.skip-- > 0) return 0;
  const Result code = failure.code;
  if (!failure.sticky) state.failures.erase(found);
  return code;
}

Result misused(Result code) {
  ++state.misuse;
  return code;
}

Result interpreted(const RawFunction& function, const unsigned* grid, unsigned shared, void** parameters,
                   bool together) {
  if (!std::getenv("KJIT_FAKE_CUDA_RUN")) return 0;
  try {
    test::run_ptx(function.text, function.name, parameters, grid, shared, together);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return result::kLaunchFailed;
  }
}

bool alive(const char* what, const void* handle) { return state.live[what].contains(handle); }

}  // namespace

#define ENTER(symbol)                \
  const std::lock_guard lock(mutex); \
  if (const Result code = enter(#symbol)) return code
#define ENTER_CURRENT(symbol) \
  ENTER(symbol);              \
  if (current.empty()) return misused(result::kInvalidContext)
#define ENTER_STREAM(symbol, stream) \
  ENTER_CURRENT(symbol);             \
  if ((stream) && (!alive("stream", stream) || (stream)->device != current.back()->device)) return misused(400)

extern "C" {

Result cuInit(unsigned) {
  ENTER(cuInit);
  return state.devices ? 0 : result::kNoDevice;
}
Result cuDriverGetVersion(int* version) {
  *version = 12040;
  return 0;
}
Result cuGetErrorName(Result code, const char** text) {
  static const std::map<Result, const char*> kNames = {{1, "CUDA_ERROR_INVALID_VALUE"},
                                                       {2, "CUDA_ERROR_OUT_OF_MEMORY"},
                                                       {4, "CUDA_ERROR_DEINITIALIZED"},
                                                       {100, "CUDA_ERROR_NO_DEVICE"},
                                                       {101, "CUDA_ERROR_INVALID_DEVICE"},
                                                       {201, "CUDA_ERROR_INVALID_CONTEXT"},
                                                       {218, "CUDA_ERROR_INVALID_PTX"},
                                                       {400, "CUDA_ERROR_INVALID_HANDLE"},
                                                       {500, "CUDA_ERROR_NOT_FOUND"},
                                                       {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
                                                       {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
                                                       {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  auto found = kNames.find(code);
  if (found == kNames.end()) return result::kInvalidValue;
  *text = found->second;
  return 0;
}
Result cuGetErrorString(Result code, const char** text) {
  static thread_local std::string words;
  words = "text of error " + std::to_string(code);
  *text = words.c_str();
  return 0;
}
Result cuDeviceGetCount(int* count) {
  ENTER(cuDeviceGetCount);
  *count = state.devices;
  return 0;
}
Result cuDeviceGet(DeviceNumber* device, int ordinal) {
  ENTER(cuDeviceGet);
  if (ordinal < 0 || ordinal >= state.devices) return 101;
  *device = ordinal;
  return 0;
}
Result cuDeviceGetName(char* name, int size, DeviceNumber device) {
  ENTER(cuDeviceGetName);
  std::strncpy(name, ("Fake " + std::to_string(device)).c_str(), static_cast<size_t>(size));
  return 0;
}
Result cuDeviceTotalMem_v2(size_t* bytes, DeviceNumber) {
  ENTER(cuDeviceTotalMem_v2);
  *bytes = kMemory;
  return 0;
}
Result cuDeviceGetAttribute(int* value, int attribute, DeviceNumber) {
  ENTER(cuDeviceGetAttribute);
  static const std::map<int, int> kValues = {{kMaxThreadsPerBlock, 1024},
                                             {kMaxBlockX, 1024},
                                             {kMaxBlockY, 1024},
                                             {kMaxBlockZ, 64},
                                             {kMaxGridX, 2147483647},
                                             {kMaxGridY, 65535},
                                             {kMaxGridZ, 65535},
                                             {kMaxSharedPerBlock, 49152},
                                             {kWarpSize, 32},
                                             {kMultiprocessors, 4},
                                             {kCapabilityMajor, 8},
                                             {kCapabilityMinor, 0},
                                             {kMaxSharedPerBlockOptin, 65536},
                                             {kMemoryPoolsSupported, 1}};
  *value = kValues.at(attribute);
  return 0;
}
Result cuDevicePrimaryCtxRetain(RawContext** context, DeviceNumber device) {
  ENTER(cuDevicePrimaryCtxRetain);
  *context = &state.contexts[device];
  (*context)->device = device;
  if ((*context)->retained++ == 0) state.live["context"].insert(*context);
  return 0;
}
Result cuDevicePrimaryCtxRelease_v2(DeviceNumber device) {
  ENTER(cuDevicePrimaryCtxRelease_v2);
  RawContext& context = state.contexts[device];
  if (context.retained == 0) return misused(result::kInvalidContext);
  if (--context.retained == 0) state.live["context"].erase(&context);
  return 0;
}
Result cuCtxPushCurrent_v2(RawContext* context) {
  ENTER(cuCtxPushCurrent_v2);
  if (!alive("context", context)) return misused(result::kInvalidContext);
  current.push_back(context);
  return 0;
}
Result cuCtxPopCurrent_v2(RawContext** context) {
  ENTER(cuCtxPopCurrent_v2);
  if (current.empty()) return misused(result::kInvalidContext);
  *context = current.back();
  current.pop_back();
  return 0;
}
Result cuCtxSynchronize() {
  ENTER_CURRENT(cuCtxSynchronize);
  return 0;
}
Result cuModuleLoadDataEx(RawModule** module, const void* image, unsigned count, int* options, void** values) {
  ENTER_CURRENT(cuModuleLoadDataEx);
  const std::string text = static_cast<const char*>(image);
  if (text.find(".version") == std::string::npos) {
    for (unsigned k = 0; k < count; ++k)
      if (options[k] == kJitErrorLog) std::strcpy(static_cast<char*>(values[k]), "line 1: no .version\n");
    return result::kInvalidPtx;
  }
  *module = new RawModule{text, {}};
  state.images.push_back(text);
  if (const char* directory = std::getenv("KJIT_FAKE_CUDA_IMAGES"))  // for looking at them
    std::ofstream(std::string(directory) + "/" + std::to_string(state.images.size()) + ".ptx") << text;
  state.live["module"].insert(*module);
  return 0;
}
Result cuModuleUnload(RawModule* module) {
  ENTER_CURRENT(cuModuleUnload);
  if (state.live["module"].erase(module) == 0) return misused(400);
  delete module;
  return 0;
}
Result cuModuleGetFunction(RawFunction** function, RawModule* module, const char* name) {
  ENTER_CURRENT(cuModuleGetFunction);
  if (!alive("module", module)) return misused(400);
  if (module->text.find(std::string(".entry ") + name + "(") == std::string::npos) return result::kNotFound;
  state.functions.push_back(std::make_unique<RawFunction>(RawFunction{name, module->text}));
  *function = state.functions.back().get();
  return 0;
}
// Variables are zeros, as many bytes as the text says: `.b8 name[80]`.
Result cuModuleGetGlobal_v2(Address* address, size_t* bytes, RawModule* module, const char* name) {
  ENTER_CURRENT(cuModuleGetGlobal_v2);
  if (!alive("module", module)) return misused(400);
  const size_t at = module->text.find(std::string(" ") + name + "[");
  const bool word = module->text.find(std::string(".u32 ") + name + ";") != std::string::npos;
  if (at == std::string::npos && !word) return result::kNotFound;
  *bytes = word ? 4 : std::strtoul(module->text.c_str() + at + std::strlen(name) + 2, nullptr, 10);
  auto [found, is_new] = module->variables.try_emplace(name);
  auto& memory = found->second;
  if (is_new && state.variables.contains(name))
    memory = state.variables[name], *bytes = std::max(*bytes, memory.size());
  memory.resize(std::max(*bytes, memory.size()));
  *address = reinterpret_cast<Address>(memory.data());
  return 0;
}
// A "cubin" is the PTX, with a first line.
Result cuLinkCreate_v2(unsigned, int*, void**, RawLink** link) {
  ENTER_CURRENT(cuLinkCreate_v2);
  *link = new RawLink{"fake cubin\n"};
  state.live["link"].insert(*link);
  return 0;
}
Result cuLinkAddData_v2(RawLink* link, int, void* data, size_t bytes, const char*, unsigned, int*, void**) {
  ENTER_CURRENT(cuLinkAddData_v2);
  if (!alive("link", link)) return misused(400);
  link->text.append(static_cast<const char*>(data), bytes);
  return 0;
}
Result cuLinkComplete(RawLink* link, void** image, size_t* bytes) {
  ENTER_CURRENT(cuLinkComplete);
  if (!alive("link", link)) return misused(400);
  *image = link->text.data(), *bytes = link->text.size();
  return 0;
}
Result cuLinkDestroy(RawLink* link) {
  ENTER_CURRENT(cuLinkDestroy);
  if (state.live["link"].erase(link) == 0) return misused(400);
  delete link;
  return 0;
}
Result cuFuncGetAttribute(int* value, int attribute, RawFunction*) {
  ENTER_CURRENT(cuFuncGetAttribute);
  *value = attribute == kFunctionRegisters ? 24 : attribute == kFunctionMaxThreads ? 1024 : 0;
  return 0;
}
Result cuFuncSetAttribute(RawFunction*, int attribute, int value) {
  ENTER_CURRENT(cuFuncSetAttribute);
  return attribute == kFunctionMaxDynamicShared && value > 65536 ? result::kInvalidValue : 0;
}
Result cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, RawFunction*, int threads, size_t) {
  ENTER_CURRENT(cuOccupancyMaxActiveBlocksPerMultiprocessor);
  *blocks = 2048 / threads;
  return 0;
}
Result cuLaunchKernel(RawFunction* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                      unsigned bz, unsigned shared, RawStream* stream, void** parameters, void**) {
  ENTER_STREAM(cuLaunchKernel, stream);
  auto found = state.bodies.find(function->name);
  const unsigned grid[] = {gx, gy, gz, bx, by, bz};
  if (found != state.bodies.end()) return found->second(parameters, grid), 0;
  return interpreted(*function, grid, shared, parameters, false);
}
Result cuLaunchCooperativeKernel(RawFunction* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                                 unsigned bz, unsigned shared, RawStream* stream, void** parameters) {
  ENTER_STREAM(cuLaunchCooperativeKernel, stream);
  auto found = state.bodies.find(function->name);
  const unsigned grid[] = {gx, gy, gz, bx, by, bz};
  if (found != state.bodies.end()) return found->second(parameters, grid), 0;
  return interpreted(*function, grid, shared, parameters, true);
}
Result cuStreamCreate(RawStream** stream, unsigned) {
  ENTER_CURRENT(cuStreamCreate);
  *stream = new RawStream{current.back()->device};
  state.live["stream"].insert(*stream);
  return 0;
}
Result cuStreamDestroy_v2(RawStream* stream) {
  ENTER(cuStreamDestroy_v2);
  if (state.live["stream"].erase(stream) == 0) return misused(400);
  delete stream;
  return 0;
}
Result cuStreamQuery(RawStream* stream) {
  ENTER_STREAM(cuStreamQuery, stream);
  return 0;
}
Result cuStreamSynchronize(RawStream* stream) {
  ENTER_STREAM(cuStreamSynchronize, stream);
  return 0;
}
Result cuStreamWaitEvent(RawStream* stream, RawEvent* event, unsigned) {
  ENTER_STREAM(cuStreamWaitEvent, stream);
  return alive("event", event) ? 0 : misused(400);
}
Result cuEventCreate(RawEvent** event, unsigned flags) {
  ENTER_CURRENT(cuEventCreate);
  *event = new RawEvent{(flags & kEventDisableTiming) == 0};
  state.live["event"].insert(*event);
  return 0;
}
Result cuEventDestroy_v2(RawEvent* event) {
  ENTER(cuEventDestroy_v2);
  if (state.live["event"].erase(event) == 0) return misused(400);
  delete event;
  return 0;
}
Result cuEventRecord(RawEvent* event, RawStream* stream) {
  ENTER_STREAM(cuEventRecord, stream);
  event->at = ++state.clock;
  return 0;
}
Result cuEventQuery(RawEvent*) {
  ENTER_CURRENT(cuEventQuery);
  return 0;
}
Result cuEventSynchronize(RawEvent*) {
  ENTER_CURRENT(cuEventSynchronize);
  return 0;
}
Result cuEventElapsedTime(float* milliseconds, RawEvent* start, RawEvent* end) {
  ENTER_CURRENT(cuEventElapsedTime);
  if (!start->timing || !end->timing || start->at < 0 || end->at < 0) return 400;
  *milliseconds = static_cast<float>(end->at - start->at);
  return 0;
}
Result cuMemGetInfo_v2(size_t* free, size_t* total) {
  ENTER_CURRENT(cuMemGetInfo_v2);
  *free = *total = kMemory;
  return 0;
}
Result cuMemHostAlloc(void** data, size_t bytes, unsigned) {
  ENTER_CURRENT(cuMemHostAlloc);
  state.live["host"].insert(*data = std::malloc(bytes));
  return 0;
}
Result cuMemFreeHost(void* data) {
  ENTER(cuMemFreeHost);
  if (state.live["host"].erase(data) == 0) return misused(result::kInvalidValue);
  std::free(data);
  return 0;
}
Result cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, RawStream* stream) {
  ENTER_STREAM(cuMemcpyHtoDAsync_v2, stream);
  std::memcpy(reinterpret_cast<void*>(to), from, bytes);
  return 0;
}
Result cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, RawStream* stream) {
  ENTER_STREAM(cuMemcpyDtoHAsync_v2, stream);
  std::memcpy(to, reinterpret_cast<void*>(from), bytes);
  return 0;
}
Result cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, RawStream* stream) {
  ENTER_STREAM(cuMemcpyDtoDAsync_v2, stream);
  std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
  return 0;
}
Result cuMemsetD8Async(Address to, unsigned char value, size_t count, RawStream* stream) {
  ENTER_STREAM(cuMemsetD8Async, stream);
  std::memset(reinterpret_cast<void*>(to), value, count);
  return 0;
}
Result cuMemPoolCreate(RawPool** pool, const PoolProperties* properties) {
  ENTER(cuMemPoolCreate);
  if (properties->allocation_type != kAllocationPinned || properties->location_type != kLocationDevice)
    return misused(result::kInvalidValue);
  *pool = new RawPool{properties->location};
  state.live["pool"].insert(*pool);
  return 0;
}
Result cuMemPoolDestroy(RawPool* pool) {
  ENTER(cuMemPoolDestroy);
  if (state.live["pool"].erase(pool) == 0) return misused(400);
  delete pool;
  return 0;
}
Result cuMemPoolTrimTo(RawPool* pool, size_t bytes) {
  ENTER(cuMemPoolTrimTo);
  pool->reserved = std::max<uint64_t>(pool->used, std::min<uint64_t>(pool->reserved, bytes));
  return 0;
}
Result cuMemPoolGetAttribute(RawPool* pool, int attribute, void* value) {
  ENTER(cuMemPoolGetAttribute);
  *static_cast<uint64_t*>(value) = attribute == kPoolUsed       ? pool->used
                                   : attribute == kPoolUsedHigh ? pool->used_high
                                   : attribute == kPoolReserved ? pool->reserved
                                                                : pool->reserved_high;
  return 0;
}
Result cuMemPoolSetAttribute(RawPool* pool, int attribute, void*) {
  ENTER(cuMemPoolSetAttribute);
  if (attribute == kPoolUsedHigh) pool->used_high = pool->used;
  if (attribute == kPoolReservedHigh) pool->reserved_high = pool->reserved;
  return 0;
}
Result cuMemAllocFromPoolAsync(Address* data, size_t bytes, RawPool* pool, RawStream* stream) {
  ENTER_STREAM(cuMemAllocFromPoolAsync, stream);
  if (bytes == 0) return misused(result::kInvalidValue);
  if (bytes > kMemory - pool->used) return result::kOutOfMemory;
  void* memory = std::malloc(bytes);
  *data = reinterpret_cast<Address>(memory);
  state.buffers[*data] = {pool, bytes};
  state.live["buffer"].insert(memory);
  pool->used += bytes;
  pool->used_high = std::max(pool->used_high, pool->used);
  pool->reserved = std::max(pool->reserved, pool->used);
  pool->reserved_high = std::max(pool->reserved_high, pool->reserved);
  return 0;
}
Result cuMemFreeAsync(Address data, RawStream* stream) {
  ENTER_STREAM(cuMemFreeAsync, stream);
  void* memory = reinterpret_cast<void*>(data);
  if (state.live["buffer"].erase(memory) == 0) return misused(result::kInvalidValue);
  const auto [pool, bytes] = state.buffers[data];
  state.buffers.erase(data);
  pool->used -= bytes;
  std::free(memory);
  return 0;
}
}

namespace {
// Links only when every function of the table has a body here.
[[maybe_unused]] __attribute__((used)) const void* const kAll[] = {
#define CUDA_FUNCTION(name, symbol, parameters) reinterpret_cast<const void*>(&symbol),
#include "cuda/driver.def"
#undef CUDA_FUNCTION
};
}  // namespace

}  // namespace kjit::rt::cuda

using kjit::rt::cuda::mutex;
using kjit::rt::cuda::state;
#define CONTROL __attribute__((visibility("default")))

extern "C" {

CONTROL void fake_cuda_reset() {
  const std::lock_guard lock(mutex);
  std::destroy_at(&state);
  std::construct_at(&state);
}
CONTROL void fake_cuda_devices(int count) { state.devices = count; }
CONTROL void fake_cuda_fail(const char* symbol, int result, int skip, bool sticky) {
  const std::lock_guard lock(mutex);
  state.failures[symbol] = {result, skip, sticky};
}
CONTROL const char* fake_cuda_log() { return state.log.c_str(); }
CONTROL int64_t fake_cuda_live(const char* what) { return static_cast<int64_t>(state.live[what].size()); }
CONTROL const char* fake_cuda_image(int64_t which) {
  return which < static_cast<int64_t>(state.images.size()) ? state.images[static_cast<size_t>(which)].c_str() : nullptr;
}
CONTROL void fake_cuda_variable(const char* name, const void* data, size_t bytes) {
  const auto* begin = static_cast<const char*>(data);
  state.variables[name] = {begin, begin + bytes};
}
CONTROL int64_t fake_cuda_misuse() { return state.misuse; }
CONTROL void fake_cuda_kernel(const char* name, void (*body)(void**, const unsigned*)) { state.bodies[name] = body; }
}
