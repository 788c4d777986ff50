// What the client asks of the browser, where going through web-sys would only weigh more.
// The typed side of it is src/browser.rs; everything the browser says comes back through `hooks`.

let hooks;
let socket;
let map;
/** What was found, for a map that opens later. */
let found = "";
const timers = [];
const channel = globalThis.BroadcastChannel && new BroadcastChannel("weltgewebe");

/** Listens to all that happens in this window. */
export function start(given) {
  hooks = given;
  addEventListener("online", () => hooks.network(true));
  addEventListener("offline", () => hooks.network(false));
  addEventListener("popstate", () => {
    came = "";
    hooks.went(location.pathname, location.search);
    map?.light(location.pathname);
    queueMicrotask(show_chosen);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // It is still there.
    take_typed();
    hooks.looked_at();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hooks.looked_at());
  if (channel) channel.onmessage = (event) => hooks.others(event.data);
  // A form without script has just signed in, by the link of a mail say.
  if (document.referrer.includes("/anmelden")) tell_others(true);
  if (/[?&]lang=/.test(location.search)) address(here_with(), false);
  // With a modifier: a letter or sign alone would be pressed by who speaks to their device (WCAG 2.1.4).
  addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest?.("input, textarea, select")) return;
    event.preventDefault();
    hooks.tapped("/suche");
    requestAnimationFrame(() => document.getElementById("q")?.focus());
  });
  addEventListener("pagehide", keep_typed);
  addEventListener("focusin", name_zones);
  addEventListener("input", ({ target }) => target.form?.removeAttribute("data-sent"));
  typed = JSON.parse(session()?.getItem(TYPED) ?? "[]");
  type_again();
  for (const act of ["click", "input"]) addEventListener(act, touched);
  // What was filled in before anything listened.
  for (const target of document.querySelectorAll(SERVED)) if (target.value !== target.defaultValue || target.checked !== target.defaultChecked) touched({ target });
  show_chosen();
  map_ahead();
}

/** Asks for the map's files, so that the network works while the page wakes; they are read when the map opens. */
function map_ahead() {
  if (!globalThis.WebGL2RenderingContext) return;
  const { bridge, script, style, worker } = document.getElementById("map").dataset;
  const preload = (href, as, then) => {
    const link = Object.assign(document.createElement("link"), { rel: "preload", as, href, onload: then });
    if (as === "script") link.crossOrigin = "anonymous";
    document.head.append(link);
  };
  preload(bridge, "script");
  preload(style, "style");
  // The worker after it: it is wanted last. It asks for itself, so nothing of the document's is used by it.
  preload(script, "script", () => fetch(worker).catch(() => {}));
}

const TYPED = "weltgewebe-forms";
/** The forms of so many pages are remembered. */
const TYPED_MAX = 8;
/** What is typed and not sent, by the path of its page, the newest last. */
let typed = [];
/** The path of the page whose forms are on the screen. */
let at = location.pathname;
/** What outlives a reload; whoever blocks all cookies has none of it. */
function session() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
/** Not those that say who one is or what the address says, and not what was sent or is an older message. */
const open_forms = () => [...document.querySelectorAll("#panel form[data-form]:not([data-form=search], [data-form=mail], [data-form=code], [data-form=sign-out], [data-sent], [data-changes])")];
/** Whether somebody has typed or chosen something else than was there. */
const differs = (field) => [...(field.options ?? [field])].some((one) => one.checked !== one.defaultChecked || one.selected !== one.defaultSelected || one.value !== (one.defaultValue ?? one.value));

/** What is typed and not sent outlives another panel, a reload, another language, and a crash of the script: this works without it. */
export function keep_typed() {
  const kept = [];
  for (const form of open_forms()) {
    const { form: name, base } = form.dataset;
    const names = [...form.elements].filter(differs).map((field) => field.name);
    const spot = form.querySelector("[data-spot]")?.dataset.spot;
    // A point alone is no knot yet.
    if (names.length || (spot && name !== "weave")) kept.push({ name, base, names, spot, fields: [...new FormData(form)] });
  }
  if (kept.length) {
    take_typed();
    typed = [...typed, [at, kept]].slice(-TYPED_MAX);
  }
  session()?.setItem(TYPED, JSON.stringify(typed));
}

function take_typed() {
  const kept = typed.find(([path]) => path === at)?.[1] ?? [];
  typed = typed.filter(([path]) => path !== at);
  return kept;
}

