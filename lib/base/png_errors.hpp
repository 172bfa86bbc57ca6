#pragma once
#include <png.h>

#include <csetjmp>
#include <string>

namespace attune {

// What libpng says instead of its result. It gives up by longjmp to `give_up`, so what holds this
// must outlive the setjmp, and libpng is never called from a frame that holds objects with
// destructors.
struct PngErrors {
  std::string problem;
  std::jmp_buf give_up;

  // For png_create_*_struct, whose error pointer is a PngErrors*.
  static void on_error(png_structp png, png_const_charp message) {
    auto* errors = static_cast<PngErrors*>(png_get_error_ptr(png));
    errors->problem = message;
    std::longjmp(errors->give_up, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  std::string text() const { return "PNG: " + (problem.empty() ? "failed" : problem); }
};

}  // namespace attune
