#include "driver/cubin_cache.h"

namespace kjit::driver {

std::optional<CubinCache::Entry> CubinCache::find(const std::string& subject, const std::string& key) const {
  const auto kept = store_->find({CacheStore::Kind::Cubin, subject, key});
  if (!kept) return std::nullopt;
  std::string_view rest(*kept), kernel, image, ptx;
  if (!take_part(rest, kernel) || !take_part(rest, image) || !take_part(rest, ptx)) return std::nullopt;
  return Entry{std::string(kernel), std::string(image), std::string(ptx)};
}

void CubinCache::keep(const std::string& subject, const std::string& key, const Entry& entry) const {
  std::string value;
  append_part(value, entry.kernel), append_part(value, entry.image), append_part(value, entry.ptx);
  store_->keep({CacheStore::Kind::Cubin, subject, key}, value);
}

}  // namespace kjit::driver
