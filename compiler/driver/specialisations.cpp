// The table of specialisations.
#include "driver/specialisations.h"

namespace kjit::driver {

size_t Specialisations::Hash::operator()(const Key& key) const {
  auto mix = [](size_t seed, const void* p) { return (seed ^ reinterpret_cast<size_t>(p)) * 0x9e3779b97f4a7c15u; };
  size_t h = mix(mix(0, key.def), key.globals);
  for (sema::TypeRef t : key.arguments) h = mix(h ^ (h >> 29), t);
  return h ^ (h >> 32);
}

Specialisations::CodePtr Specialisations::code_or_throw(const Outcome& outcome) {
  const Error* e = outcome.error.get();
  if (e)
    throw Error(e->kind(), e->message(), e->place(), e->findings());  // anew: copies would share the text of what()
  return outcome.code;
}

Specialisations::CodePtr Specialisations::get(const Key& key, const std::function<CodePtr()>& compile) {
  std::promise<Outcome> promise;
  std::shared_future<Outcome> future;
  {
    std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found != entries_.end()) {
      future = found->second;
    } else {
      entries_.emplace(key, promise.get_future().share());
    }
  }
  if (future.valid()) return code_or_throw(future.get());
  auto forget = [&] {
    std::lock_guard lock(mutex_);
    entries_.erase(key);
  };
  try {
    CodePtr code = compile();
    if (!code) forget();  // asks for another try: not an outcome to keep
    promise.set_value({code, nullptr});
    return code;
  } catch (const Error& e) {
    forget();
    promise.set_value({nullptr, std::make_shared<const Error>(e.kind(), e.message(), e.place(), e.findings())});
    throw;
  } catch (...) {  // out of memory
    forget();
    promise.set_exception(std::current_exception());
    throw;
  }
}

void Specialisations::forget(const Key& key) {
  std::lock_guard lock(mutex_);
  entries_.erase(key);
}

Specialisations::CodePtr Specialisations::find(const Key& key) const {
  std::shared_future<Outcome> future;
  {
    std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    future = found->second;
  }
  if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return nullptr;
  return future.get().code;
}

}  // namespace kjit::driver
