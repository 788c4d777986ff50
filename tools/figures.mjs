// Writes what the browser suite has measured into a page, between its two marks:
//   node tools/figures.mjs PAGE DATE COMMIT < LOG
// The tests print such lines as `figure: from a click to being seen in the second browser: 944 ms`.
import fs from "node:fs";

const [page, date, commit] = process.argv.slice(2);
const [begin, end] = ["begin", "end"].map((where) => `<!-- written by tools/measure, from the browser: ${where} -->`);

const figures = [...fs.readFileSync(0, "utf8").matchAll(/^figure: (.+): ([^:]+)$/gm)].map(([, what, reached]) => `| ${what} | ${reached} |`);
const text = fs.readFileSync(page, "utf8");
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (figures.length === 0 || from < 0 || to < from) {
    console.error(`${page}: ${figures.length === 0 ? "nothing was measured" : "the marks are missing"}. Fix: read the log above, or put back ${begin} and ${end}.`);
    process.exit(1);
}
const table = [`${date}, commit ${commit}, browser, server and services on the same two cores:`, "", "| what | reached |", "| --- | --- |", ...figures];
fs.writeFileSync(page, `${text.slice(0, from + begin.length)}\n${table.join("\n")}\n${text.slice(to)}`);
