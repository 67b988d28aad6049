# Looks for a libtorch of version 2.11 or newer, inside a Python package or unpacked from its archive, and sets
# Libtorch_FOLDER and Libtorch_VERSION; Libtorch_SEEN tells what was found and not taken.
#
# Looked at in turn: Libtorch_ROOT and CMAKE_PREFIX_PATH (variable or environment), the active Python, .venv in the
# source tree. Also run as a script by scripts/setup.sh, so that set-up and build agree on which torch is meant; then
# the folder is printed, or nothing.

set(Libtorch_OLDEST 2.11)

function(_libtorch_of_python python result)
  execute_process(
    COMMAND ${python} -c
      "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

function(_libtorch_version folder result)
  file(STRINGS ${folder}/include/torch/headeronly/version.h lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3" version "${lines}")
  set(${result} "${version}" PARENT_SCOPE)
endfunction()

# pip writes RECORD last: a torch in .venv without one is an installation that was cut off.
function(_libtorch_of_venv venv result)
  _libtorch_of_python(${venv}/bin/python folder)
  file(GLOB record "${folder}/../torch-*.dist-info/RECORD")
  if(NOT record)
    set(folder "")
  endif()
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

function(_libtorch_candidates result)
  cmake_path(CONVERT "$ENV{CMAKE_PREFIX_PATH}" TO_CMAKE_PATH_LIST environment)
  set(candidates ${Libtorch_ROOT} $ENV{Libtorch_ROOT})
  foreach(prefix IN LISTS CMAKE_PREFIX_PATH environment)
    # torch.utils.cmake_prefix_path is torch/share/cmake.
    list(APPEND candidates ${prefix} ${prefix}/torch ${prefix}/../..)
  endforeach()
  foreach(python python3 python)
    _libtorch_of_python(${python} folder)
    list(APPEND candidates ${folder})
  endforeach()
  _libtorch_of_venv(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.venv folder)
  list(APPEND candidates ${folder})
  set(${result} ${candidates} PARENT_SCOPE)
endfunction()

unset(Libtorch_FOLDER)
unset(Libtorch_VERSION)
unset(Libtorch_SEEN)
_libtorch_candidates(_libtorch_folders)
foreach(folder IN LISTS _libtorch_folders)
  if(Libtorch_FOLDER OR NOT EXISTS ${folder}/lib/libtorch_cpu.so)
    continue()
  endif()
  set(version "of an old version")
  if(EXISTS ${folder}/include/torch/headeronly/version.h)
    _libtorch_version(${folder} version)
  endif()
  if(version VERSION_GREATER_EQUAL Libtorch_OLDEST)
    file(REAL_PATH ${folder} Libtorch_FOLDER)
    set(Libtorch_VERSION ${version})
  else()
    string(APPEND Libtorch_SEEN "; ${folder} is ${version}")
  endif()
endforeach()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE AND Libtorch_FOLDER)
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${Libtorch_FOLDER}")
endif()
