// Three segments of pages: code (with stubs for calls of what lies far away), constants (with the table of addresses,
// which stubs and position-independent references go through), variables.
#include "load/image.h"

#include <elf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>

namespace kjit::load {

namespace {

enum Segment : uint8_t { kCode, kConstants, kVariables, kSegments };

constexpr uint64_t kNowhere = ~0ull;
constexpr uint64_t kStubBytes = 16;
constexpr uint64_t kMostBytes = 1ull << 31;  // so that all distances fit into 32 bits
constexpr uint32_t kGotPcRelX4 = 43;         // R_X86_64_CODE_4_GOTPCRELX, which older headers do not have

[[noreturn]] void damaged(const char* what) { throw std::runtime_error(fmt::format("not an object: {}", what)); }

bool goes_through_table(uint32_t type) {
  return type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX || type == R_X86_64_REX_GOTPCRELX ||
         type == kGotPcRelX4;
}

// The object as it lies in the file.
class Object {
 public:
  explicit Object(std::string_view bytes) : bytes_(bytes) {
    const auto header = at<Elf64_Ehdr>(0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_REL || header.e_machine != EM_X86_64)
      damaged("the header");
    for (uint64_t i = 0; i < header.e_shnum; ++i)
      sections.push_back(at<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr)));
    for (const Elf64_Shdr& s : sections) {
      if (s.sh_type == SHT_SYMTAB) symtab_ = &s;
    }
    if (!symtab_ || symtab_->sh_link >= sections.size()) damaged("no symbols");
  }

  template <typename T>
  T at(uint64_t offset) const {
    T out;
    bytes(offset, sizeof out).copy(reinterpret_cast<char*>(&out), sizeof out);
    return out;
  }
  std::string_view bytes(uint64_t offset, uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) damaged("it is cut off");
    return bytes_.substr(offset, size);
  }
  uint64_t symbol_count() const { return symtab_->sh_size / sizeof(Elf64_Sym); }
  Elf64_Sym symbol(uint64_t index) const {
    if (index >= symbol_count()) damaged("a symbol's number");
    return at<Elf64_Sym>(symtab_->sh_offset + index * sizeof(Elf64_Sym));
  }
  std::string name(const Elf64_Sym& symbol) const {
    const Elf64_Shdr& strings = sections[symtab_->sh_link];
    const std::string_view all = bytes(strings.sh_offset, strings.sh_size);
    const size_t begin = std::min<size_t>(symbol.st_name, all.size()), end = all.find('\0', begin);
    if (end == std::string_view::npos) damaged("a symbol's name");
    return std::string(all.substr(begin, end - begin));
  }
  // Calls `use` with each relocation of a section that `wanted` takes, and the section's number.
  template <typename Wanted, typename Use>
  void relocations(Wanted wanted, Use use) const {
    for (const Elf64_Shdr& s : sections) {
      if ((s.sh_type != SHT_RELA && s.sh_type != SHT_REL) || !wanted(s.sh_info)) continue;
      if (s.sh_type == SHT_REL) damaged("relocations of another processor");
      for (uint64_t i = 0; i < s.sh_size / sizeof(Elf64_Rela); ++i)
        use(at<Elf64_Rela>(s.sh_offset + i * sizeof(Elf64_Rela)), s.sh_info);
    }
  }

  std::vector<Elf64_Shdr> sections;

 private:
  std::string_view bytes_;
  const Elf64_Shdr* symtab_ = nullptr;
};

class Placement {
 public:
  explicit Placement(const Object& object) : object_(object), places_(object.sections.size(), kNowhere) {}

