// How the weave is drawn: sources and layers.
//
// Everything is drawn from three sources (cloth.js). Areas and lines come source by source, since the map cuts out a source's tiles anew
// with each change of source; above them what is named or touched, sort by sort. Above a veil follows what is lit, and what is pointed at.
import { THREADS } from "./strands.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const FADE_MS = 7 * DAY_MS;
/** Farther out nothing single is heard of: what is left of it from nearer by is not all there is. */
const SINGLES_FROM = 8;
export const SOURCES = ["settled", "live", "own"];
/** So far beyond its edge a tile has what others begin with, in pixels: half the widest line, as far aside as a bundle has it. What
 * lies there is drawn, and uploaded, once for each of them. */
const BUFFER = 32;
/** Areas and lines. */
const FLAT = ["around", "edge", "stems", "threads", "change", "talk", "join", "vouch", "other", "yarn"];
/** All that single things are drawn from, and found in. */
export const WOVEN = [...SOURCES, "lit"];
/** What is drawn once more from `over` where a pointer or the focus is on it. As a state of each line, its width would be read and
 * handed over with all of them whenever one changes. */
const POINTED = ["threads", "change", "talk", "join", "vouch", "other", "yarn", "tufts", "knots"];

/** `now` is the one clock of everything that fades; what is not lit steps back within `veilMs`. */
export function style(colour, now, veilMs) {
  const empty = { type: "geojson", promoteId: "key", data: { type: "FeatureCollection", features: [] } };
  const sources = [...WOVEN, "over", "balls", "mark"].map((name) => [name, { ...empty, tolerance: 0.25, buffer: BUFFER }]);
  return {
    version: 8,
    // As quick as all else that changes, or not seen at all: the step into dark and back as well.
    transition: { duration: veilMs, delay: 0 },
    state: { now: { default: now } },
    sources: Object.fromEntries(sources),
    layers: [{ id: "linen", type: "background", paint: { "background-color": colour.linen } }, ...layers(colour, veilMs)],
  };
}

const get = (name) => ["get", name];
const has = (state) => ["boolean", ["feature-state", state], false];
const of = (sort, ...more) => ["all", ["==", get("sort"), sort], ...more];
/** Values by zoom, straight between them: farther out everything is finer, so that a village's weave stays one. */
const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
const each = (stops, change) => byZoom(...stops.flatMap(([zoom, value]) => [zoom, change(value)]));
const SIZE = byZoom(11, 0.18, 12.5, 0.24, 14, 0.4, 15.5, 0.75, 16.5, 1);
const WIDTHS = [[12, 0.6], [15, 1.2], [17, 2.2]];
const YARN_WIDTHS = [[12, 1.6], [15, 3.4], [17, 6.4]];
/** Strands of a bundle lie closer from farther away. */
const ASIDE = each([[12, 0.22], [15, 0.5], [17, 1]], (part) => ["*", part, get("aside")]);
/** Each kind has its dash beside its hue, so that hue is never alone. */
const DASH = { change: [5, 1.5, 1, 1.5], talk: [1, 1.2], join: [4, 2], vouch: [2, 1, 2, 3] };
const ON_ITS_WAY = [0.6, 1.8];
/** What is left of the seven days; yarn, and what it holds, has no end. */
const LEFT = ["case", ["has", "until"], ["max", 0.15, ["min", 1, ["/", ["-", get("until"), ["global-state", "now"]], FADE_MS]]], 1];
/** It comes undone within a day, or has by now. */
const LAST_DAY = ["<=", ["-", ["coalesce", get("until"), get("ends"), 9e15], ["global-state", "now"]], DAY_MS];
/** What fades most comes last where there is no room for all. */
const KEPT_LONGEST = ["-", 0, ["coalesce", get("until"), 9e15]];

/** How much wider a line is that is lit, or pointed at. */
const WIDER = { lit: 1.5, over: 1.8 };

/** How strong something is drawn from a source: hidden where it is stale, whole where it is lit or pointed at. */
function strength(source, value, whole = 1) {
  if (source in WIDER) return whole;
  if (source === "own") return value === LEFT ? 0.55 : whole;
  return source === "settled" ? ["case", has("stale"), 0, value] : value;
}

