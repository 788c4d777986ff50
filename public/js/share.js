// The buttons of the page to share. Without a script the address can be selected and the code read, so they are not shown.
const field = document.getElementById("address");
const told = document.querySelector(".done");
const deeds = {
  async copy() {
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      // Not there over a plain connection, or not allowed.
      copied = document.execCommand("copy");
    }
    told.hidden = false;
    told.textContent = copied ? told.dataset.copied : told.dataset.failed;
  },
  send: () => navigator.share({ title: document.querySelector(".shared")?.textContent ?? document.title, url: field.value }).catch(() => {}),
  print: () => print(),
};
for (const button of document.querySelectorAll("[data-share]")) {
  const name = button.dataset.share;
  button.hidden = name === "send" && !navigator.share;
  button.addEventListener("click", deeds[name]);
}
field.addEventListener("focus", () => field.select());
