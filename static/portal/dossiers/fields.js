/* The form of a dossier, better: fields that follow the answers, rows without a round trip, a perimeter that counts, a
   counter beneath texts, names of territories proposed. Without this script the form works as it is: the server decides
   what is asked, adds the rows and counts. */

const all = (root, query) => [...root.querySelectorAll(query)];
const said = (message, tag = "p", className = "") => Object.assign(document.createElement(tag), { textContent: message, className });
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe").replace(/[^a-z0-9]+/g, " ").trim();
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/* --- What is asked --------------------------------------------------------------------------------------------------- */
function setUpConditions(form) {
  const fields = new Map(all(form, "[data-field]").map((box) => [box.dataset.field, box]));
  if (![...fields.values()].some((box) => box.dataset.condition)) return;

  /* What is answered in a field: a list of texts, empty where nothing is. As dossiers/fields/conditions.py reads it. */
  function answer(box) {
    if (box.hidden) return [];
    const inputs = all(box, "input:not([type=hidden]), select, textarea").filter((input) => !/__(autre|recherche)$/.test(input.name));
    return inputs
      .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
      .map((input) => input.value.trim())
      .filter(Boolean);
  }
  const number = (text) => {
    const french = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/.exec(text);
    if (french) return Number(french[3] + french[2].padStart(2, "0") + french[1].padStart(2, "0"));
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number(text.replaceAll("-", ""));
    const digits = text.replace(/[\s\u00a0\u202f€]/g, "").replace("−", "-").replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(digits) ? Number(digits) : NaN;
  };
  const same = (kind, held, wanted) => {
    if (kind === "oui-non") return held === (wanted === true || /^(oui|true)$/i.test(String(wanted)) ? "oui" : "non");
    if (kind === "entier" || kind === "montant") return number(held) === number(String(wanted));
    return held === String(wanted);
  };
  function holds(condition) {
    const box = fields.get(condition.field);
    if (!box) return null;
    const held = answer(box);
    const kind = box.dataset.kind;
    const is = (wanted) => held.some((each) => same(kind, each, wanted));
    if (condition.op === "rempli") return held.length > 0;
    if (condition.op === "egal") return is(condition.value);
    if (condition.op === "different") return !is(condition.value);
    if (condition.op === "parmi") return [].concat(condition.value).some(is);
    const [value, bound] = [number(held[0] || ""), number(String(condition.value))];
    return condition.op === "superieur" ? value > bound : value < bound;
  }
  function follow() {
    fields.forEach((box) => {
      if (!box.dataset.condition) return;
      const shown = holds(JSON.parse(box.dataset.condition));
      // The field it depends on is not on this screen: the server has said whether it is asked.
      if (shown === null) return;
      box.hidden = !shown;
      const inner = box.querySelector(":scope > fieldset");
      if (inner) inner.disabled = !shown;
    });
    all(form, "[data-part]").forEach((part) => {
      part.hidden = all(part, "[data-field]").every((box) => box.hidden);
    });
  }
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  follow();
}

/* --- « Autre » -------------------------------------------------------------------------------------------------------- */
function setUpOther(box) {
  const owner = document.getElementById(box.dataset.otherOf);
  if (!owner) return;
  const chosen = () => (owner.matches("select") ? owner.value === "autre" : all(owner, "input[value=autre]").some((input) => input.checked));
  const follow = () => {
    box.hidden = !chosen();
  };
  owner.addEventListener("change", follow);
  follow();
}

/* --- Counters --------------------------------------------------------------------------------------------------------- */
function setUpCounter(input) {
  const most = Number(input.dataset.most);
  const counter = said("", "p", "fr-hint-text portal-counter");
  // Read aloud when typing stops, not with every letter.
  const spoken = said("", "p", "fr-sr-only");
  spoken.setAttribute("role", "status");
  counter.setAttribute("aria-hidden", "true");
  let timer = null;
  const count = () => {
    const length = input.value.trim().length;
    const left = most - length;
    const text = left < 0 ? `${grouped(-left)} caractère${left < -1 ? "s" : ""} en trop` : `${grouped(length)} / ${grouped(most)} caractères`;
    counter.textContent = text;
    counter.classList.toggle("portal-counter--over", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement === input && left < most / 10) spoken.textContent = left < 0 ? text : `Il reste ${left} caractères`;
    }, 1000);
    counter.hidden = input.matches("input") && left > most / 5;
  };
  input.after(counter, spoken);
  input.addEventListener("input", count);
  input.addEventListener("portal:restored", count);
  count();
}

