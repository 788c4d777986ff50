// The pin of an open form.

/** The pin of an open form, to be tapped, dragged or moved with the map. */
export class Mark {
  constructor(gl, map, name, hooks) {
    this.map = map;
    const element = document.createElement("div");
    element.className = "map-mark";
    element.append(pin());
    this.marker = new gl.Marker({ element, draggable: true, anchor: "bottom" });
    this.marker.on("dragend", () => {
      const { lat, lng } = this.marker.getLngLat().wrap();
      hooks.picked(lat, lng, false);
    });
    this.shown = false;
    this.element = element;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.addEventListener("keydown", (event) => this.step(event, hooks));
  }

  /** Arrow keys move it as they move the map, a step each, with Shift a larger one. */
  step(event, hooks) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = this.map.project(this.marker.getLngLat());
    const length = event.shiftKey ? 60 : 12;
    const there = this.map.unproject([x + way[0] * length, y + way[1] * length]).wrap();
    if (!this.map.getBounds().contains(there)) this.map.jumpTo({ center: there });
    hooks.picked(there.lat, there.lng, false);
  }

  put(lat, lon) {
    const before = this.shown;
    this.shown = !Number.isNaN(lat);
    if (this.shown) this.marker.setLngLat([lon, lat]);
    // Put there anew it would lose the focus.
    if (this.shown && !before) this.marker.addTo(this.map);
    if (!this.shown) this.marker.remove();
    this.keepClear();
  }

  /** Nothing is named where it stands. */
  keepClear() {
    if (!this.map.style) return;
    const features = this.shown ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: this.marker.getLngLat().toArray() } }] : [];
    this.map.getSource("mark")?.setData({ type: "FeatureCollection", features });
  }
}

/** A needle with a round head; its colour is the style sheet's. */
function pin() {
  const shape = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const picture = shape("svg", { width: 32, height: 44, viewBox: "0 0 32 44", "aria-hidden": "true" });
  picture.append(
    shape("path", { d: "M16 43 V20", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round" }),
    shape("circle", { cx: 16, cy: 13, r: 10, fill: "currentColor", stroke: "#fff", "stroke-width": 2.5 }),
  );
  return picture;
}