/** Types what was left in the forms of this page, once these are there. What has changed meanwhile stays, but for what was typed over it. */
export function type_again() {
  at = location.pathname;
  const forms = open_forms();
  for (const { name, base, names, spot, fields } of forms.length ? take_typed() : []) {
    const form = forms.find(({ dataset }) => dataset.form === name);
    if (!form) continue;
    const is_same = form.dataset.base === base;
    for (const [name, value] of fields) {
      const field = form.elements[name];
      if (field && !differs(field) && (is_same || names.includes(name))) field.value = value;
    }
    form.elements["title-of-knot"]?.dispatchEvent(new Event("input", { bubbles: true }));
    const [lat, lon] = (spot ?? "").split(" ").map((units) => units / 1e7);
    hooks.typed_again(spot ? lat : NaN, lon, Number(base ?? 0));
  }
}

/** Whoever signs out leaves nothing half said to who comes next. */
export function forget_typed() {
  typed = [];
}

const SERVED = "#served form :is(input, textarea)";
/** What somebody has begun to fill in of what the server has drawn is not drawn over. To choose a file begins with a tap: what chooses it may hide the page. */
function touched({ target }) {
  if (target.matches?.(SERVED)) target.dataset.touched = "";
}

/** What the address of the panel that the document came with says: what became of a form, for instance. The bar soon says it no more. */
let came = location.search.slice(1);
export const came_with = () => came && `&mit=${encodeURIComponent(came)}`;

/** The text of an element. */
export const text_of = (id) => document.getElementById(id)?.textContent ?? "";
/** This device's clock, in milliseconds since 1970. */
export const clock = () => Date.now();
export const fill_random = (bytes) => crypto.getRandomValues(bytes);
export const is_online = () => navigator.onLine;
export const offset_min = (ms) => -new Date(ms).getTimezoneOffset();
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
/** Minutes that clocks there are ahead of UTC then; not a number where nobody knows that zone here. */
export function offset_in(timeZone, ms) {
  try {
    // As Swedes write it, which is as machines do but for the year's noughts.
    const local = new Date(ms).toLocaleString("sv", { timeZone }).padStart(19, "0");
    return Math.round((Date.parse(`${local.replace(" ", "T")}Z`) - ms) / 6e4);
  } catch {
    return NaN;
  }
}
/** By the clocks of a zone, or of this device; not a number where it is nonsense. */
export function from_local(text, zone) {
  if (!zone) return new Date(text).getTime();
  const read = Date.parse(`${text}Z`);
  // By the clocks of the day before and of the day after: of an hour that comes twice it is the first, as browsers have it.
  const meant = [read - 864e5, read + 864e5].map((at) => read - offset_in(zone, at) * 6e4);
  return meant.find((ms) => ms + offset_in(zone, ms) * 6e4 === read) ?? meant[0];
}
/** What the field of a time zone is helped with: the names that this browser knows. */
function name_zones({ target }) {
  if (target.name !== "zone" || document.getElementById("zones")) return;
  const names = Intl.supportedValuesOf?.("timeZone").map((value) => Object.assign(document.createElement("option"), { value })) ?? [];
  document.body.append(Object.assign(document.createElement("datalist"), { id: "zones" }));
  document.getElementById("zones").append(...names);
}
/** Width and height of the window, in pixels. */
export const size = () => [innerWidth, innerHeight];
/** Wakes the part `which` once, `ms` from now; a second call replaces the first. */
export function wake(which, ms) {
  clearTimeout(timers[which]);
  timers[which] = setTimeout(() => hooks.woke(which), ms);
}
/** Lets the browser do what else waits, and goes on after that. */
export const rest = () => new Promise((rested) => setTimeout(rested));
/** Tells the other tabs that the outbox has changed, or who is signed in. */
export const tell_others = (who) => channel?.postMessage(who);

/** Asks the server; status 0 where there was no answer. Never fails. */
export async function ask(method, url, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 20000);
  try {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(url, { method, body, headers, signal: abort.signal });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "" };
  } finally {
    clearTimeout(timer);
  }
}

let eye;
/** Tells, once it is drawn, when the element with this id is on the screen of somebody who looks. */
export function watch(id) {
  requestAnimationFrame(() => {
    eye?.disconnect();
    const element = document.getElementById(id);
    if (!element) return;
    // Header and bar lie over the edges.
    eye = new IntersectionObserver((seen) => seen.at(-1).isIntersecting && document.visibilityState === "visible" && hooks.seen(), { rootMargin: "-56px 0px -64px" });
    eye.observe(element);
  });
}

