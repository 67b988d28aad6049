#!/bin/bash
# Installs what Throng is built with and is not there yet: Debian packages, and PyTorch into .venv unless one that is new
# enough is installed. "setup.sh lint" adds the tools of `make lint`, "setup.sh bench" the library of its small
# benchmarks, "setup.sh test" the browser that the tests look at reports with, if it can be had: without one they pass
# over that. Where nothing is missing it takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  git g++ cmake ninja-build ccache pkgconf python3 python3-venv
  libjpeg62-turbo-dev libspng-dev libwebp-dev libexif-dev libpugixml-dev zlib1g-dev
  libssl-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libgtest-dev libgmock-dev
)
if [[ ${1:-} == lint ]]; then
  packages+=(clang-format clang-tidy)
elif [[ ${1:-} == bench ]]; then
  packages+=(libbenchmark-dev)
fi

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    if [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      printf '%s\n' "$package"
    fi
  done
}

# Runs a command as root, or says what the administrator has to do.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} == 0 ]]; then
    return
  fi
  say "Installing Debian packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  # A package list that cannot be refreshed may still do, so only the installation decides.
  as_root "${apt[@]}" update || true
  if ! as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2; then
    say "These packages could not be installed; it takes root or sudo. Have them installed, then run make again:"
    say "  apt-get install ${missing[*]}"
    exit 1
  fi
}

browser_is_there() {
  local name
  for name in chromium-headless-shell chromium chromium-browser google-chrome chrome; do
    if command -v "$name" >/dev/null; then
      return 0
    fi
  done
  return 1
}

# Only tests look at pages, and pass over that without a browser, so what cannot be installed is no failure.
install_browser() {
  if browser_is_there; then
    return
  fi
  say "Installing the Debian package chromium-headless-shell, for the tests (about 100 MB)"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  as_root "${apt[@]}" update || true
  if ! as_root "${apt[@]}" install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core >&2; then
    say "There is no browser: the tests that look at pages with one will be skipped."
  fi
}

# The folder of the torch that the build will use, or nothing.
torch_folder() { cmake -P cmake/LocateLibtorch.cmake; }

install_torch() {
  local folder
  folder=$(torch_folder)
  if [[ -n $folder ]]; then
    return
  fi
  say "Installing PyTorch into .venv (a large download; PIP_INDEX_URL and pip's other variables say from where)"
  # A virtual environment that was cut off while it was made has no pip; making it again completes it.
  if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python3 -m venv .venv
  fi
  .venv/bin/python -m pip install --disable-pip-version-check --quiet --requirement scripts/requirements.txt >&2
  if [[ -z $(torch_folder) ]]; then
    say "PyTorch was installed into .venv, but its libraries are not found there. Remove .venv and run make again."
    exit 1
  fi
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  say "This is no Debian system; install by its own means what these Debian packages hold: ${packages[*]}"
  command -v cmake >/dev/null && command -v ninja >/dev/null && command -v python3 >/dev/null || exit 1
else
  install_packages
  if [[ ${1:-} == test ]]; then
    install_browser
  fi
fi
install_torch
