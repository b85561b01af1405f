// A second instance of a shared library that the process has loaded already.
#pragma once

#include <string>

namespace kjit::rt {

// Opens a copy of the file, with variables of its own: what is set there does not touch the instance that is loaded,
// and the copy does not take its place for libraries loaded later (it has another soname). dlopen's flags. Null with
// `error` set, or with dlerror() when the loader refused.
void* open_private_copy(const char* path, int flags, std::string& error);

}  // namespace kjit::rt