/* --- Territories ------------------------------------------------------------------------------------------------------ */
function setUpTerritory(box) {
  const input = box.querySelector("input[type=text]");
  const list = document.createElement("datalist");
  list.id = `${input.id}__propositions`;
  input.setAttribute("list", list.id);
  box.append(list);
  let timer = null;
  let asked = null;
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return;
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, niveaux: box.dataset.levels });
      const response = await fetch(`${box.dataset.url}?${query}`, { signal: asked.signal });
      if (!response.ok) return;
      const found = await response.json();
      list.replaceChildren(
        ...found.results.map((each) => {
          const option = document.createElement("option");
          option.value = each.label;
          option.label = each.context;
          return option;
        })
      );
    } catch (error) {
      /* What is typed is looked for by the server in any case. */
    }
  };
  input.addEventListener("input", () => {
    // Another name is looked for: what was picked among the former ones no longer counts.
    all(box, "input[type=radio]").forEach((radio) => {
      radio.checked = false;
    });
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
}

/* --- Perimeters ------------------------------------------------------------------------------------------------------- */
function setUpPerimeter(box) {
  const members = all(box, "[data-words]");
  const search = box.querySelector("input[name$=__recherche]");
  const button = search.parentElement.querySelector("button");
  const status = said("", "p", "fr-hint-text");
  status.setAttribute("role", "status");
  const total = (name) => box.querySelector(`[data-total=${name}]`);
  const count = () => {
    const chosen = members.filter((member) => member.querySelector("input").checked);
    const sum = (name) => chosen.reduce((found, member) => found + Number(member.dataset[name]), 0);
    total("members").textContent = grouped(chosen.length);
    total("communes").textContent = grouped(sum("communes"));
    total("population").textContent = grouped(sum("population"));
  };
  const filter = () => {
    const words = plain(search.value).split(" ").filter(Boolean);
    let shown = 0;
    members.forEach((member) => {
      member.hidden = !member.querySelector("input").checked && !words.every((word) => member.dataset.words.includes(word));
      shown += member.hidden ? 0 : 1;
    });
    status.textContent = words.length ? `${shown} territoire${shown > 1 ? "s" : ""} dans la liste` : "";
  };
  search.parentElement.after(status);
  // Where the list is not whole, the server looks further.
  if (!box.dataset.leftOut) {
    button.hidden = true;
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    filter();
  } else {
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      button.click();
    });
  }
  box.addEventListener("change", count);
  // What is shown, all at once: a whole département is eighteen boxes, or three hundred communes.
  const tools = said("", "p", "portal-perimeter__tools");
  [["Tout sélectionner", true], ["Tout désélectionner", false]].forEach(([label, checked]) => {
    const tool = said(label, "button", "fr-btn fr-btn--tertiary fr-btn--sm");
    tool.type = "button";
    tool.addEventListener("click", () => {
      members.filter((member) => !member.hidden).forEach((member) => {
        member.querySelector("input").checked = checked;
      });
      // Whoever counts, names overlaps or saves drafts hears of it as of a box ticked.
      ["input", "change"].forEach((name) => box.dispatchEvent(new Event(name, { bubbles: true })));
    });
    tools.append(tool);
  });
  status.after(tools);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------- */
