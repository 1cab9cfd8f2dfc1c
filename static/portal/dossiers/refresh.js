// Follows what is being made: the page is asked for again every few seconds, as the link beside would, while it is seen.
const link = document.querySelector("[data-refresh]");
if (link) {
  const seconds = Number(link.dataset.refresh) || 5;
  setTimeout(function again() {
    if (document.visibilityState === "visible") {
      location.replace(link.href);
    } else {
      setTimeout(again, 1000);
    }
  }, seconds * 1000);
}
