// What kjit keeps on disk (Options::cache_directory), for people and programs that look after it. An engine needs none
// of this.
//
// Each function takes the directory; none makes it. They may run while engines use the same directory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kjit/export.h"

namespace kjit::cache {

struct Entry {
  std::string file;      // its name in the directory
  std::string function;  // "f(int64) in k.py"; empty where it is damaged
  bool gpu = false;      // machine code of a GPU
  bool damaged = false;
  int64_t bytes = 0;
  int64_t used = 0;  // when it was last written or loaded: seconds since 1970
};

struct Summary {
  std::string problem;  // why the directory is not used, in words; empty where it is, or where there is none yet
  bool exists = false;
  int64_t entries = 0, bytes = 0;
};

KJIT_API Summary summary(const std::string& directory);
// Those used last come first. Reads all entries whole.
KJIT_API std::vector<Entry> list(const std::string& directory);
// Removes damaged entries, which engines would pass over, and gives them.
KJIT_API std::vector<Entry> remove_damaged(const std::string& directory);
// Removes entries until at most `bytes` are left, those used longest ago first; gives the number of entries removed.
KJIT_API int64_t prune(const std::string& directory, int64_t bytes);

}  // namespace kjit::cache
