# Rust's toolchain, its wasm32 library, and the tools that cargo builds. Sourced by tools/setup.

# cargo install at a fraction of the usual time: these tools run for seconds, so optimising them for minutes does not pay.
cargo_install() {
    local name=$1; shift
    quietly "cargo-install-$name" env -u CARGO_TARGET_DIR \
        CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$CACHE/install-target" \
        cargo install --quiet --root "$CACHE/tools" "$@" || fail "cargo could not install $name" \
        "read the lines above; without a network it can't work, else start again"
}

check_rust() {
    command -v cargo >/dev/null && command -v rustc >/dev/null || fail "there is no Rust toolchain" \
        "install rustup from https://rustup.rs (stable, 1.96 or newer), then start again"
    local minor
    minor=$(rustc --version | sed 's/^rustc 1\.\([0-9]*\).*/\1/')
    [ "$minor" -ge 95 ] || fail "$(rustc --version) is too old" "rustup update stable, or on Debian 12: apt-get install rustc-web"
}

# The standard library for the browser. rustup downloads it; beside Debian's rustc-web there is only its source, which
# matches and builds in half a minute.
install_wasm_target() {
    local sysroot library stamp
    sysroot=$(rustc --print sysroot)
    library=$sysroot/lib/rustlib/wasm32-unknown-unknown
    if [ ! -d /usr/share/doc/rustc-web ]; then
        compgen -G "$library/lib/libcore-*.rlib" >/dev/null && return 0
        say "rustup: the wasm32 target (under a minute)"
        timeout 120 rustup target add wasm32-unknown-unknown || fail "the wasm32 target could not be downloaded" \
            "rustup target add wasm32-unknown-unknown, or on Debian 12 use rustc-web, cargo-web and rust-web-src from apt"
        return 0
    fi
    stamp=$library/built-for
    if [ "$(cat "$stamp" 2>/dev/null)" != "$(rustc -vV)" ] || ! compgen -G "$library/lib/libcore-*.rlib" >/dev/null; then
        build_wasm_target "$library"
    fi
    local linker
    linker=$sysroot/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
    if [ ! -x "$linker" ]; then
        say "the linker for wasm32 (a link to Debian's lld)"
        as_root mkdir -p "$(dirname "$linker")"
        as_root ln -sfn /usr/lib/llvm-22/bin/lld "$linker"
    fi
}

build_wasm_target() {
    local library=$1 version build
    say "building the standard library for wasm32 (about a minute)"
    version=$(rustc --version | cut -d' ' -f2)
    [ -d "/usr/src/rustc-$version/library" ] || fail "the library source of Rust $version is missing" \
        "apt-get install rust-web-src, in the version of rustc-web"
    build=$CACHE/wasm-library
    rm -rf "$build"; mkdir -p "$build"
    cp -r "/usr/src/rustc-$version/library" "$build/"
    # From the source's own folder, so that neither this workspace's flags nor its lock file play into it.
    (cd "$build/library" && quietly wasm-library env RUSTC="$(command -v rustc)" RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
        cargo build --manifest-path sysroot/Cargo.toml --release --target wasm32-unknown-unknown \
        --features panic-unwind,compiler-builtins-mem --target-dir "$build/out") ||
        fail "the wasm32 library did not build" "read the lines above: the network, or rustc-web, cargo-web and rust-web-src are not of one version"
    as_root mkdir -p "$library/lib"
    as_root sh -c "rm -f '$library'/lib/*.rlib && cp '$build'/out/wasm32-unknown-unknown/release/deps/*.rlib '$library/lib/'"
    rustc -vV | as_root tee "$library/built-for" >/dev/null
    rm -rf "$build"
}

# Exactly the version that the lock file has: the two halves of wasm-bindgen must match.
install_wasm_bindgen() {
    local wanted
    wanted=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;q}' "$WELTGEWEBE_ROOT/Cargo.lock")
    [ -n "$wanted" ] || wanted=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)"$/\1/p' "$WELTGEWEBE_ROOT/Cargo.toml")
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $wanted" ] && return 0
    say "wasm-bindgen $wanted (about 2 minutes)"
    cargo_install wasm-bindgen wasm-bindgen-cli --version "$wanted" --no-default-features --force
}

install_fuzzer() {
    command -v cargo-fuzz >/dev/null && return 0
    say "cargo-fuzz (about a minute)"
    cargo_install fuzz cargo-fuzz --locked
}

install_test_tools() {
    if ! command -v cargo-nextest >/dev/null; then
        say "cargo-nextest, the test runner (about 4 minutes)"
        cargo_install nextest cargo-nextest --locked
    fi
    if ! command -v cargo-deny >/dev/null; then
        say "cargo-deny, which checks licences and crates (about 3 minutes)"
        cargo_install deny cargo-deny --locked
    fi
}
