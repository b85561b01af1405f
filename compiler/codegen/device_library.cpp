#include "codegen/device_library.h"

#include <fmt/format.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <vector>

namespace kjit::codegen {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "__nv_";
constexpr const char* kInToolkit = "nvvm/libdevice/libdevice.10.bc";

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// The file itself, or in a toolkit.
std::string in_toolkit(const fs::path& path) {
  if (is_file(path)) return path.string();
  for (const char* below : {kInToolkit, "libdevice/libdevice.10.bc", "libdevice.10.bc"})
    if (is_file(path / below)) return (path / below).string();
  return {};
}

std::string find_libdevice(const std::string& given) {
  if (std::string found = given.empty() ? given : in_toolkit(given); !found.empty()) return found;
  for (const char* place :
       {"/usr/local/cuda", "/opt/cuda", "/usr/lib/cuda", "/usr/lib/nvidia-cuda-toolkit", "/usr/share/cuda"})
    if (std::string found = in_toolkit(place); !found.empty()) return found;
  std::error_code ignored;
  std::vector<std::string> versions;
  for (const auto& entry : fs::directory_iterator("/usr/local", ignored))
    if (entry.path().filename().string().starts_with("cuda-")) versions.push_back(in_toolkit(entry.path()));
  return versions.empty() ? std::string() : *std::max_element(versions.begin(), versions.end());
}

std::string find_libclc() {
  for (const char* place : {"/usr/lib/clc", "/usr/share/clc", "/usr/lib/llvm-22/share/clc", "/usr/lib/llvm-22/lib/clc",
                            "/usr/local/share/clc", "/usr/lib/clang/22/lib"}) {
    if (const fs::path file = fs::path(place) / "nvptx64--.bc"; is_file(file)) return file.string();
  }
  return {};
}

// libclc's names are those of OpenCL C, mangled: __nv_powf is _Z3powff, __nv_fast_sinf is _Z10native_sinf.
std::string name_in_libclc(const llvm::Function& f) {
  std::string name = f.getName().drop_front(std::string_view(kPrefix).size()).str();
  if (f.getReturnType()->isFloatTy()) name.pop_back();
  if (name.starts_with("fast_")) {
    name = name.substr(5);
    name = name == "pow" ? name : "native_" + name;
  }
  std::string types;
  for (const llvm::Argument& a : f.args())
    types += a.getType()->isFloatTy() ? 'f' : a.getType()->isDoubleTy() ? 'd' : 'i';
  return fmt::format("_Z{}{}{}", name.size(), name, types);
}

void link(llvm::Module& module, const std::string& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) throw std::runtime_error(fmt::format("{}: {}", path, buffer.getError().message()));
  auto library = llvm::getOwningLazyBitcodeModule(std::move(*buffer), module.getContext());
  if (!library) throw std::runtime_error(fmt::format("{}: {}", path, llvm::toString(library.takeError())));
  (*library)->setTargetTriple(module.getTargetTriple());
  (*library)->setDataLayout(module.getDataLayout());
  std::set<std::string> own;
  for (const llvm::Function& f : module)
    if (!f.isDeclaration()) own.insert(f.getName().str());
  if (llvm::Linker(module).linkInModule(std::move(*library), llvm::Linker::LinkOnlyNeeded))
    throw std::runtime_error(fmt::format("{} cannot be linked", path));
  for (llvm::Function& f : module) {
    if (f.isDeclaration() || own.contains(f.getName().str())) continue;
    f.setLinkage(llvm::GlobalValue::InternalLinkage);
    for (const char* of_target : {"target-cpu", "target-features"}) f.removeFnAttr(of_target);
  }
  for (llvm::GlobalVariable& g : module.globals())
    if (!g.isDeclaration() && g.hasAppendingLinkage() == false && !g.getName().starts_with("kjit"))
      g.setLinkage(llvm::GlobalValue::InternalLinkage);
}

std::vector<llvm::Function*> missing(llvm::Module& module) {
  std::vector<llvm::Function*> out;
  for (llvm::Function& f : module)
    if (f.isDeclaration() && f.getName().starts_with(kPrefix) && !f.use_empty()) out.push_back(&f);
  return out;
}

}  // namespace

std::string device_library(const std::string& given) {
  const std::string found = find_libdevice(given);
  return found.empty() ? find_libclc() : found;
}

void link_device_library(llvm::Module& module, const std::string& given) {
  const std::vector<llvm::Function*> wanted = missing(module);
  if (wanted.empty()) return;
  const std::string first = wanted[0]->getName().drop_front(std::string_view(kPrefix).size()).str();
  const std::string libdevice = find_libdevice(given);
  const std::string path = libdevice.empty() ? find_libclc() : libdevice;
  if (path.empty())
    throw std::runtime_error(
        fmt::format("the function {} on a GPU needs libdevice.10.bc (of the CUDA toolkit, or the Python package "
                    "nvidia-cuda-nvcc: say where with --libdevice) or libclc (the package libclc-22){}",
                    first, given.empty() ? "" : fmt::format("; there is no libdevice in {}", given)));
  if (libdevice.empty())
    for (llvm::Function* f : wanted) f->setName(name_in_libclc(*f));
  std::vector<std::string> names;  // linking puts other functions in the place of these
  for (const llvm::Function* f : wanted) names.push_back(f->getName().str());
  link(module, path);
  for (const std::string& name : names) {
    const llvm::Function* f = module.getFunction(name);
    if (f && f->isDeclaration()) throw std::runtime_error(fmt::format("{} has no function {}", path, name));
  }
}

}  // namespace kjit::codegen
