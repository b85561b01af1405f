#include "jit/versions.h"

extern "C" void* kjit_jit_overlapping(kjit::jit::VersionCell* cell) { return cell->source->overlapping(*cell); }
