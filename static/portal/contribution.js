/* The form of a contribution, better: text with headings, lists and links; saved as one types; a copy kept in the
   browser until the portal has it. Without this script the form works as it is. */
const form = document.getElementById("contribution");
const WAIT = 4000;

/* --- Text ---------------------------------------------------------------------------------------------------------- */
const KEPT = { P: "p", H1: "h2", H2: "h2", H3: "h3", H4: "h3", UL: "ul", OL: "ol", LI: "li", STRONG: "strong", B: "strong", EM: "em", I: "em", A: "a", BR: "br" };
const GONE = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "TITLE", "HEAD", "META", "LINK", "NOSCRIPT"]);

const BLOCKS = "p, div, ul, ol, table, h1, h2, h3, h4";

/* Word writes items of lists as paragraphs (« mso-list:l0 level2 lfo1 »), with a bullet drawn in a span of its own. */
const wordLevel = (node) => (node.nodeName === "P" && /mso-list:[^;]*\blevel(\d)/i.exec(node.getAttribute("style") || "")) || null;
const isWordItem = (node) => wordLevel(node) !== null;

function copyWordItem(node, target) {
  // An item of a deeper level belongs to the item before it.
  for (let level = Number(wordLevel(node)[1]); level > 1; level -= 1) {
    const above = target.lastElementChild;
    if (!above || !/^(ul|ol)$/.test(above.localName) || !above.lastElementChild) break;
    target = above.lastElementChild;
  }
  const mark = [...node.querySelectorAll("[style]")].find((each) => /mso-list\s*:\s*ignore/i.test(each.getAttribute("style")));
  const name = mark && /^\s*\(?\d/.test(mark.textContent) ? "ol" : "ul";
  if (mark) mark.remove();
  const last = target.lastElementChild;
  const list = last && last.localName === name ? last : target.appendChild(document.createElement(name));
  copyClean(node, list.appendChild(document.createElement("li")));
}

/* Copies what is allowed of a document that runs nothing into `target`: nodes are made anew, attributes dropped. */
function copyClean(source, target) {
  source.childNodes.forEach((node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      target.append(node.textContent);
    } else if (node.nodeType === Node.ELEMENT_NODE && !GONE.has(node.nodeName.toUpperCase())) {
      if (isWordItem(node)) return copyWordItem(node, target);
      const name = node.nodeName === "DIV" && !node.querySelector(BLOCKS) ? "p" : KEPT[node.nodeName.toUpperCase()];
      if (!name) return copyClean(node, target);
      const made = document.createElement(name);
      if (name === "a" && /^(https?:|mailto:|tel:)/i.test(node.getAttribute("href") || "")) made.setAttribute("href", node.getAttribute("href"));
      copyClean(node, made);
      target.append(made);
    }
  });
}

function fill(editor, text) {
  editor.replaceChildren();
  if (/<\/?[a-z][^>]*>/i.test(text)) {
    copyClean(new DOMParser().parseFromString(text, "text/html").body, editor);
    return;
  }
  text.split(/\n\s*\n/).filter((part) => part.trim()).forEach((part) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = part.trim();
    editor.append(paragraph);
  });
}

const TOOLS = [
  ["Gras", () => document.execCommand("bold")],
  ["Italique", () => document.execCommand("italic")],
  ["Intertitre", () => document.execCommand("formatBlock", false, "h2")],
  ["Paragraphe", () => document.execCommand("formatBlock", false, "p")],
  ["Liste", () => document.execCommand("insertUnorderedList")],
  ["Liste numérotée", () => document.execCommand("insertOrderedList")],
  ["Lien", () => {
    const address = window.prompt("Adresse du lien, avec https://");
    if (address && /^(https?:|mailto:|tel:)/i.test(address)) document.execCommand("createLink", false, address);
  }],
];

