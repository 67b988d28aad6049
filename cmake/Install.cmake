# What `cmake --install` puts down: the program, the shared library with its public headers, the models, libtorch, and the
# files for find_package(throng). The tree can be moved as a whole.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(THRONG_PRIVATE_LIBDIR ${CMAKE_INSTALL_LIBDIR}/throng)
file(RELATIVE_PATH THRONG_LIBDIR_FROM_BIN /${CMAKE_INSTALL_BINDIR} /${THRONG_PRIVATE_LIBDIR})

# The public API lives in these two rooms; everything else is linked in and stays hidden.
add_library(throng_shared SHARED $<TARGET_OBJECTS:throng_image> $<TARGET_OBJECTS:throng_infer>)
add_library(throng::throng ALIAS throng_shared)
target_link_libraries(throng_shared PRIVATE throng_image throng_infer)
target_include_directories(throng_shared INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(throng_shared INTERFACE cxx_std_20)
set_target_properties(throng_shared PROPERTIES
  OUTPUT_NAME throng EXPORT_NAME throng LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

# A CUDA build of libtorch brings several gigabytes of libraries of its own, so it is used where it lies.
set(THRONG_TORCH_RPATH "")
if(Libtorch_CUDA)
  set(THRONG_TORCH_RPATH ${Libtorch_LIBRARY_DIR})
else()
  file(GLOB THRONG_TORCH_FILES ${Libtorch_LIBRARY_DIR}/libtorch_cpu.so ${Libtorch_LIBRARY_DIR}/libc10.so
    ${Libtorch_LIBRARY_DIR}/libgomp*.so* ${Libtorch_LIBRARY_DIR}/../../torch.libs/*.so*)
  install(FILES ${THRONG_TORCH_FILES} DESTINATION ${THRONG_PRIVATE_LIBDIR})
endif()
set(THRONG_LIBRARY_RPATH "$ORIGIN/throng" ${THRONG_TORCH_RPATH})
set(THRONG_PROGRAM_RPATH "$ORIGIN/${THRONG_LIBDIR_FROM_BIN}" ${THRONG_TORCH_RPATH})
set_target_properties(throng_shared PROPERTIES INSTALL_RPATH "${THRONG_LIBRARY_RPATH}")
set_target_properties(throng PROPERTIES INSTALL_RPATH "${THRONG_PROGRAM_RPATH}")

install(TARGETS throng_shared EXPORT throng LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS throng RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/throng DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/throng
  FILES_MATCHING PATTERN "*.safetensors" PATTERN "*.md")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/throng
  FILES_MATCHING PATTERN "*.toml" PATTERN "*.md")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(THRONG_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/throng)
install(EXPORT throng NAMESPACE throng:: FILE throngTargets.cmake DESTINATION ${THRONG_CONFIG_DIR})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/throngConfig.cmake.in
  ${PROJECT_BINARY_DIR}/throngConfig.cmake INSTALL_DESTINATION ${THRONG_CONFIG_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/throngConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/throngConfig.cmake ${PROJECT_BINARY_DIR}/throngConfigVersion.cmake
  DESTINATION ${THRONG_CONFIG_DIR})
