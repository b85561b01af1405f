// The header of an .npy file: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
#pragma once

#include <kjit_rt/npy.h>

#include <array>
#include <string>
#include <string_view>

namespace kjit::rt {

struct NpyHeader {
  int dtype = -1;
  bool fortran_order = false;
  int rank = 0;
  std::array<int64_t, KJIT_NPY_MAX_RANK> shape{};
};

// A text of bounded length for error messages.
struct NpyProblem {
  char text[256] = "";
};

// Reads the dictionary. False with a problem when it is not one that kernels can take.
bool parse_npy_header(std::string_view text, NpyHeader& header, NpyProblem& problem);

// Bytes of the elements. False when they overflow int64.
bool npy_data_size(const NpyHeader& header, int64_t& bytes);

// Everything before the elements, magic included, padded to a multiple of 64 as NumPy pads it.
std::string make_npy_preamble(const NpyHeader& header);

inline constexpr std::string_view kNpyMagic("\x93NUMPY", 6);

}  // namespace kjit::rt