function enrich(area) {
  const label = form.querySelector(`label[for="${area.id}"]`);
  const box = document.createElement("div");
  box.className = "portal-editor";
  const tools = document.createElement("div");
  tools.className = "portal-editor__tools";
  tools.setAttribute("role", "toolbar");
  tools.setAttribute("aria-label", "Mise en forme du texte");
  const editor = document.createElement("div");
  editor.className = "portal-editor__text";
  editor.contentEditable = "true";
  editor.setAttribute("role", "textbox");
  editor.setAttribute("aria-multiline", "true");
  if (label) {
    label.id = label.id || `${area.id}-etiquette`;
    editor.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => editor.focus());
  }
  editor.id = `${area.id}-editeur`;
  TOOLS.forEach(([title, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--tertiary-no-outline fr-btn--sm";
    button.textContent = title;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      editor.focus();
      act();
      written();
    });
    tools.append(button);
  });
  const written = () => {
    area.value = editor.textContent.trim() ? editor.innerHTML : "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.addEventListener("input", (event) => {
    event.stopPropagation();
    written();
  });
  editor.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    if (!html) return;
    event.preventDefault();
    const clean = document.createElement("div");
    copyClean(new DOMParser().parseFromString(html, "text/html").body, clean);
    document.execCommand("insertHTML", false, clean.innerHTML);
    written();
  });
  area.addEventListener("portal:restored", () => fill(editor, area.value));
  fill(editor, area.value);
  document.execCommand("defaultParagraphSeparator", false, "p");
  box.append(tools, editor);
  area.hidden = true;
  area.after(box);
}

/* --- Saving -------------------------------------------------------------------------------------------------------- */
const status = document.getElementById("enregistrement");
let timer = null;
let leaving = false;

function fields() {
  const data = new FormData(form);
  [...data.entries()].forEach(([name, value]) => {
    if (value instanceof File) data.delete(name);
  });
  return data;
}

function keep() {
  const kept = [...fields().entries()].filter(([name]) => !["csrfmiddlewaretoken", "version", "cle"].includes(name));
  try {
    sessionStorage.setItem(form.dataset.kept, JSON.stringify(kept));
  } catch (error) {
    /* A browser that keeps nothing: the portal's own drafts remain. */
  }
}

async function save() {
  if (!form.dataset.save || leaving) return;
  try {
    const response = await fetch(form.dataset.save, { method: "POST", body: fields(), redirect: "manual", credentials: "same-origin" });
    if (response.type === "opaqueredirect") {
      status.textContent = "Votre session a expiré. Votre texte est gardé dans ce navigateur : enregistrez pour vous reconnecter.";
      return;
    }
    const answer = await response.json();
    if (response.ok) {
      form.elements.version.value = answer.version;
      sessionStorage.removeItem(form.dataset.kept);
      status.textContent = `Brouillon enregistré à ${new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })}.`;
    } else {
      status.textContent = `${answer.message} Votre texte est gardé dans ce navigateur.`;
    }
  } catch (error) {
    status.textContent = "Le portail ne répond pas. Votre texte est gardé dans ce navigateur.";
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(form.dataset.kept) || "null");
  } catch (error) {
    return;
  }
  if (!kept || document.getElementById("erreurs")) return;
  const names = new Set(kept.map(([name]) => name));
  names.forEach((name) => {
    const values = kept.filter(([other]) => other === name).map(([, value]) => value);
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((input) => {
      if (["checkbox", "radio"].includes(input.type)) input.checked = values.includes(input.value);
      else if (input.type !== "hidden" && input.type !== "file") input.value = values[0];
    });
  });
  status.textContent = "Ce que vous aviez écrit ici sans l’enregistrer est revenu.";
}

if (form) {
  restore();
  form.querySelectorAll("textarea[data-rich-text]").forEach(enrich);
  form.addEventListener("input", () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    // Saved by the answer; signed out, the portal keeps it until one has signed in.
    sessionStorage.removeItem(form.dataset.kept);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  document.getElementById("erreurs")?.focus();
}
