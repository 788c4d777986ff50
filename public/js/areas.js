// An area drawn on the map, corner by corner, for the form that keeps it (`[data-area]`, drawn by the server); and the button that
// copies an address of its feeds. Both buttons are shown by the map's own style sheet; this is loaded when one of them is pressed.

/** Corners that an area has at most, as the domain has it. */
const CORNERS_MAX = 32;
/** How near the first corner one has to come to close the area, in pixels. */
const CLOSE = 16;
const EMPTY = { type: "FeatureCollection", features: [] };

/** The area that is being drawn. */
export class Drawing {
  constructor(map, colour) {
    this.map = map;
    this.colour = colour;
    this.corners = [];
    // The middle of the map is where keys are.
    map.getCanvas().addEventListener("keydown", ({ key }) => {
      if (key === "Enter" && this.on) this.take(map.project(map.getCenter()), map.getCenter());
      if (key === "Escape" && this.on) this.end();
    });
  }

  /** Whether what is tapped are corners; a form that is gone draws no more. */
  get on() {
    if (this.button && !this.button.isConnected) this.end();
    return Boolean(this.button);
  }

  pressed(target) {
    const copied = target.closest?.("[data-copy]");
    if (copied) copy(copied);
    const button = target.closest?.("[data-draw]");
    if (!button) return;
    if (this.on) this.end();
    else this.begin(button);
  }

  begin(button) {
    this.button = button;
    this.word = button.textContent;
    this.corners = [];
    button.textContent = button.dataset.done;
    this.tell(button.dataset.drawing);
    this.draw();
    sheet("low");
  }

  /** A corner; the first one once more closes the area. */
  take(point, lngLat) {
    const first = this.corners[0];
    const closes = this.corners.length > 2 && first && this.map.project(first).dist(point) < CLOSE;
    if (!closes) {
      const { lat, lng } = lngLat.wrap();
      this.corners.push([lng, lat]);
      this.tell(this.button.dataset.drawing);
      this.draw();
    }
    if (closes || this.corners.length === CORNERS_MAX) this.end();
  }

  /** What was drawn goes into the form; too few corners leave that as it was. */
  end() {
    const { button, corners } = this;
    this.button = undefined;
    button.textContent = this.word;
    if (!button.isConnected) {
      this.corners = [];
      this.draw();
      return;
    }
    if (corners.length > 2) {
      field(button).value = corners.map(([lng, lat]) => `${lat.toFixed(7)},${lng.toFixed(7)}`).join(";");
      this.tell(button.dataset.drawn, button);
      sheet("half");
      return;
    }
    this.corners = [];
    this.draw();
    this.tell(button.dataset.before, button);
  }

  /** Says so where the form says what it keeps. */
  tell(words, button = this.button) {
    const told = button.closest("[data-area]").querySelector("[role=status]");
    button.dataset.before ??= told.textContent;
    told.textContent = words.replace("%", this.corners.length);
  }

  draw() {
    if (!this.map.style) return;
    if (!this.map.getSource("area")) this.layers();
    const { corners } = this;
    const feature = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });
    const features = corners.map((corner) => feature("Point", corner));
    if (corners.length > 1) features.push(feature("LineString", [...corners, corners[0]]));
    if (corners.length > 2) features.push(feature("Polygon", [[...corners, corners[0]]]));
    this.map.getSource("area").setData(corners.length ? { ...EMPTY, features } : EMPTY);
  }

  layers() {
    const { map, colour } = this;
    map.addSource("area", { type: "geojson", data: EMPTY });
    const add = (type, geometry, paint) => map.addLayer({ id: `area-${type}`, source: "area", type, filter: ["==", ["geometry-type"], geometry], paint });
    add("fill", "Polygon", { "fill-color": colour(), "fill-opacity": 0.12 });
    add("line", "LineString", { "line-color": colour(), "line-width": 2.5, "line-dasharray": [3, 1.5] });
    add("circle", "Point", { "circle-color": colour(), "circle-radius": 6, "circle-stroke-color": "#fff", "circle-stroke-width": 2 });
  }
}

const field = (button) => button.closest("[data-area]").querySelector("[name=corners]");

/** As a finger on it would: on a phone the map is to be seen while one draws. */
function sheet(height) {
  const element = document.querySelector(".sheet");
  if (!element) return;
  element.dataset.thrown = `sheet ${height}`;
  element.dispatchEvent(new Event("thrown", { bubbles: true }));
  delete element.dataset.thrown;
}

async function copy(button) {
  const address = button.parentElement.querySelector("input");
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
  } catch {
    // Not there over a plain connection, or not allowed: it is selected all the same.
    if (!document.execCommand("copy")) return;
  }
  button.textContent = button.dataset.copied;
}
