/* A perimeter, better: the roadmaps that it overlaps are named while boxes are ticked. Without the script they are on
   the boxes, and the deposit names them again. */
const WAIT = 400;
/* Servers refuse longer addresses; a perimeter of hundreds of communes is looked at by the deposit. */
const LONGEST = 3500;

function setUp(box) {
  const told = document.createElement("div");
  told.className = "fr-fieldset__element";
  told.setAttribute("role", "status");
  box.append(told);
  let timer;
  let asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams();
    box.querySelectorAll("[data-words] input:checked").forEach((input) => query.append("perimetre", input.value));
    if (!query.size || String(query).length > LONGEST) {
      told.replaceChildren();
      return;
    }
    try {
      const response = await fetch(`${box.dataset.clashes}?${query}`, {
        headers: { Accept: "text/html" },
        signal: asked.signal,
      });
      if (!response.ok || response.redirected) return;
      const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
      told.replaceChildren(...parsed.body.children);
    } catch {
      /* Asked again meanwhile, or no network: the deposit says it. */
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };
  box.addEventListener("change", later);
  later();
}

document.querySelectorAll("[data-clashes]").forEach(setUp);
