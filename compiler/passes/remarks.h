// What passes tell people: which operations on arrays became one loop, which arrays are still made, and where, which
// loops run on threads, and why.
#pragma once

#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::passes {

struct Remark {
  enum Kind { Loop, Fused, Kept, Threads, Serial, Inside, Placed, Anew, Merged, Apart } kind;
  source::SourceFilePtr file;
  kir::Span span;
  std::string text;  // a sentence without its end
};

// "file:line:column: kind: text", in the order of the file, with the line of source below the first of each line.
std::string to_string(const std::vector<Remark>& remarks);

}  // namespace kjit::passes
