// What a kernel with debug=True says about the thread that failed.
#pragma once

#include <kjit_rt/cuda.h>

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kjit/error.h"

namespace kjit::driver {

[[noreturn]] void fail_cuda(const kjit_error& error);
// Calls a function of kjit_rt/cuda.h; throws kjit::Error when it fails.
template <typename F, typename... A>
void checked(F function, A... args) {
  kjit_error error;
  if (function(args..., &error) != KJIT_OK) fail_cuda(error);
}

// Reads the report that the kernel's module has on the device, and clears it; nullopt when no thread failed. Waits for
// the device. Throws kjit::Error when the driver fails.
std::optional<Error> take_report(kjit_cuda* cuda, kjit_cuda_kernel* kernel);

// The error of a report, with `sites` as the module has them.
Error error_of_report(const kjit_cuda_report& report, const std::string& sites);

// The kernels with debug=True that were launched since someone last waited. Thread-safe.
class Reports {
 public:
  explicit Reports(kjit_cuda* cuda) : cuda_(cuda) {}
  void launched(kjit_cuda_kernel* kernel);
  // To be called where the device was waited for. Throws what the first of the kernels says, if one has failed.
  void check();
  void close();  // the device goes: nothing is asked for any more

 private:
  std::mutex mutex_;
  kjit_cuda* cuda_;
  std::vector<kjit_cuda_kernel*> kernels_;
};

}  // namespace kjit::driver
