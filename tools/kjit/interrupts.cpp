// Signals wake the reader through a pipe, so that it does not matter which thread gets them.
#include "interrupts.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace kjit_tool {

namespace {

constexpr int kPatience = 3;  // SIGINTs during one run

std::atomic<kjit::Engine*> engine_to_stop{nullptr};
std::atomic<int> interrupts_of_run{0};
std::atomic<int> wake_end{-1};  // of the pipe, to write to
int listen_end = -1;

void tell(char what) {
  const int saved = errno;
  const int end = wake_end.load();
  if (end >= 0) (void)!write(end, &what, 1);  // a full pipe wakes as well
  errno = saved;
}

void on_interrupt(int) {
  if (interrupts_of_run.fetch_add(1) + 1 >= kPatience) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
    return;
  }
  if (kjit::Engine* engine = engine_to_stop.load()) engine->interrupt();
  tell('i');
}

void on_change(int) { tell('t'); }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = signal == SIGINT ? 0 : SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupts::Interrupts(kjit::Engine& engine) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
    listen_end = ends[0];
    wake_end = ends[1];
  }
  engine_to_stop = &engine;
  handle(SIGINT, on_interrupt);
  handle(SIGWINCH, on_change);
  handle(SIGCONT, on_change);
}

Interrupts::~Interrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGWINCH, SIG_DFL);
  std::signal(SIGCONT, SIG_DFL);
  engine_to_stop = nullptr;
  const int end = wake_end.exchange(-1);
  if (end >= 0) close(end);
  if (listen_end >= 0) close(listen_end);
  listen_end = -1;
}

void Interrupts::forget() {
  interrupts_of_run = 0;
  char old[64];
  while (listen_end >= 0 && ::read(listen_end, old, sizeof old) > 0) {
  }
}

Wake wait_for_input() {
  while (true) {
    pollfd waited[2] = {{STDIN_FILENO, POLLIN, 0}, {listen_end, POLLIN, 0}};
    if (poll(waited, listen_end >= 0 ? 2 : 1, -1) < 0) {
      if (errno == EINTR) continue;
      return Wake::Input;
    }
    if (listen_end >= 0 && (waited[1].revents & POLLIN) != 0) {
      char what = 0;
      if (::read(listen_end, &what, 1) != 1) continue;
      if (what == 't') return Wake::Terminal;
      interrupts_of_run = 0;
      return Wake::Interrupt;
    }
    if (waited[0].revents != 0) return Wake::Input;
  }
}

int read_byte() {
  unsigned char byte = 0;
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got == 1) return byte;
    if (got < 0 && errno == EINTR) continue;
    return -1;
  }
}

}  // namespace kjit_tool
