// How the weave is drawn: sources and layers.

/** Threads have these kinds. */
export const THREADS = ["create", "change", "talk", "join"];

export function style({ linen }) {
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return {
    version: 8,
    sources: { threads: { ...empty, tolerance: 0.2 }, knots: empty, spools: empty, balls: empty },
    layers: [{ id: "linen", type: "background", paint: { "background-color": linen } }],
  };
}

const left = ["get", "left"];
/** Values by zoom, straight between them: farther out everything is finer, so that a village's weave stays one. */
const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
const WIDTH = byZoom(12, 0.6, 15, 1.2, 17, 2.2);
const SIZE = byZoom(12, 0.35, 14, 0.5, 15.5, 0.75, 16.5, 1);
const FADED = byZoom(12, ["*", 0.3, left], 15, ["*", 0.55, left], 17, left);
const is = (...pairs) => ["all", ...pairs.map(([name, value]) => ["==", ["get", name], value])];
/** Each kind has its dash beside its hue, so that hue is never alone. */
const DASH = { create: undefined, change: [5, 1.5, 1, 1.5], talk: [1, 1.2], join: [4, 2] };

export function layers({ ink, linen, spool, font, ...hue }) {
  const line = (id, filter, paint) => ({
    id, type: "line", source: "threads", filter, layout: { "line-cap": "butt", "line-join": "round" }, paint: { "line-opacity": FADED, ...paint },
  });
  const thread = (kind) => line(`thread-${kind}`, is(["kind", kind], ["shape", "line"], ["yarn", false], ["waiting", false]), {
    "line-color": hue[kind], "line-width": WIDTH, ...(DASH[kind] && { "line-dasharray": DASH[kind] }),
  });
  const waiting = (kind) => line(`waiting-${kind}`, is(["kind", kind], ["shape", "line"], ["waiting", true]), {
    "line-color": hue[kind], "line-width": WIDTH, "line-opacity": 1, "line-dasharray": [0.6, 1.8],
  });
  const yarn = line("yarn", is(["shape", "line"], ["yarn", true], ["waiting", false]), {
    "line-width": byZoom(12, 1.5, 15, 3.2, 17, 6), "line-pattern": ["concat", "yarn-", ["get", "kind"]],
  });
  const [below, above] = [["top", [0, 1.25]], ["bottom", [0, -1.25]]];
  const aside = ["left", [1.5, 0], "right", [-1.5, 0]];
  // What hangs above others is named above itself, so that no name lies on its thread.
  const beside = ["case", ["get", "above"], ["literal", [...above, ...aside, ...below]], ["literal", [...below, ...above, ...aside]]];
  const text = {
    "text-font": [font], "text-size": byZoom(14, 11, 16, 13), "text-variable-anchor-offset": beside, "text-justify": "auto", "text-max-width": 9,
  };
  // From where something is to where it is drawn.
  const stem = (source) => ({
    id: `${source}-stems`, type: "line", source, filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": ink, "line-opacity": 0.45, "line-width": 1, "line-dasharray": [1, 3] },
  });
  const words = { "text-color": ink, "text-halo-color": linen, "text-halo-width": 1.6 };
  return [
    { id: "around", type: "fill", source: "spools", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": spool, "fill-opacity": 0.1 } },
    { id: "around-edge", type: "line", source: "spools", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": spool, "line-opacity": 0.6, "line-width": 1.2, "line-dasharray": [3, 3] } },
    stem("knots"), stem("spools"),
    ...THREADS.map(thread), ...THREADS.map(waiting), yarn,
    {
      id: "tufts", type: "symbol", source: "threads", filter: is(["shape", "tuft"]),
      layout: { "icon-image": ["concat", "tuft-", ["get", "kind"]], "icon-size": SIZE, "icon-rotate": ["get", "turn"], "icon-anchor": "bottom", "icon-allow-overlap": true, "icon-ignore-placement": true },
      paint: { "icon-opacity": left },
    },
    // Room is given from the last layer to the first: names take what spools and knots leave.
    {
      id: "spool-names", type: "symbol", source: "spools", filter: ["==", ["geometry-type"], "Point"],
      layout: { "text-field": ["get", "name"], ...text, "text-size": byZoom(14, 10, 16, 12) },
      paint: words,
    },
    {
      id: "knot-names", type: "symbol", source: "knots", filter: ["==", ["geometry-type"], "Point"],
      layout: { "text-field": ["get", "title"], ...text, "symbol-sort-key": ["-", 0, left] },
      paint: { "text-opacity": ["max", 0.8, left], ...words },
    },
    {
      id: "spools", type: "symbol", source: "spools", filter: ["==", ["geometry-type"], "Point"],
      layout: { "icon-image": ["case", ["get", "turning"], "spool-turning", "spool"], "icon-size": SIZE, "icon-allow-overlap": true },
    },
    {
      id: "knots", type: "symbol", source: "knots", filter: ["==", ["geometry-type"], "Point"],
      layout: { "icon-image": ["concat", "knot-", ["get", "kind"]], "icon-size": SIZE, "icon-allow-overlap": true, "symbol-sort-key": ["-", 0, left] },
      paint: { "icon-opacity": ["case", ["get", "waiting"], 0.55, left] },
    },
    {
      id: "balls", type: "symbol", source: "balls",
      layout: {
        "icon-image": "ball", "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["ln", ["get", "count"]], 0, 0.55, 7, 1.25],
        "text-field": ["to-string", ["get", "count"]], "text-font": [font], "text-size": 14, "text-allow-overlap": true, "symbol-sort-key": ["get", "count"],
      },
      paint: { ...words, "text-halo-width": 2 },
    },
  ];
}

/** What another palette changes: [layer, property, value]. */
export function colours(colour) {
  const drawn = layers(colour).flatMap(({ id, paint = {} }) => Object.entries(paint).filter(([name]) => name.endsWith("-color")).map(([name, value]) => [id, name, value]));
  return [["linen", "background-color", colour.linen], ...drawn];
}
