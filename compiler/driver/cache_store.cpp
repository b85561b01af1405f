// A file: magic, checksum of all that follows, then subject, key and value. Its name: hashes of subject and key.
#include "driver/cache_store.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include "kjit_rt/core.h"

namespace kjit::driver {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "kjcache1";
constexpr std::string_view kApart = ".new-";  // files that are being written
constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kAbandoned = 600 * kSecond;  // no one writes for so long

std::string words(int error) { return std::error_code(error, std::generic_category()).message(); }

void say(std::string* why, std::string text) {
  if (why) *why = std::move(text);
}

const char* extension(CacheStore::Kind kind) { return kind == CacheStore::Kind::Cubin ? ".cubin" : ".code"; }

std::string subject_hash(const CacheStore::Name& name) {
  return fmt::format("{:016x}", XXH3_64bits(name.subject.data(), name.subject.size()));
}

std::string file_of(const CacheStore::Name& name) {
  const XXH128_hash_t key = XXH3_128bits(name.key.data(), name.key.size());
  return fmt::format("{}-{:016x}{:016x}{}", subject_hash(name), key.high64, key.low64, extension(name.kind));
}

bool has_kind(std::string_view file, CacheStore::Kind& kind) {
  for (const CacheStore::Kind each : {CacheStore::Kind::Code, CacheStore::Kind::Cubin}) {
    if (!file.ends_with(extension(each)) || file.starts_with('.')) continue;
    kind = each;
    return true;
  }
  return false;
}

std::string checksum(std::string_view bytes) {
  const uint64_t sum = XXH3_64bits(bytes.data(), bytes.size());
  return {reinterpret_cast<const char*>(&sum), sizeof sum};
}

int64_t nanoseconds(const timespec& time) { return int64_t{time.tv_sec} * kSecond + time.tv_nsec; }
int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// To the nanosecond: the system's own marks are as coarse as its ticks, and what was used last is to stay.
void mark_used(int file) {
  const int64_t time = now();
  const timespec both[2] = {{time / kSecond, time % kSecond}, {time / kSecond, time % kSecond}};
  futimens(file, both);
}

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  // False: what was written may not be there.
  bool finish() { return close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

}  // namespace

void append_part(std::string& out, std::string_view part) {
  const uint64_t bytes = part.size();
  out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
  out += part;
}

bool take_part(std::string_view& from, std::string_view& part) {
  uint64_t bytes = 0;
  if (from.size() < sizeof bytes) return false;
  std::memcpy(&bytes, from.data(), sizeof bytes);
  from.remove_prefix(sizeof bytes);
  if (bytes > from.size()) return false;
  part = from.substr(0, bytes);
  from.remove_prefix(bytes);
  return true;
}

CacheStore::CacheStore(std::string directory, int64_t limit, bool make)
    : directory_(std::move(directory)), limit_(limit), make_(make) {}

CacheStore::~CacheStore() {
  if (folder_ >= 0) close(folder_);
}

const std::string& CacheStore::problem() const {
  std::call_once(opened_, [this] { open(); });
  return problem_;
}

void CacheStore::open() const {
  if (directory_.empty()) {
    problem_ = "there is no directory for it";
    return;
  }
  std::error_code error;
  if (make_ && fs::create_directories(directory_, error)) fs::permissions(directory_, fs::perms::owner_all, error);
  folder_ = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat about{};
  if (folder_ < 0 || fstat(folder_, &about) != 0) {
    problem_ = fmt::format("{}: {}", directory_, error ? error.message() : words(errno));
  } else if (about.st_uid != geteuid()) {
    problem_ = fmt::format("{} belongs to another user", directory_);
  } else if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    problem_ = fmt::format("others may write to {}: chmod go-w makes it private", directory_);
  }
}

