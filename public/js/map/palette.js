// The colours that the map is drawn in.
import { dark } from "./media.js";

/** Colours are the style sheet's; the others are only what holds without one. */
const said = (name, bright, night) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || (dark.matches ? night : bright);

/** `of` says what a token is; for the page of the design, which shows both schemes beside each other. */
export function palette(of = said) {
  return {
    linen: of("map-linen", "#f4eee2", "#23211d"),
    ink: of("map-ink", "#2c2722", "#ede6d8"),
    create: of("thread-create", "#4874c4", "#5bbefe"),
    change: of("thread-change", "#056559", "#68edbf"),
    talk: of("thread-talk", "#5d2d7b", "#a97ec3"),
    join: of("thread-join", "#861d02", "#de744c"),
    vouch: of("thread-vouch", "#c82090", "#d898b0"),
    spool: of("map-spool", "#705848", "#bfa294"),
    // With its quotes: MapLibre sets it as it is, and a name that ends in a number is none without them.
    font: getComputedStyle(document.body).fontFamily.split(",")[0].trim(),
  };
}
