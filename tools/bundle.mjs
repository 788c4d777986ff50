// Joins a script and the scripts that it imports from its own folder into one, so that they cost one request and not one each.
//
// It knows just what those use: imports by name, each in a line of its own, and exports in front of what they export. Whatever
// else they came to use stops the build, for a page that fails in the browser alone is worse.
import fs from "node:fs";
import path from "node:path";

const IMPORT = /^import \{ ([\w$, ]+) \} from "(\.{1,2}\/[\w./-]+\.js)";$/;
const DECLARED = /^(?:export )?(?:async )?(?:function\*?|class|const|let) ([\w$]+)/;
const EXPORTED = /^export (?=(?:async )?(?:function\*?|class|const|let) )/;

/** The one script of all that `location` leads to: what is imported stands before what imports it. */
export function bundle(location) {
    /** The names that each script exports. */
    const exported = new Map();
    /** Which script declares a name. */
    const declared = new Map();
    const parts = [];

    const add = (file, on) => {
        if (on.includes(file)) throw new Error(`scripts import each other in a circle: ${[...on, file].join(" → ")}`);
        if (exported.has(file)) return;
        const names = new Set();
        const lines = [];
        for (const line of fs.readFileSync(file, "utf8").split("\n")) {
            const [, wanted, from] = IMPORT.exec(line) ?? [];
            if (from) {
                const other = path.join(path.dirname(file), from);
                add(other, [...on, file]);
                for (const name of wanted.split(", ")) {
                    if (!exported.get(other).has(name)) throw new Error(`${file} imports ${name}, which ${other} does not export`);
                }
                continue;
            }
            if (/^import\b/.test(line)) throw new Error(`${file} imports as the build can't: ${line}`);
            const [, name] = DECLARED.exec(line) ?? [];
            if (/^(?:export|const|let|var|class|function|async function)\b/.test(line) && !name) throw new Error(`${file} declares as the build can't: ${line}`);
            if (name && declared.has(name)) throw new Error(`${name} is declared by ${file} and by ${declared.get(name)}: in one script they would be the same`);
            if (name) declared.set(name, file);
            if (EXPORTED.test(line)) names.add(name);
            lines.push(on.length ? line.replace(EXPORTED, "") : line);
        }
        exported.set(file, names);
        parts.push(lines.join("\n"));
    };
    add(location, []);
    return parts.join("\n");
}
