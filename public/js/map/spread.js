// Things at one place are given room beside each other.

/** What is so near each other, in degrees of latitude, is at one place: some three metres. */
const ONE_PLACE = 3 / 111320;
/** Around the first thing at a place the others are drawn in rings: how far out the first one is, and how far apart rings and things
 * are, in pixels. */
const RING = 58;
const APART = 46;

/**
 * Who is drawn beside their place. Things are grouped by squares as wide as a place: only groups of squares without a gap that hold
 * something new are looked through again.
 */
export class Spread {
  constructor() {
    /** How far beside its true place something is drawn, in pixels right and down. */
    this.beside = new Map();
    this.things = new Map();
    this.squares = new Map();
  }

  /** Takes things as [id, longitude, latitude], or [id] where they are gone; answers with those that are drawn elsewhere now. */
  change(news) {
    const open = [];
    for (const [id, lon, lat] of news) {
      const known = this.things.get(id);
      if (known && known[1] === lon && known[2] === lat) continue;
      if (known) {
        const square = this.squares.get(squareOf(known));
        square.delete(id);
        if (!square.size) this.squares.delete(squareOf(known));
        open.push(squareOf(known));
        this.things.delete(id);
      }
      if (lon === undefined) continue;
      const thing = [id, lon, lat];
      const name = squareOf(thing);
      this.things.set(id, thing);
      if (!this.squares.has(name)) this.squares.set(name, new Map());
      this.squares.get(name).set(id, thing);
      open.push(name);
    }
    const moved = new Set();
    const put = (id, place) => {
      if (String(this.beside.get(id)) === String(place)) return;
      if (place) this.beside.set(id, place);
      else this.beside.delete(id);
      moved.add(id);
    };
    const seen = new Set(open);
    const touched = [];
    for (const name of seen) {
      touched.push(...(this.squares.get(name)?.values() ?? []));
      for (const other of around(name)) if (this.squares.has(other)) seen.add(other);
    }
    for (const [id] of news) if (!this.things.has(id)) put(id, undefined);
    const places = spread(touched);
    for (const [id] of touched) put(id, places.get(id));
    return moved;
  }
}

const narrowAt = (lat) => Math.max(0.01, Math.cos((lat * Math.PI) / 180));
const squareOf = ([, lon, lat]) => `${Math.round((lon * narrowAt(lat)) / ONE_PLACE)} ${Math.round(lat / ONE_PLACE)}`;
const STEPS = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy]));

function around(name) {
  const [x, y] = name.split(" ").map(Number);
  return STEPS.map(([dx, dy]) => `${x + dx} ${y + dy}`);
}

/**
 * Gives things at one place room beside each other. `things` are [id, longitude, latitude]; ids begin with the time at which they were
 * made, so the oldest stays in the middle, none moves when another comes, and every screen shows the same.
 */
export function spread(things) {
  const beside = new Map();
  const places = new Map();
  for (const [id, lon, lat] of [...things].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const narrow = narrowAt(lat);
    const name = squareOf([id, lon, lat]);
    const near = (place) => place && Math.hypot((place.lon - lon) * narrow, place.lat - lat) <= ONE_PLACE;
    const here = places.size && around(name).map((other) => places.get(other)).find(near);
    if (here) beside.set(id, slot((here.others += 1)));
    else places.set(name, { lon, lat, others: 0 });
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
