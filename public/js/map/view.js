// Where the map looks, and what of it can be seen.
import { calm, wide } from "./media.js";

const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

export function whereabouts(map) {
  const { lat, lng } = map.getCenter().wrap();
  const bounds = map.getBounds();
  return new Float64Array([lat, lng, map.getZoom(), bounds.getSouth(), wrapped(bounds.getWest()), bounds.getNorth(), wrapped(bounds.getEast())]);
}

/** The middle that one sees lies beside or above the panel; behind a panel that covers it all, the map takes nothing. */
export function keepClearOfPanel(map, home) {
  const app = document.getElementById("app");
  const settle = (moves) => {
    const sheet = app?.dataset.sheet ?? document.documentElement.dataset.sheet;
    const low = sheet === "low" ? parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--sheet-low")) || 0 : innerHeight * 0.55;
    home.inert = sheet === "full" && !wide.matches;
    const beside = document.querySelector(".sheet")?.getBoundingClientRect().width ?? 0;
    const top = document.querySelector(".header")?.getBoundingClientRect().height ?? 0;
    const padding = wide.matches ? { left: beside, bottom: 0, top } : { left: 0, bottom: low, top };
    const now = map.getPadding();
    // Set again it would stop what moves.
    if (now.left === padding.left && now.bottom === padding.bottom && now.top === top) return;
    map.easeTo({ padding, duration: 350, animate: moves && !calm.matches });
  };
  settle(false);
  wide.addEventListener("change", () => settle(false));
  map.on("resize", () => settle(false));
  // A finger on the map may have stopped it half way.
  map.on("moveend", () => queueMicrotask(() => map.style && !map.isMoving() && settle(true)));
  const watch = new MutationObserver(() => settle(true));
  for (const element of [app, document.documentElement]) {
    if (element) watch.observe(element, { attributeFilter: ["data-sheet"] });
  }
}
