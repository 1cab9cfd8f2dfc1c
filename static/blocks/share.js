// Copy the address of the page, print it: what a link cannot do.
const status = document.querySelector("[data-copy-status]");
document.querySelector("[data-copy]")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    status.textContent = button.dataset.copied;
  } catch {
    status.textContent = button.dataset.copy;
  }
});
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
