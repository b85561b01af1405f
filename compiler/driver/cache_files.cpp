// Looking after the cache's directory.
#include <filesystem>

#include "driver/cache_store.h"
#include "kjit/cache.h"

namespace kjit::cache {

namespace {

constexpr int64_t kSecond = 1'000'000'000;

driver::CacheStore opened(const std::string& directory) {
  return driver::CacheStore(directory, driver::CacheStore::kUsualLimit, false);
}

}  // namespace

Summary summary(const std::string& directory) {
  const driver::CacheStore store = opened(directory);
  std::error_code ignored;
  Summary out;
  out.exists = !directory.empty() && std::filesystem::exists(directory, ignored);
  if (out.exists || directory.empty()) out.problem = store.problem();
  for (const auto& found : store.entries()) ++out.entries, out.bytes += found.bytes;
  return out;
}

std::vector<Entry> list(const std::string& directory) {
  const driver::CacheStore store = opened(directory);
  std::vector<Entry> out;
  for (const auto& found : store.entries()) {
    const auto name = store.read(found);
    out.push_back({found.file, name ? name->subject : "", found.kind == driver::CacheStore::Kind::Cubin, !name,
                   found.bytes, found.used / kSecond});
  }
  return out;
}

std::vector<Entry> remove_damaged(const std::string& directory) {
  const driver::CacheStore store = opened(directory);
  std::vector<Entry> out;
  for (const auto& found : store.entries()) {
    if (store.read(found)) continue;
    store.remove(found);
    out.push_back(
        {found.file, "", found.kind == driver::CacheStore::Kind::Cubin, true, found.bytes, found.used / kSecond});
  }
  return out;
}

int64_t prune(const std::string& directory, int64_t bytes) { return opened(directory).prune(bytes); }

}  // namespace kjit::cache
