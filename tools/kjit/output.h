// What all commands say on standard error.
#pragma once

#include <kjit/engine.h>
#include <kjit/error.h>

#include <vector>

namespace kjit_tool {

// Whether a stream may be written to in colours: it is a terminal, and NO_COLOR is not set.
bool has_color(int descriptor);
// Shows the error; gives the exit status for it.
int report(const kjit::Error& error);
void print_times(const std::vector<kjit::StageTime>& times);

}  // namespace kjit_tool
