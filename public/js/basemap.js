// The base map: our own look for vector tiles in the OpenMapTiles schema, linen and ink, laid under the weave. Loaded with the
// map, and only where the server has a base map. Its colours are those of style/ground.css.

const SOURCE = "ground";
/** The first layer of the weave: all of ours lie below it. */
const ABOVE = "around-settled";
/** How often a base map that went away is asked for again. */
const AGAIN_MS = 10000;
const dark = matchMedia("(prefers-color-scheme: dark)");
const lang = document.documentElement.lang.slice(0, 2);

/** Asks what the base map is; answers with the function that lays it under the weave. */
export async function ask({ basemap, away }) {
  const said = await describe(basemap);
  return (map) => lay(map, basemap, away, said);
}

async function describe(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Without it the map is plain linen, and says so. */
async function lay(map, address, away, said) {
  const credit = new Credit(away);
  map.addControl(credit, "bottom-right");
  credit.tell(!said);
  while (!said) {
    await new Promise((later) => setTimeout(later, AGAIN_MS));
    said = await describe(address);
  }
  credit.tell(false);
  credit.name(said.attribution);
  map.addSource(SOURCE, source(said));
  const stitch = () => {
    for (const [id, picture] of stitches(palette())) {
      if (map.hasImage(id)) map.updateImage(id, picture);
      else map.addImage(id, picture, { pixelRatio: 2 });
    }
  };
  const paint = () => {
    stitch();
    for (const { id, paint } of layers(palette())) {
      for (const [name, value] of Object.entries(paint ?? {})) if (name.endsWith("-color")) map.setPaintProperty(id, name, value, { validate: false });
    }
  };
  stitch();
  // Unseen: the map itself would check each against all of the others. That there is more to draw, the source has said.
  for (const layer of layers(palette())) map.style.addLayer(layer, ABOVE, { validate: false });
  // Without anything to draw with there is nothing to paint: it is when that is back, for pictures are lost with it.
  dark.addEventListener("change", () => "lost" in map.getContainer().dataset || paint());
  map.on("webglcontextrestored", async () => {
    if (!map.isStyleLoaded()) await map.once("style.load");
    paint();
  });
  watch(map, address, credit);
  map.once("idle", () => (map.getContainer().dataset.laid = ""));
}

/** What the file holds reaches a little beyond its bounds: streets are not cut there. */
function source({ minzoom, maxzoom, bounds, tiles }) {
  const tile = 360 / 2 ** maxzoom;
  const around = ([west, south, east, north]) =>
    [Math.max(west - tile, -180), Math.max(south - tile, -85), Math.min(east + tile, 180), Math.min(north + tile, 85)];
  return { type: "vector", tiles: absolute({ tiles }), minzoom, maxzoom, ...(bounds && { bounds: around(bounds) }) };
}

const absolute = ({ tiles }) => tiles.map((path) => location.origin + path);

/** The file may go away while one looks, and come back as another. */
function watch(map, address, credit) {
  let timer;
  const look = async () => {
    const said = await describe(address);
    timer = said ? undefined : setTimeout(look, AGAIN_MS);
    if (!said) return;
    credit.tell(false);
    credit.name(said.attribution);
    map.getSource(SOURCE).setTiles(absolute(said));
  };
  map.on("error", ({ sourceId, error }) => {
    if (sourceId !== SOURCE || timer || !(error?.status >= 500)) return;
    credit.tell(true);
    timer = setTimeout(look, AGAIN_MS);
  });
}

const LINKS = { OpenStreetMap: "https://www.openstreetmap.org/copyright", OpenMapTiles: "https://openmaptiles.org/" };

/** One line that says whom the base map comes from, or that it is away. */
class Credit {
  constructor(away) {
    this.element = document.createElement("div");
    this.element.className = "maplibregl-ctrl map-credit";
    this.words = document.createElement("span");
    this.away = document.createElement("strong");
    this.away.setAttribute("role", "status");
    this.away.dataset.words = away;
    this.element.append(this.words, this.away);
  }

  onAdd() {
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }

  name(attribution) {
    const parts = attribution.split(/(OpenStreetMap(?: contributors)?|OpenMapTiles)/);
    this.words.replaceChildren(...parts.filter(Boolean).map((part) => {
      const href = LINKS[part.split(" ")[0]];
      if (!href) return part;
      return Object.assign(document.createElement("a"), { href, target: "_blank", rel: "noopener", textContent: part });
    }));
  }

  tell(isAway) {
    this.away.textContent = isAway ? ` ${this.away.dataset.words}` : "";
  }
}

/** What the style sheet says, by the last part of its names. */
function palette() {
  const sheet = getComputedStyle(document.documentElement);
  const of = (name) => sheet.getPropertyValue(`--${name}`).trim() || "#888";
  const names = ["wood", "stitch", "grass", "field", "sand", "ice", "built", "yard", "public", "water", "shore", "house", "wall", "street", "kerb",
    "highway", "highway-kerb", "path", "rail", "border", "name", "place", "water-name", "green-name", "halo"];
  const ground = Object.fromEntries(names.map((name) => [name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()), of(`ground-${name}`)]));
  return { ...ground, font: getComputedStyle(document.body).fontFamily.split(",")[0].trim() };
}

