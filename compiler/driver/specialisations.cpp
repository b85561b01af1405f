// The table of specialisations.
#include "driver/specialisations.h"

namespace kjit::driver {

size_t Specialisations::Hash::operator()(const Key& key) const {
  auto mix = [](size_t seed, const void* p) { return (seed ^ reinterpret_cast<size_t>(p)) * 0x9e3779b97f4a7c15u; };
  size_t h = mix(mix(0, key.def), key.globals);
  for (sema::TypeRef t : key.arguments) h = mix(h ^ (h >> 29), t);
  return h ^ (h >> 32);
}

Specialisations::CodePtr Specialisations::get(const Key& key, const std::function<CodePtr()>& compile) {
  std::promise<CodePtr> promise;
  std::shared_future<CodePtr> future;
  {
    std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found != entries_.end()) {
      future = found->second;
    } else {
      entries_.emplace(key, promise.get_future().share());
    }
  }
  if (future.valid()) return future.get();
  try {
    CodePtr code = compile();
    promise.set_value(code);
    return code;
  } catch (...) {
    {
      std::lock_guard lock(mutex_);
      entries_.erase(key);
    }
    promise.set_exception(std::current_exception());
    throw;
  }
}

Specialisations::CodePtr Specialisations::find(const Key& key) const {
  std::shared_future<CodePtr> future;
  {
    std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    future = found->second;
  }
  if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return nullptr;
  return future.get();
}

}  // namespace kjit::driver
