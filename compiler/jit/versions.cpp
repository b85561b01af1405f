#include "jit/versions.h"

extern "C" void* kjit_jit_later(kjit::jit::VersionCell* cell) { return cell->source->later(*cell); }
