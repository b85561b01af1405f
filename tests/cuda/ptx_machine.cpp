#include "cuda/ptx_machine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "cuda/ptx_program.h"

namespace kjit::test {

namespace {

struct Thread {
  std::vector<uint64_t> registers;
  std::vector<char> local;
  size_t at = 0;
  enum State : uint8_t { Running, Waiting, Ended } state = Running;
  unsigned tid[3] = {};
};

class Block {
 public:
  Block(const Program& program, void** parameters, const unsigned* grid, std::array<unsigned, 3> block,
        unsigned shared_bytes)
      : p_(program), parameters_(parameters), grid_(grid), block_(block), shared_(program.shared + shared_bytes + 64) {
    threads_.resize(size_t{grid[3]} * grid[4] * grid[5]);
    for (size_t k = 0; k < threads_.size(); ++k) {
      Thread& t = threads_[k];
      t.registers.resize(static_cast<size_t>(program.registers));
      t.local.resize(program.local);
      t.tid[0] = static_cast<unsigned>(k) % grid[3];
      t.tid[1] = static_cast<unsigned>(k) / grid[3] % grid[4];
      t.tid[2] = static_cast<unsigned>(k) / grid[3] / grid[4];
    }
  }

  // A turn: each thread that runs makes that many steps at most. False: all have ended.
  bool run(uint64_t steps) {
    bool running = false;
    for (Thread& t : threads_) {
      for (uint64_t k = 0; k < steps && t.state == Thread::Running; ++k) step(t);
      running = running || t.state == Thread::Running;
    }
    if (std::all_of(threads_.begin(), threads_.end(), [](auto& t) { return t.state == Thread::Ended; })) return false;
    if (!warps() && !running && !barrier()) throw std::runtime_error("PTX: threads wait for ever");
    return true;
  }

 private:
  static constexpr size_t kWarp = 32;

  bool barrier() {
    for (const Thread& t : threads_)
      if (t.state == Thread::Waiting && p_.code[t.at].code != kBar) return false;
    int count = 0;
    bool all = true, any = false;
    for (const Thread& t : threads_) {
      if (t.state == Thread::Ended) continue;
      const Instruction& i = p_.code[t.at];
      if (!i.has("red")) continue;
      const bool p = value(threads_[static_cast<size_t>(&t - threads_.data())], i.operands.back()) != 0;
      count += p, all = all && p, any = any || p;
    }
    for (Thread& t : threads_) {
      if (t.state != Thread::Waiting) continue;
      const Instruction& i = p_.code[t.at];
      if (i.has("red"))
        set(t, i.operands[0],
            i.has("popc") ? static_cast<uint64_t>(count) : static_cast<uint64_t>(i.has("and") ? all : any));
      t.state = Thread::Running, ++t.at;
    }
    return true;
  }
  bool warps() {
    bool moved = false;
    for (size_t first = 0; first < threads_.size(); first += kWarp) {
      const size_t end = std::min(first + kWarp, threads_.size());
      // the ones that wait at one instruction of warps, where no other runs
      std::map<size_t, std::vector<size_t>> at;
      for (size_t k = first; k < end; ++k)
        if (threads_[k].state == Thread::Waiting && p_.code[threads_[k].at].code != kBar)
          at[threads_[k].at].push_back(k);
      for (const auto& [place, lanes] : at) {
        uint64_t asked = 0, there = 0;
        for (const size_t k : lanes) {
          there |= uint64_t{1} << (k - first);
          asked |= members(threads_[k], p_.code[place]);
        }
        uint64_t alive = 0;
        for (size_t k = first; k < end; ++k) alive |= uint64_t{threads_[k].state != Thread::Ended} << (k - first);
        if ((asked & alive & ~there) != 0) continue;
        together(p_.code[place], lanes, first);
        moved = true;
      }
    }
    return moved;
  }
  uint64_t members(Thread& t, const Instruction& i) { return i.has("sync") ? value(t, i.operands.back()) : 0; }

