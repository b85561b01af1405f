// What a host gives to kernels: C functions, constants, and the text of modules; and what it hears: print, errors with
// places.
#include <kjit/kjit.h>

#include <cmath>
#include <cstdio>

namespace {

// A material law that the host owns; kernels call it as they call each other.
double stiffness(double temperature, int64_t material) {
  return (material == 0 ? 210.0 : 70.0) * std::exp(-temperature / 900.0);
}

const char* const kPlugin = R"(
from numba import njit
from solver import stiffness, room_temperature   # C++ gives these
from helpers import lerp                         # and this is text that C++ gives

@njit
def sweep(materials, out):
    for i in range(materials.shape[0]):
        cold = stiffness(room_temperature, materials[i])
        hot = stiffness(room_temperature + 400.0, materials[i])
        out[i] = lerp(cold, hot, 0.5)
        if out[i] < 50.0:
            raise ValueError("too soft")
    print("swept", materials.shape[0], "materials")
)";

}  // namespace

int main() {
  kjit::Options options;
  options.functions.push_back(
      kjit::host_function("solver", "stiffness", "float64(float64, int64)", stiffness, /*pure=*/true));
  options.constants["solver.room_temperature"] = 293.15;
  options.resolve_module = [](std::string_view name, std::string_view) -> std::optional<kjit::ModuleText> {
    if (name != "helpers") return std::nullopt;
    return kjit::ModuleText{"helpers.py",
                            "from numba import njit\n@njit\ndef lerp(a, b, t):\n    return a + (b - a) * t\n"};
  };
  options.write = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };

  try {
    kjit::Engine engine(std::move(options));
    kjit::Module plugin = engine.load_string(kPlugin, "plugin.py");
    auto sweep = plugin.function<void(kjit::ArrayView<const int64_t, 1>, kjit::ArrayView<double, 1>)>("sweep");

    std::vector<int64_t> materials{0, 1, 0};
    std::vector<double> out(materials.size());
    try {
      sweep(materials, out);
    } catch (const kjit::Error& error) {  // the second material is too soft
      std::printf("%s at %s:%u\n", error.what(), error.place().file.c_str(), error.place().line);
    }
    materials = {0, 0};
    sweep(materials, out);
    std::printf("%.3f %.3f\n", out[0], out[1]);
    return 0;
  } catch (const kjit::Error& error) {
    std::fputs(error.render().c_str(), stderr);
    return 1;
  }
}
