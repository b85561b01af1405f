// Kernels that the driver's compiler has made of PTX, kept on disk: a later process loads them without LLVM and without
// that compiler.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "driver/cache_store.h"

namespace kjit::driver {

// Every problem is a miss, never an error (cache_store.h).
class CubinCache {
 public:
  explicit CubinCache(std::shared_ptr<const CacheStore> store) : store_(std::move(store)) {}

  struct Entry {
    std::string kernel;  // its name in the image
    std::string image;   // the cubin
    std::string ptx;     // what it was made of
  };
  // `key` is all that the image depends on.
  std::optional<Entry> find(const std::string& subject, const std::string& key) const;
  void keep(const std::string& subject, const std::string& key, const Entry& entry) const;
  bool usable() const { return store_->usable(); }

 private:
  std::shared_ptr<const CacheStore> store_;
};

}  // namespace kjit::driver
