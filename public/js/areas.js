// An area drawn on the map, corner by corner, for the form that keeps it (`[data-area]`, drawn by the server); and the button that
// copies an address of its feeds. Both buttons are shown while there is a map; this is loaded when one of them is pressed.

/** Corners that an area has at most, as the domain has it. */
const CORNERS_MAX = 32;
/** How near the first corner one has to come to close the area, in pixels. */
const CLOSE = 16;
const EMPTY = { type: "FeatureCollection", features: [] };

/** The area that is being drawn, or has been for a form that is still open. */
export class Drawing {
  constructor(map, colour) {
    this.map = map;
    this.colour = colour;
    this.corners = [];
    // What was drawn goes with its form.
    this.eye = new MutationObserver(() => this.button.isConnected || this.leave());
    // The middle of the map is where keys are.
    this.cross = element("div", "map-cross");
    map.getCanvas().addEventListener("keydown", ({ key }) => {
      if (!this.on) return;
      if (key === "Enter") this.take(map.project(map.getCenter()), map.getCenter());
      if (key === "Backspace") this.undo();
      if (key === "Escape") this.cancel();
    });
    map.on("move", () => this.on && this.aim());
    map.on("remove", () => this.leave());
  }

  /** Whether what is tapped are corners. */
  get on() {
    return Boolean(this.board);
  }

  /** A button of a panel was pressed; fails where it can't do what it says. */
  async pressed(button) {
    if ("copy" in button.dataset) await copy(button);
    else this.begin(button);
  }

  /** Pressed once more it leads back to where it is drawn. */
  begin(button) {
    if (this.on) {
      this.map.getCanvas().focus();
      return;
    }
    if (this.button !== button) this.corners = [];
    this.button = button;
    this.before = this.corners;
    this.corners = [];
    // The form is in use: what it is made of stays until it is sent or left.
    field(button).dataset.touched = "";
    this.eye.observe(document.getElementById("panel"), { childList: true, subtree: true });
    this.board = this.boarded();
    document.getElementById("map").after(this.board);
    this.map.getCanvas().after(this.cross);
    this.aim();
    this.changed();
    sheet("low");
    this.map.getCanvas().focus();
  }

  /** What stands over the map meanwhile: what to do, how many corners there are, and the ways on. */
  boarded() {
    const { dataset, textContent } = this.button;
    const board = element("div", "drawing");
    board.setAttribute("role", "region");
    board.setAttribute("aria-label", textContent);
    board.addEventListener("keydown", ({ key }) => key === "Escape" && this.cancel());
    this.told = element("p");
    this.told.setAttribute("role", "status");
    const way = (className, word, act) => {
      const button = element("button", className, word);
      button.type = "button";
      button.addEventListener("click", () => act.call(this));
      return button;
    };
    this.done = way("button primary", dataset.done, this.end);
    const ways = element("div", "buttons");
    ways.append(this.done, way("button", dataset.undo, this.undo), way("button", dataset.cancel, this.cancel));
    board.append(element("p", "", dataset.drawing), element("p", "hint keys", dataset.keys), this.told, ways);
    return board;
  }

  /** A corner; the first one once more closes the area. */
  take(point, lngLat) {
    const first = this.corners[0];
    const closes = this.corners.length > 2 && first && this.map.project(first).dist(point) < CLOSE;
    if (!closes) {
      const { lat, lng } = lngLat.wrap();
      this.corners = [...this.corners, [lng, lat]];
      this.changed();
    }
    if (closes || this.corners.length === CORNERS_MAX) this.end();
  }

  undo() {
    this.corners = this.corners.slice(0, -1);
    this.changed();
  }

  /** What was drawn goes into the form. */
  end() {
    const { button, corners } = this;
    field(button).value = corners.map(([lng, lat]) => `${lat.toFixed(7)},${lng.toFixed(7)}`).join(";");
    button.closest("[data-area]").querySelector("[role=status]").textContent = counted(button.dataset.drawn, corners);
    this.back();
  }

  /** The form keeps what it had. */
  cancel() {
    this.corners = this.before;
    this.draw();
    this.back();
  }

  /** From the map to the form. */
  back() {
    this.unboard();
    sheet("half");
    // Lowered it can't take the focus.
    requestAnimationFrame(() => requestAnimationFrame(() => this.button?.focus()));
  }

  /** The form is gone, and all that was for it. */
  leave() {
    this.eye.disconnect();
    this.unboard();
    this.button = undefined;
    this.corners = [];
    this.draw();
  }

  unboard() {
    this.board?.remove();
    this.board = undefined;
    this.cross.remove();
  }

  changed() {
    this.done.disabled = this.corners.length < 3;
    // Told anew once it stands there, or it would not be read out the first time.
    const words = counted(this.button.dataset.corners, this.corners);
    requestAnimationFrame(() => (this.told.textContent = words));
    this.draw();
  }

  aim() {
    if (!this.map.style) return;
    const { x, y } = this.map.project(this.map.getCenter());
    this.cross.style.translate = `${x}px ${y}px`;
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
const counted = (words, corners) => words.replace("%", corners.length);
const element = (name, className = "", textContent = "") => Object.assign(document.createElement(name), { className, textContent });

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
  } catch (reason) {
    // Not there over a plain connection, or not allowed: it is selected all the same.
    if (!document.execCommand("copy")) throw reason;
  }
  button.textContent = button.dataset.copied;
}
