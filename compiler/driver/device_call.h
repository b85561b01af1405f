// A call of a function with target='cuda' that is given arrays of the device.
#pragma once

#include <kjit_rt/cuda.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eval/gpu.h"
#include "kjit/value.h"

namespace kjit::driver {

// From the arguments to the result: the session with the device lasts as long as this. Throws kjit::Error.
class DeviceCall {
 public:
  using Keywords = std::vector<std::pair<std::string, Value>>;
  static bool wanted(const std::vector<Value>& args, const Keywords& keywords);

  // cuda: null where the device is the simulator's.
  DeviceCall(eval::Gpu& gpu, kjit_cuda* cuda);
  ~DeviceCall();
  DeviceCall(const DeviceCall&) = delete;
  DeviceCall& operator=(const DeviceCall&) = delete;

  // The arguments with arrays in place of those of the device: at addresses of the host that stand for theirs.
  std::vector<Value> given(const std::vector<Value>& args);
  Keywords given(const Keywords& keywords);
  // The result, its arrays on the device; ends the session.
  Value finish(const Value& made);

 private:
  Value given(const Value& value);
  Value kept(const Value& value);
  Value kept(const Array& array);

  eval::Gpu& gpu_;
  kjit_cuda* cuda_;
  bool open_ = false;  // a session
  std::vector<std::shared_ptr<eval::DeviceMemory>> adopted_;
};

}  // namespace kjit::driver
