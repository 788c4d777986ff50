// What the cloth asks of MapLibre. While a lost WebGL context is not back there is nothing to tell: then everything is told anew.

/** `now` is the server's time. */
export function loom(map, now) {
  const told = new Map();
  return {
    now,
    later: (act, ms) => setTimeout(act, ms),
    resting: () => Boolean(map.style) && !map.isMoving() && !document.hidden,
    change: (source, diff) => map.style && told.set(source, map.getSource(source).updateData(diff)),
    set(source, features) {
      map.removeFeatureState({ source });
      told.set(source, map.getSource(source).setData({ type: "FeatureCollection", features }));
    },
    state: (source, id, state) => map.style && map.setFeatureState({ source, id }, state),
    async tiled(source) {
      await told.get(source);
      while (map.style && !map.isSourceLoaded(source)) await map.once("sourcedata");
    },
  };
}
