// What is lit: what the open panel is about, with its threads and their other ends; and what a pointer or the focus is on.
//
// Lit things are drawn once more above a veil of linen, from a source of their own: a few dozen features, where dimming the rest by
// its state would touch thousands. Below it their names go, which may have found room on another side.

import { SOURCES } from "./layers.js";
import { calm } from "./media.js";

const NAMED = /^\/(?:knoten|rolle|faden)\/([^/?#]+)/;

export class Light {
  constructor(map, weave) {
    this.map = map;
    this.weave = weave;
    this.lit = [];
    this.raised = [];
    this.hovered = [];
  }

  /** The panel at this path is open. */
  show(path) {
    const id = named(path);
    // The link that was pointed at is gone with its panel.
    if (id !== this.id) this.hover(undefined);
    const isNew = this.id !== id;
    this.id = id;
    this.again();
    if (isNew) this.bring(id);
  }

  /** A thread is nothing without its ends: both are brought into view. */
  bring(id) {
    const row = this.weave.rows.threads.get(id);
    if (!row?.from || !this.map.style) return;
    const [from, to] = [this.weave.drawnAt(row.role, row.from), this.weave.drawnAt(row.node, row.to)];
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
    const drawn = this.weave.cloth.drawn;
    const keys = this.id ? this.weave.around(this.id).filter((key) => drawn.get(key)?.feature) : [];
    const lit = keys.map((key) => drawn.get(key).feature);
    if (lit.length === this.lit.length && lit.every((feature, i) => feature === this.lit[i])) return;
    this.lit = lit;
    this.mark(this.raised, { lit: false });
    this.mark((this.raised = keys), { lit: true });
    this.map.getSource("lit").setData({ type: "FeatureCollection", features: lit.map(unfaded) });
    this.map.setPaintProperty("veil", "background-opacity", lit.length ? VEILED : 0, { validate: false });
  }

  /** A pointer or the focus is on what is called so, or on nothing. */
  hover(id) {
    if (id === this.over || !this.map.style) return;
    this.over = id;
    this.mark(this.hovered, { hover: false });
    this.hovered = id ? [id, ...(this.weave.ends.get(id) ?? [])] : [];
    this.mark(this.hovered, { hover: true });
  }

  mark(keys, state) {
    for (const id of keys) for (const source of SOURCES) this.map.setFeatureState({ source, id }, state);
  }

  /** The map has forgotten everything. */
  forget() {
    this.lit = [];
    this.raised = [];
    this.hovered = [];
    this.over = undefined;
    this.again();
  }
}

/** So near the edge, in pixels, something is as good as out of view. */
const EDGE = 40;
/** How much of the rest the veil covers. */
const VEILED = 0.66;

function unfaded(feature) {
  const { until, ...properties } = feature.properties;
  return { ...feature, properties };
}

/** The id in the address of a panel that the map lights up. */
export const named = (path) => NAMED.exec(path ?? "")?.[1];
