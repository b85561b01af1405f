// Ctrl-C and changes of the terminal: signals as flags, and input that they wake up.
#pragma once

#include <kjit/engine.h>

namespace kjit_tool {

// Handles SIGINT, SIGWINCH and SIGCONT while it lives; one at a time. A SIGINT asks the engine to stop what it runs.
// Who presses Ctrl-C three times while one input runs ends the program.
class Interrupts {
 public:
  explicit Interrupts(kjit::Engine& engine);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  void forget();  // signals that came before: a run begins, or has ended
};

enum class Wake {
  Input,      // standard input has something, or has ended
  Interrupt,  // SIGINT
  Terminal,   // its size or its modes may be others: SIGWINCH, SIGCONT
};
// Waits; without an Interrupts, for input only.
Wake wait_for_input();
// One byte of standard input, or -1 at its end.
int read_byte();

}  // namespace kjit_tool
