// What fingers, mice and pens do on the map.
import { THREADS } from "./layers.js";
import { calm } from "./media.js";

const LONG_PRESS_MS = 550;
/** How far a finger that holds still may stray, in pixels. */
const STILL = 8;
/** How near a finger has to come, in pixels. */
const REACH = 14;

export function listen(map, mark, hooks) {
  let pressed = 0;
  let timer;
  let held;
  const press = (lngLat) => {
    const { lat, lng } = lngLat.wrap();
    pressed = Date.now();
    hooks.picked(lat, lng, true);
  };
  const release = () => clearTimeout(timer);
  // A mouse has its second button for that, and is held while one thinks.
  map.on("touchstart", (event) => {
    release();
    if (event.originalEvent.touches.length > 1) return;
    held = event.point;
    timer = setTimeout(() => press(event.lngLat), LONG_PRESS_MS);
  });
  // The map itself moves only with the next picture, which a slow device may draw after the finger was taken for still.
  map.on("touchmove", ({ point }) => held && held.dist(point) > STILL && release());
  for (const end of ["touchend", "touchcancel", "dragstart", "zoomstart", "movestart"]) map.on(end, release);
  map.on("contextmenu", (event) => {
    release();
    if (Date.now() - pressed > 1000) press(event.lngLat);
  });
  map.on("click", (event) => {
    if (Date.now() - pressed < 1000) return;
    if (mark.shown) {
      const { lat, lng } = event.lngLat.wrap();
      hooks.picked(lat, lng, false);
      return;
    }
    const ball = ballAt(map, event.point);
    if (ball) {
      map.easeTo({ center: ball, zoom: map.getZoom() + 2, animate: !calm.matches });
      return;
    }
    const path = target(map, event.point);
    const { lat, lng } = event.lngLat.wrap();
    if (path) hooks.tapped(path);
    // A form may ask for a point that cannot be marked from so far out.
    else hooks.picked(lat, lng, false);
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = ballAt(map, event.point) || target(map, event.point) ? "pointer" : "";
  });
}

/** Where the ball lies that is under a finger. */
function ballAt(map, { x, y }) {
  return map.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers: ["balls"] })[0]?.geometry.coordinates;
}

/** The panel of what lies under a finger: a knot before a spool before a thread. */
function target(map, { x, y }) {
  const box = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const near = (layers) => map.queryRenderedFeatures(box, { layers })[0]?.properties;
  const knot = near(["knots", "knot-names"]);
  if (knot) return `/knoten/${knot.id}`;
  const spool = near(["spools", "spool-names"]);
  if (spool) return `/rolle/${spool.id}`;
  const thread = near(["yarn", "tufts", ...THREADS.flatMap((kind) => [`thread-${kind}`, `waiting-${kind}`])]);
  return thread && `/knoten/${thread.node}`;
}
