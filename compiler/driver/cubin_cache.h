// Kernels that the driver's compiler has made of PTX, kept on disk: a later process loads them without LLVM and without
// that compiler.
#pragma once

#include <optional>
#include <string>

namespace kjit::driver {

// One directory, private to the user. Every problem with it (none is given, it is not the user's alone, read-only,
// full, an entry is damaged) is a miss, never an error. Safe with many processes: entries are written apart and
// renamed.
class CubinCache {
 public:
  // `directory` empty: nothing is kept.
  explicit CubinCache(std::string directory);

  struct Entry {
    std::string kernel;  // its name in the image
    std::string image;   // the cubin
    std::string ptx;     // what it was made of
  };
  // `key` is all that the image depends on; entries hold it whole.
  std::optional<Entry> find(const std::string& key) const;
  void keep(const std::string& key, const Entry& entry) const;
  bool usable() const { return !directory_.empty(); }

 private:
  std::string path_of(const std::string& key) const;
  std::string directory_;
};

// What tells one build of kjit from another: of the libraries that make code.
std::string build_identity();

}  // namespace kjit::driver