/** Woods and vineyards are embroidered: [name, picture that repeats]. */
function stitches({ stitch }) {
  const cloth = (side, strands) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * 2;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.scale(2, 2);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = stitch;
    for (const points of strands) {
      pen.beginPath();
      for (const [x, y] of points) pen.lineTo(x, y);
      pen.stroke();
    }
    return pen.getImageData(0, 0, side * 2, side * 2);
  };
  const tree = (x, y) => [[x - 2.5, y + 2], [x, y - 2], [x + 2.5, y + 2]];
  const vine = (x, y) => [[x, y], [x, y + 3]];
  return [
    [`${SOURCE}-trees`, cloth(24, [tree(6, 6), tree(18, 18)])],
    [`${SOURCE}-vines`, cloth(12, [vine(3, 2), vine(9, 8)])],
  ];
}

const get = (name) => ["get", name];
const kind = get("class");
const among = (...classes) => ["match", kind, classes, true, false];
const by = (pairs, other, what = kind) => ["match", what, ...pairs.flat(), other];
/** Grows with the zoom as things on the ground do. */
const grow = (...stops) => ["interpolate", ["exponential", 1.6], ["zoom"], ...stops];
const fade = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
const name = ["coalesce", get(`name:${lang}`), get("name:latin"), get("name")];

const HIGHWAYS = ["motorway", "trunk"];
const LANES = ["primary", "secondary", "tertiary", "minor", "busway", "service", "raceway", "track"];
const WAYS = ["path", "pedestrian"];
const RAILS = ["rail", "transit"];

/** What covers the ground and what it is used for, by its colour, from below to above. */
const COVER = [
  ["grass", ["!", among("wood", "forest", "farmland", "sand", "rock", "ice")]],
  ["field", among("farmland")], ["sand", among("sand")], ["yard", among("rock")], ["ice", among("ice")], ["wood", among("wood", "forest")],
];
const YARDS = ["industrial", "commercial", "retail", "garages", "military", "quarry"];
const PUBLIC = ["school", "university", "college", "kindergarten", "hospital", "library"];
const GREENS = ["cemetery", "pitch", "playground", "stadium", "zoo", "theme_park"];
const USE = [
  ["built", ["!", among("railway", ...YARDS, ...PUBLIC, ...GREENS)]],
  ["yard", among(...YARDS)], ["public", among(...PUBLIC)], ["grass", among(...GREENS)],
];