  void together(const Instruction& i, const std::vector<size_t>& lanes, size_t first) {
    std::vector<uint64_t> given(kWarp, 0), flags(kWarp, 0);
    const bool pair = i.code == kShfl && i.operands.size() == 6;
    uint64_t ballot = 0;
    for (const size_t k : lanes) {
      given[k - first] = i.code == kShfl   ? value(threads_[k], i.operands[pair ? 2 : 1])
                         : i.code == kVote ? value(threads_[k], i.operands[1])
                                           : 0;
      if (given[k - first] & 1) ballot |= uint64_t{1} << (k - first);
    }
    uint64_t present = 0;
    for (const size_t k : lanes) present |= uint64_t{1} << (k - first);
    for (const size_t k : lanes) {
      Thread& t = threads_[k];
      const auto lane = static_cast<int64_t>(k - first);
      if (i.code == kShfl) {
        const size_t base = pair ? 3 : 2;
        const auto b = static_cast<int64_t>(value(t, i.operands[base]) & 31);
        const uint64_t c = value(t, i.operands[base + 1]);
        const auto segment = static_cast<int64_t>((c >> 8) & 31), clamp = static_cast<int64_t>(c & 31);
        const int64_t least = lane & segment, most = least | (clamp & ~segment);
        int64_t from = i.has("down")   ? lane + b
                       : i.has("up")   ? lane - b
                       : i.has("bfly") ? lane ^ b
                                       : least | (b & ~segment);
        const bool inside = i.has("up") ? from >= most : from <= most;
        if (!inside) from = lane;
        set(t, i.operands[0], given[static_cast<size_t>(from)]);
        if (pair) set(t, i.operands[1], inside);
      } else if (i.code == kVote) {
        const uint64_t out = i.has("ballot") ? ballot : i.has("all") ? ballot == present : ballot != 0;
        set(t, i.operands[0], out);
      } else if (i.code == kActive) {
        set(t, i.operands[0], present);
      }
      t.state = Thread::Running, ++t.at;
    }
  }

  uint64_t special(const Thread& t, int k) const {
    if (k < 3) return t.tid[k];
    if (k < 6) return grid_[k];
    if (k < 9) return block_[static_cast<size_t>(k) - 6];
    if (k < 12) return grid_[k - 9];
    return k == 12 ? static_cast<uint64_t>(&t - threads_.data()) % kWarp : kWarp;
  }
  uint64_t value(Thread& t, const Operand& o) const {
    switch (o.kind) {
      case Operand::Register:
        return t.registers[static_cast<size_t>(o.index)] + static_cast<uint64_t>(o.number);
      case Operand::Symbol:
        return o.base + static_cast<uint64_t>(o.number);
      case Operand::Special:
        return special(t, o.index);
      default:
        return static_cast<uint64_t>(o.number);
    }
  }
  static void set(Thread& t, const Operand& o, uint64_t v) {
    if (o.kind == Operand::Register) t.registers[static_cast<size_t>(o.index)] = v;
  }
  char* address(Thread& t, const Instruction& i, const Operand& o) {
    const uint64_t a = value(t, o);
    if (i.has("shared")) {
      if (a >= shared_.size()) throw std::runtime_error("PTX: shared memory out of bounds");
      return shared_.data() + a;
    }
    if (i.has("local") && a < t.local.size()) return t.local.data() + a;
    return reinterpret_cast<char*>(a);
  }

