// Object code to a shared object, by LLVM's linker inside this library: no tool has to be installed, no file is
// written.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::codegen {

struct SharedObjectOptions {
  std::string soname = {};  // "": none
  // Files of shared libraries that it may need. It names those (their sonames) that it takes a symbol from.
  std::vector<std::string> libraries = {};
  // A symbol that neither the objects nor the libraries define is an error; false: it is looked for when the object is
  // loaded.
  bool complete = false;
};

// The bytes of an ELF shared object, made of relocatable ones with position-independent code, such as generate() makes.
// It exports what has default visibility in them. The same input gives the same bytes. Throws std::runtime_error with
// the linker's words. Thread-safe: one call at a time links, since the linker's state is the process'. The objects are
// trusted: on a damaged one the linker may end the process.
std::string link_shared_object(std::span<const std::string_view> objects, const SharedObjectOptions& options = {});

}  // namespace kjit::codegen
