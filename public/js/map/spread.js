// Things at one place are given room beside each other.

/** What is so near each other, in degrees of latitude, is at one place: some three metres. */
const ONE_PLACE = 3 / 111320;
/** Around the first thing at a place the others are drawn in rings: how far out the first one is, and how far apart rings and things
 * are, in pixels. */
const RING = 58;
const APART = 46;

/**
 * Gives things at one place room beside each other. `things` are [id, longitude, latitude]; ids begin with the time at which they were
 * made, so the oldest stays in the middle, none moves when another comes, and every screen shows the same.
 */
export function spread(things) {
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
