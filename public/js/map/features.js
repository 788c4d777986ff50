// Where rows lie on the map, and what they are called there.

export const point = ({ lat, lon }) => [lon / 1e7, lat / 1e7];

/** A title as the map can write it: pictographs have colours, which its glyphs have not; no word is wider than a few knots. */
const PICTOGRAPHS = /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator})(?:\p{Emoji_Modifier}|[\ufe0f\u200d\u{e0020}-\u{e007f}])*|[\ufe0f\u20e3]/gu;
const LONGEST_TITLE = 64;
const LONGEST_WORD = 22;
export function written(title) {
  const words = title.replace(PICTOGRAPHS, " ").split(/\s+/).filter(Boolean).map((word) => cut(word, LONGEST_WORD));
  return cut(words.join(" "), LONGEST_TITLE);
}

/** Cut by letters as Unicode counts them, so that none is halved. */
function cut(text, most) {
  const letters = text.length > most ? [...text] : [];
  return letters.length > most ? `${letters.slice(0, most - 1).join("").trim()}…` : text;
}

/** A feature under the name that everything else calls it by. */
export function feature(key, type, coordinates, properties) {
  return { type: "Feature", geometry: { type, coordinates }, properties: { key, ...properties } };
}

/** Whether two features look the same. */
export function same(one, other) {
  const [properties, others] = [one.properties, other.properties];
  const names = Object.keys(properties);
  return names.length === Object.keys(others).length
    && names.every((name) => properties[name] === others[name])
    && one.geometry.type === other.geometry.type
    && alike(one.geometry.coordinates, other.geometry.coordinates);
}

function alike(one, other) {
  if (!Array.isArray(one)) return one === other;
  return one.length === other.length && one.every((value, i) => alike(value, other[i]));
}

export function hash(text) {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum;
}

export const metres = (radius) => parseFloat(radius) * (radius.endsWith("km") ? 1000 : 1);

/** Degrees to a centimetre: what is finer only makes differences. */
const fine = (degrees) => Math.round(degrees * 1e7) / 1e7;

export function circle([lon, lat], radius) {
  const north = radius / 111320;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: 49 }, (_, i) => [fine(lon + east * Math.cos((i * Math.PI) / 24)), fine(lat + north * Math.sin((i * Math.PI) / 24))]);
}

const PIECES = 16;

/** A thread hangs a little: from spool to knot along a bow. */
export function curve([ax, ay], [bx, by], bow) {
  if (bx - ax > 180) ax += 360;
  else if (ax - bx > 180) ax -= 360;
  const narrow = Math.max(0.01, Math.cos((by * Math.PI) / 180));
  const [dx, dy] = [(bx - ax) * narrow, by - ay];
  const [mx, my] = [(ax + bx) / 2 - (dy * bow) / narrow, (ay + by) / 2 + dx * bow];
  return Array.from({ length: PIECES + 1 }, (_, i) => {
    const t = i / PIECES;
    const [a, m, b] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    return [fine(a * ax + m * mx + b * bx), fine(a * ay + m * my + b * by)];
  });
}