/** What each sort looks like, from a source, in the order in which they lie over each other. */
function sorts({ ink, linen, spool, font, ...hue }) {
  const layer = (id, type, source, filter, layout, paint) => ({ id: `${id}-${source}`, type, source, filter, layout, paint, minzoom: SINGLES_FROM });
  const line = (id, source, filter, stops, paint) => {
    const width = (value) => value * (WIDER[source] ?? 1);
    const fades = [[12, 0.3], [15, 0.55], [17, 1]];
    const opacity = source in WIDER || source === "own" ? 1 : each(fades, (part) => strength(source, ["*", part, LEFT]));
    return layer(id, "line", source, filter, { "line-cap": "butt", "line-join": "round" }, { "line-width": each(stops, width), "line-offset": ASIDE, "line-opacity": opacity, ...paint });
  };
  const threads = (source) => line("threads", source, of("thread", ["!", get("yarn")], ["==", get("kind"), "create"]), WIDTHS, {
    "line-color": hue.create, ...(source === "own" && { "line-dasharray": ON_ITS_WAY }),
  });
  // A layer for each: one hue and one dash for all of it weigh nothing, where one for each line weighs half as much as the line.
  const dashed = (kind, which) => (source) => line(kind, source, of("thread", ["!", get("yarn")], which), WIDTHS, {
    "line-color": hue[kind] ?? ink,
    "line-dasharray": source === "own" ? ON_ITS_WAY : DASH[kind] ?? DASH.join,
  });
  const [change, talk, join, vouch] = Object.keys(DASH).map((kind) => dashed(kind, ["==", get("kind"), kind]));
  // What is younger than this script.
  const other = dashed("other", ["!", ["in", get("kind"), ["literal", THREADS]]]);
  const yarn = (source) => line("yarn", source, of("thread", get("yarn")), YARN_WIDTHS, { "line-pattern": ["concat", "yarn-", get("kind")] });

  const area = ["==", get("sort"), "around"];
  const around = (source) => layer("around", "fill", source, area, {}, { "fill-color": spool, "fill-opacity": strength(source, 0.05, 0.1) });
  const edge = (source) => layer("around-edge", "line", source, area, {}, {
    "line-color": spool, "line-opacity": strength(source, 0.6, 0.6), "line-width": 1.2, "line-dasharray": [3, 3],
  });
  // From where something is to where it is drawn.
  const stems = (source) => layer("stems", "line", source, of("stem"), {}, {
    "line-color": ink, "line-opacity": strength(source, 0.45, 0.45), "line-width": 1, "line-dasharray": [1, 3],
  });

  const icon = (id, source, sort, image, more, opacity) =>
    layer(id, "symbol", source, sort, { "icon-image": image, "icon-size": SIZE, "icon-allow-overlap": true, ...more }, { "icon-opacity": opacity });
  const unplaced = { "icon-ignore-placement": true };
  const tufts = (source) => icon("tufts", source, of("tuft"), ["concat", "tuft-", get("kind")], { "icon-rotate": get("turn"), "icon-anchor": "bottom", ...unplaced }, strength(source, LEFT));
  const rings = (source) => icon("rings", source, of("knot", [">", get("rings"), 0]), ["concat", "rings-", ["to-string", get("rings")]], unplaced, strength(source, 1));
  // The cord around it is about to give: a sign that needs no colour.
  const last = (source) => icon("last", source, of("knot", LAST_DAY), "last-day", unplaced, strength(source, 1));
  // Below the one that turns, or glows and is smaller, there is no other.
  const spools = (source) => icon("spools", source, of("spool"), "spool", {}, source === "live" ? ["case", has("turning"), 0, 1] : strength(source, 1));
  const turning = (source) => icon("turning", source, of("spool"), "spool-turning", unplaced, ["case", has("turning"), 1, 0]);
  const knots = (source) => icon("knots", source, of("knot"), ["concat", "knot-", get("kind")], { "symbol-sort-key": KEPT_LONGEST, ...(source === "over" && unplaced) }, strength(source, LEFT));

  // What hangs above others is named above itself, so that no name lies on its thread. Nearer to what it names it would find no room.
  const sides = (out) => {
    // A line of text has some air above and below, which counts as its own.
    const [below, above] = [["top", [0, out + 0.4]], ["bottom", [0, -out - 0.4]]];
    const aside = ["left", [out + 0.15, 0], "right", [-out - 0.15, 0]];
    return ["case", get("above"), ["literal", [...above, ...aside, ...below]], ["literal", [...below, ...above, ...aside]]];
  };
  const beside = ["match", ["coalesce", get("rings"), -1], -1, sides(1.5), 0, sides(1.65), 1, sides(1.8), 2, sides(2.05), 3, sides(2.3), sides(2.6)];
  const names = (id, source, sort, size, opacity) => layer(id, "symbol", source, of(sort), {
    "text-field": get("name"), "text-font": [font], "text-size": size, "text-variable-anchor-offset": beside, "text-justify": "auto", "text-max-width": 9,
    "symbol-sort-key": KEPT_LONGEST,
  }, { "text-opacity": source === "lit" ? 1 : ["case", has("lit"), 0, strength(source, opacity)], "text-color": ink, "text-halo-color": linen, "text-halo-width": 1.6 });
  const spoolNames = (source) => names("spool-names", source, "spool", byZoom(14, 10, 16, 12), 1);
  const knotNames = (source) => names("knot-names", source, "knot", byZoom(14, 11, 16, 13), ["max", 0.8, LEFT]);

  // Room is given from the last layer to the first: names take what spools and knots leave.
  return { around, edge, stems, threads, change, talk, join, vouch, other, yarn, tufts, rings, last, spoolNames, knotNames, spools, turning, knots };
}