/** Whether tabs can agree by Web Locks; only secure contexts have them. */
export const has_locks = () => Boolean(navigator.locks);
/** Waits for the lock; what it resolves with gives the lock back. The browser does so when the tab dies. */
export function lock(name) {
  return new Promise((got) => {
    navigator.locks.request(name, () => new Promise(got)).catch(() => got(() => {}));
  });
}

/** One socket at a time; what an old one still says is not listened to. */
export function connect(subprotocol) {
  disconnect();
  let mine;
  try {
    mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`, subprotocol);
  } catch {
    setTimeout(() => hooks.closed(1006));
    return;
  }
  socket = mine;
  mine.onmessage = (event) => mine === socket && hooks.heard(event.data);
  mine.onclose = (event) => {
    if (mine !== socket) return;
    socket = undefined;
    hooks.closed(event.code);
  };
}
export function disconnect() {
  const old = socket;
  socket = undefined;
  old?.close();
}
export const say = (text) => socket?.readyState === 1 && socket.send(text);

/** Puts an address into the bar: as a new step of the history, or in place of this one. The map lights up what it names. */
export function address(url, step) {
  if (step) {
    came = "";
    history.pushState(null, "", url);
  } else history.replaceState(history.state, "", url);
  // Once the panel is open: where nothing may glide, the map is elsewhere at once, and what is open says so in the address.
  queueMicrotask(() => {
    map?.light(location.pathname);
    show_chosen();
  });
}

let lens;
/** Another lens stays in its row, however far that was pushed aside. */
function show_chosen() {
  const now = /linse=[^&]*/.exec(location.search)?.[0];
  if (now === lens) return;
  lens = now;
  const chip = document.querySelector(".chip[aria-current]");
  const row = chip?.parentElement;
  if (!row) return;
  const [inner, outer] = [chip.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += Math.min(0, inner.left - outer.left - 16) + Math.max(0, inner.right - outer.right + 16);
}
/** Remembers the language and asks for the page in it; what was not sent yet is on disk. */
export function speak(lang) {
  location.assign(here_with(`lang=${lang}`));
}

/** The address without the language that was asked for: whoever is given it sees it in their own. */
function here_with(...more) {
  const parts = location.search.slice(1).split("&").filter((part) => part && !part.startsWith("lang="));
  return [location.pathname, [...parts, ...more].join("&")].filter(Boolean).join("?");
}
export function locate() {
  const nowhere = () => hooks.located(NaN, NaN);
  if (!navigator.geolocation) nowhere();
  else navigator.geolocation.getCurrentPosition(({ coords }) => hooks.located(coords.latitude, coords.longitude), nowhere, { timeout: 15000, maximumAge: 60000 });
}

/** Shows that the page is broken and how to go on; nothing is lost. */
export function panicked(text) {
  console.error(text);
  dispatchEvent(new Event("weltgewebe-panic"));
}

/** How long a page that is read is left to its reader, in milliseconds. */
const READING_MS = 2500;
const REACHES = ["pointerdown", "wheel", "keydown", "popstate"];
/** Resolves when the map is wanted: at once, but behind a sheet that somebody has come to read, where its still picture stands, at the first touch or after a while. */
export function map_wanted() {
  // Where no map can be drawn it is better known at once.
  if (location.pathname === "/" || !globalThis.WebGL2RenderingContext || matchMedia("(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)").matches) return Promise.resolve();
  return new Promise((wanted) => {
    const reached = new AbortController();
    const reach = () => {
      reached.abort();
      wanted();
    };
    for (const act of REACHES) addEventListener(act, reach, { signal: reached.signal, capture: true, passive: true });
    setTimeout(reach, READING_MS);
  });
}
/** Loads the map's code and opens it; false where it can't be drawn. */
export async function map_open(lat, lon, zoom, offset) {
  try {
    const home = document.getElementById("map");
    const { open } = await import(home.dataset.bridge);
    map = await open(home, { lat, lon, zoom, offset }, hooks);
    map.light(location.pathname);
    map.glow(found);
  } catch (reason) {
    console.info("no map:", String(reason));
  }
  return Boolean(map);
}
export const map_feed = (json) => map?.feed(JSON.parse(json));
export const map_fly = (lat, lon, zoom) => map?.fly(lat, lon, zoom);
/** Marks the point that a form means; not a number takes the mark away. */
export const map_mark = (lat, lon) => map?.mark(lat, lon);
/** Lights up what was found: a line for each thing, with its id, its kind, its place and its name. */
export function map_glow(lines) {
  found = lines;
  map?.glow(lines);
}