  // Where everything will lie; gives the number of bytes.
  uint64_t plan() {
    std::array<uint64_t, kSegments> ends{};
    std::vector<Segment> segments(places_.size(), kCode);
    for (size_t i = 0; i < places_.size(); ++i) {
      const Elf64_Shdr& s = object_.sections[i];
      if ((s.sh_flags & SHF_ALLOC) == 0 || s.sh_type == SHT_X86_64_UNWIND || is_unwind_table(s)) continue;
      if ((s.sh_flags & SHF_TLS) != 0) damaged("variables of threads");
      const uint64_t align = std::max<uint64_t>(s.sh_addralign, 1);
      if ((align & (align - 1)) != 0 || align > page_ || s.sh_size > kMostBytes) damaged("a section");
      if (s.sh_type != SHT_NOBITS) object_.bytes(s.sh_offset, s.sh_size);
      segments[i] = (s.sh_flags & SHF_EXECINSTR) ? kCode : (s.sh_flags & SHF_WRITE) ? kVariables : kConstants;
      uint64_t& end = ends[segments[i]];
      places_[i] = (end + align - 1) / align * align;
      end = places_[i] + s.sh_size;
      if (end > kMostBytes) damaged("too large");
    }
    find_far();
    stubs_ = round_up(ends[kCode], kStubBytes);
    ends[kCode] = stubs_ + stub_of_.size() * kStubBytes;
    table_ = round_up(ends[kConstants], sizeof(void*));
    ends[kConstants] = table_ + slot_of_.size() * sizeof(void*);
    for (int s = 0; s < kSegments; ++s) starts_[s + 1] = starts_[s] + round_up(ends[s], page_);
    table_ += starts_[kConstants];
    for (size_t i = 0; i < places_.size(); ++i)
      if (places_[i] != kNowhere) places_[i] += starts_[segments[i]];
    if (starts_[kSegments] > kMostBytes) damaged("too large");
    return starts_[kSegments];
  }

  void fill(char* memory, const Image::Find& find) {
    memory_ = memory;
    for (size_t i = 0; i < places_.size(); ++i) {
      const Elf64_Shdr& s = object_.sections[i];
      if (places_[i] == kNowhere || s.sh_type == SHT_NOBITS || s.sh_size == 0) continue;
      const std::string_view from = object_.bytes(s.sh_offset, s.sh_size);
      std::memcpy(memory + places_[i], from.data(), from.size());
    }
    for (const auto& [symbol, slot] : slot_of_) put(table_ + slot * sizeof(void*), address(symbol, find));
    for (const auto& [symbol, stub] : stub_of_) {
      const uint64_t at = stubs_ + stub * kStubBytes, slot = table_ + slot_of_.at(symbol) * sizeof(void*);
      memory[at] = '\xff', memory[at + 1] = '\x25';  // jmp *slot(%rip)
      put(at + 2, static_cast<int32_t>(slot - (at + 6)));
    }
    const auto placed = [&](uint32_t section) { return is_placed(section); };
    object_.relocations(placed, [&](const Elf64_Rela& r, uint32_t section) { relocate(r, section, find); });
  }

  // Code may run and not be written, constants neither.
  bool protect() const {
    const auto set = [&](Segment s, int rights) {
      const uint64_t bytes = starts_[s + 1] - starts_[s];
      return bytes == 0 || mprotect(memory_ + starts_[s], bytes, rights) == 0;
    };
    return set(kCode, PROT_READ | PROT_EXEC) && set(kConstants, PROT_READ);
  }

  std::vector<std::pair<std::string, void*>> defined() const {
    std::vector<std::pair<std::string, void*>> out;
    for (uint64_t i = 1; i < object_.symbol_count(); ++i) {
      const Elf64_Sym s = object_.symbol(i);
      if (ELF64_ST_BIND(s.st_info) == STB_GLOBAL && s.st_shndx != SHN_UNDEF && is_placed(s.st_shndx))
        out.emplace_back(object_.name(s), memory_ + local(s));
    }
    return out;
  }

 private:
  static uint64_t round_up(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }
  bool is_placed(uint32_t section) const { return section < places_.size() && places_[section] != kNowhere; }
  // Under its older type.
  bool is_unwind_table(const Elf64_Shdr& section) const {
    const auto header = object_.at<Elf64_Ehdr>(0);
    if (header.e_shstrndx >= object_.sections.size()) damaged("the names of sections");
    const Elf64_Shdr& names = object_.sections[header.e_shstrndx];
    const std::string_view all = object_.bytes(names.sh_offset, names.sh_size);
    return section.sh_name < all.size() && all.substr(section.sh_name).starts_with(".eh_frame");
  }

  // Which symbols need a slot of the table, and which a stub.
  void find_far() {
    const auto placed = [&](uint32_t section) { return is_placed(section); };
    object_.relocations(placed, [&](const Elf64_Rela& r, uint32_t) {
      const auto type = static_cast<uint32_t>(ELF64_R_TYPE(r.r_info));
      const auto symbol = static_cast<uint32_t>(ELF64_R_SYM(r.r_info));
      const bool call = type == R_X86_64_PLT32 && object_.symbol(symbol).st_shndx == SHN_UNDEF;
      if (!call && !goes_through_table(type)) return;
      slot_of_.emplace(symbol, slot_of_.size());
      if (call) stub_of_.emplace(symbol, stub_of_.size());
    });
  }

