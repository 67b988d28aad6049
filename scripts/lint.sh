#!/bin/bash
# Checks the layout of all files with clang-format and the sources with clang-tidy (.clang-tidy).
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror

# clang-tidy spends 20 seconds on each file that sees torch, nearly all of it in torch's headers, so each room is checked
# as one file that includes its sources (CMake's unity build). Names in the unnamed namespaces of a room must differ.
cmake --preset lint >/dev/null
run-clang-tidy -quiet -p build-lint '/src/.*/unity_[0-9]+_cxx\.cxx$' 2>/dev/null
