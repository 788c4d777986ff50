// Shows a way on when the client's script has failed. What people did is on disk before their click returns, so a
// reload loses nothing. Plain script, no imports: it works when nothing else does.
(() => {
  function show() {
    const bar = document.getElementById("panic");
    if (!bar || !bar.hidden) return;
    bar.hidden = false;
    bar.querySelector("button")?.addEventListener("click", () => location.reload());
  }

  addEventListener("weltgewebe-panic", show);
  // WASM that has panicked traps in every call after the first.
  addEventListener("error", (event) => {
    if (event.error instanceof WebAssembly.RuntimeError || event.target?.tagName === "SCRIPT") show();
  }, true);
  addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof WebAssembly.RuntimeError || event.reason instanceof WebAssembly.CompileError) show();
  });
})();
