#include "load/versions.h"

extern "C" void* kjit_jit_later(kjit::load::VersionCell* cell) { return cell->source->later(*cell); }
