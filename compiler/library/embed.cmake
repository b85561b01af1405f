# Writes OUT: the texts of FILES (a list of .py files) as one function, sema::library_text.
set(text "// Made by library/embed.cmake.\n#include \"sema/library.h\"\n\nnamespace kjit::sema {\n\n")
string(APPEND text "std::string_view library_text(std::string_view file) {\n")
foreach(file ${FILES})
  cmake_path(GET file STEM name)
  file(READ ${file} body)
  # A literal has at most 64 KiB; the delimiter appears in no file.
  string(APPEND text "  if (file == \"${name}\") return R\"kjit(" "${body}" ")kjit\";\n")
endforeach()
string(APPEND text "  return {};\n}\n\n}  // namespace kjit::sema\n")
file(WRITE ${OUT} "${text}")
