#include "cache_command.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace {

std::string shown_bytes(int64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", size / 1e3);
  return fmt::format("{:.1f} MB", size / 1e6);
}

std::string shown_count(int64_t count) { return count == 1 ? "1 entry" : fmt::format("{} entries", count); }

// "64M", "1G", "500k", "0": bytes, in powers of 1024.
int64_t bytes_of(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const std::string unit(read.ptr, end);
  const int shift = unit.empty() ? 0 : unit == "k" || unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (read.ec != std::errc() || number < 0 || shift < 0 || number > (int64_t{1} << 32))
    throw kjit::Error(kjit::ErrorKind::Usage, fmt::format("'{}' is no size such as 64M, 1G or 0", text));
  return number << shift;
}

std::string shown_time(int64_t seconds) {
  const std::time_t time = seconds;
  std::tm local{};
  char text[32] = "";
  if (localtime_r(&time, &local)) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

// The directory, where it is in use; else says why not and gives no directory.
std::string used_directory(int& status) {
  std::string directory = cache_directory();
  const kjit::cache::Summary about = kjit::cache::summary(directory);
  if (about.problem.empty()) return directory;
  fmt::print(stderr, "kjit: the cache is not used: {}\n", about.problem);
  status = 1;
  return {};
}

}  // namespace

std::string cache_directory() {
  if (const char* own = std::getenv("KJIT_CACHE_DIR")) return own;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache == '/') return std::string(cache) + "/kjit";
  if (const char* home = std::getenv("HOME"); home && *home == '/') return std::string(home) + "/.cache/kjit";
  return {};
}

std::string cache_line() {
  const std::string directory = cache_directory();
  const kjit::cache::Summary about = kjit::cache::summary(directory);
  if (!about.problem.empty()) return fmt::format("not used: {}", about.problem);
  if (!about.exists) return fmt::format("{}, which is not there yet", directory);
  return fmt::format("{}, {} in {}", directory, shown_bytes(about.bytes), shown_count(about.entries));
}

void print_cache_report(const kjit::Engine& engine) {
  std::fflush(stdout);
  for (const kjit::CacheEvent& event : engine.cache_events()) {
    const bool hit = event.outcome == kjit::CacheEvent::Outcome::Hit;
    const bool miss = event.outcome == kjit::CacheEvent::Outcome::Miss;
    fmt::print(stderr, "cache: {:<6} {}{}{}\n",
               hit    ? "hit"
               : miss ? "miss"
                      : "unused",
               event.function, hit ? "" : ": " + event.reason, event.kept ? "; kept" : "");
  }
}

void CacheCommand::add_to(CLI::App& app) {
  command_ = app.add_subcommand("cache", "Look after the machine code that is kept on disk");
  command_->require_subcommand(1);
  info_ = command_->add_subcommand("info", "Show the directory and its size");
  list_ = command_->add_subcommand("list", "Show all entries, those used last first");
  clear_ = command_->add_subcommand("clear", "Remove all entries");
  verify_ =
      command_->add_subcommand("verify", "Read all entries and remove damaged ones; exit status 1 if there were any");
  prune_ = command_->add_subcommand("prune", "Remove entries, those used longest ago first, until the rest fits");
  prune_->add_option("size", size_, "What may be left, such as 64M, 1G or 0")->required();
}

int CacheCommand::run() const {
  int status = 0;
  if (info_->parsed()) {
    fmt::print("{}\n", cache_line());
    return 0;
  }
  const int64_t most = prune_->parsed() ? bytes_of(size_) : 0;
  const std::string directory = used_directory(status);
  if (status != 0) return status;
  if (list_->parsed()) {
    for (const kjit::cache::Entry& entry : kjit::cache::list(directory))
      fmt::print("{}  {:>9}  {}{}\n", shown_time(entry.used), shown_bytes(entry.bytes),
                 entry.damaged ? "damaged: " + entry.file : entry.function, entry.gpu ? " (GPU)" : "");
  } else if (clear_->parsed() || prune_->parsed()) {
    fmt::print("{} removed\n", shown_count(kjit::cache::prune(directory, clear_->parsed() ? -1 : most)));
  } else {
    const auto damaged = kjit::cache::remove_damaged(directory);
    for (const kjit::cache::Entry& entry : damaged) fmt::print("removed, since it was damaged: {}\n", entry.file);
    fmt::print("{} in order\n", shown_count(kjit::cache::summary(directory).entries));
    status = damaged.empty() ? 0 : 1;
  }
  return std::fflush(stdout) == 0 ? status : 1;
}
