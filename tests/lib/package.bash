# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The Debian packages of this tree. tests/stages/e2e builds them once, beside the build; who runs a file alone builds them here.

DEBS=$RUNVET_BUILD/debs

packages_made() {
	[[ -n $(find "$DEBS" -name '*.deb' 2>/dev/null) ]] || "$RUNVET_TREE/packaging/deb" "$DEBS" >&2
}

packages_install() {
	packages_made
	dpkg --install "$DEBS"/runvet_*.deb "$DEBS"/runvetctl_*.deb >&2
}
