// The map: MapLibre on plain linen or a base map (basemap.js), with threads, knots and spools fed by differences. The client's
// WASM calls `open` once the page has woken and hears back through `hooks`; `home` is the map's empty element, whose data say
// where everything lies.
//
// Nothing here decides what is shown: rows come as the domain makes them, this only draws them.

const FADE_MS = 7 * 24 * 60 * 60 * 1000;
const TURN_MS = 7000;
const LONG_PRESS_MS = 550;
/** Farther out nothing single is heard of: what is left of it from nearer by is not all there is. */
const SINGLES_FROM = 8;
/** How far a finger that holds still may stray, in pixels. */
const STILL = 8;
/** How near a finger has to come, in pixels. */
const REACH = 14;
const KINDS = ["idea", "event", "place", "tool", "bed", "structure"];
const THREADS = ["create", "change", "talk", "join"];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
/** As frame.css has it: where the panel stands beside the map. */
const wide = matchMedia("(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)");
/** What is so near each other, in degrees of latitude, is at one place: some three metres. */
const ONE_PLACE = 3 / 111320;
/** Around the first thing at a place the others are drawn in rings: how far out the first one is, and how far apart rings and things
 * are, in pixels. */
const RING = 58;
const APART = 46;

/** Opens the map; fails where it can't be drawn. */
export async function open(home, view, hooks) {
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("no WebGL 2");
  // Asked for at once, laid under the weave when that is there.
  const ground = home.dataset.basemap && import(home.dataset.ground).then(({ ask }) => ask(home.dataset));
  const [gl] = await Promise.all([import(home.dataset.script), addStyle(home.dataset.style)]);
  gl.setWorkerUrl(home.dataset.worker);
  const map = new gl.Map({
    container: home,
    style: style(palette()),
    center: [view.lon, view.lat],
    zoom: view.zoom,
    minZoom: 2,
    maxZoom: 21,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: calm.matches ? 0 : 200,
    locale: words(home.dataset),
  });
  // The element around it is the landmark; this is what takes keys.
  map.getCanvas().setAttribute("role", "application");
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  map.on("error", ({ error }) => console.warn("map:", error?.message ?? error));
  await new Promise((loaded) => map.once("load", loaded));

  const weave = new Weave(map, view.offset);
  addImages(map, palette(), weave);
  for (const layer of layers(palette())) map.addLayer(layer.source === "balls" ? layer : { ...layer, minzoom: SINGLES_FROM });
  dark.addEventListener("change", () => {
    addImages(map, palette(), weave);
    for (const [layer, name, value] of colours(palette())) map.setPaintProperty(layer, name, value);
  });
  // What is spread keeps its distance on the screen, not on the ground.
  map.on("zoom", () => weave.zoomed(0.3));
  map.on("zoomend", () => weave.zoomed(0.01));
  setInterval(() => weave.age(), 60000);
  document.addEventListener("visibilitychange", () => document.hidden || weave.age());

  const mark = new Mark(gl, map, home.dataset.mark, hooks);
  listen(map, mark, hooks);
  keepClearOfPanel(map, home);
  const moved = () => hooks.moved(whereabouts(map));
  map.on("moveend", moved);
  moved();
  home.dataset.drawn = "";
  ground?.then((lay) => lay(map)).catch((error) => console.warn("base map:", error));
  return {
    feed: ({ patch, waiting, balls }) =>
      weave.feed({ ...patch, balls: balls.filter((ball) => ball.count), balls_gone: balls.filter((ball) => !ball.count).map((ball) => ball.cell) }, waiting),
    fly: (lat, lon, zoom) => map.easeTo({ center: [lon, lat], zoom, animate: !calm.matches }),
    mark: (lat, lon) => mark.put(lat, lon),
  };
}

/** Its colours are read from it, so it is waited for; without it the map is drawn all the same. */
function addStyle(href) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

function words({ label, zoomIn, zoomOut }) {
  const locale = { "Map.Title": label, "NavigationControl.ZoomIn": zoomIn, "NavigationControl.ZoomOut": zoomOut };
  return Object.fromEntries(Object.entries(locale).filter(([, word]) => word));
}

