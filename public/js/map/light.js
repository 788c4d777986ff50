// What is lit: what the open panel is about, with its threads and their other ends, or what was found; and what a pointer or the focus is on.
//
// Lit things are drawn once more above a veil of linen, from a source of their own: a few dozen features, where dimming the rest by
// its state would touch thousands. Below it their names go, which may have found room on another side. What is pointed at is drawn so too,
// without a veil.

import { feature, point, written } from "./features.js";
import { SOURCES } from "./layers.js";
import { calm } from "./media.js";
import { endOf } from "./strands.js";

const NAMED = /^\/(?:knoten|rolle|faden)\/([^/?#]+)/;

export class Light {
  constructor(map, weave) {
    this.map = map;
    this.weave = weave;
    this.lit = [];
    this.raised = [];
    this.pointed = [];
    /** What was found, each as it is drawn where nothing of it is on the map. */
    this.found = [];
  }

  /** The panel at this path is open. */
  show(path) {
    const id = named(path);
    // The link that was pointed at is gone with its panel.
    if (id !== this.id) this.hover(undefined);
    const isNew = this.id !== id;
    this.id = id;
    this.again();
    if (!isNew) return;
    this.bring(id);
    // What the page began with stays where its still picture has it.
    if (this.hasBegun) requestAnimationFrame(() => this.uncover(id));
    this.hasBegun = true;
  }

  /** A knot or a spool that the map shows is brought out from under what lies over the map. */
  uncover(id) {
    const { nodes, spools } = this.weave.rows;
    const row = nodes.get(id) ?? spools.get(id);
    if (id !== this.id || !row?.place || !this.map.style) return;
    // The panel comes up over what lay low, and the map makes room first.
    if (this.map.isMoving()) {
      this.map.once("moveend", () => requestAnimationFrame(() => this.uncover(id)));
      return;
    }
    const { width, height } = this.map.getCanvas().getBoundingClientRect();
    const { left, bottom } = this.map.getPadding();
    const { x, y } = this.map.project(this.weave.drawnAt(id, row.place));
    if (x < 0 || x > width || y < 0 || y > height) return;
    const top = left ? 0 : document.querySelector(".header")?.offsetHeight ?? 0;
    const right = y < top + BUTTONS.high ? BUTTONS.wide : 0;
    const into = (value, from, to) => Math.min(Math.max(value, from + EDGE), Math.max(to - EDGE, from + EDGE));
    const by = [x - into(x, left, width - right), y - into(y, top, height - bottom)];
    if (by.some(Boolean)) this.map.panBy(by, { animate: !calm.matches });
  }

  /** These were found: a line for each, with its id, its kind, its place and its name. */
  glow(lines) {
    const found = new Map();
    for (const line of lines.split("\n").filter(Boolean)) {
      const [id, kind, lat, lon, ...name] = line.split(" ");
      const sort = kind === "spool" ? { sort: "spool" } : { sort: "knot", kind, rings: 0 };
      found.set(id, feature(id, "Point", point({ lat, lon }), { ...sort, name: written(name.join(" ")), above: false }));
    }
    this.found = [...found.values()];
    this.again();
  }

  /** The features that are lit. */
  features() {
    const drawn = this.weave.cloth.drawn;
    const known = (keys) => keys.map((key) => drawn.get(key)?.feature).filter(Boolean);
    if (this.id) return known(this.weave.around(this.id));
    return this.found.flatMap((thing) => {
      const parts = known(this.weave.parts(thing.properties.key));
      return parts.length ? parts : [thing];
    });
  }

  /** A thread is nothing without its ends: both are brought into view. */
  bring(id) {
    const row = this.weave.rows.threads.get(id);
    if (!row?.from || !row.to || !this.map.style) return;
    const [from, to] = [this.weave.drawnAt(row.role, row.from), this.weave.drawnAt(endOf(row), row.to)];
    const { width, height } = this.map.getCanvas().getBoundingClientRect();
    const { top, bottom, left, right } = this.map.getPadding();
    const isSeen = ({ x, y }) => x > left + EDGE && x < width - right - EDGE && y > top + EDGE && y < height - bottom - EDGE;
    if ([from, to].every((end) => isSeen(this.map.project(end)))) return;
    const [west, east] = [from[0], to[0]].sort((a, b) => a - b);
    const [south, north] = [from[1], to[1]].sort((a, b) => a - b);
    this.map.fitBounds([[west, south], [east, north]], { padding: EDGE, maxZoom: this.map.getZoom(), animate: !calm.matches });
  }

  /** What is lit may look different now. */
  again() {
    if (!this.map.style) return;
    this.point();
    const lit = this.features();
    if (areSame(lit, this.lit)) return;
    this.lit = lit;
    this.mark(this.raised, { lit: false });
    this.mark((this.raised = lit.map(({ properties }) => properties.key)), { lit: true });
    this.draw("lit", lit);
    this.map.setPaintProperty("veil", "background-opacity", lit.length ? VEILED : 0, { validate: false });
  }

  /** A pointer or the focus is on what is called so, or on nothing. */
  hover(id) {
    if (id === this.over || !this.map.style) return;
    this.over = id;
    this.point();
  }

  /** Draws what is pointed at once more, above the others, as it looks now. What is still on its way looks so, pointed at or not. */
  point() {
    const drawn = this.weave.cloth.drawn;
    const keys = this.over ? [this.over, ...(this.weave.ends.get(this.over) ?? [])] : [];
    const pointed = keys.map((key) => drawn.get(key)).filter((known) => known?.feature && known.source !== "own").map(({ feature }) => feature);
    if (areSame(pointed, this.pointed)) return;
    this.pointed = pointed;
    this.draw("over", pointed);
  }

  draw(source, features) {
    this.map.getSource(source).setData({ type: "FeatureCollection", features: features.map(unfaded) });
  }

  mark(keys, state) {
    for (const id of keys) for (const source of SOURCES) this.map.setFeatureState({ source, id }, state);
  }

  /** The map has forgotten everything. */
  forget() {
    this.lit = [];
    this.raised = [];
    this.pointed = [];
    this.over = undefined;
    this.draw("over", []);
    this.again();
  }
}

/** What the map's own buttons cover of its upper corner, in pixels. */
const BUTTONS = { wide: 56, high: 120 };
/** So near the edge, in pixels, something is as good as out of view. */
const EDGE = 40;
/** How much of the rest the veil covers. */
const VEILED = 0.66;

const areSame = (one, other) => one.length === other.length && one.every((feature, i) => feature === other[i]);

/** Whole, whatever is left of it; that its last day has come stays told. */
function unfaded(feature) {
  const { until: ends, ...properties } = feature.properties;
  return { ...feature, properties: ends === undefined ? properties : { ...properties, ends } };
}

/** The id in the address of a panel that the map lights up. */
export const named = (path) => NAMED.exec(path ?? "")?.[1];
