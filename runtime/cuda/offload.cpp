#include "cuda/offload.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdio>
#include <string>

#include "core/context.h"

namespace kjit::rt::cuda {

namespace {

constexpr int64_t kBlocksEach = 32;  // blocks of a multiprocessor; threads do several iterations where there are more
constexpr int64_t kWidest = 16384, kTallest = 65535;  // threads along axis x, blocks along y
constexpr int64_t kHeight = 8;                        // threads of a block along y; a warp lies along x

Range bytes_at(const void* data, uint64_t bytes) {
  const auto begin = reinterpret_cast<uintptr_t>(data);
  return {begin, begin + bytes};
}

}  // namespace

Range range_of(const void* data, int rank, const int64_t* shape, const int64_t* strides, int64_t itemsize) {
  Range out = bytes_at(data, static_cast<uint64_t>(itemsize));
  for (int k = 0; k < rank; ++k) {
    if (shape[k] <= 0) return {0, 0};
    const int64_t reach = (shape[k] - 1) * strides[k];
    (reach < 0 ? out.begin : out.end) += static_cast<uintptr_t>(reach);
  }
  return out;
}

Session::Blocks::iterator Session::find(uintptr_t data) {
  auto next = blocks_.upper_bound(data);
  if (next == blocks_.begin()) return blocks_.end();
  --next;
  return data < next->second.end ? next : blocks_.end();
}

template <typename Each>
void Session::each_in(Range range, Each each) {
  auto block = blocks_.upper_bound(range.begin);
  if (block != blocks_.begin()) --block;
  while (block != blocks_.end() && block->first < range.end) {
    const auto next = std::next(block);
    if (block->second.end > range.begin) each(block);
    block = next;
  }
}

// The block that holds the range. Blocks that hold parts of it become one.
Session::Blocks::iterator Session::block_for(Range range) {
  const auto known = find(range.begin);
  if (known != blocks_.end() && known->second.end >= range.end) return known;
  each_in(range, [&](Blocks::iterator block) {
    to_host(block, false);
    range = {std::min(range.begin, block->first), std::max(range.end, block->second.end)};
    blocks_.erase(block);
  });
  Block made;
  made.end = range.end;
  return blocks_.emplace(range.begin, std::move(made)).first;
}

void Session::transfer(Range range, Transfer what) {
  if (range.empty()) return;
  switch (what) {
    case Transfer::ToDevice:
    case Transfer::ToDeviceMade:
      return to_device(block_for(range), what == Transfer::ToDeviceMade);
    case Transfer::ToHost:
    case Transfer::ToHostMade:
      return each_in(range, [&](Blocks::iterator block) { to_host(block, what == Transfer::ToHostMade); });
    case Transfer::New:
    case Transfer::NewZeros: {
      forget(range);
      Block made;
      made.end = range.end;
      made.on_host = false, made.zeros = what == Transfer::NewZeros;
      blocks_.emplace(range.begin, std::move(made));
    }
  }
}

void Session::upload(Buffer& to, uintptr_t from, size_t bytes) {
  const auto* host = reinterpret_cast<const void*>(from);
  if (bytes < Staging::kLeast) return to.copy_from(host, bytes, *cuda_.stream);
  const std::lock_guard lock(cuda_.copying);
  if (!cuda_.staging) cuda_.staging = std::make_unique<Staging>(cuda_.stream->context_ref());
  cuda_.staging->upload(to, host, bytes, *cuda_.stream);
}

// The host's memory has been written when the stream has been waited for.
void Session::download(const Buffer& from, uintptr_t to, size_t bytes) {
  auto* host = reinterpret_cast<void*>(to);
  if (bytes < Staging::kLeast) return from.copy_to(host, bytes, *cuda_.stream);
  const std::lock_guard lock(cuda_.copying);
  if (!cuda_.staging) cuda_.staging = std::make_unique<Staging>(cuda_.stream->context_ref());
  cuda_.staging->download(from, host, bytes, *cuda_.stream);
}

void Session::to_device(Blocks::iterator at, bool made) {
  Block& block = at->second;
  const size_t bytes = block.end - at->first;
  if (!block.buffer) block.buffer = std::make_shared<Buffer>(cuda_.stream, bytes);
  if (!block.on_device) {
    if (block.on_host) {
      upload(*block.buffer, at->first, bytes);
    } else if (block.zeros) {
      block.buffer->fill(0, *cuda_.stream);
    }
  }
  block.on_host = block.on_host && !made;
  block.on_device = true, block.zeros = false;
}

void Session::to_host(Blocks::iterator at, bool made) {
  Block& block = at->second;
  if (!block.on_host && block.on_device) {
    download(*block.buffer, at->first, block.end - at->first);
    cuda_.stream->synchronize();
  }
  block.on_host = true, block.zeros = false;  // a new block that no kernel has written is the host's
  block.on_device = block.on_device && !made;
}

void Session::bring_here(const char* kinds, const uint64_t* slots) {
  for (size_t at = 0; *kinds; ++kinds) {
    if (*kinds == 'o' || std::isdigit(static_cast<unsigned char>(*kinds))) continue;
    const bool array = *kinds == 'd' || *kinds == 'D';
    if (const auto block = array ? find(slots[at]) : blocks_.end(); block != blocks_.end()) to_host(block, true);
    ++at;
  }
}

bool Session::there(const char* kinds, uint64_t* slots, std::vector<void*>& parameters) {
  struct Given {
    Range range;
    bool written;
  };
  std::vector<Given> arrays;
  bool fast = true;
  for (size_t at = 0; *kinds; ++kinds) {
    if (*kinds == 'o' || std::isdigit(static_cast<unsigned char>(*kinds))) continue;
    if (*kinds == 'd' || *kinds == 'D') {
      const auto block = find(slots[at]);
      slots[at] = block == blocks_.end() || !block->second.buffer
                      ? 0  // an array without elements
                      : block->second.buffer->address() + (slots[at] - block->first);
      const char* rest = kinds + 3;
      int rank = 0;
      while (rest[rank] == 's') ++rank;
      const auto* lengths = reinterpret_cast<const int64_t*>(slots + at + 1);
      const Range range = range_of(reinterpret_cast<const void*>(slots[at]), rank, lengths, lengths + rank,
                                   int64_t{1} << (kinds[1] - '0'));
      fast = fast && slots[at] % 16 == 0;
      for (const Given& other : arrays) {
        const bool meet = range.begin < other.range.end && other.range.begin < range.end;
        if (meet && (other.written || *kinds == 'D')) fast = false;
      }
      arrays.push_back({range, *kinds == 'D'});
    }
    parameters.push_back(&slots[at++]);
  }
  return fast;
}

kjit_cuda_region& Session::loaded(kjit_offload_region& region, bool fast) {
  const std::lock_guard lock(cuda_.mutex);
  void*& known = fast ? region.loaded_fast : region.loaded;
  if (!known) {
    const std::string image(region.image, static_cast<size_t>(region.image_size));
    auto& module = cuda_.images[image];
    const std::string name = fast ? region.fast : region.name;
    const bool may_fail = image.find("// " + name + " may fail\n") != std::string::npos;
    if (!module) module = std::make_shared<Module>(cuda_.stream->context_ref(), image);
    cuda_.regions.push_back({Kernel(module, name), may_fail});
    known = &cuda_.regions.back();
  }
  return *static_cast<kjit_cuda_region*>(known);
}

uint64_t Session::word() {
  if (!word_) {
    word_ = std::make_shared<Buffer>(cuda_.stream, sizeof(uint64_t));
    word_->fill(0xff, *cuda_.stream);
  }
  return word_->address();
}

void Session::launch(kjit_offload_region& region, int64_t trips, int64_t inner, uint64_t* slots, void* results,
                     int64_t& count) {
  count = 0;
  if (trips <= 0 || inner == 0) return;
  uint64_t failed = 0, tag = launched_.size() << 8, to = 0;
  std::vector<void*> parameters{&failed, &tag, &to, &trips};
  const bool fast = there(region.kinds, slots, parameters) && region.fast;
  kjit_cuda_region& code = loaded(region, fast);
  const int64_t processors = std::max(1, cuda_.stream->context().properties().multiprocessors);
  // Results do not depend on the device.
  const int64_t most = region.result_size > 0 ? region.blocks : processors * kBlocksEach;
  const auto blocks_for = [](int64_t threads, int64_t each) { return (threads + each - 1) / each; };
  Grid grid;
  if (inner > 0) {
    // Blocks of several rows, so that neighbouring ones are loaded once.
    const int64_t rows = fast ? (trips + region.beside - 1) / region.beside : trips;
    const int64_t height = rows >= kHeight && region.result_size == 0 ? kHeight : 1;
    const int64_t width = KJIT_OFFLOAD_THREADS / height;
    grid.threads[0] = static_cast<unsigned>(width), grid.threads[1] = static_cast<unsigned>(height);
    grid.blocks[0] = static_cast<unsigned>(std::min({blocks_for(inner, width), most, kWidest / width}));
    grid.blocks[1] = static_cast<unsigned>(
        std::min({blocks_for(rows, height), std::max<int64_t>(1, most / grid.blocks[0]), kTallest}));
  } else {
    const int64_t threads = fast ? (trips + region.beside - 1) / region.beside : trips * region.lanes;
    grid.threads[0] = KJIT_OFFLOAD_THREADS;
    grid.blocks[0] = static_cast<unsigned>(std::min(blocks_for(threads, KJIT_OFFLOAD_THREADS), most));
  }
  const int64_t blocks = int64_t{grid.blocks[0]} * grid.blocks[1];
  std::shared_ptr<Buffer> made;
  if (region.result_size > 0)
    made = std::make_shared<Buffer>(cuda_.stream, static_cast<size_t>(blocks * region.result_size));
  if (made) to = made->address();
  if (code.may_fail) failed = word(), launched_.push_back(&region);
  code.kernel.launch(grid, *cuda_.stream, parameters.data());
  if (!made) return;
  made->copy_to(results, made->bytes(), *cuda_.stream);
  cuda_.stream->synchronize();
  count = blocks;
}

void Session::adopt(Range shadow, std::shared_ptr<Buffer> buffer) {
  Block block;
  block.end = shadow.end, block.buffer = std::move(buffer);
  block.on_host = false, block.on_device = block.adopted = true;
  blocks_.insert_or_assign(shadow.begin, std::move(block));
}

std::shared_ptr<Buffer> Session::take(const void* data, uint64_t bytes, void** shadow, uint64_t* offset) {
  *shadow = nullptr, *offset = 0;
  if (bytes == 0) return std::make_shared<Buffer>(cuda_.stream, 0);
  const auto block = block_for(bytes_at(data, bytes));
  to_device(block, false);
  *offset = reinterpret_cast<uintptr_t>(data) - block->first;
  block->second.taken = true;
  if (block->second.adopted) *shadow = reinterpret_cast<void*>(block->first);
  return block->second.buffer;
}

void Session::forget(Range range) {
  each_in(range, [&](Blocks::iterator block) {
    if (!block->second.adopted) blocks_.erase(block);
  });
}

void Session::finish() {
  bool wait = word_ != nullptr;
  for (auto& [begin, block] : blocks_) {
    const size_t bytes = block.end - begin;
    if (block.adopted) {
      if (!block.on_device) upload(*block.buffer, begin, bytes);
    } else if (!block.taken && !block.on_host && block.on_device) {
      download(*block.buffer, begin, bytes);
      wait = true;
    }
  }
  if (wait) cuda_.stream->synchronize();
}

int32_t Session::failure(const kjit_offload_region** where) {
  *where = nullptr;
  if (!word_) return KJIT_OK;
  uint64_t word = 0;
  word_->copy_to(&word, sizeof word, *cuda_.stream);
  cuda_.stream->synchronize();
  if (word == ~uint64_t{0}) return KJIT_OK;
  *where = launched_.at(word >> 8);
  return static_cast<int32_t>(word & 0xff);
}

namespace {

struct ThreadSession {
  int depth = 0;
  std::unique_ptr<Session> session;  // null where the outermost call could not begin one
};
thread_local ThreadSession here;
std::atomic<int> sessions{0};  // of all threads

void freed(void* data, int64_t bytes) {
  if (here.session) here.session->forget(bytes_at(data, static_cast<uint64_t>(bytes)));
}

// Every enter has a leave, also where it throws.
void enter(kjit_cuda* cuda) {
  if (++here.depth > 1) {
    if (here.session && cuda != &here.session->device())
      throw std::runtime_error("a function with target='cuda' of another engine is under way");
    return;
  }
  if (!cuda) throw std::runtime_error("no CUDA device has been opened");
  here.session = std::make_unique<Session>(*cuda);
  if (sessions.fetch_add(1) == 0) freed_hook.store(freed);
}

const char* failure_text(int32_t status) {
  switch (status) {
    case KJIT_ZERO_DIVISION_ERROR:
      return "division by zero in a parallel loop on the device";
    case KJIT_INDEX_ERROR:
      return "index out of bounds in a parallel loop on the device";
    default:
      return "an exception in a parallel loop on the device";
  }
}

// `where`: of what threads reported.
int32_t leave(const kjit_location** where, std::string& text) {
  if (--here.depth > 0 || !here.session) return KJIT_OK;
  const kjit_offload_region* region = nullptr;
  int32_t reported = KJIT_OK;
  int32_t status = status_of(
      [&] {
        here.session->finish();
        reported = here.session->failure(&region);
      },
      text);
  here.session.reset();
  if (sessions.fetch_sub(1) == 1) freed_hook.store(nullptr);
  if (status == KJIT_OK && reported != KJIT_OK)
    status = reported, text = failure_text(reported), *where = region->where;
  return status;
}

int32_t fail(kjit_ctx* ctx, int32_t status, const kjit_location* where, const std::string& text) {
  if (status != KJIT_OK) raise(ctx, status, where, text);
  return status;
}

int32_t fail(kjit_error* error, int32_t status, const std::string& text) {
  if (status == KJIT_OK) return status;
  error->kind = status, error->reserved = 0, error->location = nullptr;
  std::snprintf(error->message, sizeof error->message, "%s", text.c_str());
  return status;
}

template <typename Action>
int32_t guarded(kjit_ctx* ctx, const kjit_location* where, Action action) {
  std::string text;
  const int32_t status = status_of(action, text);
  return fail(ctx, status, where, text);
}

}  // namespace
}  // namespace kjit::rt::cuda

