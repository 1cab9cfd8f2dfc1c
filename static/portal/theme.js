/* Before the first paint: the theme the reader chose, and "scripts run here" for the style sheets. */
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  var scheme = "system";
  try {
    scheme = localStorage.getItem("scheme") || "system";
  } catch (error) {}
  var dark = scheme === "dark" || (scheme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-fr-scheme", scheme);
  root.setAttribute("data-fr-theme", dark ? "dark" : "light");
  if (dark) root.style.colorScheme = "dark";
})();
