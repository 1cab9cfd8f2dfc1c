/* Order of the proposals of a letter: « monter » and « descendre » beside each place. The numbers alone are enough. */
(() => {
  "use strict";

  function number(body) {
    [...body.rows].forEach((row, index) => {
      row.querySelector(".letters-place input").value = String(index + 1);
    });
  }

  function button(row, label, symbol, move) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small button-secondary";
    made.textContent = symbol;
    made.setAttribute("aria-label", `${label} ${row.querySelector("[name=page]").getAttribute("aria-label").replace("Garder ", "")}`);
    made.addEventListener("click", () => {
      move();
      number(row.parentElement);
      made.focus();
    });
    return made;
  }

  document.querySelectorAll("[data-letters-order] tbody").forEach((body) => {
    for (const row of body.rows) {
      const cell = row.querySelector(".letters-place");
      cell.append(
        " ",
        button(row, "Monter", "↑", () => row.previousElementSibling?.before(row)),
        " ",
        button(row, "Descendre", "↓", () => row.nextElementSibling?.after(row)),
      );
    }
  });
})();
