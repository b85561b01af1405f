#include "driver/gpu_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace kjit::driver {

namespace {

// "{0}" and on become the operands.
std::string with_operands(const std::string& message, const int64_t (&operands)[4]) {
  std::string out;
  for (size_t i = 0; i < message.size(); ++i) {
    const bool place = message[i] == '{' && i + 2 < message.size() && message[i + 2] == '}' && message[i + 1] >= '0' &&
                       message[i + 1] < '4';
    if (place) {
      out += std::to_string(operands[message[i + 1] - '0']);
      i += 2;
    } else {
      out += message[i];
    }
  }
  return out;
}

std::string triple(const uint32_t (&of)[3]) { return fmt::format("({}, {}, {})", of[0], of[1], of[2]); }

std::vector<char> read_symbol(kjit_cuda* cuda, kjit_cuda_kernel* kernel, const char* name, uint64_t* where = nullptr) {
  uint64_t address = 0, bytes = 0;
  checked(kjit_cuda_symbol, kernel, name, &address, &bytes);
  std::vector<char> out(bytes);
  checked(kjit_cuda_read, cuda, address, static_cast<void*>(out.data()), bytes);
  if (where) *where = address;
  return out;
}

}  // namespace

void fail_cuda(const kjit_error& error) {
  const ErrorKind kind = error.kind == KJIT_MEMORY_ERROR  ? ErrorKind::MemoryError
                         : error.kind == KJIT_VALUE_ERROR ? ErrorKind::ValueError
                                                          : ErrorKind::RuntimeError;
  throw Error(kind, error.message);
}

void Reports::launched(kjit_cuda_kernel* kernel) {
  const std::lock_guard lock(mutex_);
  if (std::find(kernels_.begin(), kernels_.end(), kernel) == kernels_.end()) kernels_.push_back(kernel);
}

void Reports::check() {
  const std::lock_guard lock(mutex_);
  std::vector<kjit_cuda_kernel*> kernels;
  std::swap(kernels, kernels_);
  if (!cuda_) return;
  std::optional<Error> first;
  for (kjit_cuda_kernel* kernel : kernels) {
    std::optional<Error> said = take_report(cuda_, kernel);
    if (said && !first) first = std::move(said);
  }
  if (first) throw Error(*first);
}

void Reports::close() {
  const std::lock_guard lock(mutex_);
  cuda_ = nullptr;
  kernels_.clear();
}

Error error_of_report(const kjit_cuda_report& report, const std::string& sites) {
  std::array<std::string, 4> lines;  // file, line, function, message
  size_t at = std::min<size_t>(report.site, sites.size());
  const size_t end = std::min(sites.find('\0', at), sites.size());
  for (size_t k = 0; k < lines.size() && at <= end; ++k) {
    const size_t stop = k + 1 < lines.size() ? std::min(sites.find('\n', at), end) : end;
    lines[k] = sites.substr(at, stop - at);
    at = stop + 1;
  }
  const std::string message = with_operands(lines[3], report.operands);
  Place place;
  place.file = lines[0], place.function = lines[2];
  const char* number = lines[1].c_str();
  for (uint32_t* to : {&place.line, &place.column, &place.end_line, &place.end_column}) {
    char* next = nullptr;
    *to = static_cast<uint32_t>(std::strtoul(number, &next, 10));
    number = next;
  }
  return Error(static_cast<ErrorKind>(report.status),
               fmt::format("{}{}in thread {} of block {}", message, message.empty() ? "" : ", ", triple(report.thread),
                           triple(report.block)),
               place);
}

std::optional<Error> take_report(kjit_cuda* cuda, kjit_cuda_kernel* kernel) {
  uint64_t address = 0;
  const std::vector<char> bytes = read_symbol(cuda, kernel, KJIT_CUDA_REPORT, &address);
  kjit_cuda_report report{};
  std::memcpy(&report, bytes.data(), std::min(bytes.size(), sizeof report));
  if (report.number == 0) return std::nullopt;
  const kjit_cuda_report none{};
  checked(kjit_cuda_write, cuda, address, static_cast<const void*>(&none), uint64_t{sizeof none});
  const std::vector<char> sites = read_symbol(cuda, kernel, KJIT_CUDA_SITES);
  return error_of_report(report, {sites.begin(), sites.end()});
}

}  // namespace kjit::driver
