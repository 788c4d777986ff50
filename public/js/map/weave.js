// The rows shown, and the features made of them.
import { circle, curve, feature, hash, metres, point, written } from "./features.js";
import { spread } from "./spread.js";

const FADE_MS = 7 * 24 * 60 * 60 * 1000;
const TURN_MS = 7000;
const NEWS = { nodes: "knots", threads: "threads", spools: "spools", balls: "balls" };
/** What a row is called by. */
const KEY = { nodes: "id", threads: "id", spools: "role", balls: "cell" };

/** The rows shown, and the features made of them. */
export class Weave {
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