// A whole file; nothing of it is trusted yet.
std::optional<std::string> CacheStore::load(const std::string& file, std::string* why, bool used) const {
  const File from(openat(folder_, file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat about{};
  if (!from || fstat(from.number(), &about) != 0) {
    say(why, errno == ENOENT ? "there is no entry" : fmt::format("the entry cannot be read: {}", words(errno)));
    return std::nullopt;
  }
  if (!S_ISREG(about.st_mode) || about.st_uid != geteuid()) {
    say(why, "the entry is not a file of this user");
    return std::nullopt;
  }
  std::string all(static_cast<size_t>(about.st_size), 0);
  size_t done = 0;
  while (done < all.size()) {
    const ssize_t n = ::read(from.number(), all.data() + done, all.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  all.resize(done);
  if (used) mark_used(from.number());
  return all;
}

std::optional<std::string> CacheStore::find(const Name& name, std::string* why) const {
  if (!usable()) {
    say(why, problem());
    return std::nullopt;
  }
  const std::optional<std::string> all = load(file_of(name), why, true);
  if (!all) return std::nullopt;
  std::string_view rest(*all), subject, key, value;
  const size_t head = kMagic.size() + sizeof(uint64_t);
  const bool whole = rest.starts_with(kMagic) && rest.size() >= head &&
                     rest.substr(kMagic.size(), sizeof(uint64_t)) == checksum(rest.substr(head));
  if (whole) rest.remove_prefix(head);
  if (!whole || !take_part(rest, subject) || !take_part(rest, key) || !take_part(rest, value) || !rest.empty()) {
    say(why, "the entry is damaged");
    return std::nullopt;
  }
  if (key != name.key || subject != name.subject) {  // two keys with one hash
    say(why, "the entry is for another key");
    return std::nullopt;
  }
  return std::string(value);
}

bool CacheStore::keep(const Name& name, std::string_view value, std::string* why) const {
  if (!usable()) {
    say(why, problem());
    return false;
  }
  std::string body;
  append_part(body, name.subject), append_part(body, name.key), append_part(body, value);
  const std::string all = std::string(kMagic) + checksum(body) + body;
  const auto bytes = static_cast<int64_t>(all.size());
  if (bytes > limit_) {
    say(why, fmt::format("its {} bytes are more than the cache may hold", bytes));
    return false;
  }
  if (!write(file_of(name), all, why)) return false;
  // The size is looked at now and then: a directory takes a while to read.
  const int64_t before = grown_.fetch_add(bytes, std::memory_order_relaxed);
  if (before < 0 || before + bytes > limit_ / 16) {
    grown_.store(0, std::memory_order_relaxed);
    prune(limit_);
  }
  return true;
}

bool CacheStore::write(const std::string& file, std::string_view bytes, std::string* why) const {
  rlimit most{};
  if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && bytes.size() > most.rlim_cur) {
    say(why, "files may not be so large here");  // a signal would end the process
    return false;
  }
  static std::atomic<unsigned> number{0};
  const std::string apart = fmt::format("{}{}-{}-{:x}", kApart, getpid(), number++, now());
  File to(openat(folder_, apart.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  bool fine = static_cast<bool>(to);
  size_t done = 0;
  while (fine && done < bytes.size()) {
    const ssize_t n = ::write(to.number(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    fine = n > 0;
    if (fine) done += static_cast<size_t>(n);
  }
  int error = errno;
  const bool made = static_cast<bool>(to);
  if (fine) mark_used(to.number());
  if (made && !to.finish() && fine) fine = false, error = errno;
  if (fine && renameat(folder_, apart.c_str(), folder_, file.c_str()) != 0) fine = false, error = errno;
  if (fine) return true;
  if (made) unlinkat(folder_, apart.c_str(), 0);
  say(why, words(error));
  return false;
}

void CacheStore::each_file(const std::function<void(const char* name)>& use) const {
  const int again = openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* listing = again < 0 ? nullptr : fdopendir(again);
  if (!listing) {
    if (again >= 0) close(again);
    return;
  }
  while (const dirent* item = readdir(listing))
    use(item->d_name);  // NOLINT(concurrency-mt-unsafe): a stream of its own
  closedir(listing);
}

std::vector<CacheStore::Found> CacheStore::entries() const {
  std::vector<Found> out;
  if (!usable()) return out;
  each_file([&](const char* name) {
    Found found;
    struct stat about{};
    if (!has_kind(name, found.kind) || fstatat(folder_, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (!S_ISREG(about.st_mode)) return;
    found.file = name, found.bytes = about.st_size, found.used = nanoseconds(about.st_mtim);
    out.push_back(std::move(found));
  });
  std::sort(out.begin(), out.end(),
            [](const Found& a, const Found& b) { return a.used != b.used ? a.used > b.used : a.file < b.file; });
  return out;
}

std::optional<CacheStore::Name> CacheStore::read(const Found& entry) const {
  if (!usable()) return std::nullopt;
  const std::optional<std::string> all = load(entry.file, nullptr, false);
  const size_t head = kMagic.size() + sizeof(uint64_t);
  if (!all || all->size() < head || !all->starts_with(kMagic)) return std::nullopt;
  std::string_view rest = std::string_view(*all).substr(head), subject, key;
  if (all->substr(kMagic.size(), sizeof(uint64_t)) != checksum(rest)) return std::nullopt;
  if (!take_part(rest, subject) || !take_part(rest, key)) return std::nullopt;
  Name name{entry.kind, std::string(subject), std::string(key)};
  return file_of(name) == entry.file ? std::optional(std::move(name)) : std::nullopt;
}

std::vector<std::string> CacheStore::other_keys(const Name& name) const {
  std::vector<std::string> out;
  const std::string subject = subject_hash(name) + "-", own = file_of(name);
  for (const Found& found : entries()) {
    if (!found.file.starts_with(subject) || found.file == own || found.kind != name.kind) continue;
    if (auto other = read(found); other && other->subject == name.subject) out.push_back(std::move(other->key));
  }
  return out;
}

bool CacheStore::remove(const Found& entry) const { return usable() && unlinkat(folder_, entry.file.c_str(), 0) == 0; }

int64_t CacheStore::prune(int64_t bytes) const {
  if (!usable()) return 0;
  const int64_t dead = now() - kAbandoned;
  each_file([&](const char* name) {
    struct stat about{};
    if (!std::string_view(name).starts_with(kApart) || fstatat(folder_, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (nanoseconds(about.st_mtim) < dead) unlinkat(folder_, name, 0);
  });
  std::vector<Found> all = entries();
  int64_t total = 0, removed = 0;
  for (const Found& found : all) total += found.bytes;
  for (auto oldest = all.rbegin(); oldest != all.rend() && total > bytes; ++oldest) {
    total -= oldest->bytes;
    removed += remove(*oldest);
  }
  return removed;
}

std::string build_identity() {
  static const std::string identity = [] {
    const auto library_of = [](const void* symbol) {
      Dl_info info{};
      return dladdr(symbol, &info) && info.dli_fname ? fs::path(info.dli_fname) : fs::path();
    };
    static const int here = 0;
    const fs::path self = library_of(&here);
    const fs::path runtime = library_of(reinterpret_cast<const void*>(&kjit_rt_retain));
    const fs::path folder = self.parent_path();
    std::string out;
    for (const fs::path& file :
         {self, folder / "libkjit-llvm.so", folder / ".." / "lib" / "libkjit-llvm.so", runtime}) {
      struct stat about{};
      if (stat(file.c_str(), &about) != 0) {
        if (file == self) return std::string();
        continue;
      }
      out += fmt::format("{} {} {}.{};", file.filename().string(), about.st_size, about.st_mtim.tv_sec,
                         about.st_mtim.tv_nsec);
    }
    return out;
  }();
  return identity;
}

}  // namespace kjit::driver
