# The outside libraries, all of them Debian packages (tools/packages.txt).
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)

# The half that needs LLVM uses these components only; kjit_llvm carries headers and archives.
find_package(LLVM 22.1 REQUIRED CONFIG PATHS /usr/lib/llvm-22/lib/cmake/llvm NO_DEFAULT_PATH)
set(KJIT_LLVM_COMPONENTS
    orcjit orcdebugging orctargetprocess jitlink passes irreader bitwriter linker
    x86codegen x86asmparser x86desc x86info x86disassembler
    nvptxcodegen nvptxdesc nvptxinfo
    option debuginfodwarf plugins)
llvm_map_components_to_libnames(kjit_llvm_archives ${KJIT_LLVM_COMPONENTS})
add_library(kjit_llvm_headers INTERFACE)
target_include_directories(kjit_llvm_headers SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(kjit_llvm_definitions UNIX_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(kjit_llvm_headers INTERFACE ${kjit_llvm_definitions})
add_library(kjit_llvm_archives INTERFACE)
# The linker, which stands in libkjit-llvm too (compiler/codegen/shared_object). Archives by path: LLVM's target for LTO asks for Polly's
# archives, which Debian does not have. --wrap: the linker would set LLVM's options back.
set(kjit_lld)
foreach(name lldELF lldCommon LLVMDTLTO LLVMLTO)
  find_library(KJIT_${name} lib${name}.a PATHS /usr/lib/llvm-22/lib NO_DEFAULT_PATH REQUIRED)
  list(APPEND kjit_lld ${KJIT_${name}})
endforeach()
target_link_libraries(kjit_llvm_archives INTERFACE ${kjit_lld} ${kjit_llvm_archives} Threads::Threads ${CMAKE_DL_LIBS})
target_link_options(kjit_llvm_archives INTERFACE -Wl,--wrap=_ZN4llvm2cl25ResetAllOptionOccurrencesEv)

# ANTLR's runtime is linked dynamically: Debian's archive holds position-dependent thread-local code, which no shared library can take.
find_library(KJIT_ANTLR_RUNTIME antlr4-runtime REQUIRED)
find_program(KJIT_ANTLR_TOOL antlr4 REQUIRED)
add_library(kjit_antlr INTERFACE)
target_include_directories(kjit_antlr SYSTEM INTERFACE /usr/include/antlr4-runtime)
target_link_libraries(kjit_antlr INTERFACE ${KJIT_ANTLR_RUNTIME} Threads::Threads)

find_library(KJIT_XXHASH_ARCHIVE libxxhash.a REQUIRED)
add_library(kjit_xxhash INTERFACE)
target_link_libraries(kjit_xxhash INTERFACE ${KJIT_XXHASH_ARCHIVE})

find_program(KJIT_FILECHECK NAMES FileCheck-22 PATHS /usr/lib/llvm-22/bin REQUIRED)
