// Functions in vector lanes whose bodies stand in the loop itself: exp, and float32's sin and cos, with fused
// multiply-add. LLVM's vectorisers see calls of names (vector_math.h); afterwards these get bodies and are inlined.
// Scalar and vector forms are the same operations in the same order, none of which LLVM may reorder: they give the same
// bits.
#pragma once

#include <llvm/IR/Module.h>

#include <functional>
#include <map>
#include <string>

namespace kjit::codegen {

// What is here of libm's function of this name. Near: all but large arguments, which are the library's.
enum class LaneBody : uint8_t { None, Near, Whole };
LaneBody lane_body(const std::string& libm);

// The name of the form of so many lanes; 1: the scalar form.
std::string lane_body_name(const std::string& libm, unsigned lanes);

struct LaneBodies {
  // By name of a form: the library's function of as many lanes, for arguments beyond the body's range.
  std::map<std::string, std::string, std::less<>> far;
  // Whether AVX-512's scaling by powers of two is there, for all its widths.
  bool scale = false;
};

// Gives bodies to the forms that the module calls, marked to be inlined; false if there was none.
bool define_lane_bodies(llvm::Module& module, const LaneBodies& bodies);

}  // namespace kjit::codegen
