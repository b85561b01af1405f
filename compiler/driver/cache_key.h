// What compiled code depends on, as text: known before anything is typed, so that a hit skips all stages.
//
// A function's part is its text and place, what its decorators said, and the values of all names that stand in the text
// wherever they are defined outside of it: more than what typing will look up, since names of attributes and words in
// strings count too, but never less. Functions among these values, and among the arguments, have parts of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/pipeline.h"
#include "kjit/engine.h"
#include "sema/globals.h"

namespace kjit::driver {

struct CacheKey {
  std::string subject;                       // the function and what it is compiled for, for people
  std::string text;                          // lines of what the code depends on: "what it is<tab>value"
  std::vector<source::SourceFilePtr> files;  // of the functions in it
};

// `values`: of arguments that are compiled in, as in EngineState::compile.
CacheKey cache_key(const sema::FunctionRef& function, const std::vector<sema::TypeRef>& arguments,
                   const std::vector<std::optional<sema::Constant>>* values, const PipelineOptions& pipeline,
                   const Options& options);

// What is different between two keys of one subject, for people: "the value of 'k' has changed".
std::string key_difference(const std::string& before, const std::string& now);

}  // namespace kjit::driver
