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
    # The headers of CUDA's runtime, which PyTorch's class for CUDA graphs includes: a toolkit's, or those of the packages
    # nvidia-cuda-runtime, which a torch for CUDA brings, and nvidia-cuda-crt (nvidia-cuda-nvcc-cu12), which it does not.
    set(_libtorch_nvidia ${Libtorch_FOLDER}/../nvidia)
    find_path(Libtorch_CUDA_RUNTIME_INCLUDE cuda_runtime.h
      HINTS ${_libtorch_nvidia}/cu13 ${_libtorch_nvidia}/cuda_runtime ENV CUDA_HOME PATHS /usr/local/cuda
      PATH_SUFFIXES include)
    find_path(Libtorch_CUDA_CRT_INCLUDE crt/host_config.h
      HINTS ${_libtorch_nvidia}/cu13 ${_libtorch_nvidia}/cuda_nvcc ENV CUDA_HOME PATHS /usr/local/cuda
      PATH_SUFFIXES include)
    mark_as_advanced(Libtorch_CUDA_RUNTIME_INCLUDE Libtorch_CUDA_CRT_INCLUDE)
    if(Libtorch_CUDA_RUNTIME_INCLUDE AND Libtorch_CUDA_CRT_INCLUDE)
      set(Libtorch_CUDA_INCLUDES ${Libtorch_CUDA_RUNTIME_INCLUDE} ${Libtorch_CUDA_CRT_INCLUDE})
    else()
      message(STATUS "No CUDA graphs: the headers of CUDA's runtime were not found (pip install nvidia-cuda-crt)")
    endif()
  endif()
endif()
