# Finds libtorch inside a Python package or an unpacked libtorch, CPU or CUDA, and defines the target Libtorch::Libtorch.
# Torch's own TorchConfig.cmake is not used: with a CUDA build it needs a matching CUDA toolkit to configure, and on a CPU
# it looks for MKL and kineto and adds a run path of its own.
#
# Looked at in turn: Libtorch_ROOT, CMAKE_PREFIX_PATH, the active Python, .venv in the source tree.

function(_libtorch_of_python python result)
  execute_process(
    COMMAND ${python} -c "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

set(_libtorch_candidates ${Libtorch_ROOT} $ENV{Libtorch_ROOT})
foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
  list(APPEND _libtorch_candidates ${prefix} ${prefix}/torch ${prefix}/../..)
endforeach()
foreach(python python3 ${PROJECT_SOURCE_DIR}/.venv/bin/python)
  _libtorch_of_python(${python} _libtorch_folder)
  list(APPEND _libtorch_candidates ${_libtorch_folder})
endforeach()

foreach(folder IN LISTS _libtorch_candidates)
  if(NOT Libtorch_FOLDER AND EXISTS ${folder}/lib/libtorch_cpu.so AND EXISTS ${folder}/include/torch/headeronly/version.h)
    file(REAL_PATH ${folder} Libtorch_FOLDER)
  endif()
endforeach()

if(Libtorch_FOLDER)
  file(STRINGS ${Libtorch_FOLDER}/include/torch/headeronly/version.h _libtorch_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3" Libtorch_VERSION "${_libtorch_lines}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch REQUIRED_VARS Libtorch_FOLDER VERSION_VAR Libtorch_VERSION
  REASON_FAILURE_MESSAGE "no PyTorch 2.11 or newer was found: run 'make setup', or activate a Python that has one")

if(Libtorch_FOUND AND NOT TARGET Libtorch::Libtorch)
  set(Libtorch_LIBRARY_DIR ${Libtorch_FOLDER}/lib)
  add_library(Libtorch::Libtorch INTERFACE IMPORTED)
  target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE
    ${Libtorch_FOLDER}/include ${Libtorch_FOLDER}/include/torch/csrc/api/include)
  target_link_libraries(Libtorch::Libtorch INTERFACE ${Libtorch_LIBRARY_DIR}/libtorch_cpu.so ${Libtorch_LIBRARY_DIR}/libc10.so)
  if(EXISTS ${Libtorch_LIBRARY_DIR}/libtorch_cuda.so)
    # Nothing refers to it by symbol: its operators register themselves when it is loaded.
    target_link_libraries(Libtorch::Libtorch INTERFACE
      "-Wl,--no-as-needed" ${Libtorch_LIBRARY_DIR}/libtorch_cuda.so ${Libtorch_LIBRARY_DIR}/libc10_cuda.so "-Wl,--as-needed")
  endif()
endif()
