#include "cuda/context.h"

#include <algorithm>
#include <cstdio>

namespace kjit::rt::cuda {

namespace {

constexpr size_t kNamesKept = 8;  // kernels named in an error

}  // namespace

std::string bytes_text(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) value /= 1024, ++unit;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.2f %s", value, kUnits[unit]);
  return text;
}

Properties properties(const Driver& driver, int device) {
  DeviceNumber number = 0;
  driver.check(driver.device_get(&number, device), "looking for a device");
  Properties p;
  char name[256] = "";
  driver.check(driver.device_name(name, sizeof name, number), "asking for a device's name");
  p.name = name;
  driver.check(driver.device_memory(&p.memory, number), "asking for a device's memory");
  const auto attribute = [&](int which) {
    int value = 0;
    driver.check(driver.device_attribute(&value, which, number), "asking for a device's properties");
    return value;
  };
  p.major = attribute(kCapabilityMajor), p.minor = attribute(kCapabilityMinor);
  p.multiprocessors = attribute(kMultiprocessors);
  p.warp = attribute(kWarpSize);
  p.max_threads = attribute(kMaxThreadsPerBlock);
  p.max_block = {attribute(kMaxBlockX), attribute(kMaxBlockY), attribute(kMaxBlockZ)};
  p.max_grid = {attribute(kMaxGridX), attribute(kMaxGridY), attribute(kMaxGridZ)};
  p.shared = static_cast<size_t>(attribute(kMaxSharedPerBlock));
  p.max_shared = static_cast<size_t>(attribute(kMaxSharedPerBlockOptin));
  return p;
}

Context::Context(DriverRef driver, int device)
    : driver_(std::move(driver)), device_(device), properties_(cuda::properties(*driver_, device)) {
  driver_->check(driver_->device_get(&number_, device), "looking for a device");
  driver_->check(driver_->context_retain(&raw_, number_), "making a context");
}

// The driver may be gone when a process ends: what it answers then does not matter.
Context::~Context() {
  if (pool_) driver_->pool_destroy(pool_);
  driver_->context_release(number_);
}

Context::Current::Current(const Context& context) : context_(&context) {
  context.driver_->check(context.driver_->context_push(context.raw_), "making a context current");
}

Context::Current::~Current() {
  RawContext* popped = nullptr;
  context_->driver_->context_pop(&popped);
}

void Context::synchronize() {
  check_usable();
  const Current current(*this);
  check(driver_->context_synchronize(), "waiting for the device");
  const std::lock_guard lock(mutex_);
  running_.clear();
}

void Context::fail(Result code, const std::string& doing) {
  if (!is_sticky(code)) driver_->fail(code, doing);
  {
    const std::lock_guard lock(mutex_);
    if (fault_ == result::kSuccess) {
      fault_ = code;
      std::string where;
      for (const Running& r : running_) where += (where.empty() ? "'" : ", '") + r.kernel + "'";
      if (!where.empty()) where = (running_.size() == 1 ? " in kernel " : " in one of the kernels ") + where;
      fault_text_ = driver_->describe(code) + where + "; the device's context cannot be used any more in this process";
    }
  }
  check_usable();
  driver_->fail(code, doing);
}

void Context::check_usable() {
  const std::lock_guard lock(mutex_);
  if (fault_ != result::kSuccess) throw DriverError(fault_, fault_text_);
}

bool Context::usable() const {
  const std::lock_guard lock(mutex_);
  return fault_ == result::kSuccess;
}

void Context::launched(const std::string& kernel, RawStream* stream) {
  const std::lock_guard lock(mutex_);
  Running now{kernel, stream};
  if (std::find(running_.begin(), running_.end(), now) != running_.end()) return;
  if (running_.size() == kNamesKept) running_.erase(running_.begin());
  running_.push_back(std::move(now));
}

void Context::settled(RawStream* stream) {
  const std::lock_guard lock(mutex_);
  std::erase_if(running_, [&](const Running& r) { return r.stream == stream; });
}

// A pool of our own, so that its figures are ours alone. It keeps what is freed until empty_cache.
RawPool* Context::pool() {
  const std::lock_guard lock(mutex_);
  if (pool_) return pool_;
  int supported = 0;
  driver_->check(driver_->device_attribute(&supported, kMemoryPoolsSupported, number_), "asking for memory pools");
  if (!supported) throw DriverError(801, "the device '" + properties_.name + "' has no memory pools");
  PoolProperties wanted{};
  wanted.allocation_type = kAllocationPinned;
  wanted.location_type = kLocationDevice, wanted.location = number_;
  RawPool* made = nullptr;
  driver_->check(driver_->pool_create(&made, &wanted), "making a memory pool");
  uint64_t keep = UINT64_MAX;
  driver_->pool_set(made, kPoolReleaseThreshold, &keep);
  return pool_ = made;
}

uint64_t Context::pool_value(int attribute) {
  uint64_t value = 0;
  check(driver_->pool_get(pool(), attribute, &value), "asking for the use of memory");
  return value;
}

MemoryUse Context::memory_use() {
  const Current current(*this);
  return {pool_value(kPoolUsed), pool_value(kPoolUsedHigh), pool_value(kPoolReserved), pool_value(kPoolReservedHigh)};
}

void Context::reset_peak() {
  const Current current(*this);
  uint64_t zero = 0;  // the only value that the driver takes: down to what is in use now
  check(driver_->pool_set(pool(), kPoolUsedHigh, &zero), "resetting the peak of memory in use");
  check(driver_->pool_set(pool(), kPoolReservedHigh, &zero), "resetting the peak of memory in use");
}

void Context::empty_cache() {
  synchronize();
  const Current current(*this);
  check(driver_->pool_trim(pool(), 0), "giving memory back");
}

std::string Context::memory_summary() {
  const MemoryUse use = memory_use();
  size_t free = 0, total = 0;
  {
    const Current current(*this);
    check(driver_->memory_info(&free, &total), "asking for free memory");
  }
  const auto line = [](const char* what, uint64_t bytes) {
    char text[96];
    std::snprintf(text, sizeof text, "  %-22s %14s\n", what, bytes_text(bytes).c_str());
    return std::string(text);
  };
  return "device " + std::to_string(device_) + ", " + properties_.name + "\n" + line("allocated", use.allocated) +
         line("most allocated", use.max_allocated) + line("reserved", use.reserved) +
         line("most reserved", use.max_reserved) +
         line("cached", use.reserved - std::min(use.allocated, use.reserved)) + line("free on the device", free) +
         line("total", total);
}

void Context::out_of_memory(size_t asked) {
  std::string figures;
  try {
    const MemoryUse use = memory_use();
    figures = bytes_text(use.allocated) + " in use, " +
              bytes_text(use.reserved - std::min(use.allocated, use.reserved)) + " cached, ";
  } catch (const DriverError& error) {
    figures = std::string(error.what()) + "; ";
  }
  throw OutOfDeviceMemory(result::kOutOfMemory, driver_->describe(result::kOutOfMemory) + ": asked for " +
                                                    bytes_text(asked) + " on device " + std::to_string(device_) + " (" +
                                                    properties_.name + "): " + figures +
                                                    bytes_text(properties_.memory) + " in total");
}

}  // namespace kjit::rt::cuda
