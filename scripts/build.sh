#!/bin/bash
# build.sh PRESET [TARGET...]: configures and builds a preset of CMakePresets.json.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift

# A file that includes torch takes about 1.3 GB to compile: no more jobs at a time than memory allows.
jobs() {
  local cores available limit
  cores=$(nproc)
  available=$(($(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo) * 1024))  # in the shell: some awks round
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit < available)); then
    available=$limit
  fi
  local fitting=$((available / 1400000000))
  ((fitting < 1)) && fitting=1
  echo $((fitting < cores ? fitting : cores))
}

if ! cmake --preset "$preset" >/dev/null; then
  echo "Configuring failed; the message above says why." >&2
  exit 1
fi
targets=()
if (($# > 0)); then
  targets=(--target "$@")
fi
cmake --build --preset "$preset" --parallel "$(jobs)" "${targets[@]}"
