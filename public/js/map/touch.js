// What fingers, mice and pens do on the map.
import { TOUCHED } from "./layers.js";
import { named } from "./light.js";
import { calm, hovers } from "./media.js";

const LONG_PRESS_MS = 550;
/** How far a finger that holds still may stray, in pixels. */
const STILL = 8;
/** How near a finger has to come, in pixels. */
const REACH = 14;

export function listen(map, mark, light, hooks, drawing) {
  let pressed = 0;
  let timer;
  let held;
  /** This finger has pressed long enough. */
  let through = false;
  const ring = document.createElement("div");
  ring.className = "map-press";
  map.getCanvasContainer().append(ring);
  const press = (lngLat) => {
    if (drawing()?.on) return;
    const { lat, lng } = lngLat.wrap();
    pressed = Date.now();
    through = true;
    // Felt where there is something to feel it by; browsers complain where nobody has touched the page before.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(10);
    hooks.picked(lat, lng, true);
    // The form's panel comes up over what lay low.
    requestAnimationFrame(() => (map.isMoving() ? map.once("moveend", () => show(map, lngLat)) : show(map, lngLat)));
  };
  const release = () => {
    clearTimeout(timer);
    delete ring.dataset.held;
  };
  // A mouse has its second button for that, and is held while one thinks.
  map.on("touchstart", (event) => {
    release();
    if (event.originalEvent.touches.length > 1) return;
    held = event.point;
    through = false;
    // It closes around the finger for as long as the press takes.
    ring.style.translate = `${held.x}px ${held.y}px`;
    ring.dataset.held = "";
    timer = setTimeout(() => press(event.lngLat), LONG_PRESS_MS);
  });
  // The map itself moves only with the next picture, which a slow device may draw after the finger was taken for still.
  map.on("touchmove", ({ point }) => held && held.dist(point) > STILL && release());
  for (const end of ["touchend", "touchcancel", "dragstart", "zoomstart"]) map.on(end, release);
  // The map may still be on its way to where the panel leaves it room: that is no doing of the finger's.
  map.on("movestart", ({ originalEvent }) => originalEvent && release());
  // What has come to lie under it is not tapped by letting go.
  map.on("touchend", ({ originalEvent }) => through && originalEvent.preventDefault());
  map.on("contextmenu", (event) => {
    release();
    if (Date.now() - pressed > 1000) press(event.lngLat);
  });
  map.on("click", (event) => {
    if (Date.now() - pressed < 1000) return;
    if (drawing()?.on) {
      drawing().take(event.point, event.lngLat);
      return;
    }
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
    const found = target(map, event.point);
    const { lat, lng } = event.lngLat.wrap();
    if (found) hooks.tapped(found.path);
    // A form may ask for a point that cannot be marked from so far out.
    else hooks.picked(lat, lng, false);
  });
  hover(map, light);
}

/** Brings a point out from under the panel. */
function show(map, lngLat) {
  if (!map.style) return;
  const { x, y } = map.project(lngLat);
  const { left, bottom } = map.getPadding();
  if (x < left + STILL || y > map.getContainer().clientHeight - bottom - STILL) map.easeTo({ center: lngLat, animate: !calm.matches });
}

/** Where the ball lies that is under a finger. */
function ballAt(map, { x, y }) {
  return map.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers: ["balls"] })[0]?.geometry.coordinates;
}

/** What lies under a finger: the nearest knot or spool before a name before a thread. */
function target(map, point) {
  const { x, y } = point;
  const box = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const layers = TOUCHED.flatMap((sorts) => Object.values(sorts).flat());
  const found = map.queryRenderedFeatures(box, { layers }).filter(({ state }) => !state.stale);
  const away = ({ geometry: { type, coordinates } }) => (type === "Point" ? map.project(coordinates).dist(point) : 0);
  for (const sorts of TOUCHED) {
    const met = Object.entries(sorts).flatMap(([sort, drawn]) => found.filter(({ layer }) => drawn.includes(layer.id)).map((feature) => ({ sort, feature, away: away(feature) })));
    const [nearest] = met.sort((one, other) => one.away - other.away);
    if (nearest) {
      const { key } = nearest.feature.properties;
      return { id: key, path: `/${{ knot: "knoten", spool: "rolle", thread: "faden" }[nearest.sort]}/${key}` };
    }
  }
  return undefined;
}

/** A mouse over the map, and a mouse or the focus on what the panel names, shows which threads are meant. */
function hover(map, light) {
  let last;
  const look = () => {
    const ball = last && ballAt(map, last);
    const found = last && !ball ? target(map, last) : undefined;
    map.getCanvas().style.cursor = ball || found ? "pointer" : "";
    light.hover(found?.id);
    last = undefined;
  };
  // A finger leaves nothing to hover; and once per picture is enough.
  map.on("mousemove", ({ point }) => {
    if (hovers.matches && !last) requestAnimationFrame(() => map.style && look());
    last = point;
  });
  map.on("mouseout", () => light.hover(undefined));
  const link = ({ target }) => target.closest?.("#panel a[href]");
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => event.pointerType !== "touch" && link(event) && light.hover(named(link(event).getAttribute("href"))));
  for (const name of ["pointerout", "focusout"]) document.addEventListener(name, (event) => link(event) && light.hover(undefined));
}