/** Widths of streets in pixels at zooms 5, 9, 12, 14, 16, 18 and 20; 0 is not shown yet. */
const WIDTHS = {
  motorway: [0.6, 1.4, 2.8, 5.5, 13, 28, 66],
  trunk: [0.5, 1.2, 2.5, 5, 12, 26, 62],
  primary: [0, 0.9, 2.1, 4.5, 11, 25, 60],
  secondary: [0, 0.6, 1.6, 3.8, 10, 23, 56],
  tertiary: [0, 0, 1.2, 3.2, 9, 21, 52],
  minor: [0, 0, 0.6, 2.2, 7, 17, 44],
  service: [0, 0, 0, 1, 3.5, 9, 24],
  track: [0, 0, 0, 0.8, 2.4, 6, 16],
};
const ZOOMS = [5, 9, 12, 14, 16, 18, 20];

/** The width of each class, with `more` pixels of kerb on both sides together. */
function width(more = 0) {
  const at = (i) => by(Object.entries(WIDTHS).map(([of, widths]) => [of, widths[i] && widths[i] + more * (i > 3 ? 1.4 : 1)]), WIDTHS.minor[i] && WIDTHS.minor[i] + more);
  const ramp = (whole) => ["case", ["==", get("ramp"), 1], ["*", 0.7, whole], whole];
  return grow(...ZOOMS.flatMap((zoom, i) => [zoom, ramp(at(i))]));
}

/** Which streets lie over which. */
const order = by(Object.keys(WIDTHS).map((of, i) => [of, 10 - i]), 3);

