// The panel of a phone as a sheet: it follows the finger and settles like a spring that has the finger's speed. How high it is to
// stand is the page's state, told by the event `thrown` and read from the document's `data-sheet`; here is only what moves.
//
// While it moves it is laid out as high as it gets and pushed down by a transform, so that no step lays out or paints its content.
(() => {
  /** As sheet.css has it: where the panel stands beside the map, nothing of this is. */
  const wide = matchMedia("(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const NAMES = ["low", "half", "full"];
  /** A finger that has moved less is still, in pixels. */
  const SLOP = 8;
  /** One that has held still for longer than this means the text. */
  const HOLD_MS = 400;
  /** What happened longer ago says nothing about how fast a finger is. */
  const RECENT_MS = 90;
  /** A faster finger throws the sheet to the next height, in pixels per second. */
  const FLICK = 350;
  const FASTEST = 4000;
  /** The spring: how often it swings in a second without its damping, and how much that takes of it. */
  const OMEGA = 2 * Math.PI * 2.6;
  const DAMPING = 0.86;
  /** So far it gives beyond its ends, in pixels. */
  const GIVE = 40;

  const root = document.documentElement;
  const sheet = document.querySelector(".sheet");
  const panel = document.getElementById("panel");
  const handle = sheet.querySelector(".handle");
  /** The height at which it rests, or is on its way to. */
  let rest = root.dataset.sheet;
  /** The finger that is on it. */
  let finger;
  /** The animation that settles it, to `spring.goal`. */
  let spring;
  /** The end of a drag is no click. */
  let dragged = false;
  /** How far one had read when it was pulled down to its title. */
  let read = 0;

  /** How high each is, in pixels. */
  function heights() {
    const style = getComputedStyle(root);
    return Object.fromEntries(NAMES.map((name) => [name, parseFloat(style.getPropertyValue(`--sheet-${name}`))]));
  }

  /** How high it stands right now. */
  const height = () => sheet.offsetHeight - new DOMMatrix(getComputedStyle(sheet).transform).f;

  /** Beyond its ends it follows ever less. */
  function bounded(y, { low, full }) {
    const over = (by) => GIVE * (1 - 1 / (by / (2 * GIVE) + 1));
    if (y > full) return full + over(y - full);
    return y < low ? low - over(low - y) / 2 : y;
  }

  const pushed = (y, { full }) => `translateY(${full - y}px)`;

  /** Lays it out to be moved, at the height where it is. */
  function lift(all) {
    const y = height();
    spring?.cancel();
    spring = undefined;
    sheet.dataset.moving = "";
    sheet.style.transform = pushed(y, all);
    return y;
  }

  function lay() {
    spring = undefined;
    delete sheet.dataset.moving;
    sheet.style.transform = "";
  }

  /** Lets it swing from `y` to a height, with a speed upwards in pixels per second. */
  function settle(goal, y, speed, all) {
    const away = y - all[goal];
    if (calm.matches || Number.isNaN(away)) return lay();
    const fade = DAMPING * OMEGA;
    const swing = OMEGA * Math.sqrt(1 - DAMPING * DAMPING);
    const push = (speed + fade * away) / swing;
    const steps = [];
    for (let t = 0; t < 1.5; t += 1 / 60) {
      const rest = Math.exp(-fade * t);
      steps.push({ transform: pushed(bounded(all[goal] + rest * (away * Math.cos(swing * t) + push * Math.sin(swing * t)), all), all) });
      if (rest * Math.hypot(away, push) < 0.5) break;
    }
    sheet.dataset.moving = "";
    sheet.style.transform = pushed(all[goal], all);
    spring = sheet.animate(steps, (steps.length * 1000) / 60);
    spring.goal = goal;
    spring.onfinish = lay;
  }

  /** Tells the page which height is meant. */
  function send(name) {
    if (name === root.dataset.sheet) return;
    sheet.dataset.thrown = `sheet ${name}`;
    sheet.dispatchEvent(new Event("thrown", { bubbles: true }));
    delete sheet.dataset.thrown;
  }

  /** Where it goes that is let go at `y`: a flick to the next height, else to the nearest. */
  function target(y, speed, all) {
    if (speed > FLICK) return NAMES.find((name) => all[name] > y + 1) ?? "full";
    if (speed < -FLICK) return NAMES.findLast((name) => all[name] < y - 1) ?? "low";
    return NAMES.toSorted((one, other) => Math.abs(all[one] - y) - Math.abs(all[other] - y))[0];
  }

  function take(event) {
    dragged = false;
    if (!event.isPrimary || event.button || wide.matches || !root.dataset.sheet || !sheet.contains(event.target)) return;
    const byHandle = handle.contains(event.target);
    const typed = event.target.closest("textarea, select") || (event.target === document.activeElement && event.target.matches("input"));
    if (!byHandle && (event.pointerType === "mouse" || typed || panel.scrollTop > 0)) return;
    const { pointerId: id, clientX: x, clientY: y, timeStamp: at } = event;
    finger = { id, byHandle, x, y, at, caught: Boolean(spring), past: [] };
    // What is taken while it swings stays where it is.
    if (spring) lift(heights());
  }

  function move(event) {
    if (event.pointerId !== finger?.id) return;
    const { clientX: x, clientY: y, timeStamp: at } = event;
    if (!finger.all) {
      const [across, down] = [x - finger.x, y - finger.y];
      if (Math.hypot(across, down) < SLOP) return;
      const scrolls = panel.scrollTop > 0 || (down < 0 && root.dataset.sheet === "full");
      if (!finger.byHandle && (Math.abs(across) > Math.abs(down) || scrolls || at - finger.at > HOLD_MS)) return let_go(event);
      finger.all = heights();
      finger.from = lift(finger.all) + y;
      // Let go over the map, it still ends here.
      sheet.setPointerCapture(finger.id);
    }
    finger.past.push([at, y]);
    while (finger.past.length > 2 && at - finger.past[0][0] > RECENT_MS) finger.past.shift();
    finger.height = bounded(finger.from - y, finger.all);
    sheet.style.transform = pushed(finger.height, finger.all);
  }

  function let_go(event) {
    if (event.pointerId !== finger?.id) return;
    const { all, past, caught, height: y } = finger;
    finger = undefined;
    if (!all) {
      if (caught) settle(rest, height(), 0, heights());
      return;
    }
    dragged = true;
    const [[since, from], [at, to]] = [past[0], past.at(-1)];
    const rested = at === since || event.timeStamp - at > RECENT_MS;
    const speed = rested ? 0 : Math.max(-FASTEST, Math.min(FASTEST, ((from - to) * 1000) / (at - since)));
    rest = event.type === "pointerup" ? target(y, speed, all) : root.dataset.sheet;
    send(rest);
    settle(rest, y, speed, all);
  }

  /** The page's state has changed: from a key, a button, or because something was opened. */
  function changed() {
    const before = rest;
    rest = root.dataset.sheet;
    if (rest === "low" && panel.contains(document.activeElement)) handle.focus();
    if (rest === "low" && before && before !== "low") [read, panel.scrollTop] = [panel.scrollTop, 0];
    else if (before === "low" && rest !== "low") panel.scrollTop = read;
    if (!before || before === rest || wide.matches || finger?.all) return;
    const all = heights();
    settle(rest, spring ? lift(all) : all[before], 0, all);
  }

  /** Escape goes back by one: from full to half, then out of what is open, then to the map. What is being typed stays. */
  function key(event) {
    const now = root.dataset.sheet;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (step && event.target === handle) send(NAMES[NAMES.indexOf(now) + step] ?? now);
    else if (event.key === "Escape" && !event.target.closest("input, textarea, select")) {
      const close = panel.querySelector(".top a[href='/']");
      if (now === "full" && !wide.matches) send("half");
      else if (close) close.click();
      else if (!wide.matches) send("low");
    } else return;
    event.preventDefault();
  }

  const top = () => panel.toggleAttribute("data-top", !wide.matches && panel.scrollTop <= 0);
  top();
  panel.addEventListener("scroll", top, { passive: true });
  document.addEventListener("pointerdown", take);
  document.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, let_go);
  document.addEventListener("keydown", key);
  document.addEventListener("click", (event) => {
    if (!dragged || !event.detail) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  // What it was measured by is gone.
  addEventListener("resize", () => {
    spring?.cancel();
    finger = undefined;
    lay();
    top();
  });
  // What stands there of a panel that is pulled down brings it back.
  panel.addEventListener("click", (event) => root.dataset.sheet === "low" && !wide.matches && !event.target.closest("a, button") && send("half"));
  new MutationObserver(changed).observe(root, { attributeFilter: ["data-sheet"] });
})();