/** Colours are the style sheet's; these are only what holds without one. */
function palette() {
  const sheet = getComputedStyle(document.documentElement);
  const of = (name, bright, night) => sheet.getPropertyValue(name).trim() || (dark.matches ? night : bright);
  return {
    linen: of("--map-linen", "#f4eee2", "#23211d"),
    ink: of("--map-ink", "#2c2722", "#ede6d8"),
    create: of("--thread-create", "#2b5f8c", "#7fb4e0"),
    change: of("--thread-change", "#1d7262", "#6fcdb8"),
    talk: of("--thread-talk", "#7b3c88", "#d7a4e3"),
    join: of("--thread-join", "#a4442b", "#f0957a"),
    spool: of("--map-spool", "#7a5c3e", "#cdae8b"),
    // With its quotes: MapLibre sets it as it is, and a name that ends in a number is none without them.
    font: getComputedStyle(document.body).fontFamily.split(",")[0].trim(),
  };
}

function style({ linen }) {
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
/** And its bow, so that parallel ones lie side by side. */
const BOW = { create: 0.16, change: 0.3, talk: -0.3, join: -0.16 };

function layers({ ink, linen, spool, font, ...hue }) {
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
function colours(colour) {
  const drawn = layers(colour).flatMap(({ id, paint = {} }) => Object.entries(paint).filter(([name]) => name.endsWith("-color")).map(([name, value]) => [id, name, value]));
  return [["linen", "background-color", colour.linen], ...drawn];
}

const point = ({ lat, lon }) => [lon / 1e7, lat / 1e7];
/** A title as the map can write it: pictographs have colours, which its glyphs have not. */
const PICTOGRAPHS = /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator})(?:\p{Emoji_Modifier}|[\ufe0f\u200d\u{e0020}-\u{e007f}])*|[\ufe0f\u20e3]/gu;
const written = (title) => title.replace(PICTOGRAPHS, " ").replace(/\s+/g, " ").trim();
const NEWS = { nodes: "knots", threads: "threads", spools: "spools", balls: "balls" };
/** What a row is called by. */
const KEY = { nodes: "id", threads: "id", spools: "role", balls: "cell" };

/** The rows shown, and the features made of them. */
class Weave {
  constructor(map, offset) {
    this.map = map;
    this.offset = offset;
    this.rows = { nodes: new Map(), threads: new Map(), spools: new Map(), balls: new Map() };
    this.counting = false;
    this.waiting = new Set();
    /** What was drawn of each row last, as text: only what looks different is told to the map. */
    this.drawn = new Map();
    this.turning = 0;
    this.zoom = map.getZoom();
    /** How far beside its true place something is drawn, in pixels right and down. */
    this.beside = new Map();
  }

  now() {
    return Date.now() + this.offset;
  }

  feed(news, onTheirWay) {
    const touched = { nodes: new Set(), threads: new Set(), spools: new Set(), balls: new Set() };
    const waiting = new Set(onTheirWay);
    for (const id of new Set([...this.waiting, ...waiting])) {
      if (this.waiting.has(id) === waiting.has(id)) continue;
      touched[this.rows.nodes.has(id) ? "nodes" : "threads"].add(id);
    }
    this.waiting = waiting;
    for (const sort of Object.keys(NEWS)) {
      for (const row of news[sort] ?? []) {
        const id = row[KEY[sort]];
        this.rows[sort].set(id, row);
        touched[sort].add(id);
      }
      for (const id of news[`${sort}_gone`] ?? []) {
        this.rows[sort].delete(id);
        touched[sort].add(id);
      }
    }
    if (touched.nodes.size + touched.spools.size) {
      const before = this.beside;
      const things = [...this.rows.spools.values()].map((row) => [row.role, ...point(row.place)]);
      this.beside = spread(things.concat([...this.rows.nodes.values()].map((row) => [row.id, ...point(row.place)])));
      const moved = new Set([...touched.nodes, ...touched.spools]);
      for (const id of new Set([...before.keys(), ...this.beside.keys()])) {
        if (String(before.get(id)) !== String(this.beside.get(id))) moved.add(id);
      }
      this.touch(moved, touched);
    }
    for (const sort of Object.keys(NEWS)) this.draw(sort, touched[sort]);
    this.count(this.rows.balls.size > 0);
  }

