// The colours that the map is drawn in.
import { dark } from "./media.js";

/** Colours are the style sheet's; these are only what holds without one. */
export function palette() {
  const sheet = getComputedStyle(document.documentElement);
  const of = (name, bright, night) => sheet.getPropertyValue(name).trim() || (dark.matches ? night : bright);
  return {
    linen: of("--map-linen", "#f4eee2", "#23211d"),
    ink: of("--map-ink", "#2c2722", "#ede6d8"),
    create: of("--thread-create", "#2b5f8c", "#7fb4e0"),
    change: of("--thread-change", "#1d7262", "#6fcdb8"),
    talk: of("--thread-talk", "#7b3c88", "#d7a4e3"),
    join: of("--thread-join", "#a4442b", "#f0957a"),
    spool: of("--map-spool", "#7a5c3e", "#cdae8b"),
    // With its quotes: MapLibre sets it as it is, and a name that ends in a number is none without them.
    font: getComputedStyle(document.body).fontFamily.split(",")[0].trim(),
  };
}
