// Says in words what doesn't work and what to do, where the client's script has failed or cannot run. What people did is on disk
// before their click returns, so a reload loses nothing. Plain script in the words of old browsers, no imports: it works when
// nothing else does.
(function () {
  var bar = document.getElementById("panic");
  /** A table of references from outside: the newest of what the client's WASM is made of. */
  var NEWEST = [0, 97, 115, 109, 1, 0, 0, 0, 4, 4, 1, 111, 0, 0];

  function show() {
    if (!bar || !bar.hidden) return;
    bar.hidden = false;
    bar.querySelector("button").addEventListener("click", reload);
  }

  /** The page stays as the server made it, and says why instead of what it says where scripts are switched off. */
  function still(why) {
    document.documentElement.setAttribute("data-still", "");
    var told = document.querySelector(".banner[data-tone=quiet] p");
    if (!told || !bar) return;
    told.textContent = bar.getAttribute("data-" + why);
    if (why === "old") return;
    var again = bar.querySelector("button").cloneNode(true);
    again.className = "button small";
    again.addEventListener("click", reload);
    told.parentNode.appendChild(again);
  }

  function reload() {
    location.reload();
  }

  function isAwake() {
    return document.querySelector("[data-awake]");
  }

  /** Something of the client's did not arrive, before it has begun. */
  function missing() {
    if (!isAwake() && !document.querySelector("[data-still]")) still("missing");
  }

  var can = window.WebAssembly && "noModule" in document.createElement("script");
  if (!can || !WebAssembly.validate(new Uint8Array(NEWEST))) {
    still("old");
    return;
  }
  addEventListener("weltgewebe-panic", show);
  addEventListener("error", function (event) {
    // WASM that has panicked traps, and its script throws in every call after that.
    var ours = event.error instanceof WebAssembly.RuntimeError || /\/pkg\/weltgewebe\./.test(event.filename);
    if (ours) show();
    else if (event.target.tagName === "SCRIPT") missing();
  }, true);
  addEventListener("unhandledrejection", function (event) {
    if (event.reason instanceof WebAssembly.RuntimeError) show();
    else missing();
  });
})();
