// Who has touched which bytes since the last barrier: two threads of a block that touch the same ones, one of them
// writing, with nothing between them that orders them, have a race.
#pragma once

#include <kjit_rt/abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace kjit::rt::simulator {

enum class Access : uint8_t { Read, Write, Atomic };

// A thread at one moment: threads of one warp are ordered by the warp operations that they have been through together.
struct Toucher {
  uint16_t thread = 0;  // in its block
  uint32_t warp_time = 0;
};

struct Finding {
  enum Kind : uint8_t { None, Race, Unwritten } kind = None;
  Access before = Access::Read;  // Race: what the other thread did, and where
  uint16_t thread = 0;
  const kjit_location* where = nullptr;
};

// The bytes of one kind of memory.
class Shadow {
 public:
  // `whole`: nothing is forgotten, and reads of what no thread of the block has written are findings.
  explicit Shadow(bool whole) : whole_(whole) {}

  void begin_block() { block_ = ++time_, forget(); }
  void barrier() { ++time_; }
  // Others may have written anything.
  void forget_all() { block_ = ++time_, pages_.clear(), recent_.fill({}); }
  // Called before a read, after a write. Throws std::bad_alloc.
  Finding touch(Access access, const void* address, int32_t size, Toucher who, const kjit_location* where);

 private:
  struct Touch {
    uint64_t time = 0;
    Toucher who;
    const kjit_location* where = nullptr;
  };
  struct Cell {
    Touch write, read, other_read;  // other_read: by another thread than `read`
    uint32_t value = 0;             // of the bytes, when they were last touched
    bool atomic = false;            // the last write was
    bool known = false;             // `value` is
  };
  static constexpr size_t kPageBits = 12;
  struct Page {
    int unit = 0;  // log2 of the bytes of a cell
    std::unique_ptr<Cell[]> cells;
  };

  void forget();
  Page& page(uintptr_t number, int unit);
  bool unordered(const Touch& touch, Toucher who) const;
  Finding touch(Cell& cell, Access access, uint32_t value, const Touch& now);
  static void remember_read(Cell& cell, const Touch& now);

  bool whole_;
  uint64_t time_ = 1, block_ = 1;
  std::unordered_map<uintptr_t, Page> pages_;
  std::array<std::pair<uintptr_t, Page*>, 16> recent_{};
};

}  // namespace kjit::rt::simulator