  void load(Thread& t, const Instruction& i) {
    const size_t bytes = static_cast<size_t>(std::max(i.type.bits, 8)) / 8;
    const Operand& to = i.operands[0];
    const Operand& from = i.operands[1];
    const char* at = nullptr;
    if (i.has("param")) {
      const uint64_t a = value(t, from);
      at = static_cast<const char*>(parameters_[a >> 32]) + (a & 0xffffffff);
    } else {
      at = address(t, i, from);
      if (reinterpret_cast<uintptr_t>(at) % (bytes * std::max<size_t>(to.items.size(), 1)) != 0 && !i.has("shared") &&
          !i.has("local"))
        throw std::runtime_error("PTX: a misaligned load");
    }
    const auto one = [&](const Operand& o, const char* p) {
      uint64_t v = 0;
      std::memcpy(&v, p, bytes);
      if (i.type.kind == 's') v = static_cast<uint64_t>(sign_extended(v, i.type.bits));
      set(t, o, v);
    };
    if (to.kind != Operand::List) return one(to, at);
    for (const Operand& o : to.items) one(o, at), at += bytes;
  }
  void store(Thread& t, const Instruction& i) {
    const size_t bytes = static_cast<size_t>(std::max(i.type.bits, 8)) / 8;
    char* at = address(t, i, i.operands[0]);
    const Operand& from = i.operands[1];
    if (reinterpret_cast<uintptr_t>(at) % (bytes * std::max<size_t>(from.items.size(), 1)) != 0 && !i.has("shared") &&
        !i.has("local"))
      throw std::runtime_error("PTX: a misaligned store");
    const auto one = [&](const Operand& o) {
      const uint64_t v = value(t, o);
      std::memcpy(at, &v, bytes);
      at += bytes;
    };
    if (from.kind != Operand::List) return one(from);
    for (const Operand& o : from.items) one(o);
  }
  void move(Thread& t, const Instruction& i) {
    const Operand &to = i.operands[0], &from = i.operands[1];
    if (from.kind == Operand::List) {
      const int width = i.type.bits / static_cast<int>(from.items.size());
      uint64_t v = 0;
      for (size_t k = 0; k < from.items.size(); ++k)
        v |= (value(t, from.items[k]) & mask(width)) << (width * static_cast<int>(k));
      return set(t, to, v);
    }
    if (to.kind == Operand::List) {
      const int width = i.type.bits / static_cast<int>(to.items.size());
      const uint64_t v = value(t, from);
      for (size_t k = 0; k < to.items.size(); ++k)
        set(t, to.items[k], (v >> (width * static_cast<int>(k))) & mask(width));
      return;
    }
    set(t, to, value(t, from));
  }

  void atomic(Thread& t, const Instruction& i) {
    const bool gives = i.words[0] == "atom";
    const size_t base = gives ? 1 : 0;
    const size_t bytes = static_cast<size_t>(i.type.bits) / 8;
    char* at = address(t, i, i.operands[base]);
    uint64_t old = 0;
    std::memcpy(&old, at, bytes);
    const uint64_t b = value(t, i.operands[base + 1]) & mask(i.type.bits);
    const uint64_t c = i.operands.size() > base + 2 ? value(t, i.operands[base + 2]) & mask(i.type.bits) : 0;
    uint64_t now = 0;
    Instruction as_op = i;
    if (i.has("exch")) {
      now = b;
    } else if (i.has("cas")) {
      now = old == b ? c : old;
    } else if (i.has("inc")) {
      now = old >= b ? 0 : old + 1;
    } else if (i.has("dec")) {
      now = old == 0 || old > b ? b : old - 1;
    } else {
      as_op.code = i.has("add")   ? kAdd
                   : i.has("min") ? kMin
                   : i.has("max") ? kMax
                   : i.has("and") ? kAnd
                   : i.has("or")  ? kOr
                                  : kXor;
      now = arithmetic(as_op, old, b, 0);
    }
    std::memcpy(at, &now, bytes);
    if (gives) set(t, i.operands[0], old);
  }
  uint64_t permuted(Thread& t, const Instruction& i) {
    const uint64_t both = (value(t, i.operands[1]) & 0xffffffff) | value(t, i.operands[2]) << 32;
    const uint64_t how = value(t, i.operands[3]);
    uint64_t out = 0;
    for (int k = 0; k < 4; ++k) {
      const uint64_t selector = how >> (4 * k);
      uint64_t byte = (both >> (8 * (selector & 7))) & 255;
      if (selector & 8) byte = byte & 128 ? 255 : 0;
      out |= byte << (8 * k);
    }
    return out;
  }

