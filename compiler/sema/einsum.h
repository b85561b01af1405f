// The subscripts of np.einsum: "ij,jk->ik".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::sema {

// Labels are numbered in the order in which they appear; `...` stands for labels of its own.
struct Einsum {
  std::vector<std::vector<uint32_t>> operands;  // the label of each axis
  std::vector<uint32_t> output;
  uint32_t labels = 0;

  bool summed(uint32_t label) const;
  // Whether one array is only looked at in another way: no sum, no product.
  bool is_view() const;
};

// False: `error` says why. `ranks`: of the operands.
bool parse_einsum(std::string_view text, const std::vector<uint32_t>& ranks, Einsum& out, std::string& error);

}  // namespace kjit::sema
