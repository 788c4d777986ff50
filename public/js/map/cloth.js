// Which source of the map draws which feature, told by differences.
//
// What changed lately is drawn from `live`, which is small, so that each change cuts few tiles anew. When it has been quiet for a
// while it moves into `settled`, many at once. A settled feature that changes is only hidden there, by its state `stale`, which costs
// no tile; the copy is taken out when the next ones move in. What only this browser knows so far is drawn from `own`.
import { same } from "./features.js";

/** So long has nothing changed about what settles. */
const QUIET_MS = 10000;
/** And so often something settles at most. */
const SETTLE_MS = 20000;
/** More than that is not small: what comes then settles at once. */
const LIVE_MOST = 900;

/**
 * `port` is the map: `change(source, diff)` tells a source, `set(source, features)` all of it, `state(source, key, state)` a feature's
 * state, `tiled(source)` waits until what a source was told is drawn; `now()`, `later(act, ms)`, and `resting()`, whether nobody moves the map.
 */
export class Cloth {
  constructor(port) {
    this.port = port;
    /** What is drawn: by key its feature, the source that draws it, and since when it looks so. */
    this.drawn = new Map();
    this.live = new Set();
    /** Whose copy in `settled` is hidden. */
    this.stale = new Set();
    /** What is on its way from `live` into `settled`: both draw it for a moment. */
    this.moving = new Map();
    this.waits = false;
    this.times = 0;
  }

  /**
   * Takes [key, feature or undefined, source]; which source is the cloth's to say where none is given. Where the view is `whole`, another
   * one than before, what is new settles at once.
   */
  draw(changes, whole) {
    const fresh = changes.filter(([key, feature, source]) => {
      const known = this.drawn.get(key);
      if (!feature || !known) return feature || known;
      return !same(known.feature, feature) || (source ? known.source !== source : known.source !== "settled" && known.source !== "live");
    });
    const all = whole || fresh.length + this.live.size > LIVE_MOST;
    const diffs = {};
    const diff = (source) => (diffs[source] ??= { add: [], remove: [] });
    for (const [key, feature, source] of fresh) {
      const known = this.drawn.get(key);
      const hidden = this.stale.has(key) || this.moving.has(key);
      const settles = all && !hidden && (!known || known.source === "settled");
      const to = source ?? (settles ? "settled" : "live");
      if (known && (!feature || known.source !== to)) {
        if (known.source !== "settled") diff(known.source).remove.push(key);
        else if (all && !hidden && !feature) diff("settled").remove.push(key);
        else this.hide(key);
        this.live.delete(key);
      }
      if (this.moving.has(key)) this.hide(key);
      if (!feature) {
        this.drawn.delete(key);
        continue;
      }
      if (to === "live") this.live.add(key);
      this.drawn.set(key, { feature, source: to, since: this.port.now() });
      diff(to).add.push(feature);
    }
    for (const source of Object.keys(diffs)) this.port.change(source, diffs[source]);
    this.wait();
  }

  hide(key) {
    this.moving.delete(key);
    if (this.stale.has(key)) return;
    this.stale.add(key);
    this.port.state("settled", key, { stale: true });
  }

  wait() {
    if (this.waits || !(this.live.size + this.stale.size)) return;
    this.waits = true;
    const times = this.times;
    this.port.later(() => times === this.times && this.settle(), SETTLE_MS);
  }

  /** What is quiet moves from `live` into `settled`, and what is stale leaves. */
  async settle() {
    this.waits = false;
    if (!this.port.resting()) return this.wait();
    const times = this.times;
    const quiet = this.port.now() - QUIET_MS;
    for (const key of this.live) {
      const { feature, since } = this.drawn.get(key);
      if (since <= quiet) this.moving.set(key, feature);
    }
    const gone = [...this.stale].filter((key) => !this.moving.has(key) && !this.live.has(key));
    if (this.moving.size + gone.length) {
      this.waits = true;
      this.port.change("settled", { add: [...this.moving.values()], remove: gone });
      await this.port.tiled("settled");
      // Meanwhile everything may have been drawn anew.
      if (times !== this.times) return;
      this.waits = false;
      for (const key of this.moving.keys()) {
        this.live.delete(key);
        this.drawn.get(key).source = "settled";
      }
      for (const key of [...gone, ...this.moving.keys()]) if (this.stale.delete(key)) this.port.state("settled", key, { stale: false });
      if (this.moving.size) this.port.change("live", { add: [], remove: [...this.moving.keys()] });
      this.moving.clear();
    }
    this.wait();
  }

  /** Draws everything anew: the map has forgotten it. */
  again() {
    this.times += 1;
    this.waits = false;
    this.live.clear();
    this.stale.clear();
    this.moving.clear();
    const sources = { settled: [], live: [], own: [], balls: [] };
    for (const known of this.drawn.values()) {
      if (known.source === "live") known.source = "settled";
      sources[known.source].push(known.feature);
    }
    for (const source of Object.keys(sources)) this.port.set(source, sources[source]);
  }
}
