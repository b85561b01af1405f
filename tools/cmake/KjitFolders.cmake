# A folder of sources is a target: put a file into the right folder and it is built.

file(WRITE ${CMAKE_BINARY_DIR}/generated/nothing.cpp.in "// Keeps a target whose folder has no source yet.\n")
configure_file(${CMAKE_BINARY_DIR}/generated/nothing.cpp.in ${CMAKE_BINARY_DIR}/generated/nothing.cpp COPYONLY)
set(KJIT_NOTHING ${CMAKE_BINARY_DIR}/generated/nothing.cpp)

# kjit_folder(NAME dependencies...): static library kjit_NAME from every .cpp below the current directory's NAME/.
function(kjit_folder name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    set(sources ${KJIT_NOTHING})
  endif()
  add_library(kjit_${name} STATIC ${sources})
  target_include_directories(
    kjit_${name} PUBLIC ${PROJECT_SOURCE_DIR}/compiler ${PROJECT_SOURCE_DIR}/compiler/include
                        ${PROJECT_SOURCE_DIR}/runtime/include)
  target_link_libraries(kjit_${name} PUBLIC fmt::fmt ${ARGN})
endfunction()

# kjit_exports(TARGET FILE): what a shared library exports is what its version script lists.
function(kjit_exports target script)
  target_link_options(${target} PRIVATE -Wl,--version-script=${script} -Wl,--exclude-libs,ALL)
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${script})
endfunction()
