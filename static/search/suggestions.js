// Suggestions as one types, on every field with data-suggestions. Without this script the form works as it is.
const DELAY = 200;

for (const [number, field] of document.querySelectorAll("input[data-suggestions]").entries()) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "search-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  field.after(list);
  const status = document.createElement("p");
  status.className = "fr-sr-only";
  status.setAttribute("role", "status");
  list.after(status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let timer;
  let request;
  let active = -1;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    status.textContent = "";
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const activate = (index) => {
    const options = [...list.children];
    active = (index + options.length) % options.length;
    options.forEach((option, position) => option.setAttribute("aria-selected", String(position === active)));
    options[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[active].id);
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((suggestion, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = suggestion.url;
        option.textContent = suggestion.title;
        const kind = document.createElement("small");
        kind.textContent = suggestion.kind;
        option.append(" ", kind);
        // The field keeps the focus, whose loss closes the list before the click.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => window.location.assign(suggestion.url));
        return option;
      }),
    );
    active = -1;
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    const count = suggestions.length;
    status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "Aucune suggestion";
  };

  const ask = async () => {
    clearTimeout(timer);
    request?.abort();
    const words = field.value.trim();
    if (words.length < 2) {
      close();
      return;
    }
    request = new AbortController();
    try {
      const address = `${field.dataset.suggestions}?q=${encodeURIComponent(words)}`;
      const response = await fetch(address, { signal: request.signal });
      if (response.ok && document.activeElement === field) {
        show((await response.json()).suggestions);
      }
    } catch {
      // Aborted or offline: nothing to suggest.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        ask();
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      activate(event.key === "ArrowDown" ? active + 1 : active === -1 ? -1 : active - 1);
    } else if (event.key === "Escape") {
      // The list alone: on a phone the field is in a dialog that Escape would close too.
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      window.location.assign(list.children[active].dataset.url);
    }
  });
}
