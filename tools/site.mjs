// Assembles the site folder that the server embeds, from what was built, `public/` and npm's files:
//   node tools/site.mjs BUILT ASSETS PUBLIC SITE CACHE
// Names carry a hash of the content where the content can change under a name, so that they may be cached for ever; `site.json`
// says which name a thing has now. Only what differs is written, so that an unchanged site causes no new build of the server.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

import { bundle } from "./bundle.mjs";

const COMPRESSIBLE = new Set([".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);
const FONTS = ["source-sans-3-latin-wght-normal.woff2", "source-sans-3-latin-ext-wght-normal.woff2"];
const brotli = promisify(zlib.brotliCompress);

const [built, assets, publicFolder, site, cache] = process.argv.slice(2);
if (!cache) throw new Error("usage: node tools/site.mjs BUILT ASSETS PUBLIC SITE CACHE");

const terser = createRequire(path.resolve(assets, "package.json"))("terser");

/** Where each file goes: path below the site folder → bytes. */
const files = new Map();
/** What the server asks for → the URL it has in this build. */
const names = {};

function hash(bytes) {
    return createHash("sha256").update(bytes).digest("hex");
}

/** Puts a file under a name that carries its hash, and returns that name. */
function addHashed(logical, folder, bytes) {
    const { name, ext } = path.parse(logical);
    const suffix = name.endsWith("_bg") ? "_bg" : "";
    const stem = name.slice(0, name.length - suffix.length);
    const hashed = `${stem}.${hash(bytes).slice(0, 10)}${suffix}${ext}`;
    files.set(path.posix.join(folder, hashed), bytes);
    names[logical] = `/${path.posix.join(folder, hashed)}`;
    return hashed;
}

function addAs(location, bytes) {
    files.set(location, bytes);
    names[location] = `/${location}`;
}

function* walk(folder, below = "") {
    for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
        const location = path.posix.join(below, entry.name);
        if (entry.isDirectory()) yield* walk(folder, location);
        else if (!entry.name.startsWith(".")) yield location;
    }
}

function replaceOnceOrMore(text, old, fresh) {
    if (!text.includes(old)) throw new Error(`wasm-bindgen's script does not mention ${old} any more`);
    return text.replaceAll(old, fresh);
}

/** A script as short as it can be said; the source goes with every build, for those who want to read. */
async function short(bytes) {
    const { code } = await terser.minify(bytes.toString("utf8"), { module: true, ecma: 2020, compress: { passes: 2 } });
    return Buffer.from(code);
}

/** The client: its script names the hashed WASM and the hashed snippets that crates bring along. */
async function addClient() {
    const wasm = addHashed("weltgewebe_bg.wasm", "pkg", fs.readFileSync(path.join(built, "weltgewebe_bg.wasm")));
    let script = fs.readFileSync(path.join(built, "weltgewebe.js"), "utf8");
    script = replaceOnceOrMore(script, "weltgewebe_bg.wasm", wasm);
    const snippets = path.join(built, "snippets");
    for (const location of fs.existsSync(snippets) ? walk(snippets) : []) {
        const bytes = await short(fs.readFileSync(path.join(snippets, location)));
        if (/\bfrom\s*["']\.{1,2}\//.test(bytes.toString())) throw new Error(`snippet ${location} imports a neighbour, which would not find it`);
        const logical = path.posix.join("snippets", location);
        const hashed = addHashed(logical, path.posix.join("pkg", path.posix.dirname(logical)), bytes);
        // Only where it is imported from: the name under which the WASM asks for it stays.
        for (const quote of ["'", '"']) {
            const from = (name) => `from ${quote}./${name}${quote}`;
            if (script.includes(from(logical))) script = script.replaceAll(from(logical), from(path.posix.join(path.posix.dirname(logical), hashed)));
        }
        if (!script.includes(hashed)) throw new Error(`nothing imports the snippet ${location}`);
    }
    addHashed("weltgewebe.js", "pkg", await short(Buffer.from(script)));
    for (const name of ["weltgewebe.css", "guide.css"]) addHashed(name, "pkg", fs.readFileSync(path.join(built, name)));
}

function addMap() {
    const folder = path.join(assets, "node_modules/maplibre-gl/dist");
    for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"]) {
        const script = fs.readFileSync(path.join(folder, name), "utf8");
        // The map of the source is not served, so nobody should be sent looking for it.
        addHashed(name, "pkg", Buffer.from(script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n")));
    }
    // In a layer of its own, which ours come after: else its rules would win over all of them. Ours for the base map come along.
    const style = fs.readFileSync(path.join(folder, "maplibre-gl.css"), "utf8");
    const ground = fs.readFileSync(path.join(built, "ground.css"), "utf8");
    addHashed("maplibre-gl.css", "pkg", Buffer.from(`@layer maplibre{${style}}${ground}`));
}

function addFonts() {
    const folder = path.join(assets, "node_modules/@fontsource-variable/source-sans-3/files");
    for (const name of FONTS) addAs(`fonts/${name}`, fs.readFileSync(path.join(folder, name)));
}

async function addPublic() {
    if (!fs.existsSync(publicFolder)) return;
    for (const location of walk(publicFolder)) {
        if (location === "NOTICE") continue; // the beginning of NOTICE.txt
        // Scripts in folders are parts of those beside their folder.
        if (/^js\/.+\//.test(location)) continue;
        const bytes = fs.readFileSync(path.join(publicFolder, location));
        if (/^js\/[^/]+\.m?js$/.test(location)) {
            const whole = Buffer.from(bundle(path.join(publicFolder, location)));
            const hashed = addHashed(path.posix.basename(location), "js", await short(whole));
            names[location] = `/js/${hashed}`;
            delete names[path.posix.basename(location)];
        } else addAs(location, bytes);
    }
}

/** Compressed bytes by the content's hash, so that a file is compressed once in its life. */
async function compressed(bytes) {
    const kept = path.join(cache, `${hash(bytes)}.br`);
    if (fs.existsSync(kept)) return fs.readFileSync(kept);
    const result = await brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    fs.writeFileSync(`${kept}.new`, result);
    fs.renameSync(`${kept}.new`, kept);
    return result;
}

function write(location, bytes) {
    const target = path.join(site, location);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(bytes)) return;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(`${target}.new`, bytes);
    fs.renameSync(`${target}.new`, target);
}

fs.mkdirSync(site, { recursive: true });
fs.mkdirSync(cache, { recursive: true });
await addPublic();
addFonts();
addMap();
await addClient();
addAs("weltgewebe-source.tar.gz", fs.readFileSync(path.join(built, "source.tar.gz")));
addAs("NOTICE.txt", fs.readFileSync(path.join(built, "NOTICE.txt")));
files.set("site.json", Buffer.from(`${JSON.stringify(Object.fromEntries(Object.entries(names).sort()), null, 2)}\n`));

await Promise.all([...files].map(async ([location, bytes]) => {
    if (!COMPRESSIBLE.has(path.extname(location)) || location === "site.json") return;
    const small = await compressed(bytes);
    if (small.length < bytes.length) files.set(`${location}.br`, small);
}));
for (const [location, bytes] of files) write(location, bytes);
for (const location of [...walk(site)]) if (!files.has(location)) fs.rmSync(path.join(site, location));
