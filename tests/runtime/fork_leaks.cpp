// A forked child has none of its parent's other threads, so LeakSanitizer, when the child exits, does not look at their
// stacks and registers: what only they held would count as leaks. Leaks are the parent's to find.
#include <sys/types.h>
#include <unistd.h>

namespace {
const pid_t first_process = getpid();
}

// Looked up by the sanitizer; see <sanitizer/lsan_interface.h>.
extern "C" int __lsan_is_turned_off();   // NOLINT(bugprone-reserved-identifier)
extern "C" int __lsan_is_turned_off() {  // NOLINT(bugprone-reserved-identifier)
  return getpid() == first_process ? 0 : 1;
}
