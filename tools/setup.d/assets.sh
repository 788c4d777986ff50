# What comes from npm: wasm-opt, Lightning CSS, MapLibre, fonts; for the tests Playwright and Lighthouse. Sourced by tools/setup.

install_assets() {
    [ -e "$WELTGEWEBE_ASSETS/installed" ] && return 0
    say "npm: wasm-opt, Lightning CSS, MapLibre, fonts (half a minute)"
    rm -rf "$WELTGEWEBE_ASSETS"; mkdir -p "$WELTGEWEBE_ASSETS"
    cp "$WELTGEWEBE_ROOT"/tools/assets/{package.json,package-lock.json,.npmrc} "$WELTGEWEBE_ASSETS/"
    # No package's own scripts run: none of these needs one.
    (cd "$WELTGEWEBE_ASSETS" && quietly npm-assets npm ci --ignore-scripts) ||
        fail "npm could not install the build's tools" "look at the network and npm's settings (npm config list), then start again"
    touch "$WELTGEWEBE_ASSETS/installed"
}

install_browser_tests() {
    local folder=$WELTGEWEBE_ROOT/end2end
    [ -e "$folder/node_modules/.installed" ] && [ ! "$folder/package-lock.json" -nt "$folder/node_modules/.installed" ] && return 0
    say "npm: Playwright, Lighthouse (half a minute)"
    (cd "$folder" && quietly npm-end2end npm ci --ignore-scripts) ||
        fail "npm could not install the tests of the browser" "look at the network and npm's settings (npm config list), then start again"
    touch "$folder/node_modules/.installed"
}
