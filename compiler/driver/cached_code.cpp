#include "driver/cached_code.h"

#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>

#include "load/versions.h"

namespace kjit::driver {

namespace {

// Names as lowering gives them (lower/lower.h).
std::string entry_symbol(const std::string& symbol) { return "kjit." + symbol; }

class CachedCode final : public jit::CompiledCode, private load::VersionSource {
 public:
  CachedCode(jit::Kept kept, const load::Image::Find& find, CompileLater later)
      : image_(kept.object, find), bitcode_(std::move(kept.bitcode)), compile_(std::move(later)) {
    for (const jit::Kept::Later& f : kept.later) {
      auto* cell = static_cast<load::VersionCell*>(image_.address(entry_symbol(f.symbol) + ".version"));
      if (!cell) throw std::runtime_error("the entry has lost " + f.symbol);
      cell->source = this;
      Part& part = f.general ? parts_.emplace_back() : parts_.front();
      part.symbols.push_back(f.symbol);
      cells_.emplace(cell, std::pair(&part, f.symbol));
    }
  }

  jit::EntryPoints find(const std::string& symbol) const override {
    const std::string entry = entry_symbol(symbol);
    return {image_.address(entry), image_.address(entry + ".packed")};
  }

 private:
  // Functions that are compiled together.
  struct Part {
    std::vector<std::string> symbols;
    std::unique_ptr<jit::CompiledCode> code;
  };
  void* later(load::VersionCell& cell) noexcept override {
    try {
      const std::lock_guard lock(mutex_);
      const auto& [part, symbol] = cells_.at(&cell);
      if (!part->code) part->code = compile_(bitcode_, part->symbols);
      void* entry = part->code->find(symbol).call;
      cell.entry.store(entry, std::memory_order_release);
      return entry;
    } catch (...) {
      return nullptr;  // the kernel raises
    }
  }

  load::Image image_;
  std::deque<Part> parts_{1};
  std::map<load::VersionCell*, std::pair<Part*, std::string>> cells_;
  std::string bitcode_;
  CompileLater compile_;
  std::mutex mutex_;
};

}  // namespace

std::unique_ptr<jit::CompiledCode> load_kept(jit::Kept kept, const load::Image::Find& find, CompileLater later) {
  return std::make_unique<CachedCode>(std::move(kept), find, std::move(later));
}

}  // namespace kjit::driver
