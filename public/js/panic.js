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
  // WASM that has panicked traps, and its script throws in every call after that.
  addEventListener("error", (event) => {
    const ours = event.error instanceof WebAssembly.RuntimeError || event.filename?.includes("/pkg/weltgewebe.");
    if (ours || event.target?.tagName === "SCRIPT") show();
  }, true);
  addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof WebAssembly.RuntimeError || event.reason instanceof WebAssembly.CompileError) show();
  });
})();
