// PolyBench/C, built as shared libraries, against the same algorithms as kernels: medians of alternating runs on the
// same data, and everything they leave behind compared. Started by polybench/run.py, which builds the libraries.
//
//   perf_polybench KERNELS MANIFEST REPEAT
//
// KERNELS is the folder of the kernel files, which the manifest names.
#include <dlfcn.h>
#include <kjit/kjit.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// Milliseconds of CPU time of this thread, which other work on the machine disturbs less than the time of day.
double now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// Memory as polybench.c allocates it, so that both sides see the same alignment.
void* allocate(size_t bytes) {
  void* p = nullptr;
  if (posix_memalign(&p, 4096, bytes) != 0) throw std::bad_alloc();
  return p;
}

struct Buffer {
  char* data;
  size_t bytes;
  int item;
};

// What the hooks see of the benchmark that runs; PolyBench has room for one at a time.
struct Recorder {
  std::vector<Buffer> arrays;                 // in order of allocation
  size_t wanted = 0;                          // the first so many are main()'s
  std::vector<std::vector<char>> start, end;  // their contents
  double ms = 0;
  double begin = 0;
  bool keep = false;
} recorder;

void snapshot(std::vector<std::vector<char>>& out) {
  out.clear();
  for (size_t k = 0; k < recorder.wanted; ++k)
    out.emplace_back(recorder.arrays[k].data, recorder.arrays[k].data + recorder.arrays[k].bytes);
}

extern "C" void* on_alloc(unsigned long long n, int item) {
  const size_t bytes = n * static_cast<size_t>(item);
  auto* data = static_cast<char*>(allocate(bytes));
  std::memset(data, 0, bytes);
  recorder.arrays.push_back({data, bytes, item});
  return data;
}
extern "C" void on_start() {
  if (recorder.keep) snapshot(recorder.start);
  recorder.begin = now();
}
extern "C" void on_stop() {
  recorder.ms = now() - recorder.begin;
  if (recorder.keep) snapshot(recorder.end);
}

struct Benchmark {
  std::string name;
  std::string file;
  void (*run)() = nullptr;
  std::vector<kjit::Value> scalars;
  std::vector<std::vector<int64_t>> shapes;

  double twin(bool keep) {
    recorder.arrays.clear();
    recorder.wanted = shapes.size();
    recorder.keep = keep;
    run();
    return recorder.ms;
  }
};

template <typename T>
T symbol(void* library, const char* name) {
  void* p = dlsym(library, name);
  if (p == nullptr) throw std::runtime_error(dlerror());
  return reinterpret_cast<T>(p);
}

Benchmark parse(const std::string& line) {
  std::istringstream in(line);
  Benchmark b;
  std::string library, word;
  in >> b.name >> b.file >> library;
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(dlerror());
  *symbol<void* (**)(unsigned long long, int)>(handle, "hook_alloc") = on_alloc;
  *symbol<void (**)()>(handle, "hook_start") = on_start;
  *symbol<void (**)()>(handle, "hook_stop") = on_stop;
  b.run = symbol<void (*)()>(handle, "run_benchmark");
  while (in >> word) {
    const std::string value = word.substr(2);
    if (word[0] == 'i') b.scalars.emplace_back(static_cast<int64_t>(std::stoll(value)));
    if (word[0] == 'f') b.scalars.emplace_back(std::stod(value));
    if (word[0] != 'a') continue;
    std::istringstream dims(value);
    std::vector<int64_t> shape;
    for (std::string d; std::getline(dims, d, 'x');) shape.push_back(std::stoll(d));
    b.shapes.push_back(shape);
  }
  return b;
}

kjit::DType dtype(const std::string& kernel, int item) {
  const bool whole = kernel == "floyd_warshall" || kernel == "nussinov";
  if (item == 1) return kjit::DType::Int8;
  if (item == 4) return whole ? kjit::DType::Int32 : kjit::DType::Float32;
  return whole ? kjit::DType::Int64 : kjit::DType::Float64;
}