  void step(Thread& t) {
    const Instruction& i = p_.code.at(t.at);
    if (i.guard >= 0 && ((t.registers[static_cast<size_t>(i.guard)] & 1) != 0) == i.guard_not) {
      ++t.at;
      return;
    }
    const auto in = [&](size_t k) { return k < i.operands.size() ? value(t, i.operands[k]) : 0; };
    switch (i.code) {
      case kBra:
        t.at = static_cast<size_t>(i.target);
        return;
      case kRet:
        t.state = Thread::Ended;
        return;
      case kBar:
      case kWarpBar:
      case kShfl:
      case kVote:
      case kActive:
        t.state = Thread::Waiting;
        return;
      case kTrap:
        throw std::runtime_error("PTX: trap");
      case kLd:
        load(t, i);
        break;
      case kSt:
        store(t, i);
        break;
      case kMov:
        move(t, i);
        break;
      case kMembar:
        break;
      case kCvta: {
        uint64_t a = in(1);
        if (i.has("shared")) a += (i.has("to") ? -1 : 1) * reinterpret_cast<uint64_t>(shared_.data());
        if (i.has("local")) a += (i.has("to") ? -1 : 1) * reinterpret_cast<uint64_t>(t.local.data());
        set(t, i.operands[0], a);
        break;
      }
      case kSetp: {
        bool p = compared(i, in(1), in(2));
        if (i.operands.size() > 3) {
          const bool q = (in(3) & 1) != 0;
          p = i.words[2] == "and" ? p && q : i.words[2] == "or" ? p || q : p != q;
        }
        set(t, i.operands[0], p);
        break;
      }
      case kSelp:
        set(t, i.operands[0], (in(3) & 1) != 0 ? in(1) : in(2));
        break;
      case kCvt:
        set(t, i.operands[0], converted(i, in(1)) & mask(std::max(i.from.bits, 32)));
        break;
      case kAtom:
        atomic(t, i);
        break;
      case kPrmt:
        set(t, i.operands[0], permuted(t, i));
        break;
      case kBfi: {
        const int from = static_cast<int>(in(3) & 255), length = static_cast<int>(in(4) & 255);
        const uint64_t field = from >= i.type.bits ? 0 : mask(length) << from;
        set(t, i.operands[0], ((in(2) & ~field) | ((in(1) << (from & 63)) & field)) & mask(i.type.bits));
        break;
      }
      case kShf: {
        const uint64_t both = (in(1) & 0xffffffff) | in(2) << 32;
        const uint64_t n = i.has("wrap") ? in(3) & 31 : std::min<uint64_t>(in(3) & 0xffffffff, 32);
        set(t, i.operands[0], (i.has("l") ? (both << n) >> 32 : both >> n) & 0xffffffff);
        break;
      }
      case kTestp: {
        const double x = i.type.bits == 32 ? static_cast<double>(as<float>(in(1))) : as<double>(in(1));
        const bool p = i.has("infinite")     ? std::isinf(x)
                       : i.has("notanumber") ? std::isnan(x)
                       : i.has("finite")     ? std::isfinite(x)
                                             : !std::isnan(x);
        set(t, i.operands[0], p);
        break;
      }
      default:
        set(t, i.operands[0], arithmetic(i, in(1), in(2), in(3)));
    }
    ++t.at;
  }

  const Program& p_;
  void** parameters_;
  const unsigned* grid_;
  std::array<unsigned, 3> block_;
  std::vector<Thread> threads_;
  std::vector<char> shared_;
};

}  // namespace

void run_ptx(const std::string& text, const std::string& kernel, void** parameters, const unsigned* grid,
             unsigned shared_bytes, bool together) {
  const Program program(text, kernel);
  std::vector<std::unique_ptr<Block>> all;
  for (unsigned z = 0; z < grid[2]; ++z) {
    for (unsigned y = 0; y < grid[1]; ++y) {
      for (unsigned x = 0; x < grid[0]; ++x) {
        auto block = std::make_unique<Block>(program, parameters, grid, std::array{x, y, z}, shared_bytes);
        if (together) {
          all.push_back(std::move(block));
          continue;
        }
        while (block->run(~uint64_t{0})) {
        }
      }
    }
  }
  constexpr uint64_t kSteps = 1000, kTurns = 100000;
  for (uint64_t turn = 0; !all.empty(); ++turn) {
    if (turn == kTurns) throw std::runtime_error("PTX: blocks wait for ever");
    std::erase_if(all, [&](const auto& block) { return !block->run(kSteps); });
  }
}

}  // namespace kjit::test
