// Where the map looks, and what of it can be seen.
import { wide } from "./media.js";

const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

export function whereabouts(map) {
  const { lat, lng } = map.getCenter().wrap();
  const bounds = map.getBounds();
  return new Float64Array([lat, lng, map.getZoom(), bounds.getSouth(), wrapped(bounds.getWest()), bounds.getNorth(), wrapped(bounds.getEast())]);
}

/** The middle that one sees lies beside or above the panel; behind a panel that covers it all, the map takes nothing. */
export function keepClearOfPanel(map, home) {
  const app = document.getElementById("app");
  const settle = () => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const sheet = app?.dataset.sheet ?? document.documentElement.dataset.sheet;
    const low = sheet === "low" ? 6.5 * rem : innerHeight * 0.55;
    home.inert = sheet === "full" && !wide.matches;
    const beside = document.querySelector(".sheet")?.getBoundingClientRect().width ?? 0;
    map.setPadding(wide.matches ? { left: beside, bottom: 0 } : { left: 0, bottom: low });
  };
  settle();
  wide.addEventListener("change", settle);
  map.on("resize", settle);
  const watch = new MutationObserver(settle);
  for (const element of [app, document.documentElement]) {
    if (element) watch.observe(element, { attributeFilter: ["data-sheet"] });
  }
}
