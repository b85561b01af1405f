#include "build.h"

#include <fmt/format.h>
#include <kjit/build.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

void write_file(const std::string& name, const std::string& bytes) {
  const std::string apart = fmt::format("{}.{}", name, getpid());
  std::ofstream out(apart, std::ios::binary);
  out << bytes;
  out.close();
  if (out && std::rename(apart.c_str(), name.c_str()) == 0) return;
  std::remove(apart.c_str());
  throw kjit::Error(kjit::ErrorKind::OSError, fmt::format("{} cannot be written", name));
}

[[noreturn]] void usage(std::string message) { throw kjit::Error(kjit::ErrorKind::Usage, std::move(message)); }

}  // namespace

void Build::add_to(CLI::App& app) {
  app.add_option("files", files, "Kernel files")->required();
  app.add_option("-o", output,
                 "File to write: NAME.o, NAME.a, NAME.so or NAME.ll (text of the LLVM IR) for the CPU, NAME.ptx for "
                 "kernels with @cuda.jit");
  app.add_option("--header", header, "Header for C and C++ to write, NAME.h");
  app.add_option(
         "--sig", signatures,
         "Build a function for these types too, as in --sig 'kernel(f8[:,::1], i8)'; may be given more than once")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--prefix", prefix, "What the names of all functions begin with in C");
}

void Build::run(kjit::Options options, std::vector<kjit::StageTime>& times) const {
  options.argv.push_back(files[0]);
  const std::string name = output.empty() ? std::filesystem::path(files[0]).stem().string() + ".ptx" : output;
  if (name.ends_with(".ptx")) {
    if (files.size() > 1) usage("a .ptx file is made of one kernel file");
    if (!header.empty() || !signatures.empty() || !prefix.empty())
      usage(output.empty() ? "say what is to be built: -o NAME.o, NAME.a, NAME.so or NAME.ll"
                           : "a .ptx file has no header, --sig or --prefix");
    options.write = nullptr;
    kjit::Engine engine(std::move(options));
    try {
      write_file(name, engine.build_ptx(files[0]));
    } catch (const kjit::Error&) {
      times = engine.times();
      throw;
    }
    times = engine.times();
    return;
  }
  kjit::BuildRequest request;
  request.files = files, request.signatures = signatures;
  request.output = name, request.header = header, request.prefix = prefix;
  const kjit::Built built = kjit::build(std::move(options), request);
  times = built.times;
  write_file(name, built.bytes);
  if (!header.empty()) write_file(header, built.header);
}
