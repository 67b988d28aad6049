# Defines the target Libtorch::Libtorch, CPU or CUDA.
# Torch's own TorchConfig.cmake is not used: with a CUDA build it needs a matching CUDA toolkit to configure, and on a CPU
# it looks for MKL and kineto and adds a run path of its own.

include(${CMAKE_CURRENT_LIST_DIR}/LocateLibtorch.cmake)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch REQUIRED_VARS Libtorch_FOLDER VERSION_VAR Libtorch_VERSION
  REASON_FAILURE_MESSAGE
    "no PyTorch ${Libtorch_OLDEST} or newer was found: run 'make setup', or activate a Python that has one${Libtorch_SEEN}")

if(Libtorch_FOUND AND NOT TARGET Libtorch::Libtorch)
  set(Libtorch_LIBRARY_DIR ${Libtorch_FOLDER}/lib)
  add_library(Libtorch::Libtorch INTERFACE IMPORTED)
  target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE
    ${Libtorch_FOLDER}/include ${Libtorch_FOLDER}/include/torch/csrc/api/include)
  target_link_libraries(Libtorch::Libtorch INTERFACE ${Libtorch_LIBRARY_DIR}/libtorch_cpu.so ${Libtorch_LIBRARY_DIR}/libc10.so)
  if(EXISTS ${Libtorch_LIBRARY_DIR}/libtorch_cuda.so)
    set(Libtorch_CUDA TRUE)
    # Nothing refers to it by symbol: its operators register themselves when it is loaded.
    target_link_libraries(Libtorch::Libtorch INTERFACE
      "-Wl,--no-as-needed" ${Libtorch_LIBRARY_DIR}/libtorch_cuda.so ${Libtorch_LIBRARY_DIR}/libc10_cuda.so "-Wl,--as-needed")
  endif()
endif()