// Our side's copies of the arrays.
std::vector<kjit::Value> arguments(const Benchmark& b) {
  std::vector<kjit::Value> args = b.scalars;
  for (size_t k = 0; k < b.shapes.size(); ++k) {
    const Buffer& buffer = recorder.arrays[k];
    const std::vector<int64_t>& shape = b.shapes[k];
    std::vector<int64_t> strides(shape.size());
    int64_t next = buffer.item;
    for (size_t d = shape.size(); d-- > 0; next *= shape[d]) strides[d] = next;
    if (static_cast<size_t>(next) != buffer.bytes)
      throw std::runtime_error(b.name + ": PolyBench's arrays have other sizes");
    void* own = allocate(buffer.bytes);
    args.emplace_back(kjit::Array::wrap(own, dtype(b.name, buffer.item), shape, strides, [own] { free(own); }));
  }
  return args;
}

void restore(const Benchmark& b, std::vector<kjit::Value>& args) {
  for (size_t k = 0; k < b.shapes.size(); ++k) {
    std::memcpy(args[b.scalars.size() + k].array().data(), recorder.start[k].data(), recorder.start[k].size());
  }
}

// The largest difference, relative to the larger of the two; 0 when all bytes are equal.
double difference(const Benchmark& b, const std::vector<kjit::Value>& args) {
  double worst = 0;
  for (size_t k = 0; k < b.shapes.size(); ++k) {
    const kjit::Array& array = args[b.scalars.size() + k].array();
    if (std::memcmp(array.data(), recorder.end[k].data(), recorder.end[k].size()) == 0) continue;
    if (array.dtype() != kjit::DType::Float64) return 1;
    const auto* ours = array.data<double>();
    const auto* theirs = reinterpret_cast<const double*>(recorder.end[k].data());
    for (int64_t i = 0; i < array.size(); ++i) {
      const double x = ours[i], y = theirs[i];
      if (x == y || (std::isnan(x) && std::isnan(y))) continue;
      const double d = std::abs(x - y) / std::max(std::abs(x), std::abs(y));
      worst = std::max(worst, std::isfinite(d) ? d : 1);
    }
  }
  return worst;
}

struct Total {
  double log_sum = 0;
  int count = 0, slow = 0, wrong = 0;
};

void measure(const kjit::Module& module, Benchmark& b, int repeat, Total& total) {
  b.twin(true);
  std::vector<kjit::Value> args = arguments(b);
  restore(b, args);
  module.call(b.name, args);
  const double off = difference(b, args);
  std::vector<double> ours, theirs;
  for (int i = 0; i < repeat; ++i) {
    restore(b, args);
    const double start = now();
    module.call(b.name, args);
    ours.push_back(now() - start);
    theirs.push_back(b.twin(false));
  }
  const double ratio = median(ours) / median(theirs);
  total.log_sum += std::log(ratio), ++total.count;
  total.slow += ratio > 1.2, total.wrong += off > 1e-9;
  std::string note = ratio > 1.2 ? "  above 1.2" : "";
  if (off > 1e-9) note += "  RESULTS DIFFER";
  if (off > 0) note += "  (largest relative difference " + std::to_string(off) + ")";
  std::printf("%-16s %10.3f %10.3f %8.2f%s\n", b.name.c_str(), median(ours), median(theirs), ratio, note.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: perf_polybench KERNELS MANIFEST REPEAT (see polybench/run.py)\n");
    return 2;
  }
  try {
    kjit::Engine engine;
    std::map<std::string, kjit::Module> modules;
    Total total;
    std::printf("%-16s %10s %10s %8s\n", "kernel", "kjit ms", "clang ms", "ratio");
    std::ifstream manifest(argv[2]);
    for (std::string line; std::getline(manifest, line);) {
      Benchmark b = parse(line);
      try {
        auto module = modules.find(b.file);
        if (module == modules.end())
          module = modules.emplace(b.file, engine.load_file(std::string(argv[1]) + "/" + b.file)).first;
        measure(module->second, b, std::stoi(argv[3]), total);
      } catch (const kjit::Error& e) {
        std::fprintf(stderr, "%s: %s\n", b.name.c_str(), e.render().c_str());
        ++total.wrong;
      }
    }
    if (total.count > 0) {
      std::printf("%-16s %10s %10s %8.3f  (geometric mean of %d; %d above 1.2)\n", "all", "", "",
                  std::exp(total.log_sum / total.count), total.count, total.slow);
    }
    return total.wrong == 0 && total.count > 0 ? 0 : 1;
  } catch (const kjit::Error& e) {
    std::fprintf(stderr, "%s\n", e.render().c_str());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
  return 1;
}
