// Blocks and owners. A block is one allocation: header (owner first), padding, data aligned to 64 bytes.
//
// The memory limit of a call is kept in an Account of its own, shared and counted: a context holds one reference and
// each block charged to it another, so that a block may outlive the context and a thread other than the caller's may
// free it.
#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/block_cache.h"
#include "core/context.h"

namespace kjit::rt {

struct Account {
  std::atomic<int64_t> references{1};
  std::atomic<int64_t> used{0};
};

namespace {

constexpr size_t kAlignment = 64;
constexpr int64_t kHugePageThreshold = int64_t{4} << 20;
constexpr int64_t kLargestBlock = INT64_MAX - 4096;  // room for header and alignment

struct BlockHeader {
  kjit_owner owner;
  void* base;  // what malloc gave
  Account* account;
  int64_t bytes;
  size_t capacity;  // of what malloc gave
};
static_assert(sizeof(BlockHeader) <= kAlignment);

struct ForeignOwner {
  kjit_owner owner;
  void (*release)(void* user);
  void* user;
};

std::atomic<int64_t> live_blocks{0};
thread_local int64_t allocations_until_failure = 0;

void drop(Account* account) {
  if (account->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete account;
}

void release_block(kjit_owner* owner) {
  auto* header = reinterpret_cast<BlockHeader*>(owner);
  if (FreedHook hook = freed_hook.load(std::memory_order_relaxed))
    hook(reinterpret_cast<char*>(header) + kAlignment, header->bytes);
  if (header->account) {
    header->account->used.fetch_sub(header->bytes, std::memory_order_relaxed);
    drop(header->account);
  }
  live_blocks.fetch_sub(1, std::memory_order_relaxed);
  void* base = header->base;
  if (!put_cached(base, header->capacity)) std::free(base);
}

void release_foreign(kjit_owner* owner) {
  auto* foreign = reinterpret_cast<ForeignOwner*>(owner);
  live_blocks.fetch_sub(1, std::memory_order_relaxed);
  auto release = foreign->release;
  void* user = foreign->user;
  std::free(foreign);
  if (release) release(user);
}

// The account of the context, made when first needed. Null when there is no limit or no memory for it (`failed`).
Account* account_of(kjit_ctx* ctx, bool& failed) {
  failed = false;
  if (!ctx || ctx->memory_limit <= 0) return nullptr;
  auto*& field = ctx->reserved[kAccountField];
  if (!field) {
    field = new (std::nothrow) Account;
    failed = !field;
  }
  return static_cast<Account*>(field);
}

// Adds `bytes` to what is used, unless that goes over `limit`.
bool charge(Account& account, int64_t bytes, int64_t limit, int64_t& used) {
  used = account.used.load(std::memory_order_relaxed);
  do {
    if (bytes > limit - used) return false;
  } while (!account.used.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  used += bytes;
  return true;
}

// Page faults dominate the first touch of a large array; huge pages make them 512 times rarer. Advice only.
void advise_huge_pages(void* data, int64_t bytes) {
  constexpr uintptr_t kPage = 4096;
  uintptr_t first = (reinterpret_cast<uintptr_t>(data) + kPage - 1) & ~(kPage - 1);
  uintptr_t last = (reinterpret_cast<uintptr_t>(data) + static_cast<uintptr_t>(bytes)) & ~(kPage - 1);
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

BlockHeader* new_block(int64_t bytes, bool zero) {
  if (!allocation_allowed()) return nullptr;
  size_t total = static_cast<size_t>(bytes) + 2 * kAlignment;
  size_t capacity = total;
  void* base = take_cached(total, capacity);
  const bool fresh = base == nullptr;
  // calloc knows which pages come fresh from the system and leaves those alone.
  const auto from_system = [&] { return zero ? std::calloc(1, total) : std::malloc(total); };
  if (fresh) base = from_system();
  if (!base) {
    clear_cache();
    base = from_system();
  }
  if (!base) return nullptr;
  if (!fresh && zero) std::memset(base, 0, total);
  uintptr_t start = (reinterpret_cast<uintptr_t>(base) + kAlignment - 1) & ~uintptr_t{kAlignment - 1};
  auto* header = reinterpret_cast<BlockHeader*>(start);
  if (fresh && bytes >= kHugePageThreshold) advise_huge_pages(reinterpret_cast<char*>(header) + kAlignment, bytes);
  header->owner = {1, release_block};
  header->base = base;
  header->account = nullptr;
  header->bytes = bytes;
  header->capacity = capacity;
  return header;
}

void* out_of_memory(kjit_ctx* ctx, const kjit_location* where, int64_t bytes) {
  raise(ctx, KJIT_MEMORY_ERROR, where, "unable to allocate {0} bytes", {&bytes, 1});
  return nullptr;
}

}  // namespace

constinit std::atomic<FreedHook> freed_hook{nullptr};

bool allocation_allowed() { return allocations_until_failure <= 0 || --allocations_until_failure != 0; }

bool open_account(kjit_ctx* ctx) {
  bool failed = false;
  account_of(ctx, failed);
  return !failed;
}

void drop_account(kjit_ctx* ctx) {
  auto*& field = ctx->reserved[kAccountField];
  if (field) drop(static_cast<Account*>(field));
  field = nullptr;
  ctx->memory_used = 0;
}

}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" {

void* kjit_rt_alloc(kjit_ctx* ctx, int64_t bytes, int32_t zero, void** owner, const kjit_location* where) {
  *owner = nullptr;
  if (bytes < 0 || bytes > kLargestBlock) {
    raise(ctx, KJIT_MEMORY_ERROR, where, "the size of an array is too large");
    return nullptr;
  }
  bool failed = false;
  Account* account = account_of(ctx, failed);
  if (failed) return out_of_memory(ctx, where, bytes);
  int64_t used = 0;
  if (account && !charge(*account, bytes, ctx->memory_limit, used)) {
    const int64_t operands[3] = {bytes, ctx->memory_limit, used};
    raise(ctx, KJIT_MEMORY_ERROR, where,
          "unable to allocate {0} bytes: the memory limit is {1} bytes, of which {2} are in use", operands);
    return nullptr;
  }
  BlockHeader* header = new_block(bytes, zero != 0);
  if (!header) {
    if (account) account->used.fetch_sub(bytes, std::memory_order_relaxed);
    return out_of_memory(ctx, where, bytes);
  }
  if (account) {
    account->references.fetch_add(1, std::memory_order_relaxed);
    header->account = account;
    ctx->memory_used = used;
  }
  live_blocks.fetch_add(1, std::memory_order_relaxed);
  *owner = &header->owner;
  return reinterpret_cast<char*>(header) + kAlignment;
}

void kjit_rt_retain(void* owner) {
  if (owner) __atomic_fetch_add(&static_cast<kjit_owner*>(owner)->references, 1, __ATOMIC_RELAXED);
}

void kjit_rt_release(void* owner) {
  auto* self = static_cast<kjit_owner*>(owner);
  if (self && __atomic_fetch_sub(&self->references, 1, __ATOMIC_ACQ_REL) == 1) self->release(self);
}

void* kjit_rt_wrap(void (*release)(void* user), void* user) {
  if (!allocation_allowed()) return nullptr;
  auto* foreign = static_cast<ForeignOwner*>(std::malloc(sizeof(ForeignOwner)));
  if (!foreign) return nullptr;
  *foreign = {{1, release_foreign}, release, user};
  live_blocks.fetch_add(1, std::memory_order_relaxed);
  return &foreign->owner;
}

int64_t kjit_rt_live_blocks(void) { return live_blocks.load(std::memory_order_relaxed); }

void kjit_rt_fail_allocation(int64_t n) { allocations_until_failure = n > 0 ? n : 0; }

int64_t kjit_ctx_memory_used(const kjit_ctx* ctx) {
  auto* account = static_cast<const Account*>(ctx->reserved[kAccountField]);
  return account ? account->used.load(std::memory_order_relaxed) : 0;
}

void kjit_ctx_limit_memory(kjit_ctx* ctx, int64_t bytes) {
  drop_account(ctx);
  ctx->memory_limit = bytes > 0 ? bytes : 0;
}

}  // extern "C"
