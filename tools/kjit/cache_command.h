// `kjit cache`: what is kept on disk, and what a run did with it.
#pragma once

#include <kjit/kjit.h>

#include <CLI/CLI.hpp>
#include <string>

// KJIT_CACHE_DIR, empty for none; otherwise below the user's directory for such.
std::string cache_directory();

class CacheCommand {
 public:
  void add_to(CLI::App& app);
  bool asked() const { return command_->parsed(); }
  // Gives the exit status.
  int run() const;

 private:
  CLI::App* command_ = nullptr;
  CLI::App* info_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* clear_ = nullptr;
  CLI::App* verify_ = nullptr;
  CLI::App* prune_ = nullptr;
  std::string size_;
};

// "/home/me/.cache/kjit, 1.2 MB in 10 entries", or why it is not in use.
std::string cache_line();

// On standard error: each function that was wanted, and what the cache did for it.
void print_cache_report(const kjit::Engine& engine);