function layers(colour) {
  const of = (id, type, layer, more) => ({ id: `${SOURCE}-${id}`, type, source: SOURCE, "source-layer": layer, ...more });
  const area = (id, layer, filter, paint, minzoom = 0) => of(id, "fill", layer, { filter, paint, minzoom });
  const line = (id, layer, filter, paint, layout = {}, minzoom = 0) =>
    of(id, "line", layer, { filter, paint, minzoom, layout: { "line-cap": "round", "line-join": "round", ...layout } });
  const text = (id, layer, filter, layout, paint, minzoom = 0) => of(id, "symbol", layer, {
    filter, minzoom,
    layout: { "text-field": name, "text-font": [colour.font], "text-max-width": 8, "text-padding": 4, ...layout },
    paint: { "text-halo-color": colour.halo, "text-halo-width": 1.4, "text-halo-blur": 0.4, ...paint },
  });
  // The library reads the weight from the first name, which no font has; the second is ours.
  const strong = ["Linen Semibold", colour.font];
  const slanted = ["Linen Italic", colour.font];
  const plain = ["!", ["match", get("brunnel"), ["bridge", "tunnel"], true, false]];
  const river = among("river", "canal");
  const on = (brunnel) => ["==", get("brunnel"), brunnel];
  const sorted = { "line-sort-key": order };
  const flat = { "line-cap": "butt" };
  const paved = (id, where, cap, paint = {}) => {
    const both = [[id, LANES, colour.street, colour.kerb], [`${id}-high`, HIGHWAYS, colour.highway, colour.highwayKerb]];
    const kerbs = both.map(([id, classes, , kerb]) =>
      line(`${id}-kerb`, "transportation", ["all", among(...classes), where], { "line-color": kerb, "line-width": width(1.4), "line-opacity": fade(11, 0, 12.5, 1), ...paint }, { ...cap, ...sorted }, 11));
    const streets = both.map(([id, classes, street, kerb]) =>
      line(id, "transportation", ["all", among(...classes), where], { "line-color": ["step", ["zoom"], kerb, 11.5, street], "line-width": width(), ...paint }, { ...cap, ...sorted }, 5));
    return [...kerbs, ...streets];
  };
  // A layer for each colour: a layer's own colour changes at once, one that is read from each thing lays every tile out anew.
  const split = (id, layer, parts, paint) => parts.map(([part, which]) => area(`${id}-${part}`, layer, which, paint(part)));
  const ways = (id, where) => line(id, "transportation", ["all", ["==", ["geometry-type"], "LineString"], among(...WAYS), where], {
    "line-color": colour.path, "line-width": grow(14, 0.7, 16, 1.3, 18, 2.4, 20, 5), "line-dasharray": [2.2, 1.4], "line-opacity": fade(13.5, 0, 14.5, 1),
  }, flat, 13);

  return [
    ...split("cover", "landcover", COVER, (part) => ({ "fill-color": colour[part], "fill-antialias": false })),
    area("trees", "landcover", among("wood", "forest"), { "fill-pattern": `${SOURCE}-trees`, "fill-opacity": fade(11, 0, 13, 1) }, 11),
    area("vines", "landcover", ["match", get("subclass"), ["vineyard", "orchard", "plant_nursery"], true, false], { "fill-pattern": `${SOURCE}-vines`, "fill-opacity": fade(12, 0, 14, 1) }, 12),
    ...split("use", "landuse", USE, (part) => ({ "fill-color": colour[part], "fill-opacity": part === "built" ? 0.75 : 1 })),
    area("park", "park", true, { "fill-color": colour.grass, "fill-opacity": 0.45 }),
    line("park-edge", "park", true, { "line-color": colour.wood, "line-width": 1.2, "line-dasharray": [3, 2] }, flat, 11),
    line("stream", "waterway", ["!", on("tunnel")], {
      "line-color": colour.shore, "line-width": grow(8, ["match", kind, ["river", "canal"], 0.8, 0], 13, ["match", kind, ["river", "canal"], 2, 0.8], 18, ["match", kind, ["river", "canal"], 9, 4]),
    }, {}, 8),
    area("water", "water", ["!", on("tunnel")], { "fill-color": colour.water }),
    line("shore", "water", ["!", on("tunnel")], { "line-color": colour.shore, "line-width": fade(10, 0.4, 14, 1, 18, 1.6) }, {}, 8),
    area("runway", "aeroway", ["==", ["geometry-type"], "Polygon"], { "fill-color": colour.yard }, 10),
    line("taxiway", "aeroway", ["==", ["geometry-type"], "LineString"], { "line-color": colour.street, "line-width": grow(11, 1.5, 15, 12, 20, 90) }, flat, 10),
    ...paved("tunnel", on("tunnel"), flat, { "line-opacity": 0.4 }),
    area("plaza", "transportation", ["all", ["==", ["geometry-type"], "Polygon"], among("pedestrian", "path", "pier", "bridge")], { "fill-color": colour.street, "fill-outline-color": colour.kerb }, 13),
    ways("way", plain),
    ...paved("street", plain, { "line-cap": "round" }),
    of("house", "fill", "building", { minzoom: 13, paint: { "fill-color": colour.house, "fill-outline-color": colour.wall, "fill-opacity": fade(13.3, 0, 14.5, 1) } }),
    line("rail", "transportation", ["all", among(...RAILS), ["!", on("tunnel")]], {
      "line-color": colour.rail, "line-width": grow(9, 0.5, 13, ["case", ["has", "service"], 0.5, 1.1], 16, ["case", ["has", "service"], 1, 2], 20, ["case", ["has", "service"], 3, 6]),
    }, flat, 9),
    line("sleeper", "transportation", ["all", among(...RAILS), ["!", on("tunnel")], ["!", ["has", "service"]]], {
      "line-color": colour.rail, "line-width": grow(14, 3.5, 16, 6, 20, 16), "line-dasharray": [0.25, 2.2], "line-opacity": fade(14, 0, 15, 1),
    }, flat, 14),
    line("ferry", "transportation", among("ferry"), { "line-color": colour.shore, "line-width": 1.2, "line-dasharray": [4, 3] }, flat, 10),
    ...paved("bridge", on("bridge"), flat),
    ways("footbridge", on("bridge")),
    line("border", "boundary", ["all", ["!=", get("maritime"), 1], ["<=", get("admin_level"), 8]], {
      "line-color": colour.border, "line-opacity": fade(8, 0.6, 13, ["match", get("admin_level"), [2, 4], 0.6, 0.25]), "line-width": fade(4, 0.6, 14, 1.4), "line-dasharray": [5, 2, 1, 2],
    }, flat, 2),

    text("number", "housenumber", true, { "text-field": get("housenumber"), "text-size": fade(17, 10, 20, 13) }, { "text-color": colour.name, "text-halo-width": 0.8, "text-opacity": fade(17, 0, 17.5, 0.75) }, 17),
    text("stream-name", "waterway", ["all", ["!", on("tunnel")], ["!", river]], {
      "symbol-placement": "line", "text-font": slanted, "symbol-spacing": 400, "text-size": fade(12, 10, 18, 14), "text-letter-spacing": 0.06,
    }, { "text-color": colour.waterName }, 11),
    text("river-name", "waterway", ["all", ["!", on("tunnel")], river], {
      "symbol-placement": "line", "text-font": slanted, "symbol-spacing": 400, "text-size": fade(12, 12, 18, 20), "text-letter-spacing": 0.16,
    }, { "text-color": colour.waterName, "text-halo-color": colour.water }, 11),
    text("way-name", "transportation_name", among(...WAYS, "track", "service"), { "symbol-placement": "line", "text-size": fade(15, 10.5, 19, 14), "symbol-spacing": 350 }, { "text-color": colour.name }, 15.5),
    text("street-name", "transportation_name", ["!", among(...WAYS, ...RAILS, "track", "service", "ferry")], {
      "symbol-placement": "line",
      "text-size": fade(13, by([[["primary", "secondary", ...HIGHWAYS], 11.5]], 10.5), 18, by([[["primary", "secondary", ...HIGHWAYS], 16]], 15)),
      "symbol-spacing": 320, "text-letter-spacing": 0.015, "text-max-angle": 35,
      "symbol-sort-key": ["-", 0, order],
    }, { "text-color": colour.name }, 13),
    // Rivers have theirs from `waterway`; some files name them here again.
    text("water-name", "water_name", ["all", ["==", ["geometry-type"], "LineString"], ["!", among("river", "stream", "canal")]], { "symbol-placement": "line", "text-font": slanted, "text-size": fade(12, 12, 18, 18), "symbol-spacing": 500, "text-letter-spacing": 0.12 }, { "text-color": colour.waterName, "text-halo-color": colour.water }, 8),
    text("lake-name", "water_name", ["==", ["geometry-type"], "Point"], { "text-font": slanted, "text-size": fade(8, 11, 18, 15) }, { "text-color": colour.waterName, "text-halo-color": colour.water }, 6),
    text("green-name", "poi", among("park", "cemetery", "garden", "zoo"), { "text-size": fade(15, 10.5, 19, 14) }, { "text-color": colour.greenName, "text-halo-color": colour.grass }, 15),
    text("station-name", "poi", ["all", among("railway"), ["match", get("subclass"), ["station", "halt", "tram_stop"], true, false]], { "text-font": strong, "text-size": fade(14, 11, 18, 13.5) }, { "text-color": colour.name }, 14),
    text("quarter-name", "place", among("suburb", "quarter", "neighbourhood"), { "text-size": fade(11, 10, 16, 13), "text-transform": "uppercase", "text-letter-spacing": 0.14 }, { "text-color": colour.name, "text-opacity": fade(16, 0.95, 17.5, 0) }, 11),
    text("village-name", "place", among("village", "hamlet", "isolated_dwelling", "farm", "island", "islet", "locality"), {
      "text-size": fade(9, by([["village", 11]], 10), 15, by([["village", 16]], 13)),
    }, { "text-color": colour.place, "text-halo-width": 1.6 }, 9),
    text("town-name", "place", among("city", "town"), {
      "text-font": strong, "text-size": fade(5, by([["city", 13]], 10), 10, by([["city", 20]], 15), 15, by([["city", 28]], 22)), "symbol-sort-key": ["coalesce", get("rank"), 99],
    }, { "text-color": colour.place, "text-halo-width": 1.8, "text-opacity": fade(14, 1, 15.2, 0) }, 4),
    text("land-name", "place", among("continent", "country", "state"), { "text-font": strong, "text-size": fade(2, 10, 7, 16), "text-transform": "uppercase", "text-letter-spacing": 0.12 }, { "text-color": colour.place, "text-opacity": fade(6, 0.8, 9, 0) }),
  ];
}
