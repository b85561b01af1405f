#include "jit/session.h"

#include <fmt/format.h>
#include <llvm/ExecutionEngine/Orc/AbsoluteSymbols.h>
#include <llvm/ExecutionEngine/Orc/Debugging/ELFDebugObjectPlugin.h>
#include <llvm/ExecutionEngine/Orc/Debugging/PerfSupportPlugin.h>
#include <llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/TargetProcess/JITLoaderPerf.h>
#include <llvm/Support/MemoryBuffer.h>

#include <stdexcept>

#include "load/symbols.h"

namespace kjit::jit {

namespace orc = llvm::orc;

void check(llvm::Error error) {
  if (error) throw std::runtime_error("LLVM: " + llvm::toString(std::move(error)));
}

namespace {

// Finds the vector functions that code refers to.
class VectorFunctions : public orc::DefinitionGenerator {
 public:
  explicit VectorFunctions(std::shared_ptr<const codegen::VectorMath> math) : math_(std::move(math)) {}
  llvm::Error tryToGenerate(orc::LookupState& /*state*/, orc::LookupKind /*kind*/, orc::JITDylib& dylib,
                            orc::JITDylibLookupFlags /*flags*/, const orc::SymbolLookupSet& wanted) override {
    orc::SymbolMap found;
    for (const auto& [name, flags] : wanted) {
      if (void* address = math_->find((*name).str()))
        found[name] = {orc::ExecutorAddr::fromPtr(address),
                       llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
    }
    return found.empty() ? llvm::Error::success() : dylib.define(orc::absoluteSymbols(std::move(found)));
  }

 private:
  std::shared_ptr<const codegen::VectorMath> math_;
};

}  // namespace

Session::Session(const BackendOptions& options, std::shared_ptr<const codegen::VectorMath> math) {
  auto control = check(orc::SelfExecutorProcessControl::Create(
      nullptr, std::make_unique<orc::InPlaceTaskDispatcher>()));  // linking happens in the calling thread
  session_ = std::make_unique<orc::ExecutionSession>(std::move(control));
  session_->setErrorReporter([](llvm::Error error) { llvm::consumeError(std::move(error)); });  // lookups report too
  linking_ = std::make_unique<orc::ObjectLinkingLayer>(*session_);
  add_plugins(options);
  runtime_ = &session_->createBareJITDylib("runtime");
  define_runtime(options);
  runtime_->addGenerator(std::make_unique<VectorFunctions>(std::move(math)));
}

Session::~Session() { llvm::consumeError(session_->endSession()); }

void Session::add_plugins(const BackendOptions& options) {
  if (options.gdb) {
    llvm::Error error = llvm::Error::success();
    auto plugin = std::make_shared<orc::ELFDebugObjectPlugin>(*session_, /*RequireDebugSections=*/false,
                                                              /*AutoRegisterCode=*/true, error);
    check(std::move(error));
    linking_->addPlugin(std::move(plugin));
  }
  if (options.perf) {
    auto address = [](auto* function) { return orc::ExecutorAddr::fromPtr(function); };
    linking_->addPlugin(std::make_shared<orc::PerfSupportPlugin>(
        session_->getExecutorProcessControl(), address(&llvm_orc_registerJITLoaderPerfStart),
        address(&llvm_orc_registerJITLoaderPerfEnd), address(&llvm_orc_registerJITLoaderPerfImpl),
        /*EmitDebugInfo=*/true, /*EmitUnwindInfo=*/false));
  }
}

void Session::define_runtime(const BackendOptions& options) {
  orc::SymbolMap symbols;
  auto add = [&](const std::string& name, void* address) {
    symbols[session_->intern(name)] = {orc::ExecutorAddr::fromPtr(address),
                                       llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  for (const auto& [name, address] : load::runtime_symbols()) add(name, address);
  for (const auto& [name, address] : options.symbols) add(name, address);
  check(runtime_->define(orc::absoluteSymbols(std::move(symbols))));
}

Session::Loaded Session::load(llvm::ArrayRef<char> object, const std::string& name,
                              const std::vector<std::string>& symbols) {
  const std::string unique = fmt::format("{}.{}", name, serial_.fetch_add(1));
  Loaded loaded;
  loaded.dylib = &session_->createBareJITDylib(unique);
  try {
    loaded.dylib->addToLinkOrder(*runtime_);
    check(linking_->add(*loaded.dylib, llvm::MemoryBuffer::getMemBufferCopy({object.data(), object.size()}, unique)));
    orc::SymbolLookupSet wanted;
    for (const std::string& s : symbols) wanted.add(session_->intern(s));
    auto found =
        check(session_->lookup({{loaded.dylib, orc::JITDylibLookupFlags::MatchAllSymbols}}, std::move(wanted)));
    for (const auto& [symbol, definition] : found) {
      loaded.addresses[(*symbol).str()] = definition.getAddress().toPtr<void*>();
    }
  } catch (...) {
    unload(*loaded.dylib);
    throw;
  }
  return loaded;
}

void Session::unload(orc::JITDylib& dylib) { llvm::consumeError(session_->removeJITDylib(dylib)); }

}  // namespace kjit::jit
