// libFuzzer target: text to kernel IR, with a mutator that also moves whole words and lines, so that more texts parse.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fuzz/kernel_input.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

// Names and numbers, runs of blanks, and single other characters; joined they are the text.
std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    const auto extend = [&](auto same) {
      while (end < text.size() && same(text[end])) ++end;
    };
    if (is_word(text[i])) extend(is_word);
    if (text[i] == ' ') extend([](char c) { return c == ' '; });
    words.push_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < text.size();) {
    const size_t end = std::min(text.find('\n', i), text.size() - 1) + 1;
    lines.push_back(text.substr(i, end - i));
    i = end;
  }
  return lines;
}

// Deletes, repeats, copies or swaps one piece.
void shuffle(std::vector<std::string>& pieces, std::minstd_rand& random) {
  if (pieces.empty()) return;
  const auto any = [&] { return random() % pieces.size(); };
  const size_t a = any(), b = any();
  switch (random() % 4) {
    case 0:
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(a));
      break;
    case 1:
      pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(a), std::string(pieces[b]));
      break;
    case 2:
      pieces[a] = std::string(pieces[b]);
      break;
    default:
      std::swap(pieces[a], pieces[b]);
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  std::minstd_rand random(seed);
  const unsigned kind = random() % 4;
  if (kind == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> pieces = kind == 1 ? split_lines(text) : split_words(text);
  for (unsigned i = random() % 3 + 1; i > 0; --i) shuffle(pieces, random);
  std::string changed;
  for (const std::string& piece : pieces) changed += piece;
  changed.resize(std::min(changed.size(), max_size));
  std::copy(changed.begin(), changed.end(), data);
  return changed.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kjit::fuzz::run_kernel_text(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
