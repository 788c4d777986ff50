// What the page of the design shows of the map: its pictures one by one, and samples of its weave. Drawn by the map's own
// scripts, so that the page can't tell anything else than the map does.
import { addImages } from "./map/images.js";
import { calm } from "./map/media.js";
import { palette } from "./map/palette.js";
import { THREADS } from "./map/strands.js";

const DAY_MS = 24 * 60 * 60 * 1000;
/** As long as a spool turns on the map. */
const TURNING_MS = 7000;
/** Side of the square that a picture is shown on, in its own pixels: two to one of the page's. */
const SIDE = 132;

const list = document.getElementById("pictures");
const words = JSON.parse(document.querySelector(".samples").dataset.words);
const spools = { turning: 0, now: Date.now };
/** What is drawn anew while spools turn. */
const moving = [];

pictures();
for (const place of document.querySelectorAll("[data-sample]")) {
  sample(place).catch((reason) => {
    console.info("no map:", String(reason));
    document.querySelector("[data-mapless]").hidden = false;
    place.closest("figure").hidden = true;
  });
}
for (const told of document.querySelectorAll("[data-needs-script]")) told.hidden = true;

function pictures() {
  const { names, colours, light, dark, calm: still } = list.dataset;
  const [named, tokens] = [JSON.parse(names), JSON.parse(colours)];
  const schemes = [light, dark].map((scheme, i) => ({ scheme, colour: palette((name) => tokens[name][i]) }));
  const drawn = (isCalm) => schemes.map(({ scheme, colour }) => ({ scheme, colour, images: imagesIn(colour, isCalm) }));
  const usual = drawn(() => calm.matches);
  for (const name of usual[0].images.keys()) show(name, named[name], usual);
  show("spool-turning", `${named["spool-turning"]}, ${still}`, drawn(() => true));
  const turn = document.getElementById("turn");
  turn.hidden = false;
  turn.addEventListener("click", () => {
    spools.turning = Date.now() + TURNING_MS;
    again();
  });
}

/** What the map is given, by name. */
function imagesIn(colour, isCalm) {
  const images = new Map();
  addImages({ hasImage: () => false, addImage: (name, image) => images.set(name, image), triggerRepaint: again }, colour, spools, isCalm);
  return images;
}