  /** Adds to what is drawn anew: these things, and the threads that end in them. */
  touch(things, touched) {
    for (const id of things) {
      if (this.rows.nodes.has(id)) touched.nodes.add(id);
      if (this.rows.spools.has(id)) touched.spools.add(id);
    }
    for (const row of this.rows.threads.values()) {
      if (things.has(row.node) || things.has(row.role)) touched.threads.add(row.id);
    }
  }

  /** The map shows another zoom, at least so much nearer or farther than what is drawn is made for. */
  zoomed(least) {
    const zoom = this.map.getZoom();
    if (Math.abs(zoom - this.zoom) < least) return;
    this.zoom = zoom;
    const touched = { nodes: new Set(), threads: new Set(), spools: new Set() };
    this.touch(new Set(this.beside.keys()), touched);
    for (const sort of Object.keys(touched)) this.draw(sort, touched[sort]);
  }

  /** Where something is drawn that is at `place`. Farther out it lies closer together. */
  drawnAt(id, place) {
    const [lon, lat] = point(place);
    const beside = this.beside.get(id);
    if (!beside) return [lon, lat];
    const degrees = (360 / (512 * 2 ** this.zoom)) * Math.min(1, Math.max(0.5, (this.zoom - 10) / 5));
    return [lon + beside[0] * degrees, lat - beside[1] * degrees * Math.cos((lat * Math.PI) / 180)];
  }

  /** The feature at its drawn place, and the stem to it from the true one. */
  thing(id, place, properties) {
    const at = this.drawnAt(id, place);
    const beside = this.beside.get(id);
    const found = [feature(id, "Point", at, { ...properties, above: Boolean(beside && beside[1] < -1) })];
    if (beside) found.push(feature(`${id}-stem`, "LineString", [point(place), at], {}));
    return found;
  }

  /** Where knots are counted, single ones that are at hand by chance are not drawn beside their ball. */
  count(counting) {
    if (this.counting === counting) return;
    this.counting = counting;
    for (const { id, source } of this.map.getStyle().layers) {
      if (["threads", "knots", "spools"].includes(source)) this.map.setLayoutProperty(id, "visibility", counting ? "none" : "visible");
    }
  }

  /** Ages everything: called once a minute. */
  age() {
    for (const sort of Object.keys(NEWS)) this.draw(sort, this.rows[sort].keys());
  }

  draw(sort, ids) {
    const add = [];
    const remove = [];
    for (const id of ids) {
      const row = this.rows[sort].get(id);
      const features = row ? this[sort](row) : [];
      const names = new Set(features.map((feature) => feature.id));
      for (const name of [id, `${id}-around`, `${id}-stem`]) {
        if (!names.has(name) && this.drawn.delete(name)) remove.push(name);
      }
      for (const feature of features) {
        const text = JSON.stringify(feature);
        if (this.drawn.get(feature.id) === text) continue;
        this.drawn.set(feature.id, text);
        add.push(feature);
      }
    }
    if (add.length || remove.length) this.map.getSource(NEWS[sort]).updateData({ add, remove });
  }

  nodes(row) {
    const holds = Object.keys(row.yarns).length > 0 || row.kind === "structure";
    const waiting = this.waiting.has(row.id);
    return this.thing(row.id, row.place, { id: row.id, kind: row.kind, title: written(row.title), waiting, left: holds ? 1 : this.strength(row.holds_until) });
  }

