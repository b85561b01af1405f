#include "linalg/private_copy.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace kjit::rt {

namespace {

// The file behind a name that the loader knows.
std::string file_of(const char* name) {
  void* handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  link_map* map = nullptr;
  std::string out = name;
  if (handle && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map) out = map->l_name;
  if (handle) dlclose(handle);
  return out;
}

int copy_of(const std::string& path, size_t& size) {
  const int from = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) return -1;
  const int to = memfd_create("kjit_blas", MFD_CLOEXEC);
  struct stat status{};
  off_t done = 0;
  bool fine = to >= 0 && fstat(from, &status) == 0;
  while (fine && done < status.st_size) {
    fine = sendfile(to, from, &done, static_cast<size_t>(status.st_size - done)) > 0;
  }
  close(from);
  size = static_cast<size_t>(status.st_size);
  if (fine) return to;
  if (to >= 0) close(to);
  return -1;
}

// Gives the copy a soname that nothing asks for, of the same length.
bool rename_soname(int file, size_t size, const std::string& soname) {
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (at == MAP_FAILED) return false;
  char* p = static_cast<char*>(at);
  char* end = p + size;
  const size_t length = soname.size() + 1;  // with the zero
  while ((p = static_cast<char*>(memmem(p, static_cast<size_t>(end - p), soname.c_str(), length)))) *p++ = '_';
  munmap(at, size);
  return true;
}

std::string soname_of(const char* name) {
  void* handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  link_map* map = nullptr;
  std::string out;
  if (handle && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map) {
    const char* strings = nullptr;
    ElfW(Xword) offset = 0;
    for (const ElfW(Dyn)* d = map->l_ld; d->d_tag != DT_NULL; ++d) {
      if (d->d_tag == DT_STRTAB) strings = reinterpret_cast<const char*>(d->d_un.d_ptr);
      if (d->d_tag == DT_SONAME) offset = d->d_un.d_val;
    }
    if (strings && offset) out = strings + offset;
  }
  if (handle) dlclose(handle);
  return out;
}

}  // namespace

void* open_private_copy(const char* path, int flags, std::string& error) {
  size_t size = 0;
  const int file = copy_of(file_of(path), size);
  const std::string soname = soname_of(path);
  if (file < 0 || (!soname.empty() && !rename_soname(file, size, soname))) {
    error = std::string("no copy of ") + path + " can be made: " + std::strerror(errno);
    if (file >= 0) close(file);
    return nullptr;
  }
  const std::string name = "/proc/self/fd/" + std::to_string(file);
  void* handle = dlopen(name.c_str(), flags);
  close(file);
  return handle;
}

}  // namespace kjit::rt
