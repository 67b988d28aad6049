#!/bin/bash
# bench.sh [OPTION]...: Throng against PyTorch, ONNX Runtime and OpenVINO; bench.sh --help lists the options.
# The peers are installed into build/bench-venv. THREADS says how many threads each engine has.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=build/bench-venv
say() { printf '%s\n' "$*" >&2; }

# The Python that the PyTorch of the build belongs to; python3 where it belongs to none.
python_of_torch() {
  local folder=$1 python
  for python in .venv/bin/python python3 python; do
    if [[ $("$python" -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])" \
        2>/dev/null) -ef $folder ]]; then
      command -v "$python"
      return
    fi
  done
  command -v python3
}

install_peers() {
  if [[ -e $venv/requirements.txt ]] && cmp -s bench/requirements.txt "$venv/requirements.txt"; then
    return
  fi
  say "Installing the peers into $venv (bench/requirements.txt; pip's own settings say from where)"
  local torch python
  torch=$(cmake -P cmake/LocateLibtorch.cmake)
  python=$(python_of_torch "$torch")
  rm -rf "$venv"
  "$python" -m venv "$venv"
  # PyTorch is taken from where the build found it; what is installed here goes first.
  if [[ $("$python" -c "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')") -ef $torch ]]; then
    dirname "$torch" > "$("$venv/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")/torch_of_the_build.pth"
  else
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --requirement scripts/requirements.txt >&2
  fi
  "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --requirement bench/requirements.txt >&2
  cp bench/requirements.txt "$venv/requirements.txt"  # last: the mark that all is there
}

# Parts by themselves and the start of a process: only in a whole bench, not where options choose of it.
measure_the_rest() {
  say "How long a process takes to start"
  "$venv/bin/python" bench/cold_start.py
  say "Small benchmarks of single parts"
  build/micro_bench --benchmark_min_time=0.1 --benchmark_out=build/micro_bench.json --benchmark_out_format=json
}

scripts/setup.sh bench
scripts/build.sh default throng throng_bench micro_bench load_only >&2
install_peers
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" bench/bench.py ${THREADS:+--threads "$THREADS"} "$@"
if (($# == 0)); then
  measure_the_rest
fi
