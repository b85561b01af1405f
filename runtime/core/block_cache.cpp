#include "core/block_cache.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>

namespace kjit::rt {

namespace {

constexpr size_t kSmallest = size_t{64} << 10;
constexpr size_t kLargest = size_t{64} << 20;
constexpr size_t kLimit = size_t{128} << 20;
constexpr size_t kEntries = 32;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kEnabled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kEnabled = false;
#else
constexpr bool kEnabled = true;
#endif
#else
constexpr bool kEnabled = true;
#endif

struct Entry {
  void* block;
  size_t capacity;
};

struct Cache {
  std::mutex mutex;
  Entry entries[kEntries];  // the longest unused first
  size_t count = 0;
  size_t bytes = 0;

  void remove(size_t i) {
    bytes -= entries[i].capacity;
    std::move(entries + i + 1, entries + count, entries + i);
    --count;
  }
};

// Never destroyed: arrays may be freed by static destructors of the host.
Cache& cache() {
  static Cache* const the_cache = new Cache;
  return *the_cache;
}

bool is_kept(size_t bytes) { return kEnabled && bytes >= kSmallest && bytes <= kLargest; }

}  // namespace

void* take_cached(size_t bytes, size_t& capacity) {
  if (!is_kept(bytes)) return nullptr;
  Cache& c = cache();
  const std::unique_lock lock(c.mutex, std::try_to_lock);
  if (!lock) return nullptr;
  size_t best = c.count;
  for (size_t i = c.count; i-- > 0;) {
    const size_t have = c.entries[i].capacity;
    if (have < bytes || have - bytes > bytes / 4) continue;
    if (best == c.count || have < c.entries[best].capacity) best = i;
  }
  if (best == c.count) return nullptr;
  const Entry found = c.entries[best];
  c.remove(best);
  capacity = found.capacity;
  return found.block;
}

bool put_cached(void* block, size_t capacity) {
  if (!is_kept(capacity)) return false;
  Cache& c = cache();
  Entry leaving[kEntries];
  size_t left = 0;
  {
    const std::unique_lock lock(c.mutex, std::try_to_lock);
    if (!lock) return false;
    while (c.count == kEntries || c.bytes + capacity > kLimit) {
      leaving[left++] = c.entries[0];
      c.remove(0);
    }
    c.entries[c.count++] = {block, capacity};
    c.bytes += capacity;
  }
  while (left > 0) std::free(leaving[--left].block);
  return true;
}

void clear_cache() {
  Cache& c = cache();
  const std::lock_guard lock(c.mutex);
  while (c.count > 0) {
    std::free(c.entries[c.count - 1].block);
    c.remove(c.count - 1);
  }
}

}  // namespace kjit::rt
