// The rows shown, and the features made of them.
import { circle, curve, feature, metres, point, written } from "./features.js";
import { Spread } from "./spread.js";
import { bowOf, bundleOf, endOf, lay } from "./strands.js";

const TURN_MS = 7000;
const SORTS = ["nodes", "threads", "spools", "balls"];
/** What a row is called by. */
const KEY = { nodes: "id", threads: "id", spools: "role", balls: "cell" };
/** What else than the thing itself is drawn of a row. */
const PARTS = ["", "-around", "-stem"];
/** More rings are drawn as so many. */
const MOST_RINGS = 4;
/** So many things are drawn in one go; then the page has its turn. Of what changes fewer: what is hidden for it costs more than what is new. */
const SLICE = 300;
const SLICE_OF_CHANGES = 120;
/** More news than that is no change but another view. */
const VIEW = 600;

const nothing = () => ({ nodes: new Set(), threads: new Set(), spools: new Set(), balls: new Set() });
const sizeOf = (touched) => SORTS.reduce((sum, sort) => sum + touched[sort].size, 0);

/** `cloth` draws (cloth.js), `now` is the server's time, `zoom` how near the map is; `after` is called when something was drawn. */
export class Weave {
  constructor(cloth, now, zoom, after = () => {}) {
    this.cloth = cloth;
    this.now = now;
    this.zoom = zoom;
    this.rows = { nodes: new Map(), threads: new Map(), spools: new Map(), balls: new Map() };
    this.waiting = new Set();
    this.spread = new Spread();
    /** Ids of the threads that end in a knot or a role, and of those in a bundle. */
    this.ends = new Map();
    this.bundles = new Map();
    /** Until when some spool turns. */
    this.turning = 0;
    this.after = after;
    /** What is still to be drawn, as the rows are by then, and whether it is so much that it makes another view. */
    this.touched = nothing();
    this.news = 0;
    this.whole = false;
  }

  /** Takes what is new and what is gone, and the ids of all that is on its way. */
  feed(news, onTheirWay) {
    const touched = this.touched;
    const places = [];
    for (const sort of SORTS) {
      const put = (id, row) => {
        if (sort === "threads") this.tie(id, row, touched);
        if (sort === "nodes" || sort === "spools") places.push(row ? [id, ...point(row.place)] : [id]);
        if (row) this.rows[sort].set(id, row);
        else this.rows[sort].delete(id);
        touched[sort].add(id);
        this.news += 1;
      };
      for (const row of news[sort] ?? []) put(row[KEY[sort]], row);
      for (const id of news[`${sort}_gone`] ?? []) put(id, undefined);
    }
    const waiting = new Set(onTheirWay);
    for (const id of new Set([...this.waiting, ...waiting])) {
      if (this.waiting.has(id) === waiting.has(id)) continue;
      for (const sort of ["nodes", "threads"]) if (this.rows[sort].has(id)) touched[sort].add(id);
    }
    this.waiting = waiting;
    this.touch(this.spread.change(places), touched);
    this.work();
  }

  /** Keeps who ends where, and touches the strands that a thread lies beside. */
  tie(id, row, touched) {
    const leave = (groups, name) => {
      groups.get(name)?.delete(id);
      if (!groups.get(name)?.size) groups.delete(name);
    };
    const join = (groups, name) => {
      if (!groups.has(name)) groups.set(name, new Set());
      groups.get(name).add(id);
    };
    const known = this.rows.threads.get(id);
    for (const [change, of] of [[leave, known], [join, row]]) {
      if (!of) continue;
      change(this.ends, endOf(of));
      change(this.ends, of.role);
      change(this.bundles, bundleOf(of));
      for (const strand of this.bundles.get(bundleOf(of)) ?? []) touched.threads.add(strand);
    }
  }

  /** Adds to what is drawn anew: these things, and the threads that end in them. */
  touch(things, touched) {
    for (const id of things) {
      if (this.rows.nodes.has(id)) touched.nodes.add(id);
      if (this.rows.spools.has(id)) touched.spools.add(id);
      for (const thread of this.ends.get(id) ?? []) touched.threads.add(thread);
    }
  }

  /** The map shows another zoom, at least so much nearer or farther than what is drawn is made for. */
  zoomed(zoom, least) {
    if (Math.abs(zoom - this.zoom) < least) return;
    this.zoom = zoom;
    this.touch(this.spread.beside.keys(), this.touched);
    this.news += sizeOf(this.touched);
    this.work();
  }

  /** Draws a slice of what is still to be drawn, and sees to the rest soon. */
  work() {
    const left = sizeOf(this.touched);
    // The strands beside a changed one are drawn anew with it, and are no news.
    this.whole ||= this.news > VIEW;
    const slice = nothing();
    const most = this.whole || !this.cloth.drawn.size ? SLICE : SLICE_OF_CHANGES;
    let room = most;
    for (const sort of SORTS) {
      for (const id of this.touched[sort]) {
        if (!room) break;
        room -= 1;
        this.touched[sort].delete(id);
        slice[sort].add(id);
      }
    }
    this.draw(slice);
    if (left <= most) [this.whole, this.news] = [false, 0];
    else if (!this.waits) {
      this.waits = true;
      this.cloth.port.later(() => {
        this.waits = false;
        this.work();
      }, 0);
    }
    this.after();
  }

