# Debian's packages. Sourced by tools/setup.

# One a line: package, and what is there when it is not needed any more (another source may have brought it).
packages_for() {
    cat <<'LIST'
make            make
git             git
ca-certificates /etc/ssl/certs/ca-certificates.crt
nodejs          node
npm             npm
gcc             cc
g++             c++
libc6-dev       /usr/include/stdio.h
pkg-config      pkg-config
redis-server    redis-server
LIST
    if [ "$DISTRIBUTION" = debian12 ]; then
        cat <<'LIST'
rustc-web            /usr/share/doc/rustc-web
cargo-web            /usr/share/doc/cargo-web
rust-web-src         /usr/share/doc/rust-web-src
lld-22               /usr/lib/llvm-22/bin/lld
postgresql-15           /usr/lib/postgresql/15/bin/postgres
postgresql-15-postgis-3 /usr/share/postgresql/15/extension/postgis.control
LIST
    else
        cat <<'LIST'
postgresql         /usr/lib/postgresql/*/bin/postgres
postgresql-postgis /usr/share/postgresql/*/extension/postgis.control
LIST
    fi
    [ "$1" = test ] || return 0
    echo "chromium chromium"
    echo "libnss3-tools certutil"
    echo "iproute2 ip"
    echo "fonts-dejavu-core /usr/share/fonts/truetype/dejavu"
    [ "$DISTRIBUTION" = debian12 ] || return 0
    echo "rust-web-clippy /usr/share/doc/rust-web-clippy"
    echo "rustfmt-web /usr/share/doc/rustfmt-web"
}

# There when it is a path (or pattern) that exists, or a command that is found.
is_there() {
    case $1 in
        /*) compgen -G "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# explain_failed_install: ends the set-up; apt's last lines have just been shown.
explain_failed_install() {
    # An update that reached no archive is only a warning to apt.
    grep -E '^(W|E|Err):?[: ]' "$CACHE/logs/apt-update" | tail -n 5 >&2 || true
    if [ "$DISTRIBUTION" = debian12 ] && ! apt-cache show lld-22 >/dev/null 2>&1; then
        local add='tee -a /etc/apt/sources.list'
        [ "$(id -u)" = 0 ] || add="sudo $add"
        fail "apt-get does not find Debian's current Rust, which is in the security archive of Debian 12" \
            "add that archive, then start again:
      echo 'deb http://deb.debian.org/debian-security bookworm-security main' | $add"
    fi
    fail "apt-get could not install the packages" "read the lines above: the network, /etc/apt or the disk; then start again"
}

install_packages() {
    local missing=() package witness had_redis=yes
    while read -r package witness; do
        is_there "$witness" || missing+=("$package")
    done < <(packages_for "$1")
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}" \
        "install these with your system's package manager; the scripts know how only on Debian and Ubuntu"

    say "Debian packages: ${missing[*]} (1 to 10 minutes)"
    # Without this the package makes and starts a cluster of its own on port 5432; ours lives in the data folder.
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    command -v redis-server >/dev/null || had_redis=no
    quietly apt-update as_root apt-get update || fail "apt-get update did not work" "look at the network and /etc/apt"
    quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${missing[@]}" || explain_failed_install
    # The package starts a Redis for the whole machine; we only want the program.
    if [ "$had_redis" = no ]; then
        if [ -d /run/systemd/system ]; then
            as_root systemctl disable --now redis-server >/dev/null 2>&1 || true
        else
            as_root service redis-server stop >/dev/null 2>&1 || true
        fi
    fi
}

# A modern Node for the browser tests where Debian's is too old: the one from npm, under our own tools.
link_modern_node() {
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -lt 20 ] || return 0
    local binary
    binary=$(compgen -G "$WELTGEWEBE_ASSETS/node_modules/node-linux-*/bin/node" | head -n 1)
    [ -n "$binary" ] || fail "Node $major is too old and npm brought none for this processor" "install Node 20 or newer"
    mkdir -p "$CACHE/tools/bin"
    ln -sfn "$binary" "$CACHE/tools/bin/node"
}
