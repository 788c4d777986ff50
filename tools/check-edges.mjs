// Keeps the edges between the crates: which depends on which, who may use sqlx, axum, redis or the browser, and what no crate or module is called.
//   node tools/check-edges.mjs             checks this workspace
//   node tools/check-edges.mjs --self-test checks the checker on planted faults
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";

/** Each crate → the crates of this workspace it may depend on. One that is not listed here is refused. */
const MAY_DEPEND_ON = {
    domain: [],
    store: ["domain"],
    live: ["domain"],
    app: ["domain"],
    frontend: ["app", "domain"],
    demo: ["domain", "store"],
    picture: ["domain"],
    server: ["domain", "store", "live", "app", "demo", "picture"],
    load: [],
};

/** A dependency → the only crates that may name it directly. */
const ONLY_IN = {
    sqlx: ["store"],
    rusqlite: ["store"],
    axum: ["server"],
    redis: ["server"],
    "tiny-skia": ["picture"],
    "web-sys": ["frontend"],
    "js-sys": ["frontend"],
};

const NO_NAME = /^(common|utils?|helpers?|shared|core)$/;

/**
 * All that is wrong, as sentences.
 * @param {{name: string, dependencies: {name: string, path?: string}[]}[]} packages the workspace's, as `cargo metadata --no-deps` has them
 * @param {string[]} paths of all Rust files
 * @param {{path: string, text: string}[]} modules lines that declare a module
 * @param {string[]} h3o feature lists of every h3o in the graph
 */
export function faults({ packages, paths, modules, h3o }) {
    const found = [];
    const ours = new Set(packages.map((one) => one.name));
    for (const { name, dependencies } of packages) {
        if (NO_NAME.test(name)) found.push(`crate ${name}: a name that says nothing about what is in it`);
        if (!(name in MAY_DEPEND_ON)) {
            found.push(`crate ${name} is not in MAY_DEPEND_ON: say there what it may depend on`);
            continue;
        }
        for (const dependency of new Set(dependencies.map((one) => one.name))) {
            if (ours.has(dependency) && dependency !== name && !MAY_DEPEND_ON[name].includes(dependency))
                found.push(`${name} depends on ${dependency}: dependencies point one way, see ARCHITECTURE.md`);
            const allowed = ONLY_IN[dependency];
            if (allowed && !allowed.includes(name)) found.push(`${name} depends on ${dependency}: only ${allowed.join(", ")} may`);
        }
    }
    for (const path of paths)
        for (const part of path.split("/"))
            if (NO_NAME.test(part.replace(/\.rs$/, ""))) found.push(`${path}: a name that says nothing about what is in it`);
    for (const { path, text } of modules) {
        const name = text.match(/\bmod\s+(\w+)/)?.[1];
        if (name && NO_NAME.test(name)) found.push(`${path}: module ${name}: a name that says nothing about what is in it`);
    }
    for (const features of h3o)
        if (features.split(",").includes("std")) found.push("h3o is built with std: the client would carry it, and its float functions would be the platform's");
    return found;
}

function selfTest() {
    const sound = {
        packages: [
            { name: "domain", dependencies: [{ name: "h3o" }, { name: "serde" }] },
            { name: "store", dependencies: [{ name: "domain" }, { name: "sqlx" }] },
            { name: "frontend", dependencies: [{ name: "app" }, { name: "web-sys" }] },
            { name: "app", dependencies: [{ name: "domain" }] },
            { name: "server", dependencies: [{ name: "store" }, { name: "axum" }, { name: "redis" }] },
        ],
        paths: ["domain/src/weave/decide.rs", "store/src/door.rs"],
        modules: [{ path: "domain/src/lib.rs", text: "pub mod weave;" }],
        h3o: ["", "typed_floats"],
    };
    const plant = (change) => {
        const planted = structuredClone(sound);
        change(planted);
        return faults(planted);
    };
    const refused = (change, sentence) => {
        const found = plant(change);
        assert.equal(found.length, 1, `one fault expected, found: ${JSON.stringify(found)}`);
        assert.match(found[0], sentence);
    };
    assert.deepEqual(faults(sound), []);
    refused((it) => it.packages[0].dependencies.push({ name: "store" }), /domain depends on store/);
    refused((it) => it.packages[3].dependencies.push({ name: "store" }), /app depends on store/);
    refused((it) => it.packages[4].dependencies.push({ name: "frontend" }), /server depends on frontend/);
    refused((it) => it.packages[4].dependencies.push({ name: "sqlx" }), /server depends on sqlx: only store/);
    refused((it) => it.packages[4].dependencies.push({ name: "rusqlite" }), /server depends on rusqlite: only store/);
    refused((it) => it.packages[3].dependencies.push({ name: "axum" }), /app depends on axum: only server/);
    refused((it) => it.packages[1].dependencies.push({ name: "redis" }), /store depends on redis: only server/);
    refused((it) => it.packages[3].dependencies.push({ name: "web-sys" }), /app depends on web-sys: only frontend/);
    refused((it) => it.packages[3].dependencies.push({ name: "js-sys" }), /app depends on js-sys: only frontend/);
    refused((it) => it.packages.push({ name: "extra", dependencies: [] }), /crate extra is not in MAY_DEPEND_ON/);
    refused((it) => it.paths.push("app/src/utils.rs"), /app\/src\/utils\.rs/);
    refused((it) => it.paths.push("store/tests/common/mod.rs"), /store\/tests\/common\/mod\.rs/);
    refused((it) => it.modules.push({ path: "app/src/lib.rs", text: "pub(crate) mod helpers {" }), /module helpers/);
    refused((it) => it.h3o.push("default,std"), /h3o is built with std/);
}

function run(command, ...args) {
    return execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
}

function lines(text) {
    return text.split("\n").filter((line) => line !== "");
}

/** What git knows, and what it does not know yet but does not ignore either. */
function rustFiles() {
    return lines(run("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.rs"));
}

function moduleLines() {
    let text = "";
    try {
        text = run("git", "grep", "--untracked", "-E", "^ *(pub(\\([a-z]+\\))? +)?mod +[a-z_]+", "--", "*.rs");
    } catch (error) {
        if (error.status !== 1) throw error; // 1: no line matches
    }
    return lines(text).map((line) => ({ path: line.slice(0, line.indexOf(":")), text: line.slice(line.indexOf(":") + 1) }));
}

function h3oFeatures() {
    const trees = [["--workspace", "--exclude", "frontend"], ["--package", "frontend", "--target", "wasm32-unknown-unknown"]];
    const found = [];
    for (const part of trees)
        for (const line of lines(run("cargo", "tree", "--locked", ...part, "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{f}")))
            if (/^h3o v/.test(line)) found.push(line.split("|")[1].replace(/ \(\*\)$/, ""));
    if (found.length === 0) throw new Error("h3o is nowhere in the graph: this check looks at nothing");
    return [...new Set(found)];
}

selfTest();
if (!process.argv.includes("--self-test")) {
    const { packages } = JSON.parse(run("cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"));
    const found = faults({ packages, paths: rustFiles(), modules: moduleLines(), h3o: h3oFeatures() });
    for (const sentence of found) console.error(sentence);
    if (found.length > 0) process.exit(1);
}
