// Machine code kept on disk for later processes: a directory of entries, each a value under a key.
//
// Every problem (the directory is none, or not the user's alone, or read-only, or full; an entry is damaged) is a miss
// or an entry that is not kept, with the reason in words; never an error and never a wrong value. Safe with many
// threads and processes: entries are written apart and renamed, so that they are whole or absent whenever a process
// dies; what is read is held against a checksum and the whole key. The directory that was looked at when it was opened
// is the one that is used, whatever its path leads to later.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::driver {

// Parts of a value, one after the other, each behind its length.
void append_part(std::string& out, std::string_view part);
// False at the end of what is there.
bool take_part(std::string_view& from, std::string_view& part);

class CacheStore {
 public:
  enum class Kind : uint8_t { Code, Cubin };
  struct Name {
    Kind kind = Kind::Code;
    std::string subject;  // for people, and to find what is kept under other keys: "f(int64) in k.py"
    std::string key;      // all that the value depends on
  };
  struct Found {  // an entry as the directory shows it
    std::string file;
    Kind kind = Kind::Code;
    int64_t bytes = 0;
    int64_t used = 0;  // when it was last written or read, in nanoseconds since 1970
  };

  static constexpr int64_t kUsualLimit = int64_t{256} << 20;

  // `directory` empty: nothing is kept. `limit`: bytes that the entries may take up; when they have grown past it,
  // those that were used longest ago go. `make`: a directory that is not there is made when something is first looked
  // for.
  explicit CacheStore(std::string directory, int64_t limit = kUsualLimit, bool make = true);
  ~CacheStore();
  CacheStore(const CacheStore&) = delete;
  CacheStore& operator=(const CacheStore&) = delete;

  const std::string& directory() const { return directory_; }
  // Why nothing is kept; "" where the directory can be used. Opens it.
  const std::string& problem() const;
  bool usable() const { return problem().empty(); }

  // Where there is none, `why` says why not.
  std::optional<std::string> find(const Name& name, std::string* why = nullptr) const;
  // False: `why` says why not.
  bool keep(const Name& name, std::string_view value, std::string* why = nullptr) const;
  // The keys of other entries for this subject.
  std::vector<std::string> other_keys(const Name& name) const;

  std::vector<Found> entries() const;
  // Name and value of an entry; nullopt: it is damaged.
  std::optional<Name> read(const Found& entry) const;
  bool remove(const Found& entry) const;
  // Removes entries until the others take up at most `bytes`, those used longest ago first, and what dead processes
  // have left behind. Gives the number of entries removed.
  int64_t prune(int64_t bytes) const;

 private:
  void open() const;
  std::optional<std::string> load(const std::string& file, std::string* why, bool used) const;
  bool write(const std::string& file, std::string_view bytes, std::string* why) const;
  void each_file(const std::function<void(const char* name)>& use) const;

  std::string directory_;
  int64_t limit_;
  bool make_;
  mutable std::once_flag opened_;
  mutable std::string problem_;
  mutable int folder_ = -1;
  mutable std::atomic<int64_t> grown_{-1};  // bytes written since the size was looked at; -1: it never was
};

// What tells one build of kjit from another: of the libraries that make code and of the runtime. "" where that cannot
// be found out.
std::string build_identity();

}  // namespace kjit::driver
