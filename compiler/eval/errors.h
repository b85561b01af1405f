// Findings of the stages as the installed error type has them.
#pragma once

#include "kjit/error.h"
#include "source/diagnostics.h"

namespace kjit::eval {

// The row whose name is `id` ("undefined-name"); script_error when there is none.
source::Diag diag_of(std::string_view id);

Place to_place(const source::Location& where, std::string_view function = {});
Finding to_finding(const source::Diagnostic& diagnostic);

// An error of kind Compile with all findings; its message and place are those of the first error.
Error compile_error(const std::vector<source::Diagnostic>& found);

}  // namespace kjit::eval
