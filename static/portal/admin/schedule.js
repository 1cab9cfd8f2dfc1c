/* The picker of dates in Wagtail's dialogs (« Programmer la publication »): it stands beside its field, so that what is
   below stays in sight, and Escape closes the picker alone, not the dialog with the date that was typed. */
(function () {
  var GAP = 8;

  function picker() {
    return Array.from(document.querySelectorAll(".xdsoft_datetimepicker")).find(function (each) {
      return each.offsetParent !== null || getComputedStyle(each).display !== "none";
    });
  }

  /* Beside the field where there is room, else above it; else where it was put. */
  function place(field) {
    var open = picker();
    if (!open) return;
    var at = field.getBoundingClientRect();
    var size = open.getBoundingClientRect();
    var fixed = getComputedStyle(open).position === "fixed";
    var shift = fixed ? { x: 0, y: 0 } : { x: window.scrollX, y: window.scrollY };
    var top = Math.max(GAP, Math.min(at.top, window.innerHeight - size.height - GAP));
    if (at.right + GAP + size.width <= window.innerWidth) {
      open.style.left = at.right + GAP + shift.x + "px";
      open.style.top = top + shift.y + "px";
    } else if (at.top - GAP - size.height >= 0) {
      open.style.top = at.top - GAP - size.height + shift.y + "px";
    }
  }

  document.addEventListener("focusin", function (event) {
    var field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.closest(".w-dialog")) return;
    // It opens a tenth of a second after the focus, then moves itself once.
    [120, 260].forEach(function (wait) {
      window.setTimeout(place, wait, field);
    });
  });

  // Captured at the window, before the dialog's own listener.
  window.addEventListener(
    "keydown",
    function (event) {
      var open = event.key === "Escape" && picker();
      if (!open) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      var field = document.activeElement;
      var jquery = window.jQuery;
      if (jquery && jquery(field).data("xdsoft_datetimepicker")) jquery(field).datetimepicker("hide");
      else open.style.display = "none";
    },
    true
  );
})();