  draw(touched) {
    const changes = [];
    const bundles = new Map();
    const beside = (row) => {
      const name = bundleOf(row);
      if (!bundles.has(name)) bundles.set(name, lay([...this.bundles.get(name)].map((id) => this.rows.threads.get(id))));
      return bundles.get(name).get(row.id);
    };
    for (const sort of SORTS) {
      for (const id of touched[sort]) {
        const row = this.rows[sort].get(id);
        const features = new Map();
        for (const one of row ? this[sort](row, beside) : []) features.set(one.properties.key, one);
        const source = sort === "balls" ? "balls" : this.waiting.has(id) ? "own" : undefined;
        for (const part of sort === "threads" ? [""] : PARTS) changes.push([id + part, features.get(id + part), source]);
      }
    }
    this.cloth.draw(changes, this.whole);
  }

  /** Where something is drawn that is at `place`. Farther out it lies closer together. */
  drawnAt(id, place) {
    const [lon, lat] = point(place);
    const beside = this.spread.beside.get(id);
    if (!beside) return [lon, lat];
    const degrees = (360 / (512 * 2 ** this.zoom)) * Math.min(1, Math.max(0.5, (this.zoom - 10) / 5));
    return [lon + beside[0] * degrees, lat - beside[1] * degrees * Math.cos((lat * Math.PI) / 180)];
  }

  /** The feature at its drawn place, and the stem to it from the true one. */
  thing(id, place, properties) {
    const at = this.drawnAt(id, place);
    const beside = this.spread.beside.get(id);
    const found = [feature(id, "Point", at, { ...properties, above: Boolean(beside && beside[1] < -1) })];
    if (beside) found.push(feature(`${id}-stem`, "LineString", [point(place), at], { sort: "stem" }));
    return found;
  }

  nodes(row) {
    const yarns = Object.keys(row.yarns).length;
    const holds = yarns > 0 || row.kind === "structure";
    const rings = Math.min(yarns, MOST_RINGS);
    const properties = { sort: "knot", kind: row.kind, name: written(row.title), rings };
    return this.thing(row.id, row.place, holds ? properties : { ...properties, until: row.holds_until });
  }

  threads(row, beside) {
    const yarn = row.expires_at === null;
    const bundle = bundleOf(row);
    const properties = { kind: row.kind, yarn, ...(!yarn && { until: row.expires_at }) };
    const { aside, turn } = beside(row);
    const [from, to] = [row.from && this.drawnAt(row.role, row.from), row.to && this.drawnAt(endOf(row), row.to)];
    // Where one of the two is not shown it ends in a tuft at the other.
    if (!from || !to) return from || to ? [feature(row.id, "Point", to || from, { ...properties, sort: "tuft", turn })] : [];
    const line = curve(from, to, bowOf(bundle));
    return [feature(row.id, "LineString", line, { ...properties, sort: "thread", aside })];
  }

  spools(row) {
    this.turn(row);
    const properties = { sort: "spool", name: written(row.name), acted: row.acted_at };
    const found = this.thing(row.role, row.place, properties);
    if (row.radius) found.push(feature(`${row.role}-around`, "Polygon", [circle(point(row.place), metres(row.radius))], { sort: "around" }));
    return found;
  }

  balls(row) {
    return [feature(row.cell, "Point", point(row.place), { sort: "ball", count: row.count })];
  }

  /** A spool turns for a while after each act. */
  turn({ role, acted_at }) {
    // A device that was busy when it was told the time believes it earlier than it is: what seems still to come has just happened.
    const still = Math.min(TURN_MS, acted_at + TURN_MS - this.now());
    if (still <= 0) return;
    this.turning = Math.max(this.turning, this.now() + still);
    this.cloth.port.state("live", role, { turning: true });
    const rest = () => this.rows.spools.get(role)?.acted_at === acted_at && this.cloth.port.state("live", role, { turning: false });
    this.cloth.port.later(rest, still + 50);
  }

  /** The keys of a thing or a thread, of its threads, and of what is at their other ends. */
  around(id) {
    const keys = [];
    for (const end of [id, ...this.tied(id)]) keys.push(...this.parts(end));
    return keys;
  }

  /** The keys of all that is drawn of a thing. */
  parts(id) {
    return PARTS.map((part) => id + part);
  }

  /** Ids of the threads of a thing, and of what they end in. */
  tied(id) {
    const ids = new Set();
    const itself = this.rows.threads.get(id);
    if (itself) return [itself.role, endOf(itself)];
    for (const thread of this.ends.get(id) ?? []) {
      const row = this.rows.threads.get(thread);
      ids.add(thread);
      ids.add(row.role === id ? endOf(row) : row.role);
    }
    return ids;
  }
}
