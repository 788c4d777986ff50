// The map: MapLibre on plain linen or a base map (basemap.js), with threads, knots and spools fed by differences. The client's
// WASM calls `open` once the page has woken and hears back through `hooks`; `home` is the map's empty element, whose data say
// where everything lies.
//
// Nothing here decides what is shown: rows come as the domain makes them, this only draws them.

import { Cloth } from "./map/cloth.js";
import { addImages } from "./map/images.js";
import { WOVEN, colours, style } from "./map/layers.js";
import { Light } from "./map/light.js";
import { loom } from "./map/loom.js";
import { Mark } from "./map/mark.js";
import { calm, dark } from "./map/media.js";
import { palette } from "./map/palette.js";
import { listen } from "./map/touch.js";
import { keepClearOfPanel, whereabouts } from "./map/view.js";
import { Weave } from "./map/weave.js";

/** So long the device may take to draw again after it has lost what it drew with. */
const BACK_MS = 15000;
/** So long the rest takes to step back behind what is lit. */
const VEIL_MS = 250;
/** Less than a hundredth of what a thread lives: nobody sees less of its fading. */
const STEP_MS = 60 * 60 * 1000;
/** Whoever comes back is let look first. */
const BACK_IN_VIEW_MS = 2000;

/** Opens the map; fails where it can't be drawn. */
export async function open(home, view, hooks) {
  // To try it would hold up the page's first picture: the device gets ready to draw while nobody else can.
  if (!globalThis.WebGL2RenderingContext) throw new Error("no WebGL 2");
  // Asked for at once, laid under the weave when that is there.
  const ground = home.dataset.basemap && import(home.dataset.ground).then(({ ask }) => ask(home.dataset));
  const [gl] = await Promise.all([import(home.dataset.script), addStyle(home.dataset.style)]);
  gl.setWorkerUrl(home.dataset.worker);
  const now = () => Date.now() + view.offset;
  const map = made(gl, home, {
    container: home,
    // All of it at once, and unseen: each layer that came later would be checked against all of the others, which took longer than drawing.
    style: style(palette(), now(), calm.matches ? 0 : VEIL_MS),
    validateStyle: false,
    center: [view.lon, view.lat],
    zoom: view.zoom,
    minZoom: 2,
    maxZoom: 21,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: calm.matches ? 0 : 200,
    locale: words(home.dataset),
  });
  // The element around it is the landmark; this is what takes keys.
  map.getCanvas().setAttribute("role", "application");
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  map.on("error", ({ error }) => console.warn("map:", error?.message ?? error));
  await new Promise((loaded) => map.once("style.load", loaded));

  const weave = new Weave(new Cloth(loom(map, now)), now, map.getZoom(), () => light.again());
  const light = new Light(map, weave);
  addImages(map, palette(), weave);
  const paint = () => {
    addImages(map, palette(), weave);
    for (const [layer, name, value] of colours(palette())) map.setPaintProperty(layer, name, value, { validate: false });
  };
  // While there is nothing to draw with, it waits until that is back.
  dark.addEventListener("change", () => "lost" in home.dataset || paint());
  // What is spread keeps its distance on the screen, not on the ground.
  map.on("zoom", () => weave.zoomed(map.getZoom(), 0.3));
  map.on("zoomend", () => weave.zoomed(map.getZoom(), 0.01));
  // All that fades reads this one clock, so that no row has to be told anew; but each step lays out every tile again.
  const age = () => {
    // Nobody's finger waits for it; the next minute does as well.
    if (map.style && !map.isMoving() && Math.abs(now() - map.getGlobalState().now) >= STEP_MS) map.setGlobalStateProperty("now", now());
  };
  setInterval(age, 60000);
  document.addEventListener("visibilitychange", () => document.hidden || setTimeout(age, BACK_IN_VIEW_MS));
  let counting = false;
  /** Where knots are counted, single ones that are at hand by chance are not drawn beside their ball. */
  const count = () => {
    if (!map.style || counting === weave.rows.balls.size > 0) return;
    counting = !counting;
    for (const { id, source } of map.getStyle().layers) {
      if (source === "over" || WOVEN.includes(source)) map.setLayoutProperty(id, "visibility", counting ? "none" : "visible");
    }
  };

  const mark = new Mark(gl, map, home.dataset.mark, hooks);
  // What draws areas and copies addresses comes when somebody wants it: few ever do.
  let drawing;
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-draw], [data-copy]");
    if (!button) return;
    const failed = button.nextElementSibling;
    failed.hidden = true;
    try {
      const { Drawing } = await import(home.dataset.areas);
      drawing ??= new Drawing(map, () => palette().ink);
      await drawing.pressed(button);
    } catch {
      // No network, say: it is asked for anew by the next press.
      failed.hidden = false;
    }
  });
  listen(map, mark, light, hooks, () => drawing);
  keepClearOfPanel(map, home);
  const moved = () => hooks.moved(whereabouts(map));
  map.on("moveend", moved);
  moved();
  // While nothing new is seen on it, however live the channel is.
  const redrawn = Object.assign(document.createElement("p"), { className: "redrawn", hidden: true });
  redrawn.setAttribute("role", "status");
  home.after(redrawn);
  const tell = (isLost) => {
    redrawn.hidden = !isLost;
    redrawn.textContent = isLost ? home.dataset.redrawn : "";
  };
  let waits;
  let gone = false;
  let isDrawn = false;
  const drawn = () => {
    isDrawn = true;
    home.dataset.drawn = "";
  };
  map.on("webglcontextlost", () => {
    delete home.dataset.drawn;
    home.dataset.lost = "";
    tell(true);
    waits = setTimeout(() => {
      gone = true;
      tell(false);
      map.remove();
      hooks.map_lost();
    }, BACK_MS);
  });
  map.on("webglcontextrestored", async () => {
    clearTimeout(waits);
    if (!map.isStyleLoaded()) await map.once("style.load");
    delete home.dataset.lost;
    tell(false);
    paint();
    map.setGlobalStateProperty("now", now());
    weave.cloth.again();
    light.forget();
    mark.keepClear();
    count();
    drawn();
  });
  // What it is told first comes into its first picture, or there is nothing to tell.
  map.once("load", drawn);
  map.once("render", () => ground?.then((lay) => lay(map)).catch((error) => console.warn("base map:", error)));
  return {
    map,
    feed: ({ patch, waiting, balls }) => {
      weave.feed({ ...patch, balls: balls.filter((ball) => ball.count), balls_gone: balls.filter((ball) => !ball.count).map((ball) => ball.cell) }, waiting);
      count();
      if (!isDrawn) weave.cloth.port.tiled("settled").then(() => map.once("render", drawn).triggerRepaint());
    },
    fly: (lat, lon, zoom) => map.easeTo({ center: [lon, lat], zoom, animate: !calm.matches }),
    mark: (lat, lon) => gone || mark.put(lat, lon),
    light: (path) => light.show(path),
    glow: (lines) => light.glow(lines),
  };
}

/** A map; none is left in its place where the device can't draw one. */
function made(gl, home, options) {
  try {
    return new gl.Map(options);
  } catch (reason) {
    home.replaceChildren();
    throw reason;
  }
}

/** Its colours are read from it, so it is waited for; without it the map is drawn all the same. */
function addStyle(href) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

function words({ label, zoomIn, zoomOut }) {
  const locale = { "Map.Title": label, "NavigationControl.ZoomIn": zoomIn, "NavigationControl.ZoomOut": zoomOut };
  return Object.fromEntries(Object.entries(locale).filter(([, word]) => word));
}
