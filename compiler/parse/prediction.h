// For tests and for whoever changes the grammar.
#pragma once

#include "source/source_file.h"

namespace kjit::parse {

// Whether a text is valid but only full LL prediction finds that out, which costs a second and slower pass. The grammar
// is written so that this is never the case.
bool needs_full_prediction(const source::SourceFile& file);

}  // namespace kjit::parse
