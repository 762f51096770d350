# SPDX-License-Identifier: Apache-2.0
# The front door: installs what is missing, then calls Meson, which describes the build.
#   make inspect [TARGET=path]   make test   make test-long   make bench   make lint
#   make install   make deb   make clean

BUILD = build
TARGET = examples/camera
INSPECT = --out kensa-report
PYTHON = /usr/bin/python3
KENSA = $(BUILD)/kensa
CAMERA = $(BUILD)/camera
# The built program uses the catalogue beside it, not an installed one.
export KENSA_CATALOG = $(CURDIR)/catalog

all: build

build: packages-build
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD)
	@ninja -C $(BUILD) kensa

packages-%:
	@tools/install-packages.sh $(subst -, ,$*)

# What kensa finds is no broken build: its exit code is said, and 4 (incomplete) ends well here, as
# make has only one code for "failed". 1 (below --require) was asked for, so it fails.
inspected = code=$$?; $(KENSA) inspect --help | \
	sed -n "s/^  $$code  */kensa: exit code $$code: /p" >&2; [ $$code -eq 4 ] || exit $$code

# The example is built before it is looked at; any other target is taken as it is.
inspect: packages-build-run build
ifeq ($(patsubst %/,%,$(TARGET)),examples/camera)
	@examples/camera/build.sh $(CAMERA)
	$(KENSA) inspect $(INSPECT) $(CAMERA)/weak.bin; $(inspected)
else
	$(KENSA) inspect $(INSPECT) "$(TARGET)"; $(inspected)
endif

test: packages-build-run-test build
	@ninja -C $(BUILD)
	@meson test -C $(BUILD) --print-errorlogs; unit=$$?; \
	KENSA=$(abspath $(KENSA)) $(PYTHON) -m pytest -q tests/e2e && exit $$unit

# The same with sanitizers, and the tests that take minutes.
test-long: packages-build-run-test test
	@test -f build-asan/build.ninja || \
		meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false
	KENSA_LONG=1 meson test -C build-asan --print-errorlogs --timeout-multiplier 5
	KENSA_LONG=1 KENSA=$(abspath $(KENSA)) $(PYTHON) -m pytest -q tests/e2e

bench: packages-build-run build
	meson test -C $(BUILD) --benchmark --verbose

lint: packages-build-run-test
	tools/lint.sh all

lint-quick:
	tools/lint.sh quick

install: build
	meson install -C $(BUILD)

deb: packages-build-deb
	@mkdir -p $(BUILD)
	fakeroot debian/rules clean binary

clean:
	rm -rf $(BUILD) build-asan build-lint build-deb kensa-report debian/.debhelper debian/kensa \
		debian/files debian/*.substvars debian/*.debhelper.log debian/debhelper-build-stamp

.PHONY: all build inspect test test-long bench lint lint-quick install deb clean
