// Types in the cache: as text that holds all of them, and back.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sema/types.h"

namespace kjit::driver {

// `function`: what stands for a function in the text.
std::string type_text(sema::TypeRef type, const std::function<std::string(const sema::Type&)>& function);

// Of what is compiled for `arguments`: functions stand there as one of the arguments or a part of one. "" where that is
// not so.
std::string type_text(sema::TypeRef type, const std::vector<sema::TypeRef>& arguments);
// Null where the text is none of a type.
sema::TypeRef type_of_text(sema::TypeContext& types, std::string_view text,
                           const std::vector<sema::TypeRef>& arguments);

}  // namespace kjit::driver
