/** Height of the page's header in pixels; the map's middle lies in the middle of what is left below it. */
export const HEADER = 56;
