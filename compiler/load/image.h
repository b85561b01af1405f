// Machine code in memory: an ELF object for x86-64, as code generation makes it, placed and bound to what it refers to.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kjit::load {

// Owns the memory. What the object says is checked: a damaged one is an error, never an access out of bounds. Debug
// sections and unwind tables are left out, as compiled code lets nothing unwind through it.
class Image {
 public:
  using Find = std::function<void*(const std::string& name)>;  // of undefined symbols; null: there is none
  // Throws std::runtime_error: what is wrong with the object, or that there is no memory for it.
  Image(std::string_view object, const Find& find);
  ~Image();
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  // Of a global symbol that the object defines; null: it does not.
  void* address(std::string_view name) const;

 private:
  void* memory_ = nullptr;
  size_t bytes_ = 0;
  std::vector<std::pair<std::string, void*>> symbols_;
};

}  // namespace kjit::load