  threads(row) {
    const yarn = row.expires_at === null;
    const properties = { node: row.node, kind: row.kind, yarn, waiting: this.waiting.has(row.id), left: yarn ? 1 : this.strength(row.expires_at) };
    const to = this.drawnAt(row.node, row.to);
    if (!row.from) return [feature(row.id, "Point", to, { ...properties, shape: "tuft", turn: hash(row.id) % 360 })];
    return [feature(row.id, "LineString", curve(this.drawnAt(row.role, row.from), to, row.kind), { ...properties, shape: "line" })];
  }

  spools(row) {
    const place = point(row.place);
    const still = row.acted_at + TURN_MS - this.now();
    const turning = still > 0;
    if (turning) setTimeout(() => this.rest(row), still + 50);
    this.turning = Math.max(this.turning, turning ? row.acted_at + TURN_MS : 0);
    const found = this.thing(row.role, row.place, { id: row.role, name: written(row.name), turning });
    if (row.radius) found.push(feature(`${row.role}-around`, "Polygon", [circle(place, metres(row.radius))], {}));
    return found;
  }

  balls(row) {
    return [feature(row.cell, "Point", point(row.place), { count: row.count })];
  }

  rest(row) {
    if (this.rows.spools.get(row.role) === row) this.draw("spools", [row.role]);
  }

  /** What is left of seven days, in tenths, so that the map is told ten times in a thread's life. */
  strength(end) {
    const part = Math.min(1, Math.max(0, (end - this.now()) / FADE_MS));
    return Math.max(0.15, Math.ceil(part * 10) / 10);
  }
}

function feature(id, type, coordinates, properties) {
  return { type: "Feature", id, geometry: { type, coordinates }, properties };
}

/**
 * Gives things at one place room beside each other. `things` are [id, longitude, latitude]; ids begin with the time at which they were
 * made, so the oldest stays in the middle, none moves when another comes, and every screen shows the same.
 */
function spread(things) {
  const beside = new Map();
  const places = new Map();
  for (const [id, lon, lat] of things.sort(([one], [other]) => (one < other ? -1 : 1))) {
    const narrow = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
    const [x, y] = [Math.round((lon * narrow) / ONE_PLACE), Math.round(lat / ONE_PLACE)];
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => places.get(`${x + dx} ${y + dy}`)));
    const here = around.find((place) => place && Math.hypot((place.lon - lon) * narrow, place.lat - lat) <= ONE_PLACE);
    if (here) beside.set(id, slot((here.others += 1)));
    else places.set(`${x} ${y}`, { lon, lat, others: 0 });
  }
  return beside;
}

/** The `n`th place around a middle, from 1, in pixels right and down: above, below, then between. */
function slot(n) {
  let [radius, room, before] = [RING, 6, 1];
  while (n - before >= room) {
    before += room;
    radius += APART;
    room = Math.floor((2 * Math.PI * radius) / APART);
  }
  const turn = (room === 6 ? [0, 3, 1, 4, 2, 5][n - before] : n - before) / room;
  return [radius * Math.sin(turn * 2 * Math.PI), -radius * Math.cos(turn * 2 * Math.PI)];
}

function hash(text) {
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.charCodeAt(0)) >>> 0;
  return sum;
}

const metres = (radius) => parseFloat(radius) * (radius.endsWith("km") ? 1000 : 1);

function circle([lon, lat], radius) {
  const north = radius / 111320;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: 49 }, (_, i) => [lon + east * Math.cos((i * Math.PI) / 24), lat + north * Math.sin((i * Math.PI) / 24)]);
}

/** A thread hangs a little: from spool to knot along a bow, each kind by its own. */
function curve([ax, ay], [bx, by], kind) {
  if (bx - ax > 180) ax += 360;
  else if (ax - bx > 180) ax -= 360;
  const narrow = Math.max(0.01, Math.cos((by * Math.PI) / 180));
  const bow = BOW[kind];
  const [dx, dy] = [(bx - ax) * narrow, by - ay];
  const [mx, my] = [(ax + bx) / 2 - (dy * bow) / narrow, (ay + by) / 2 + dx * bow];
  return Array.from({ length: 21 }, (_, i) => {
    const t = i / 20;
    const [a, m, b] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    return [a * ax + m * mx + b * bx, a * ay + m * my + b * by];
  });
}

