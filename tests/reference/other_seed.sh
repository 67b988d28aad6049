#!/bin/bash
# other_seed.sh SOURCE_DIR TEST_PROGRAM...: golden tests on a seed and on odd sizes that are not in the repository.
set -euo pipefail
source_dir=$1
shift
for python in "$source_dir/.venv/bin/python" python3; do
  if "$python" -c 'import torch, numpy' 2>/dev/null; then
    numbers=$(mktemp -d)
    trap 'rm -rf "$numbers"' EXIT
    PYTHONDONTWRITEBYTECODE=1 "$python" "$source_dir/tests/reference/make_golden.py" "$numbers" 4711 97x131 61x200 128x128
    PYTHONDONTWRITEBYTECODE=1 "$python" "$source_dir/tests/reference/table10.py" "$numbers" 4711
    for program in "$@"; do
      THRONG_GOLDEN=$numbers "$program" --gtest_filter='*Golden*'
    done
    exit 0
  fi
done
echo "skipped: no Python with torch and numpy"
exit 77
