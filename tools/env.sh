# Sourced by every script here and by whoever works by hand: `. tools/env.sh`.
# It chooses ONE Rust toolchain, finds the build tools, and says where built things go. Changes nothing but the environment.

WELTGEWEBE_ROOT=${WELTGEWEBE_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]:-$PWD/tools/env.sh}")/.." && pwd)}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/weltgewebe
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
SQLX_OFFLINE=${SQLX_OFFLINE:-true}
# Named by its lock file, so that two clones share it and never fight over it.
WELTGEWEBE_ASSETS=$CACHE/assets-$(sha256sum "$WELTGEWEBE_ROOT/tools/assets/package-lock.json" 2>/dev/null | cut -c1-12 || true)

# Debian's own toolchain before rustup's shims: a cargo of one with a rustc of the other mixes badly.
if [ -d /usr/share/doc/rustc-web ] && [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ]; then
    PATH=/usr/bin:$PATH
else
    PATH=$PATH:$HOME/.cargo/bin
fi
PATH=$CACHE/tools/bin:$PATH

# The binaries of the newest installed PostgreSQL; Debian keeps them off the PATH.
WELTGEWEBE_POSTGRES_BIN=${WELTGEWEBE_POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)}

# What the client, style sheets and fonts are built into, and what the server embeds.
WELTGEWEBE_SITE=${WELTGEWEBE_SITE:-$CARGO_TARGET_DIR/site}

export WELTGEWEBE_ROOT WELTGEWEBE_SITE WELTGEWEBE_ASSETS WELTGEWEBE_POSTGRES_BIN CACHE CARGO_TARGET_DIR SQLX_OFFLINE PATH
