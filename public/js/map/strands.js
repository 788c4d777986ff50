// Threads from the same spool to the same knot, or the same other spool, are one bundle: its strands lie beside each other, in one order everywhere.
import { hash } from "./features.js";

/** The order of strands in a bundle, from the right of whoever looks from the spool to the knot. */
export const THREADS = ["create", "change", "talk", "join", "vouch"];
/** How much room a strand takes at the nearest zoom, in pixels. */
const THREAD_WIDTH = 3.6;
const YARN_WIDTH = 7;
/** A bundle is no wider than a knot; more strands lie closer. */
const BUNDLE_WIDTH = 22;
/** Between the tufts of one role at a knot, in degrees. */
const FAN = 16;

/** The id of what a thread leads to: a knot, or the role that is vouched for. */
export const endOf = ({ node }) => node.replace("role/", "");

/** The bundle that a thread belongs to. */
export const bundleOf = ({ role, node }) => `${role} ${node}`;

/** How much a bundle bends: a little more or less than its neighbours, as things made by hand do. */
export const bowOf = (bundle) => 0.12 + (hash(bundle) % 9) / 100;

/** How far beside the middle of its bundle each strand lies, in pixels, by its id; and each tuft's turn, in degrees. */
export function lay(rows) {
  const strands = [...rows].sort(inOrder);
  const whole = strands.reduce((sum, row) => sum + room(row), 0);
  const closer = Math.min(1, BUNDLE_WIDTH / whole);
  const places = new Map();
  let from = -whole / 2;
  strands.forEach((row, i) => {
    const aside = Math.round((from + room(row) / 2) * closer * 10) / 10;
    const turn = (hash(bundleOf(row)) % 360) + (i - (strands.length - 1) / 2) * FAN;
    places.set(row.id, { aside, turn });
    from += room(row);
  });
  return places;
}

const room = ({ expires_at }) => (expires_at === null ? YARN_WIDTH : THREAD_WIDTH);

/** Kinds that are younger than this script come last. */
const rank = ({ kind }) => (THREADS.indexOf(kind) + 100) % 100;

function inOrder(one, other) {
  return rank(one) - rank(other) || (one.id < other.id ? -1 : 1);
}
