# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Bundles for tests and the demonstration: busybox, and the config.json that runc writes.

# rootfs_make DIR: a root file system of busybox.
rootfs_make() {
	local one
	mkdir -p "$1"/{bin,dev,etc,proc,sys,tmp}
	cp "$(command -v busybox)" "$1/bin/busybox"
	for one in sh cat echo env false id kill ls sleep stat true; do
		ln -sf busybox "$1/bin/$one"
	done
}

# What this machine lets runc and crun do: rlimits may not be raised without CAP_SYS_RESOURCE.
CONFIG_FITS='.process.terminal = false | .process.rlimits = [] | .process.args = ["/bin/echo", "hi"]'

# bundle_make DIR [JQ]: a bundle whose config.json is `runc spec`'s, made to fit, then changed by JQ.
bundle_make() {
	rm -rf "$1"
	mkdir -p "$1"
	rootfs_make "$1/rootfs"
	(cd "$1" && runc spec)
	jq "$CONFIG_FITS | ${2:-.}" "$1/config.json" >"$1/new"
	mv "$1/new" "$1/config.json"
	chmod 644 "$1/config.json"
}
