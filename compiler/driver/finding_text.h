// Findings in the cache: as text, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "source/diagnostics.h"

namespace kjit::driver {

std::string text_of(const std::vector<source::Diagnostic>& findings);
// False where the text is none of findings.
bool findings_of_text(std::string_view text, std::vector<source::Diagnostic>& out);

}  // namespace kjit::driver
