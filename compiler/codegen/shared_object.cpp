#include "codegen/shared_object.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <lld/Common/CommonLinkerContext.h>
#include <lld/Common/Driver.h>
#include <llvm/Plugins/PassPlugin.h>
#include <llvm/Support/raw_ostream.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

LLD_HAS_DRIVER(elf)

namespace kjit::codegen {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("linking: {}: {}", what, std::strerror(errno)));
}

// A file in memory, by a name that the linker can open.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("kjit", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail("no file in memory");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }
  void write(std::string_view bytes) const {
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t more = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (more < 0 && errno == EINTR) continue;
      if (more < 0) fail("the object cannot be written");
      done += static_cast<size_t>(more);
    }
  }

 private:
  int descriptor_;
};

// What is written to a pipe, read by a thread of its own. To a file the linker would write by way of a temporary one,
// and take over the process' signals so as to remove that.
class Output {
 public:
  Output() {
    if (pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0) fail("no pipe");
    done_ = eventfd(0, EFD_CLOEXEC);
    try {
      if (done_ < 0) fail("no event");
      reader_ = std::thread([this] { read_all(); });
    } catch (...) {
      close_all();
      throw;
    }
  }
  ~Output() {
    finish();
    close_all();
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // A name that opens to a blocking end of its own.
  std::string path() const { return fmt::format("/proc/self/fd/{}", ends_[1]); }
  // What has been written, once all writers are done.
  std::string take() {
    finish();
    if (out_of_memory_) throw std::bad_alloc();
    return std::move(bytes_);
  }

 private:
  void close_all() const {
    for (const int end : {ends_[0], ends_[1], done_})
      if (end >= 0) close(end);
  }
  void finish() {
    if (!reader_.joinable()) return;
    eventfd_write(done_, 1);
    reader_.join();
  }
  // Not up to the end of the file: a process that was forked meanwhile may keep the other end open for long.
  void read_all() noexcept {
    std::array<char, 1 << 16> buffer;
    for (bool done = false; !done;) {
      std::array<pollfd, 2> both{pollfd{ends_[0], POLLIN, 0}, pollfd{done_, POLLIN, 0}};
      if (poll(both.data(), both.size(), -1) < 0 && errno != EINTR) return;
      done = (both[1].revents & POLLIN) != 0;
      for (;;) {
        const ssize_t size = ::read(ends_[0], buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) break;
        try {
          if (!out_of_memory_) bytes_.append(buffer.data(), static_cast<size_t>(size));
        } catch (const std::bad_alloc&) {  // goes on reading: the writer waits for it
          out_of_memory_ = true;
        }
      }
    }
  }

  int ends_[2] = {-1, -1}, done_ = -1;
  std::string bytes_;
  bool out_of_memory_ = false;
  std::thread reader_;
};

// The linker keeps its state, and the number of its threads, in globals.
std::mutex& linker_mutex() {
  static std::mutex mutex;
  return mutex;
}

// "" when it worked.
std::string run_linker(const std::vector<std::string>& arguments) {
  std::vector<const char*> words;
  for (const std::string& a : arguments) words.push_back(a.c_str());
  std::string said;
  llvm::raw_string_ostream out(said);
  const std::lock_guard lock(linker_mutex());
  const bool done = lld::elf::link(words, out, out, /*exitEarly=*/false, /*disableOutput=*/false);
  lld::CommonLinkerContext::destroy();
  if (done) return "";
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return said.empty() ? "it does not say why" : said;
}

}  // namespace

std::string link_shared_object(std::span<const std::string_view> objects, const SharedObjectOptions& options) {
  std::vector<std::string> arguments{"ld.lld", "-shared", "--threads=1",     "--as-needed",
                                     "-z",     "now",     "--hash-style=gnu"};
  if (options.complete) arguments.insert(arguments.end(), {"-z", "defs"});
  if (!options.soname.empty()) arguments.push_back("--soname=" + options.soname);
  std::deque<MemoryFile> inputs;
  for (const std::string_view object : objects) {
    inputs.emplace_back().write(object);
    arguments.push_back(inputs.back().path());
  }
  arguments.insert(arguments.end(), options.libraries.begin(), options.libraries.end());
  Output output;
  arguments.insert(arguments.end(), {"-o", output.path()});
  const std::string problem = run_linker(arguments);
  if (!problem.empty()) throw std::runtime_error("linking: " + problem);
  return output.take();
}

}  // namespace kjit::codegen

// What the linker does to the rest of LLVM in its process, and must not do here.

// It sets all of LLVM's options back, beside compilations that look at them. Calls come here by --wrap.
extern "C" void __wrap__ZN4llvm2cl25ResetAllOptionOccurrencesEv() {}  // NOLINT: the linker's name for it

// It asks, weakly, for a function that would initialise a thread's variable of LLVM's, which needs none: of another
// LLVM in the process, if that had one.
extern "C" void _ZTHN4llvm8parallel11threadIndexE() {}  // NOLINT: the compiler's name for it

// It registers every target, of which this library has two. These come before LLVM's, which are weak.
namespace llvm {
void InitializeAllTargetInfos() {}
void InitializeAllTargets() {}
void InitializeAllTargetMCs() {}
void InitializeAllAsmPrinters() {}
void InitializeAllAsmParsers() {}
}  // namespace llvm

// It optimises bitcode by Polly too, whose archives Debian does not have. It gets objects alone.
llvm::PassPluginLibraryInfo getPollyPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "Polly", "", [](llvm::PassBuilder& /*builder*/) {}, nullptr};
}
