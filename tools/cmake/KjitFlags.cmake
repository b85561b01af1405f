# Compiler, linker and cache settings that hold for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/archives)
# Relative, so that the tree can be moved; a plain dlopen("libkjit-llvm.so") finds its neighbour through it too.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_BUILD_RPATH "$ORIGIN/../lib;$ORIGIN")
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib;$ORIGIN")

set(KJIT_SANITIZE "" CACHE STRING "Comma-separated sanitizers, as for -fsanitize=")

add_compile_options(-Wall -Wextra -Werror -ffunction-sections -fdata-sections -fno-math-errno)
add_link_options(-fuse-ld=lld -Wl,--gc-sections -Wl,--as-needed -Wl,-z,lazy -Wl,-z,pack-relative-relocs)
if(KJIT_SANITIZE)
  # vptr and function compare type information across libraries that hide their symbols, and with an LLVM built without it.
  add_compile_options(-fsanitize=${KJIT_SANITIZE} -fno-sanitize=vptr,function -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KJIT_SANITIZE} -fno-sanitize=vptr,function)
  add_compile_definitions(KJIT_SANITIZED=1)
else()
  # A sanitizer's runtime comes with the program, so only plain libraries can be asked to be complete.
  string(APPEND CMAKE_SHARED_LINKER_FLAGS " -Wl,-z,defs")
endif()
if(CMAKE_COLOR_DIAGNOSTICS OR CMAKE_GENERATOR STREQUAL Ninja)
  add_compile_options(-fcolor-diagnostics)
endif()

# Work trees share one cache: paths are hashed relative to the tree. The sloppiness is what precompiled headers need.
find_program(KJIT_CCACHE ccache)
if(KJIT_CCACHE)
  set(kjit_launcher
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${KJIT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${kjit_launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${kjit_launcher})
endif()
