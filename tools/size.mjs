// What a first load of `/` weighs before the map library, as it goes over the wire (brotli where that is smaller):
//   node tools/size.mjs SITE
// Fails when code and style together are heavier than the limit.
import fs from "node:fs";
import path from "node:path";

const KIB = 1024;
/** Heavier fails: it is the promise for all that will ever come. */
const LIMIT_KIB = 300;

const site = process.argv[2];
const names = JSON.parse(fs.readFileSync(path.join(site, "site.json"), "utf8"));

/** Bytes on the wire of what the server serves under this URL. */
function weight(url) {
    const file = path.join(site, url);
    return fs.statSync(fs.existsSync(`${file}.br`) ? `${file}.br` : file).size;
}

function kib(bytes) {
    return `${(bytes / KIB).toFixed(1).padStart(8)} KiB`;
}

/** Prints a group of files, heaviest first, and returns their sum in bytes. */
function group(title, belongs) {
    const rows = Object.entries(names).filter(([logical]) => belongs(logical)).map(([logical, url]) => ({ logical, bytes: weight(url) }));
    rows.sort((one, other) => other.bytes - one.bytes);
    const sum = rows.reduce((total, row) => total + row.bytes, 0);
    console.log(`${kib(sum)}  ${title}`);
    for (const row of rows) console.log(`${kib(row.bytes)}    ${row.logical}`);
    return sum;
}

const isMap = (logical) => logical.startsWith("maplibre-gl") || logical === "js/basemap.js";
/** What single documents have, and the page has not. */
const ELSEWHERE = new Set(["guide.css", "js/areas.js", "js/guide.js", "js/share.js"]);
const isCode = (logical) => !isMap(logical) && /\.(m?js|css|wasm)$/.test(logical) && !ELSEWHERE.has(logical);
const first = group("code and style of a first load", isCode);
group("fonts (the page reads before they are there)", (logical) => logical.startsWith("fonts/"));
group("the map library and the look of the base map, loaded after the page works", isMap);
console.log(`first load: ${(first / KIB).toFixed(1)} KiB, limit ${LIMIT_KIB}`);
if (first > LIMIT_KIB * KIB) process.exit(1);