/** The pin of an open form, to be tapped, dragged or moved with the map. */
class Mark {
  constructor(gl, map, name, hooks) {
    this.map = map;
    const element = document.createElement("div");
    element.className = "map-mark";
    element.append(pin());
    this.marker = new gl.Marker({ element, draggable: true, anchor: "bottom" });
    this.marker.on("dragend", () => {
      const { lat, lng } = this.marker.getLngLat().wrap();
      hooks.picked(lat, lng, false);
    });
    this.shown = false;
    this.element = element;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.addEventListener("keydown", (event) => this.step(event, hooks));
  }

  /** Arrow keys move it as they move the map, a step each, with Shift a larger one. */
  step(event, hooks) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = this.map.project(this.marker.getLngLat());
    const length = event.shiftKey ? 60 : 12;
    const there = this.map.unproject([x + way[0] * length, y + way[1] * length]).wrap();
    if (!this.map.getBounds().contains(there)) this.map.jumpTo({ center: there });
    hooks.picked(there.lat, there.lng, false);
  }

  put(lat, lon) {
    const before = this.shown;
    this.shown = !Number.isNaN(lat);
    if (this.shown) this.marker.setLngLat([lon, lat]);
    // Put there anew it would lose the focus.
    if (this.shown && !before) this.marker.addTo(this.map);
    if (!this.shown) this.marker.remove();
  }
}

/** A needle with a round head; its colour is the style sheet's. */
function pin() {
  const shape = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const picture = shape("svg", { width: 32, height: 44, viewBox: "0 0 32 44", "aria-hidden": "true" });
  picture.append(
    shape("path", { d: "M16 43 V20", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round" }),
    shape("circle", { cx: 16, cy: 13, r: 10, fill: "currentColor", stroke: "#fff", "stroke-width": 2.5 }),
  );
  return picture;
}

const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

function whereabouts(map) {
  const { lat, lng } = map.getCenter().wrap();
  const bounds = map.getBounds();
  return new Float64Array([lat, lng, map.getZoom(), bounds.getSouth(), wrapped(bounds.getWest()), bounds.getNorth(), wrapped(bounds.getEast())]);
}

function listen(map, mark, hooks) {
  let pressed = 0;
  let timer;
  let held;
  const press = (lngLat) => {
    const { lat, lng } = lngLat.wrap();
    pressed = Date.now();
    hooks.picked(lat, lng, true);
  };
  const release = () => clearTimeout(timer);
  // A mouse has its second button for that, and is held while one thinks.
  map.on("touchstart", (event) => {
    release();
    if (event.originalEvent.touches.length > 1) return;
    held = event.point;
    timer = setTimeout(() => press(event.lngLat), LONG_PRESS_MS);
  });
  // The map itself moves only with the next picture, which a slow device may draw after the finger was taken for still.
  map.on("touchmove", ({ point }) => held && held.dist(point) > STILL && release());
  for (const end of ["touchend", "touchcancel", "dragstart", "zoomstart", "movestart"]) map.on(end, release);
  map.on("contextmenu", (event) => {
    release();
    if (Date.now() - pressed > 1000) press(event.lngLat);
  });
  map.on("click", (event) => {
    if (Date.now() - pressed < 1000) return;
    if (mark.shown) {
      const { lat, lng } = event.lngLat.wrap();
      hooks.picked(lat, lng, false);
      return;
    }
    const ball = ballAt(map, event.point);
    if (ball) {
      map.easeTo({ center: ball, zoom: map.getZoom() + 2, animate: !calm.matches });
      return;
    }
    const path = target(map, event.point);
    const { lat, lng } = event.lngLat.wrap();
    if (path) hooks.tapped(path);
    // A form may ask for a point that cannot be marked from so far out.
    else hooks.picked(lat, lng, false);
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = ballAt(map, event.point) || target(map, event.point) ? "pointer" : "";
  });
}

/** Where the ball lies that is under a finger. */
function ballAt(map, { x, y }) {
  return map.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers: ["balls"] })[0]?.geometry.coordinates;
}

