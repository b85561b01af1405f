// Compiles a kernel file at run time, calls a kernel through a typed handle, writes a picture.
//
//   mandelbrot KERNEL_FILE PICTURE.png
#include <kjit/kjit.h>
#include <png.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Rows of 8-bit RGB to a PNG file.
bool write_png(const std::string& path, const std::vector<uint8_t>& rgb, int64_t rows, int64_t columns) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(columns);
  image.height = static_cast<png_uint_32>(rows);
  image.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&image, path.c_str(), 0, rgb.data(), 0, nullptr)) return true;
  std::fprintf(stderr, "%s: %s\n", path.c_str(), image.message);
  return false;
}

std::vector<uint8_t> colours(const std::vector<double>& escape) {
  std::vector<uint8_t> rgb;
  rgb.reserve(escape.size() * 3);
  for (double v : escape) {
    const double t = v > 0 ? std::sqrt(v) * 0.35 : 0;
    for (double phase : {2.2, 2.8, 3.6}) {
      const double c = v > 0 ? 0.5 - 0.5 * std::cos(t * 2.0 + phase) : 0;
      rgb.push_back(static_cast<uint8_t>(std::clamp(c * 255.0, 0.0, 255.0)));
    }
  }
  return rgb;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s KERNEL_FILE PICTURE.png\n", argv[0]);
    return 2;
  }
  try {
    const int64_t rows = 720, columns = 1280;
    std::vector<double> escape(rows * columns);

    auto start = Clock::now();
    kjit::Engine engine;
    kjit::Module module = engine.load_file(argv[1]);
    auto mandelbrot = module.function<void(kjit::ArrayView<double, 2>, double, double, double, int64_t)>("mandelbrot");
    const double compiled = ms_since(start);

    start = Clock::now();
    mandelbrot({escape, {rows, columns}}, -0.743643, 0.131825, 0.006, 1000);
    const double computed = ms_since(start);

    if (!write_png(argv[2], colours(escape), rows, columns)) return 1;
    std::printf("text to callable %.1f ms, %lld x %lld points %.1f ms, wrote %s\n", compiled,
                static_cast<long long>(columns), static_cast<long long>(rows), computed, argv[2]);
    return 0;
  } catch (const kjit::Error& error) {
    std::fputs(error.render().c_str(), stderr);
    return 1;
  }
}
