#include "simulator/races.h"

#include <algorithm>
#include <cstring>

namespace kjit::rt::simulator {

namespace {

constexpr size_t kMostPages = 2048;  // 8 MiB, for which there are some 130 MiB of cells
constexpr unsigned kWarp = 32;

uint32_t value_at(uintptr_t address, size_t bytes) {
  uint32_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
  return value;
}

}  // namespace

// What is older than the block matters to nobody, so that this loses nothing when a block begins.
void Shadow::forget() {
  if (!whole_ && pages_.size() < kMostPages) return;
  if (whole_ && pages_.size() < kMostPages / 16) return;  // its cells are all from before the block
  pages_.clear();
  recent_.fill({});
}

Shadow::Page& Shadow::page(uintptr_t number, int unit) {
  auto& [known, recent] = recent_[number % recent_.size()];
  if (!recent || known != number) {
    if (!whole_ && pages_.size() >= kMostPages && !pages_.contains(number)) forget();
    known = number, recent = &pages_[number];
  }
  if (!recent->cells || unit < recent->unit) {  // finer than so far
    const size_t count = size_t{1} << (kPageBits - static_cast<size_t>(unit));
    Page fine{unit, std::make_unique<Cell[]>(count)};
    for (size_t k = 0; recent->cells && k < count; ++k) {
      const size_t parts = size_t{1} << (recent->unit - unit);
      fine.cells[k] = recent->cells[k / parts];
      uint32_t bytes[1] = {fine.cells[k].value};
      fine.cells[k].value = value_at(reinterpret_cast<uintptr_t>(bytes) + (k % parts << unit), size_t{1} << unit);
    }
    *recent = std::move(fine);
  }
  return *recent;
}

// Whether nothing stands between that touch and this thread.
bool Shadow::unordered(const Touch& touch, Toucher who) const {
  if (touch.time != time_ || touch.who.thread == who.thread) return false;
  return touch.who.thread / kWarp != who.thread / kWarp || touch.who.warp_time == who.warp_time;
}

// Two readers are enough to know that one of them is another thread than the next writer; one of another warp is worth
// most, since warp operations do not order it.
void Shadow::remember_read(Cell& cell, const Touch& now) {
  if (cell.read.time != now.time || cell.read.who.thread == now.who.thread) {
    cell.read = now;
  } else if (cell.other_read.time != now.time || cell.other_read.who.thread == now.who.thread ||
             cell.other_read.who.thread / kWarp == cell.read.who.thread / kWarp) {
    cell.other_read = now;
  }
}

Finding Shadow::touch(Cell& cell, Access access, uint32_t value, const Touch& now) {
  const auto race = [&](Access before, const Touch& other) {
    return Finding{Finding::Race, before, other.who.thread, other.where};
  };
  const bool written = unordered(cell.write, now.who);
  Finding found;
  if (access == Access::Read) {
    if (whole_ && cell.write.time < block_) return {Finding::Unwritten, access, 0, nullptr};
    if (written && !cell.atomic) found = race(Access::Write, cell.write);
    remember_read(cell, now);
  } else {
    // The same value again changes nothing for anybody: many kernels set a flag from several threads.
    const bool same = cell.known && cell.value == value && access == Access::Write;
    if (written && !same && !(cell.atomic && access == Access::Atomic)) {
      found = race(cell.atomic ? Access::Atomic : Access::Write, cell.write);
    } else if (access == Access::Write && !same) {
      for (const Touch* read : {&cell.read, &cell.other_read})
        if (unordered(*read, now.who)) found = race(Access::Read, *read);
    }
    if (!same || cell.write.time < block_) cell.write = now, cell.atomic = access == Access::Atomic;
  }
  cell.value = value, cell.known = true;
  return found;
}

Finding Shadow::touch(Access access, const void* address, int32_t size, Toucher who, const kjit_location* where) {
  const int unit = size >= 4 ? 2 : size == 2 ? 1 : 0;
  const auto from = reinterpret_cast<uintptr_t>(address);
  const Touch now{time_, who, where};
  for (uintptr_t at = from; at < from + static_cast<uintptr_t>(size);) {
    Page& shadow = page(at >> kPageBits, unit);
    const size_t step = size_t{1} << shadow.unit, within = at & ((size_t{1} << kPageBits) - 1);
    const uintptr_t start = at & ~(step - 1);
    const Finding found = touch(shadow.cells[within >> shadow.unit], access, value_at(start, step), now);
    if (found.kind != Finding::None) return found;
    at = start + step;
  }
  return {};
}

}  // namespace kjit::rt::simulator
