// Where rows lie on the map, and what they are called there.

/** And its bow, so that parallel ones lie side by side. */
const BOW = { create: 0.16, change: 0.3, talk: -0.3, join: -0.16 };
export const point = ({ lat, lon }) => [lon / 1e7, lat / 1e7];

/** A title as the map can write it: pictographs have colours, which its glyphs have not. */
const PICTOGRAPHS = /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator})(?:\p{Emoji_Modifier}|[\ufe0f\u200d\u{e0020}-\u{e007f}])*|[\ufe0f\u20e3]/gu;
export const written = (title) => title.replace(PICTOGRAPHS, " ").replace(/\s+/g, " ").trim();

export function feature(id, type, coordinates, properties) {
  return { type: "Feature", id, geometry: { type, coordinates }, properties };
}

export function hash(text) {
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.charCodeAt(0)) >>> 0;
  return sum;
}

export const metres = (radius) => parseFloat(radius) * (radius.endsWith("km") ? 1000 : 1);

export function circle([lon, lat], radius) {
  const north = radius / 111320;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: 49 }, (_, i) => [lon + east * Math.cos((i * Math.PI) / 24), lat + north * Math.sin((i * Math.PI) / 24)]);
}

/** A thread hangs a little: from spool to knot along a bow, each kind by its own. */
export function curve([ax, ay], [bx, by], kind) {
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