/** The panel of what lies under a finger: a knot before a spool before a thread. */
function target(map, { x, y }) {
  const box = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const near = (layers) => map.queryRenderedFeatures(box, { layers })[0]?.properties;
  const knot = near(["knots", "knot-names"]);
  if (knot) return `/knoten/${knot.id}`;
  const spool = near(["spools", "spool-names"]);
  if (spool) return `/rolle/${spool.id}`;
  const thread = near(["yarn", "tufts", ...THREADS.flatMap((kind) => [`thread-${kind}`, `waiting-${kind}`])]);
  return thread && `/knoten/${thread.node}`;
}

/** The middle that one sees lies beside or above the panel; behind a panel that covers it all, the map takes nothing. */
function keepClearOfPanel(map, home) {
  const app = document.getElementById("app");
  const settle = () => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const sheet = app?.dataset.sheet ?? document.documentElement.dataset.sheet;
    const low = sheet === "low" ? 6.5 * rem : innerHeight * 0.55;
    home.inert = sheet === "full" && !wide.matches;
    const beside = document.querySelector(".sheet")?.getBoundingClientRect().width ?? 0;
    map.setPadding(wide.matches ? { left: beside, bottom: 0 } : { left: 0, bottom: low });
  };
  settle();
  wide.addEventListener("change", settle);
  map.on("resize", settle);
  const watch = new MutationObserver(settle);
  for (const element of [app, document.documentElement]) {
    if (element) watch.observe(element, { attributeFilter: ["data-sheet"] });
  }
}

/** Draws on a canvas of `width` × `height` CSS pixels, twice as fine. */
function picture(width, height, draw) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * 2, height * 2];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(2, 2);
  pen.lineCap = pen.lineJoin = "round";
  draw(pen);
  return pen.getImageData(0, 0, width * 2, height * 2);
}

/** Each kind is a knot of its own: the curve of one strand, t from 0 to 1. */
const KNOT = {
  idea: (t) => [(Math.sin(t) + 2 * Math.sin(2 * t)) / 3, (2 * Math.cos(2 * t) - Math.cos(t)) / 3],
  event: (t) => [Math.sin(t), Math.sin(2 * t) * 0.62],
  place: (t) => [Math.cos(t) * Math.cos(2 * t), Math.sin(t) * Math.cos(2 * t)],
  tool: (t) => [Math.sin(2 * t) * 0.9, Math.sin(3 * t + 0.5) * 0.9],
  bed: (t) => [(Math.cos(2 * t) * (1.6 + Math.cos(5 * t))) / 2.6, (Math.sin(2 * t) * (1.6 + Math.cos(5 * t))) / 2.6],
  structure: (t) => [(Math.cos(3 * t) * (2 + Math.cos(8 * t))) / 3, (Math.sin(3 * t) * (2 + Math.cos(8 * t))) / 3],
};

