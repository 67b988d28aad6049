# How rooms and their tests are declared.

find_program(THRONG_CCACHE ccache)
if(THRONG_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${THRONG_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-fpch-preprocess)
  endif()
endif()
add_compile_options(-Wall -Wextra)
# Programs too are compiled as the precompiled header is: with -fpie it would be left aside.
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)
if(THRONG_SANITIZE)
  # vptr would need the type information that torch's hidden classes do not export.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined -fno-sanitize=vptr)
endif()

include(CheckLibraries)
# A room's libraries are found in its own folder but linked wherever the room is used.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(Libtorch 2.11 REQUIRED)
set(CMAKE_BUILD_RPATH ${Libtorch_LIBRARY_DIR})
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# All files that see torch share one precompiled header.
add_library(throng_torch_header OBJECT ${PROJECT_SOURCE_DIR}/cmake/torch_header.cpp)
target_link_libraries(throng_torch_header PUBLIC Libtorch::Libtorch)
target_precompile_headers(throng_torch_header PRIVATE <ATen/ATen.h>)

# throng_room(NAME SOURCES file... [USES room...] [LINKS library...] [TORCH])
# Declares the static library throng_NAME with the alias throng::NAME.
function(throng_room name)
  cmake_parse_arguments(ROOM "TORCH" "" "SOURCES;USES;LINKS" ${ARGN})
  add_library(throng_${name} STATIC ${ROOM_SOURCES})
  add_library(throng::${name} ALIAS throng_${name})
  target_include_directories(throng_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND throng_)
  target_link_libraries(throng_${name} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_LINKS})
  foreach(library IN LISTS ROOM_LINKS)
    if(library MATCHES "^PkgConfig::")
      set_target_properties(${library} PROPERTIES IMPORTED_GLOBAL TRUE)
    endif()
  endforeach()
  if(ROOM_TORCH)
    target_link_libraries(throng_${name} PUBLIC Libtorch::Libtorch)
    target_precompile_headers(throng_${name} REUSE_FROM throng_torch_header)
    set_target_properties(throng_${name} PROPERTIES UNITY_BUILD ${THRONG_LINT} UNITY_BUILD_BATCH_SIZE 0)
  endif()
endfunction()

# Whether one of the test sources declares a case or suite with `word` in its name.
function(_throng_tests_mention word sources result)
  set(${result} FALSE PARENT_SCOPE)
  foreach(source IN LISTS sources)
    file(READ ${source} content)
    if(content MATCHES "(TEST|TEST_F|TEST_P|TEST_SUITE_P)[ \t\r\n]*\\([^)]*${word}")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# throng_test(ROOM SOURCES file... [USES room...] [LINKS library...] [TORCH])
# Declares the program ROOM_test and its entries in ctest:
#   ROOM.slow    cases with Slow in their names, label slow
#   ROOM.golden  cases with Golden in their names
#   ROOM         all others, in one entry: a torch program takes a third of a second to start
#   ROOM.CASE    all others, one entry each, in rooms without torch
function(throng_test room)
  cmake_parse_arguments(TEST "TORCH" "" "SOURCES;USES;LINKS" ${ARGN})
  add_executable(${room}_test ${TEST_SOURCES})
  list(TRANSFORM TEST_USES PREPEND throng_)
  if(TARGET throng_${room})
    list(APPEND TEST_USES throng_${room})
  endif()
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${room}_test PRIVATE THRONG_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${room}_test PRIVATE ${TEST_USES} ${TEST_LINKS} GTest::gmock GTest::gtest GTest::gtest_main Threads::Threads)

  # Which entries there are is read from the sources, so a change of them configures again.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TEST_SOURCES})
  _throng_tests_mention(Slow "${TEST_SOURCES}" slow)
  if(slow)
    add_test(NAME ${room}.slow COMMAND ${room}_test --gtest_filter=*Slow*-*Golden*)
    set_tests_properties(${room}.slow PROPERTIES LABELS slow TIMEOUT 3600)
  endif()
  _throng_tests_mention(Golden "${TEST_SOURCES}" golden)
  if(golden)
    add_test(NAME ${room}.golden COMMAND ${room}_test --gtest_filter=*Golden*)
    set_tests_properties(${room}.golden PROPERTIES TIMEOUT 3600)
  endif()
  if(TEST_TORCH)
    target_precompile_headers(${room}_test REUSE_FROM throng_torch_header)
    add_test(NAME ${room} COMMAND ${room}_test --gtest_filter=-*Slow*:*Golden*)
  else()
    include(GoogleTest)
    gtest_discover_tests(${room}_test TEST_PREFIX ${room}. DISCOVERY_TIMEOUT 60 TEST_FILTER -*Slow*:*Golden*)
  endif()
endfunction()