function layers(colour, veilMs = 0) {
  const { ink, linen, font } = colour;
  const all = Object.entries(sorts(colour));
  const [flat, upright] = [true, false].map((is) => all.filter(([name]) => FLAT.includes(name) === is));
  return [
    ...SOURCES.flatMap((source) => flat.map(([, sort]) => sort(source))),
    // Who has just acted is drawn from `live`.
    ...upright.flatMap(([name, sort]) => (name === "turning" ? [sort("live")] : SOURCES.map(sort))),
    { id: "veil", type: "background", paint: { "background-color": linen, "background-opacity": 0, "background-opacity-transition": { duration: veilMs, delay: 0 } } },
    ...all.filter(([name]) => name !== "turning").map(([, sort]) => sort("lit")),
    ...all.filter(([name]) => POINTED.includes(name)).map(([, sort]) => sort("over")),
    {
      id: "balls", type: "symbol", source: "balls",
      layout: {
        "icon-image": "ball", "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["ln", get("count")], 0, 0.55, 7, 1.25],
        "text-field": ["to-string", get("count")], "text-font": [font], "text-size": 14, "text-allow-overlap": true, "symbol-sort-key": get("count"),
      },
      paint: { "text-color": ink, "text-halo-color": linen, "text-halo-width": 2 },
    },
    // The pin is an element above the map; where it is, something of its size that nobody sees keeps names away.
    { id: "mark", type: "symbol", source: "mark", layout: { "icon-image": "ball", "icon-size": 0.8, "icon-anchor": "bottom", "icon-allow-overlap": true }, paint: { "icon-opacity": 0 } },
  ];
}

/** What another palette changes: [layer, property, value]. */
export function colours(colour) {
  const drawn = layers(colour).flatMap(({ id, paint = {} }) => Object.entries(paint).filter(([name]) => name.endsWith("-color")).map(([name, value]) => [id, name, value]));
  return [["linen", "background-color", colour.linen], ...drawn];
}

/** The layers of one sort of thing, whatever they are drawn from. */
const drawing = (...names) => names.flatMap((name) => WOVEN.map((source) => `${name}-${source}`));
/** What a finger can meet, by what it is: what stands at a point, else a name, else a line. */
export const TOUCHED = [
  { knot: drawing("knots"), spool: drawing("spools") },
  { knot: drawing("knot-names"), spool: drawing("spool-names") },
  { thread: drawing("threads", "change", "talk", "join", "vouch", "other", "yarn", "tufts") },
];
