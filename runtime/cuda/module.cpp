#include "cuda/module.h"

#include <kjit_rt/cuda.h>

#include <cstring>

namespace kjit::rt::cuda {

namespace {

constexpr size_t kLogBytes = 8192;

std::string triple(const std::array<unsigned, 3>& of) {
  return "(" + std::to_string(of[0]) + ", " + std::to_string(of[1]) + ", " + std::to_string(of[2]) + ")";
}

}  // namespace

Module::Module(ContextRef context, const std::string& image) : context_(std::move(context)) {
  context_->check_usable();
  const Context::Current current(*context_);
  const Driver& driver = context_->driver();
  std::string log(kLogBytes, '\0');
  int options[] = {kJitErrorLog, kJitErrorLogBytes};
  void* values[] = {log.data(), reinterpret_cast<void*>(kLogBytes)};
  const Result code = driver.module_load(&raw_, image.c_str(), 2, options, values);
  if (code == result::kSuccess) {
    Address word = 0;
    size_t bytes = 0;
    if (driver.module_variable(&word, &bytes, raw_, KJIT_CUDA_GRID_BARRIER) == result::kSuccess) {
      grid_barrier_ = std::make_unique<GridBarrier>();
      grid_barrier_->word = word;
    }
    return;
  }
  log.resize(std::strlen(log.c_str()));
  while (!log.empty() && log.back() == '\n') log.pop_back();
  context_->fail(code, "loading a module" + (log.empty() ? "" : " (" + log + ")"));
}

Module::~Module() {
  try {
    const Context::Current current(*context_);
    context_->driver().module_unload(raw_);
  } catch (const DriverError&) {
    context_->driver().module_unload(raw_);  // whatever it answers: the driver is gone, and the module with it
  }
}

Module::Variable Module::variable(const std::string& name) const {
  const Context::Current current(*context_);
  Variable out{};
  const Result code = context_->driver().module_variable(&out.address, &out.bytes, raw_, name.c_str());
  if (code == result::kNotFound) throw std::invalid_argument("the module has no variable '" + name + "'");
  context_->check(code, "looking for a variable of a module");
  return out;
}

std::string link(Context& context, const std::string& ptx) {
  context.check_usable();
  const Context::Current current(context);
  const Driver& driver = context.driver();
  std::string log(kLogBytes, '\0');
  int options[] = {kJitErrorLog, kJitErrorLogBytes};
  void* values[] = {log.data(), reinterpret_cast<void*>(kLogBytes)};
  RawLink* raw = nullptr;
  context.check(driver.link_create(2, options, values, &raw), "starting the linker");
  std::string cubin;
  Result code =
      driver.link_add(raw, kInputPtx, const_cast<char*>(ptx.c_str()), ptx.size() + 1, "kernel", 0, nullptr, nullptr);
  if (code == result::kSuccess) {
    void* image = nullptr;
    size_t bytes = 0;
    code = driver.link_complete(raw, &image, &bytes);
    if (code == result::kSuccess) cubin.assign(static_cast<const char*>(image), bytes);
  }
  driver.link_destroy(raw);
  if (code == result::kSuccess) return cubin;
  log.resize(std::strlen(log.c_str()));
  while (!log.empty() && log.back() == '\n') log.pop_back();
  context.fail(code, "compiling PTX" + (log.empty() ? "" : " (" + log + ")"));
}

void read(Stream& stream, Address from, void* to, size_t bytes) {
  Context& context = stream.context();
  {
    const Context::Current current(context);
    context.check(context.driver().copy_to_host(to, from, bytes, stream.raw()), "copying to the host");
  }
  stream.synchronize();
}

void write(Stream& stream, Address to, const void* from, size_t bytes) {
  Context& context = stream.context();
  {
    const Context::Current current(context);
    context.check(context.driver().copy_to_device(to, from, bytes, stream.raw()), "copying to the device");
  }
  stream.synchronize();
}

Kernel::Kernel(ModuleRef module, std::string name) : module_(std::move(module)), name_(std::move(name)) {
  Context& context = module_->context();
  const Context::Current current(context);
  const Result code = context.driver().module_function(&raw_, module_->raw(), name_.c_str());
  if (code != result::kSuccess) context.fail(code, "looking for the kernel '" + name_ + "'");
}

KernelInfo Kernel::info() const {
  Context& context = module_->context();
  const Context::Current current(context);
  const auto attribute = [&](int which) {
    int value = 0;
    context.check(context.driver().function_attribute(&value, which, raw_), "asking for a kernel's properties");
    return value;
  };
  return {attribute(kFunctionRegisters), static_cast<size_t>(attribute(kFunctionSharedBytes)),
          static_cast<size_t>(attribute(kFunctionLocalBytes)), attribute(kFunctionMaxThreads)};
}

int Kernel::occupancy(int threads, size_t shared_bytes) const {
  Context& context = module_->context();
  const Context::Current current(context);
  int blocks = 0;
  context.check(context.driver().occupancy(&blocks, raw_, threads, shared_bytes), "asking for a kernel's occupancy");
  return blocks;
}

int64_t Kernel::resident_blocks(int threads, size_t shared_bytes) const {
  return int64_t{occupancy(threads, shared_bytes)} * module_->context().properties().multiprocessors;
}

void Kernel::check(const Grid& grid) const {
  const Properties& device = module_->context().properties();
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument("kernel '" + name_ + "' cannot be launched: " + why);
  };
  uint64_t threads = 1;
  for (size_t axis = 0; axis < 3; ++axis) {
    const unsigned blocks = grid.blocks[axis], along = grid.threads[axis];
    if (blocks == 0 || along == 0)
      refuse("a grid of " + triple(grid.blocks) + " blocks of " + triple(grid.threads) + " threads is empty");
    if (blocks > static_cast<unsigned>(device.max_grid[axis]) || along > static_cast<unsigned>(device.max_block[axis]))
      refuse("a grid of " + triple(grid.blocks) + " blocks of " + triple(grid.threads) +
             " threads is more than the device has along axis " + std::to_string(axis));
    threads *= along;
  }
  if (threads > static_cast<uint64_t>(device.max_threads))
    refuse("a block of " + triple(grid.threads) + " has " + std::to_string(threads) + " threads, the device allows " +
           std::to_string(device.max_threads));
}

