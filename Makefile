# What people type. Each goal installs what it needs first; docs of the build itself are in CMakeLists.txt.
.PHONY: throng setup demo test bench lint asan clean

throng:
	@scripts/setup.sh
	@scripts/build.sh default throng

setup:
	@scripts/setup.sh

# Counts a rendered crowd whose number is known, or a photo: make demo IMAGE=my.jpg
demo: throng
	@scripts/demo.sh $(if $(IMAGE),'$(subst ','\'',$(IMAGE))')

test:
	@scripts/setup.sh test
	@scripts/build.sh default
	ctest --test-dir build --output-on-failure

lint:
	@scripts/setup.sh lint
	@scripts/lint.sh

# Throng against PyTorch, ONNX Runtime and OpenVINO: one table, and build/bench.json. make bench THREADS=1
bench:
	@scripts/bench.sh

# The unit tests with AddressSanitizer and UndefinedBehaviorSanitizer
asan:
	@scripts/setup.sh test
	@scripts/build.sh asan
	ctest --preset asan

clean:
	rm -rf build build-asan build-lint
