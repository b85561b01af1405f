// Functions of real numbers in vector lanes. Lowering marks the calls that may use them (lower/lanes.h); here they get
// the names whose vector forms LLVM's vectorisers know, and the libraries with these forms are opened.
#pragma once

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Module.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "codegen/lane_bodies.h"
#include "codegen/target.h"

namespace kjit::codegen {

// A shared library that is opened when something is first looked for in it, and stays open. Thread-safe.
class LazyLibrary {
 public:
  explicit LazyLibrary(const char* name) : name_(name) {}
  void* find(const std::string& symbol) const;
  // "" when it is there.
  std::string absent_because() const;

 private:
  void open() const;
  const char* name_;
  mutable std::once_flag once_;
  mutable void* handle_ = nullptr;
  mutable std::string absent_because_;
};

// For one machine. Thread-safe.
//  - marked "lanes": SLEEF's functions with at most 1 ulp, whose scalar and vector forms give the same bits;
//  - marked "fast": glibc's libmvec (at most 4 ulp); what stays scalar is libm's;
//  - what has a body in lane_bodies.h: that one, for both.
// Without the library, or without a function in it, the call stays libm's and scalar.
class VectorMath {
 public:
  explicit VectorMath(const TargetSpec& spec);
  bool has_fma() const { return fma_; }

  // Whether lowering marked a call: if not, no library is opened.
  static bool wanted(const llvm::Module& module);
  // The vector forms, for LLVM.
  void describe(llvm::TargetLibraryInfoImpl& library) const;
  // Marked calls get names that have vector forms. With `vectors` false only those that have a scalar form of theirs.
  void resolve(llvm::Function& function, bool vectors) const;
  // Names without vector forms again, for what was not vectorised.
  static void restore(llvm::Module& module);
  // Gives bodies to the forms that have one here (lane_bodies.h), marked for inlining; false if there was none.
  bool define(llvm::Module& module) const;
  // For people: "SLEEF, avx2", the widest forms in use, or "none: " and why. Opens the library.
  std::string about() const;
  // The address of a function of SLEEF or libmvec; null for all others.
  void* find(const std::string& symbol) const;

 private:
  struct Row {
    const char* name;
    int operands;
    const char* accuracy;
  };
  struct Width {
    unsigned bytes;
    const char* sleef;  // the suffix of its names
    char mvec;          // the letter of the vector ABI
  };
  struct Scalars {
    std::string lanes, fast;
  };
  void build() const;
  void add(const Row& row, bool single) const;
  std::string sleef_name(const Row& row, bool single, unsigned lanes, const char* suffix) const;
  using Names = std::vector<std::pair<unsigned, std::string>>;  // by number of lanes
  bool add_forms(const std::string& scalar, int operands, const Names& names) const;
  bool add_body(const std::string& libm, const std::string& scalar, const Names& sleef) const;
  void describe_forms(const std::string& scalar, int operands, const Names& names) const;

  bool fma_;
  std::vector<Width> widths_;
  LazyLibrary sleef_{"libsleef.so.3"};
  LazyLibrary mvec_{"libmvec.so.1"};
  // Made when first needed.
  mutable std::once_flag once_;
  mutable std::deque<std::string> texts_;
  mutable std::vector<llvm::VecDesc> forms_;
  mutable LaneBodies bodies_;
  mutable std::map<std::string, Scalars, std::less<>> scalars_;  // by libm's name
};

}  // namespace kjit::codegen