  // From the beginning of the memory.
  uint64_t local(const Elf64_Sym& s) const {
    if (!is_placed(s.st_shndx) || s.st_value > object_.sections[s.st_shndx].sh_size) damaged("a symbol's place");
    return places_[s.st_shndx] + s.st_value;
  }

  uint64_t address(uint32_t index, const Image::Find& find) {
    const Elf64_Sym s = object_.symbol(index);
    if (s.st_shndx != SHN_UNDEF) return reinterpret_cast<uint64_t>(memory_) + local(s);
    const auto [at, fresh] = outside_.emplace(index, nullptr);
    if (fresh) {
      const std::string name = object_.name(s);
      at->second = find(name);
      if (!at->second) throw std::runtime_error(fmt::format("the code refers to '{}', which is not there", name));
    }
    return reinterpret_cast<uint64_t>(at->second);
  }

  template <typename T>
  void put(uint64_t at, T value) {
    std::memcpy(memory_ + at, &value, sizeof value);
  }
  void put_distance(uint64_t at, uint64_t to, int64_t addend) {
    const int64_t distance = static_cast<int64_t>(to + static_cast<uint64_t>(addend) - at);
    if (distance < std::numeric_limits<int32_t>::min() || distance > std::numeric_limits<int32_t>::max())
      damaged("a distance");
    put(at, static_cast<int32_t>(distance));
  }

  void relocate(const Elf64_Rela& r, uint32_t section, const Image::Find& find) {
    const auto type = static_cast<uint32_t>(ELF64_R_TYPE(r.r_info));
    const auto symbol = static_cast<uint32_t>(ELF64_R_SYM(r.r_info));
    if (type == R_X86_64_NONE) return;
    const Elf64_Shdr& target = object_.sections[section];
    const uint64_t width = type == R_X86_64_64 || type == R_X86_64_PC64 ? 8 : 4;
    if (target.sh_type == SHT_NOBITS || r.r_offset > target.sh_size || width > target.sh_size - r.r_offset)
      damaged("a relocation's place");
    const uint64_t at = places_[section] + r.r_offset, addend = static_cast<uint64_t>(r.r_addend);
    if (goes_through_table(type)) return put_distance(at, table_ + slot_of_.at(symbol) * sizeof(void*), r.r_addend);
    if (type == R_X86_64_64) return put(at, address(symbol, find) + addend);
    const Elf64_Sym s = object_.symbol(symbol);
    if (type == R_X86_64_PLT32 && s.st_shndx == SHN_UNDEF)
      return put_distance(at, stubs_ + stub_of_.at(symbol) * kStubBytes, r.r_addend);
    if (type == R_X86_64_PC32 || type == R_X86_64_PLT32) return put_distance(at, local(s), r.r_addend);
    if (type == R_X86_64_PC64) return put(at, local(s) + addend - at);
    throw std::runtime_error(fmt::format("relocations of type {} are not supported", type));
  }

  const Object& object_;
  const uint64_t page_ = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  std::vector<uint64_t> places_;  // of sections, from the beginning of their segment, then of the memory
  std::array<uint64_t, kSegments + 1> starts_{};
  uint64_t stubs_ = 0, table_ = 0;
  std::map<uint32_t, uint64_t> slot_of_, stub_of_;  // by symbol
  std::map<uint32_t, void*> outside_;
  char* memory_ = nullptr;
};

}  // namespace

Image::Image(std::string_view bytes, const Find& find) {
  const Object object(bytes);
  Placement placement(object);
  bytes_ = std::max<size_t>(placement.plan(), 1);
  memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory_ == MAP_FAILED) throw std::runtime_error(fmt::format("no memory for {} bytes of code", bytes_));
  try {
    placement.fill(static_cast<char*>(memory_), find);
    if (!placement.protect()) throw std::runtime_error("the system does not let memory hold code");
    symbols_ = placement.defined();
  } catch (...) {
    munmap(memory_, bytes_);
    throw;
  }
}

Image::~Image() { munmap(memory_, bytes_); }

void* Image::address(std::string_view name) const {
  const auto found = std::find_if(symbols_.begin(), symbols_.end(), [&](const auto& s) { return s.first == name; });
  return found == symbols_.end() ? nullptr : found->second;
}

}  // namespace kjit::load
