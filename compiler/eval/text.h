// Format specifications of f-strings, str.format and %.
#pragma once

#include <string>
#include <string_view>

#include "eval/objects.h"

namespace kjit::eval {

// format(value, spec): Python's format specification mini-language. ValueError for a bad one.
std::string format_value(const Value& value, std::string_view spec);
// "..." % arguments, one value or a tuple.
std::string percent_format(const std::string& text, const Value& arguments);
// "...".format(...): positions, keywords, !r and !s, format specifications, no attributes.
std::string brace_format(const std::string& text, const Args& args, size_t first);

size_t display_length(std::string_view text);  // code points

}  // namespace kjit::eval
