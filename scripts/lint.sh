#!/bin/bash
# Checks the layout of all files with clang-format and the sources with clang-tidy (.clang-tidy).
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror

# clang-tidy spends 20 seconds on each file that sees torch, nearly all of it in torch's headers, so a room with torch is
# checked as one file that includes its sources: names in the unnamed namespaces of such a room must differ.
cmake --preset lint >/dev/null
run-clang-tidy -quiet -p build-lint "$PWD/(build-lint/)?src/" 2>/dev/null
