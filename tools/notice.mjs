// Writes what the browser gets from others, with each licence's text, as the licences ask for: what `public/NOTICE` says
// of files from npm, and then the crates, which cargo knows.
//   node tools/notice.mjs ASSETS > NOTICE.txt
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const assets = process.argv[2];
/** npm packages whose files the site has as they are. */
const SERVED = ["maplibre-gl", "@fontsource-variable/source-sans-3"];
const LICENCE_FILE = /^(licen[cs]e|copying|copyright|unlicense|notice)/i;

/** Licence texts in a folder; of a crate under "MIT OR Apache-2.0" the MIT text is the one that we use. */
function texts(folder) {
    let names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => LICENCE_FILE.test(name)) : [];
    if (names.some((name) => /mit/i.test(name))) names = names.filter((name) => /mit/i.test(name));
    return names
        .map((name) => path.join(folder, name))
        .filter((file) => fs.statSync(file).isFile())
        .map((file) => fs.readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim());
}

/** Crates in the client, from cargo's own tree, as [name and version, licence, folder]. */
function crates() {
    const registry = path.join(process.env.CARGO_HOME ?? path.join(os.homedir(), ".cargo"), "registry/src");
    const sources = fs.existsSync(registry) ? fs.readdirSync(registry) : [];
    const tree = execFileSync("cargo", ["tree", "--locked", "--package", "frontend", "--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}|{l}"], { encoding: "utf8", maxBuffer: 1 << 28 });
    const found = new Map();
    for (const line of tree.split("\n")) {
        const match = line.match(/^(\S+) v(\S+)( \(proc-macro\))?\|(.*?)( \(\*\))?$/);
        if (!match || match[3]) continue;
        const name = `${match[1]}-${match[2]}`;
        const folder = sources.map((source) => path.join(registry, source, name)).find((one) => fs.existsSync(one));
        if (folder) found.set(name, [`${match[1]} ${match[2]}`, match[4], folder]);
    }
    return [...found.values()];
}

/** What is served as it came from npm stands in `public/NOTICE`, which is kept by hand: is it of the versions that we serve? */
function kept() {
    const text = fs.readFileSync("public/NOTICE", "utf8");
    for (const name of SERVED) {
        const { version, license } = JSON.parse(fs.readFileSync(path.join(assets, "node_modules", name, "package.json"), "utf8"));
        const line = `${name} ${version} (${license})`;
        if (!text.includes(line)) throw new Error(`public/NOTICE does not have "${line}": put it there, with its licence's text`);
    }
    return text.trimEnd();
}

/** Text → who has it. */
const byText = new Map();
const plain = [];
for (const [name, licence, folder] of crates()) {
    plain.push(`${name} (${licence})`);
    for (const text of texts(folder)) byText.set(text, [...(byText.get(text) ?? []), name]);
}

console.log(kept());
console.log(`\n${"-".repeat(80)}\nThese Rust crates are part of the client:\n`);
console.log(plain.map((line) => `  ${line}`).join("\n"));
for (const [text, names] of byText) console.log(`\n${"-".repeat(80)}\n${names.join(", ")}\n\n${text}`);