using namespace kjit::rt::cuda;

extern "C" {

int32_t kjit_rt_offload_enter(kjit_ctx* ctx, kjit_cuda** cuda, const kjit_location* where) {
  return guarded(ctx, where, [&] { enter(*cuda); });
}

int32_t kjit_rt_offload_leave(kjit_ctx* ctx, int32_t status, const kjit_location* where) {
  std::string text;
  const int32_t at_end = leave(&where, text);
  return status != KJIT_OK ? status : fail(ctx, at_end, where, text);
}

int32_t kjit_rt_offload_transfer(kjit_ctx* ctx, void* data, int32_t rank, const int64_t* shape, const int64_t* strides,
                                 int64_t itemsize, int32_t what, const kjit_location* where) {
  return guarded(ctx, where, [&] {
    here.session->transfer(range_of(data, rank, shape, strides, itemsize), static_cast<Transfer>(what));
  });
}

int32_t kjit_rt_offload_launch(kjit_ctx* ctx, kjit_offload_region* region, int64_t trips, int64_t inner,
                               uint64_t* slots, void* results, int64_t* count) {
  return guarded(ctx, region->where, [&] { here.session->launch(*region, trips, inner, slots, results, *count); });
}

int32_t kjit_rt_offload_here(kjit_ctx* ctx, const char* kinds, const uint64_t* slots, const kjit_location* where) {
  return guarded(ctx, where, [&] { here.session->bring_here(kinds, slots); });
}

int32_t kjit_offload_open(kjit_cuda* cuda, kjit_error* error) {
  std::string text;
  const int32_t status = status_of([&] { enter(cuda); }, text);
  return fail(error, status, text);
}

int32_t kjit_offload_close(kjit_error* error) {
  std::string text;
  const kjit_location* where = nullptr;
  const int32_t status = leave(&where, text);
  fail(error, status, text);
  if (status != KJIT_OK) error->location = where;
  return status;
}

int32_t kjit_offload_adopt(void* shadow, uint64_t bytes, kjit_cuda_buffer* buffer, kjit_error* error) {
  std::string text;
  const int32_t status = status_of([&] { here.session->adopt(bytes_at(shadow, bytes), buffer->buffer); }, text);
  return fail(error, status, text);
}

int32_t kjit_offload_bring(void* data, int32_t rank, const int64_t* shape, const int64_t* strides, int64_t itemsize,
                           kjit_error* error) {
  std::string text;
  const int32_t status = status_of(
      [&] { here.session->transfer(range_of(data, rank, shape, strides, itemsize), Transfer::ToHost); }, text);
  return fail(error, status, text);
}

int32_t kjit_offload_take(void* data, uint64_t bytes, kjit_cuda_buffer** out, void** shadow, uint64_t* offset,
                          kjit_error* error) {
  std::string text;
  const int32_t status = status_of(
      [&] {
        auto buffer = here.session->take(data, bytes, shadow, offset);
        *out = *shadow ? nullptr : new kjit_cuda_buffer(std::move(buffer));
      },
      text);
  return fail(error, status, text);
}
}
