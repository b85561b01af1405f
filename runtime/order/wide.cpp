#include "order/wide.h"

#include <dlfcn.h>

namespace kjit::rt::order {

namespace {

// hwy::Sorter of <hwy/contrib/sort/vqsort.h>, Highway 1.0: an object that holds one pointer to memory, if it
// needs any. Its functions are looked up by name, so that nothing of Highway is needed to build.
struct Sorter {
  void* memory = nullptr;
};
struct SortAscending {};
template <typename Keys>
using Sort = void (*)(const Sorter*, Keys*, size_t, SortAscending);

struct Library {
  void (*make)(Sorter*) = nullptr;
  void (*destroy)(Sorter*) = nullptr;
  Sort<uint16_t> u16 = nullptr;
  Sort<uint32_t> u32 = nullptr;
  Sort<uint64_t> u64 = nullptr;
  Sort<KeyAndPlace> u128 = nullptr;
  bool complete = false;

  template <typename F>
  static bool find(void* handle, const char* name, F& into) {
    into = reinterpret_cast<F>(dlsym(handle, name));
    return into != nullptr;
  }

  Library() {
    void* handle = dlopen("libhwy_contrib.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) return;
    complete = find(handle, "_ZN3hwy6SorterC1Ev", make) && find(handle, "_ZN3hwy6Sorter6DeleteEv", destroy) &&
               find(handle, "_ZNK3hwy6SorterclEPtmNS_13SortAscendingE", u16) &&
               find(handle, "_ZNK3hwy6SorterclEPjmNS_13SortAscendingE", u32) &&
               find(handle, "_ZNK3hwy6SorterclEPmmNS_13SortAscendingE", u64) &&
               find(handle, "_ZNK3hwy6SorterclEPNS_9uint128_tEmNS_13SortAscendingE", u128);
  }
};

const Library& library() {
  static const Library opened;
  return opened;
}

template <typename Keys>
bool run(Sort<Keys> Library::* function, Keys* keys, size_t n) {
  const Library& all = library();
  if (!all.complete) return false;
  Sorter sorter;
  all.make(&sorter);
  (all.*function)(&sorter, keys, n, {});
  all.destroy(&sorter);
  return true;
}

}  // namespace

bool sort_wide(uint16_t* keys, size_t n) { return run(&Library::u16, keys, n); }
bool sort_wide(uint32_t* keys, size_t n) { return run(&Library::u32, keys, n); }
bool sort_wide(uint64_t* keys, size_t n) { return run(&Library::u64, keys, n); }
bool sort_wide(KeyAndPlace* keys, size_t n) { return run(&Library::u128, keys, n); }

}  // namespace kjit::rt::order
