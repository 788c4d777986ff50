// What the device asks for.

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const dark = matchMedia("(prefers-color-scheme: dark)");
/** As sheet.css has it: where the panel stands beside the map. */
export const wide = matchMedia("(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)");
/** There is a mouse or something like it. */
export const hovers = matchMedia("(hover: hover)");
