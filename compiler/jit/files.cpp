#include "jit/files.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <kjit_rt/core.h>
#include <link.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Object/Archive.h>
#include <llvm/Object/ArchiveWriter.h>

#include <set>
#include <stdexcept>

#include "codegen/shared_object.h"
#include "codegen/standalone.h"
#include "jit/session.h"
#include "load/symbols.h"

namespace kjit::jit {

namespace {

// The file of a library that this process has, or can load; "" where it cannot.
std::string file_of(const char* library) {
  void* handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (!handle) return "";
  const link_map* map = nullptr;
  std::string path;
  if (dlinfo(handle, RTLD_DI_LINKMAP, static_cast<void*>(&map)) == 0 && map) path = map->l_name;
  dlclose(handle);
  return path;
}

std::string file_of_runtime() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&kjit_rt_raise), &info) || !info.dli_fname)
    throw std::runtime_error("libkjit_rt.so is not found");
  return info.dli_fname;
}

}  // namespace

std::unique_ptr<llvm::Module> join_modules(llvm::LLVMContext& context, const std::vector<std::string>& bitcode) {
  std::unique_ptr<llvm::Module> joined;
  for (const std::string& each : bitcode) {
    auto module = check(llvm::parseBitcodeFile({each, "kernels"}, context));
    if (!joined) {
      joined = std::move(module);
    } else if (llvm::Linker::linkModules(*joined, std::move(module))) {
      throw std::runtime_error("LLVM cannot join the modules");
    }
  }
  joined->setModuleIdentifier("kernels");
  return joined;
}

void check_c_name(const llvm::Triple& triple, const std::string& name) {
  const llvm::TargetLibraryInfoImpl library(triple);
  llvm::LibFunc known{};
  if (name == "main" || library.getLibFunc(name, known))
    throw std::invalid_argument(
        fmt::format("a function called '{}' would take the place of C's own: give a --prefix for names", name));
}

void check_stands_alone(std::string_view object) {
  std::set<std::string> known{"kjit_context_of_thread", "kjit_aot_check_array", "kjit_aot_null",
                              "kjit_rt_vector_function", "_GLOBAL_OFFSET_TABLE_"};
  for (const auto& [name, address] : load::runtime_symbols()) known.insert(name);
  known.erase("kjit_jit_later");
  for (const std::string& name : codegen::undefined_symbols({object.data(), object.size()}))
    if (!known.contains(name))
      throw std::invalid_argument(fmt::format("the code needs '{}', which only a running kjit has", name));
}

std::string make_archive(std::string_view object, const std::string& name) {
  const llvm::NewArchiveMember member(llvm::MemoryBufferRef({object.data(), object.size()}, name));
  const auto archive =
      check(llvm::writeArchiveToBuffer(member, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                       /*Deterministic=*/true, /*Thin=*/false));
  return archive->getBuffer().str();
}

std::string make_shared_object(std::string_view object, const std::string& name) {
  codegen::SharedObjectOptions options;
  options.soname = name;
  options.complete = true;
  options.libraries.push_back(file_of_runtime());
  for (const char* library : {"libm.so.6", "libc.so.6", "libgcc_s.so.1"})
    if (std::string file = file_of(library); !file.empty()) options.libraries.push_back(std::move(file));
  return codegen::link_shared_object({&object, 1}, options);
}

}  // namespace kjit::jit