/** One picture in each scheme, with what it is. */
function show(name, word, drawn) {
  const place = document.createElement("li");
  place.className = "specimen";
  const pair = document.createElement("span");
  pair.className = "pair";
  for (const { scheme, colour, images } of drawn) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    canvas.dataset.image = name;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${word ?? name}, ${scheme}`);
    const image = images.get(name);
    const draw = () => put(canvas, image, colour.linen);
    if (image.render) moving.push(() => image.render() && draw());
    draw();
    pair.append(canvas);
  }
  const code = document.createElement("code");
  code.textContent = name;
  const told = document.createElement("p");
  told.className = "hint";
  told.textContent = word ?? "";
  place.append(pair, code, told);
  list.append(place);
}

/** A picture in the middle of the map's ground. */
function put(canvas, { width, height, data }, ground) {
  const piece = document.createElement("canvas");
  piece.width = width;
  piece.height = height;
  piece.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const pen = canvas.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.drawImage(piece, (SIDE - width) / 2, (SIDE - height) / 2);
}

let asked = false;
/** Draws what moves once more with the next picture of the page. */
function again() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    for (const draw of moving) draw();
  });
}

/** A map of its own. It lies on the equator, where a degree is as long either way. */
async function sample(home) {
  const bridge = await import(home.dataset.bridge);
  const zoom = 17;
  const nothing = () => {};
  const { map, feed } = await bridge.open(home, { lat: 0, lon: 0, zoom, offset: 0 }, { moved: nothing, picked: nothing, tapped: nothing, map_lost: nothing });
  // There is no panel to keep clear of.
  const settle = () => map.setPadding({ top: 0, bottom: 0, left: 0, right: 0 });
  settle();
  map.on("resize", settle);
  /** What is so many of the page's pixels right of and below the middle, in rows' units. */
  const unit = (360 / (512 * 2 ** zoom)) * 1e7;
  const at = (x, y) => ({ lat: Math.round(-y * unit), lon: Math.round(x * unit) });
  feed({ waiting: [], balls: [], ...SAMPLES[home.dataset.sample](at, Date.now()) });
}

const tied = (id, title, place, more) => ({ id, kind: "idea", title, place, yarns: {}, holds_until: Date.now() + 7 * DAY_MS, last: 1, ...more });
const reel = (role, name, place, more) => ({ role, name, place, radius: null, acted_at: 0, last: 1, ...more });
const strand = (id, kind, one, other, more) => ({ id, kind, role: one.role, node: other.id, from: one.place, to: other.place, expires_at: Date.now() + 7 * DAY_MS, last: 1, ...more });

const SAMPLES = {
  /** Each kind of thread in each age: its spool in the middle, a knot for each age around it. */
  kinds(at, now) {
    const [nodes, spools, threads] = [[], [], []];
    const ages = [["fresh", 7, -104, -44], ["older", 3.5, 104, -44], ["nearly", 0.6, -104, 44], ["yarn", 0, 104, 44]];
    THREADS.forEach((kind, row) => {
      const y = (row - (THREADS.length - 1) / 2) * 140;
      const middle = reel(`r${kind}`, words[kind], at(0, y));
      spools.push(middle);
      for (const [age, days, dx, dy] of ages) {
        const until = now + days * DAY_MS;
        const id = `${kind}-${age}`;
        const place = at(dx, y + dy);
        const leadsToRole = kind === "vouch";
        const held = leadsToRole
          ? { ...reel(id, words[age], place), id: `role/${id}` }
          : tied(id, words[age], place, { kind: ["idea", "event", "place", "tool"][row], holds_until: until, yarns: days ? {} : { [id]: middle.role } });
        (leadsToRole ? spools : nodes).push(held);
        threads.push(strand(`t${id}`, kind, middle, held, { expires_at: days ? until : null }));
      }
    });
    return { patch: { nodes, spools, threads } };
  },

  /** What holds a knot, and how things stand beside each other. */
  holds(at) {
    const rings = [0, 1, 2, 3, 4].map((count, i) => {
      const yarns = Object.fromEntries(Array.from({ length: count }, (_, n) => [`${i}-${n}`, "r1"]));
      return tied(`rings${count}`, String(count), at((i - 2) * 60, -305), { kind: ["idea", "place", "tool", "bed", "event"][i], yarns });
    });
    const one = reel("r1", "", at(-104, -205));
    const bundled = tied("k1", words.bundle, at(104, -170), { kind: "event", yarns: { y1: "r1" } });
    const bundle = THREADS.map((kind, i) => strand(`b${i}`, kind, one, bundled));
    bundle.push(strand("b-yarn", "join", one, bundled, { expires_at: null }));
    const tufted = tied("k2", words.tuft, at(-96, -70), { kind: "tool" });
    const tufts = THREADS.map((kind, i) => strand(`f${i}`, kind, { role: "hidden", place: null }, tufted));
    const mine = tied("own", words.own, at(104, -60), { kind: "bed" });
    const about = reel("r2", words.around, at(-84, 160), { radius: "100m" });
    const three = ["a", "b", "c"].map((id) => tied(`p${id}`, words.place, at(46, 160), { kind: { a: "structure", b: "place", c: "idea" }[id] }));
    const threads = [...bundle, ...tufts, strand("own-t", "create", one, mine), ...three.map((held, i) => strand(`p${i}`, "join", about, held))];
    return { patch: { nodes: [...rings, bundled, tufted, mine, ...three], spools: [one, about], threads }, waiting: ["own", "own-t"] };
  },

  balls(at) {
    const counts = [[1, -125, 10], [7, -70, -20], [42, 5, 20], [310, 100, -5]];
    return { balls: counts.map(([count, x, y], i) => ({ cell: `c${i}`, count, place: at(x, y), last: 1 })), patch: {} };
  },
};