void Kernel::launch(const Grid& grid, Stream& stream, void** parameters) const {
  Context& context = module_->context();
  context.check_usable();
  check(grid);
  const Context::Current current(context);
  const Driver& driver = context.driver();
  if (grid.shared_bytes > context.properties().shared)
    context.check(driver.set_function_attribute(raw_, kFunctionMaxDynamicShared, static_cast<int>(grid.shared_bytes)),
                  "asking for shared memory");
  context.launched(name_, stream.raw());
  const auto& [bx, by, bz] = grid.blocks;
  const auto& [tx, ty, tz] = grid.threads;
  if (Module::GridBarrier* barrier = module_->grid_barrier())
    return launch_together(grid, stream, parameters, *barrier);
  const Result code = driver.launch(raw_, bx, by, bz, tx, ty, tz, grid.shared_bytes, stream.raw(), parameters, nullptr);
  if (code != result::kSuccess) context.fail(code, "launching the kernel '" + name_ + "'");
}

// All blocks run at once, after earlier launches that use the same barrier.
void Kernel::launch_together(const Grid& grid, Stream& stream, void** parameters, Module::GridBarrier& barrier) const {
  Context& context = module_->context();
  const Driver& driver = context.driver();
  const auto& [bx, by, bz] = grid.blocks;
  const auto& [tx, ty, tz] = grid.threads;
  const int64_t resident = resident_blocks(static_cast<int>(tx * ty * tz), grid.shared_bytes);
  if (uint64_t{bx} * by * bz > static_cast<uint64_t>(resident))
    throw std::invalid_argument("kernel '" + name_ + "' cannot be launched: it waits for the whole grid, and of " +
                                std::to_string(uint64_t{bx} * by * bz) + " blocks the device runs " +
                                std::to_string(resident) + " at once");
  const std::lock_guard lock(barrier.mutex);
  if (!barrier.done) barrier.done = std::make_unique<Event>(module_->context_ref(), false);
  barrier.done->wait(stream);
  context.check(driver.fill_bytes(barrier.word, 0, sizeof(uint32_t), stream.raw()), "setting up a barrier of the grid");
  const Result code =
      driver.launch_cooperative(raw_, bx, by, bz, tx, ty, tz, grid.shared_bytes, stream.raw(), parameters);
  if (code != result::kSuccess) context.fail(code, "launching the kernel '" + name_ + "'");
  barrier.done->record(stream);
}

}  // namespace kjit::rt::cuda