/** One strand over and under itself: every piece is drawn with a seam of linen, so that it lies on the earlier ones. */
function knot(kind, { ink, linen }) {
  return picture(36, 36, (pen) => {
    pen.fillStyle = linen;
    pen.beginPath();
    pen.arc(18, 18, 17, 0, 2 * Math.PI);
    pen.fill();
    const pieces = 96;
    const at = (i) => KNOT[kind]((i / pieces) * 2 * Math.PI).map((value) => 18 + value * 13);
    for (let i = 0; i < pieces + 3; i += 1) {
      for (const [width, colour] of [[6, linen], [3.2, ink]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.lineCap = width === 6 ? "butt" : "round";
        pen.beginPath();
        pen.moveTo(...at(i));
        pen.lineTo(...at(i + 1));
        if (width !== 6) pen.lineTo(...at(i + 1.4));
        pen.stroke();
      }
    }
  });
}

/** A ball of wool: windings one over the other, each with its seam. */
function ball({ spool, linen }) {
  return picture(52, 52, (pen) => {
    pen.beginPath();
    pen.arc(26, 26, 24, 0, 2 * Math.PI);
    pen.fillStyle = linen;
    pen.fill();
    pen.clip();
    for (const turn of [0.4, 2.5, -0.7]) {
      pen.save();
      pen.translate(26, 26);
      pen.rotate(turn);
      for (let x = -16; x <= 24; x += 8) {
        pen.globalAlpha = 0.5;
        pen.strokeStyle = spool;
        pen.lineWidth = 2;
        pen.beginPath();
        pen.ellipse(x - 34, 0, 34, 46, 0, -Math.PI / 2, Math.PI / 2);
        pen.stroke();
      }
      pen.restore();
    }
    // Room for the number.
    pen.globalAlpha = 0.85;
    pen.beginPath();
    pen.arc(26, 26, 15, 0, 2 * Math.PI);
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = spool;
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(26, 26, 24, 0, 2 * Math.PI);
    pen.stroke();
  });
}

/** A spool seen from its end: flange, winding, hole. */
function drawSpool(pen, { spool, linen, ink }, angle) {
  pen.clearRect(0, 0, 30, 30);
  pen.save();
  pen.translate(15, 15);
  pen.rotate(angle);
  pen.fillStyle = linen;
  pen.strokeStyle = spool;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(0, 0, 12, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.lineWidth = 1.6;
  pen.strokeStyle = ink;
  pen.beginPath();
  for (let i = 0; i <= 80; i += 1) pen.lineTo(Math.cos(i / 4.2) * (3 + i / 12), Math.sin(i / 4.2) * (3 + i / 12));
  pen.stroke();
  pen.restore();
}

function turningSpool(map, colour, weave) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 60;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(2, 2);
  const draw = (angle) => {
    drawSpool(pen, colour, angle);
    if (calm.matches) {
      pen.strokeStyle = colour.ink;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.arc(15, 15, 14, 0, 2 * Math.PI);
      pen.stroke();
    }
    return pen.getImageData(0, 0, 60, 60).data;
  };
  return {
    width: 60,
    height: 60,
    data: draw(0),
    render() {
      // Only while one turns is there a next frame.
      if (calm.matches || weave.turning < weave.now()) return false;
      this.data = draw((weave.now() % 2500) / 2500 * 2 * Math.PI);
      map.triggerRepaint();
      return true;
    },
  };
}

/** Two plies, each over the other in turn. */
function yarn(hue, { linen }) {
  return picture(16, 8, (pen) => {
    for (const [phase, colour] of [[0, hue], [Math.PI, hue]]) {
      for (const [width, stroke] of [[4.2, linen], [2.4, colour]]) {
        pen.strokeStyle = stroke;
        pen.lineWidth = width;
        pen.beginPath();
        for (let x = -1; x <= 17; x += 0.5) pen.lineTo(x, 4 + 2.1 * Math.sin((x / 16) * 2 * Math.PI + phase));
        pen.stroke();
      }
    }
  });
}

function tuft(hue) {
  return picture(14, 34, (pen) => {
    pen.strokeStyle = hue;
    pen.lineWidth = 2;
    for (const [bend, end] of [[-5, 2], [0, 7], [5, 12]]) {
      pen.beginPath();
      pen.moveTo(7, 33);
      pen.quadraticCurveTo(7 + bend / 3, 18, end, 4 + Math.abs(bend));
      pen.stroke();
    }
  });
}

function addImages(map, colour, weave) {
  const put = (name, image) => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: 2 });
  };
  for (const kind of KINDS) put(`knot-${kind}`, knot(kind, colour));
  for (const kind of THREADS) {
    put(`yarn-${kind}`, yarn(colour[kind], colour));
    put(`tuft-${kind}`, tuft(colour[kind]));
  }
  put("ball", ball(colour));
  put("spool", picture(30, 30, (pen) => drawSpool(pen, colour, 0)));
  put("spool-turning", turningSpool(map, colour, weave));
}
