#include "driver/cubin_cache.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kjit::driver {

namespace {

namespace fs = std::filesystem;

constexpr char kMagic[8] = {'k', 'j', 'c', 'u', 'b', 'i', 'n', '1'};

// FNV-1a.
uint64_t hash_of(std::string_view text, uint64_t seed) {
  uint64_t h = 14695981039346656037ull ^ seed;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

// A directory of this user's that no one else may write to.
bool is_private(const std::string& path) {
  struct stat about{};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() &&
         (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void append(std::string& out, std::string_view part) {
  const uint64_t bytes = part.size();
  out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
  out += part;
}

// The parts of an entry, one after the other; false at the end of what is there.
bool take(std::string_view& from, std::string_view& part) {
  uint64_t bytes = 0;
  if (from.size() < sizeof bytes) return false;
  std::memcpy(&bytes, from.data(), sizeof bytes);
  from.remove_prefix(sizeof bytes);
  if (bytes > from.size()) return false;
  part = from.substr(0, bytes);
  from.remove_prefix(bytes);
  return true;
}

}  // namespace

CubinCache::CubinCache(std::string directory) : directory_(std::move(directory)) {
  if (directory_.empty()) return;
  std::error_code problem;
  const bool made = fs::create_directories(directory_, problem);
  if (made) fs::permissions(directory_, fs::perms::owner_all, problem);
  if (problem || !is_private(directory_)) directory_.clear();
}

std::string CubinCache::path_of(const std::string& key) const {
  return fmt::format("{}/{:016x}{:016x}.cubin", directory_, hash_of(key, 0), hash_of(key, 0x9e3779b97f4a7c15ull));
}

std::optional<CubinCache::Entry> CubinCache::find(const std::string& key) const {
  if (!usable()) return std::nullopt;
  std::ifstream file(path_of(key), std::ios::binary);
  if (!file) return std::nullopt;
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  constexpr size_t kSum = sizeof(uint64_t);
  if (all.size() < sizeof kMagic + kSum || std::memcmp(all.data(), kMagic, sizeof kMagic) != 0) return std::nullopt;
  std::string_view rest(all);
  uint64_t sum = 0;
  std::memcpy(&sum, all.data() + all.size() - kSum, kSum);
  rest.remove_suffix(kSum);
  if (hash_of(rest, 1) != sum) return std::nullopt;
  rest.remove_prefix(sizeof kMagic);
  std::string_view known, kernel, image, ptx;
  const bool whole = take(rest, known) && take(rest, kernel) && take(rest, image) && take(rest, ptx);
  if (!whole || known != key) return std::nullopt;
  return Entry{std::string(kernel), std::string(image), std::string(ptx)};
}

void CubinCache::keep(const std::string& key, const Entry& entry) const {
  if (!usable()) return;
  std::string all(kMagic, sizeof kMagic);
  append(all, key), append(all, entry.kernel), append(all, entry.image), append(all, entry.ptx);
  const uint64_t sum = hash_of(all, 1);
  all.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  static std::atomic<unsigned> number{0};
  const std::string path = path_of(key);
  const std::string apart = fmt::format("{}.{}.{}", path, getpid(), number++);
  const int file = open(apart.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return;
  size_t done = 0;
  while (done < all.size()) {
    const ssize_t n = write(file, all.data() + done, all.size() - done);
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  const bool whole = close(file) == 0 && done == all.size();
  if (!whole || std::rename(apart.c_str(), path.c_str()) != 0) unlink(apart.c_str());
}

std::string build_identity() {
  static const std::string identity = [] {
    Dl_info info{};
    static const int here = 0;
    if (!dladdr(&here, &info)) return std::string();
    const fs::path self(info.dli_fname);
    std::string out;
    std::error_code ignored;
    for (const fs::path& file : {self, self.parent_path() / "libkjit-llvm.so"}) {
      struct stat about{};
      if (stat(file.c_str(), &about) == 0)
        out += fmt::format("{} {} {}.{}\n", file.filename().string(), about.st_size, about.st_mtim.tv_sec,
                           about.st_mtim.tv_nsec);
    }
    return out;
  }();
  return identity;
}

}  // namespace kjit::driver