const MODEL = "ligne-modele";

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function setUpRows(box) {
  const name = box.dataset.rows;
  const ids = box.querySelector(`[name="${name}__lignes"]`);
  const levels = JSON.parse(box.dataset.levels);
  const most = Number(box.dataset.mostRows);
  const depthOf = (row) => Number(row.dataset.depth);
  const rows = () => all(box, ":scope > [data-row]");
  const foot = box.querySelector(":scope > [data-foot]");
  const status = box.querySelector(":scope > [data-status]");

  /* The row, and in an outline all that stands beneath it. */
  function block(row) {
    const found = [row];
    for (let next = row.nextElementSibling; next && next.matches("[data-row]") && depthOf(next) > depthOf(row); next = next.nextElementSibling) found.push(next);
    return found;
  }
  function neighbour(row, step) {
    if (step > 0) {
      const next = block(row).at(-1).nextElementSibling;
      return next && next.matches("[data-row]") && depthOf(next) === depthOf(row) ? next : null;
    }
    for (let before = row.previousElementSibling; before && before.matches("[data-row]"); before = before.previousElementSibling) {
      if (depthOf(before) === depthOf(row)) return before;
      if (depthOf(before) < depthOf(row)) return null;
    }
    return null;
  }
  function number() {
    const counts = levels.map(() => 0);
    return rows().map((row, at) => {
      if (!levels.length) return `Ligne ${at + 1}`;
      const depth = depthOf(row);
      const level = levels[depth];
      if (!level.numbered) return level.label;
      counts[depth] += 1;
      counts.fill(0, depth + 1);
      return `${level.label} ${counts.filter((count, each) => each <= depth && levels[each].numbered && count).join(".")}`;
    });
  }
  function follow() {
    const labels = number();
    rows().forEach((row, at) => {
      row.querySelector("[data-title]").textContent = labels[at];
      all(row, "[data-of]").forEach((part) => {
        part.textContent = ` ${part.dataset.of}${labels[at]}`;
      });
      row.querySelector(`[name="_monter-${name}"]`).disabled = !neighbour(row, -1);
      row.querySelector(`[name="_descendre-${name}"]`).disabled = !neighbour(row, 1);
    });
    ids.value = rows().map((row) => row.dataset.row).join(",");
    const full = rows().length >= most;
    all(box, `[name="_ajouter-${name}"]`).forEach((button) => {
      button.disabled = full;
    });
    // Whoever saves drafts hears of it.
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function make(level) {
    const model = box.querySelector(`:scope > template[data-level="${level}"]`);
    const holder = document.createElement("template");
    holder.innerHTML = model.innerHTML.replaceAll(MODEL, uuid());
    const row = holder.content.querySelector("[data-row]");
    return document.importNode(row, true);
  }
  function add(value) {
    const [level, beneath] = value.split(":");
    const row = make(level || (levels[0] ? levels[0].key : ""));
    const parent = beneath && rows().find((each) => each.dataset.row === beneath);
    if (parent) block(parent).at(-1).after(row);
    else foot.before(row);
    setUp(row);
    follow();
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
    status.replaceChildren("Ligne ajoutée.", rows().length < most ? "" : ` Ce tableau est plein\u00a0: ${most} lignes au plus.`);
  }
  const filled = (row) => all(row, "input:not([type=hidden]), select, textarea").some((input) => input.value.trim());
  function remove(row) {
    const gone = block(row);
    const before = row.previousElementSibling;
    const lost = gone.some(filled);
    const title = row.querySelector("[data-title]").textContent;
    gone.forEach((each) => each.remove());
    follow();
    status.replaceChildren(`${title}\u00a0: retirée. `);
    if (lost) {
      const back = said("Annuler", "button", "fr-btn fr-btn--tertiary fr-btn--sm");
      back.type = "button";
      back.addEventListener("click", () => {
        before.after(...gone);
        follow();
        status.replaceChildren(`${title}\u00a0: rétablie.`);
        row.querySelector("button").focus();
      });
      status.append(back);
      back.focus();
    } else {
      box.querySelector(`:scope > [data-foot] [name="_ajouter-${name}"]`).focus();
    }
  }
  function move(row, step, button) {
    const other = neighbour(row, step);
    if (!other) return;
    if (step < 0) other.before(...block(row));
    else block(other).at(-1).after(...block(row));
    follow();
    (button.disabled ? row.querySelector(`[name="_${step < 0 ? "descendre" : "monter"}-${name}"]`) : button).focus();
    status.replaceChildren(`Ligne déplacée\u00a0: ${row.querySelector("[data-title]").textContent}.`);
  }
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (!button || !button.name.endsWith(`-${name}`)) return;
    const row = button.closest("[data-row]");
    const action = button.name.slice(1, -name.length - 1);
    if (!["ajouter", "retirer", "monter", "descendre"].includes(action)) return;
    event.preventDefault();
    if (action === "ajouter") add(button.value);
    else if (action === "retirer") remove(row);
    else move(row, action === "monter" ? -1 : 1, button);
  });
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */
function setUp(root) {
  all(root, "[data-most]").forEach(setUpCounter);
  all(root, "[data-other-of]").forEach(setUpOther);
  all(root, "[data-territory]").forEach(setUpTerritory);
  all(root, "[data-perimeter]").forEach(setUpPerimeter);
  all(root, "[data-rows]").forEach(setUpRows);
}

all(document, "form")
  .filter((form) => form.querySelector("[data-field]"))
  .forEach((form) => {
    setUp(form);
    setUpConditions(form);
  });
const summary = document.getElementById("erreurs");
// After a button without script, one is back where one was.
if (summary && summary.hasAttribute("tabindex") && !document.querySelector("[autofocus]")) summary.focus();
