/* Files of a dossier, better: sent as they are chosen, three at once, with their progress; dropped with the mouse; large
   ones in parts, which go on where they stopped. Without this script files go with the form. */
const AT_ONCE = 3;
const TRIES = 5;
const HASHED = 100_000_000;
const running = new Set();
const waiting = [];
const SESSION = "Votre session a pris fin : connectez-vous dans un autre onglet, puis réessayez.";
const OFFLINE = "La connexion est interrompue.";

class Refused extends Error {
  constructor(message, again, status = 0, data = {}) {
    super(message);
    Object.assign(this, { again, status, data });
  }
}

function token() {
  const input = document.querySelector("input[name=csrfmiddlewaretoken]");
  return input ? input.value : "";
}

/* One request. Gives what the portal answered; throws Refused, whose `again` says whether trying again may help. */
function ask(method, url, body = null, { headers = {}, progress, job } = {}) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    if (job) job.request = request;
    request.open(method, url);
    Object.entries({ "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json", ...headers })
      .forEach(([name, value]) => request.setRequestHeader(name, value));
    if (progress) request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded));
    request.addEventListener("error", () => failed(new Refused(OFFLINE, true)));
    request.addEventListener("timeout", () => failed(new Refused(OFFLINE, true)));
    request.addEventListener("abort", () => failed(new Refused("", false, -1)));
    request.addEventListener("load", () => {
      let data = null;
      try {
        data = JSON.parse(request.responseText);
      } catch {
        data = null;
      }
      if (data && request.status < 300) return done(data);
      if (request.status === 413) return failed(new Refused("Ce fichier est trop lourd pour le portail.", false, 413));
      if (request.status === 404) return failed(new Refused("Ce dossier ne prend plus ce fichier : rechargez la page.", false, 404));
      if (request.status >= 500) return failed(new Refused("Le portail n’a pas répondu.", true, request.status));
      if (!data) return failed(new Refused(SESSION, true, 403));
      return failed(new Refused(data.message, ["rate", "not_written", "incomplete"].includes(data.code), request.status, data));
    });
    request.send(body);
  });
}

function form(values) {
  const data = new FormData();
  Object.entries(values).forEach(([name, value]) => value && data.append(name, value));
  return data;
}

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

async function fingerprint(file) {
  if (!window.crypto || !window.crypto.subtle || file.size > HASHED) return "";
  const digest = await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "fr-btn fr-btn--tertiary fr-btn--sm";
  made.textContent = text;
  const more = document.createElement("span");
  more.className = "fr-sr-only";
  more.textContent = ` ${name}`;
  made.append(more);
  made.addEventListener("click", act);
  return made;
}

/* --- A file on its way ------------------------------------------------------------------------------------------- */
class Job {
  constructor(field, file, piece) {
    Object.assign(this, { field, file, piece, cancelled: false, url: "", told: 0 });
    this.item = document.createElement("li");
    this.item.className = "portal-piece";
    const box = document.createElement("div");
    box.className = "portal-piece__file";
    const name = document.createElement("p");
    name.className = "portal-piece__name fr-mb-0";
    name.textContent = file.name;
    this.bar = document.createElement("progress");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Envoi de ${file.name}`);
    this.words = document.createElement("p");
    this.words.className = "fr-hint-text fr-mb-0";
    this.words.textContent = "En attente";
    box.append(name, this.bar, this.words);
    this.buttons = document.createElement("div");
    this.buttons.className = "portal-piece__buttons";
    this.stop = button("Annuler", file.name, () => this.cancel());
    this.buttons.append(this.stop);
    this.item.append(box, this.buttons);
    field.queue.append(this.item);
  }

  sent(bytes) {
    const part = Math.min(Math.floor((100 * bytes) / this.file.size), 100);
    this.bar.value = part;
    this.words.textContent = part < 100 ? `${part} % envoyés` : "Vérification du fichier…";
  }

  async run() {
    this.words.className = "fr-hint-text fr-mb-0";
    try {
      const data = this.file.size > this.field.large ? await this.inParts() : await this.whole();
      this.item.remove();
      this.field.show(data);
      this.field.say(data.message || `« ${this.file.name} » est reçu.`);
    } catch (error) {
      if (this.cancelled) return;
      this.fail(error instanceof Refused ? error : new Refused("Ce fichier ne peut plus être lu sur votre ordinateur.", false));
    }
  }

  whole() {
    const data = form({ file: this.file, piece: this.piece, prefix: this.field.prefix });
    return ask("POST", this.field.url, data, { job: this, progress: (bytes) => this.sent(bytes) });
  }

  async inParts() {
    this.words.textContent = "Préparation…";
    const mark = await fingerprint(this.file);
    if (this.cancelled) throw new Refused("", false, -1);
    const given = { name: this.file.name, size: this.file.size, fingerprint: mark, piece: this.piece, prefix: this.field.prefix };
    let state = await ask("POST", this.field.begin, form(given), { job: this });
    this.url = `/dossiers/envois/${state.id}/`;
    let tries = 0;
    while (!state.done) {
      if (this.cancelled) throw new Refused("", false, -1);
      const from = state.received;
      this.sent(from);
      try {
        state = await ask("POST", this.url, this.file.slice(from, from + state.part), {
          job: this,
          headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(from), "Upload-Prefix": this.field.prefix },
          progress: (bytes) => this.sent(from + bytes),
        }).then((data) => ({ part: state.part, ...data }));
        tries = 0;
      } catch (error) {
        const behind = error.status === 409 && error.data.received !== undefined;
        if (this.cancelled || tries >= TRIES || !(behind || (error.again && error.status !== 403))) throw error;
        tries += 1;
        this.words.textContent = "Connexion interrompue : nouvel essai…";
        await pause(behind ? 200 : 500 * 2 ** tries);
        try {
          // What is there already is not sent again; another window may have gone on with it.
          state = { part: state.part, ...(await ask("GET", `${this.url}?prefix=${this.field.prefix}`, null, { job: this })) };
        } catch (other) {
          if (!other.again || tries >= TRIES) throw other;
        }
      }
    }
    return state;
  }

  fail(error) {
    this.words.className = "fr-message fr-message--error";
    this.words.textContent = error.message;
    this.bar.hidden = true;
    this.buttons.replaceChildren();
    if (error.again) {
      this.buttons.append(button("Réessayer", this.file.name, () => {
        this.bar.hidden = false;
        this.buttons.replaceChildren(this.stop);
        this.stop.focus();
        start(this);
      }));
    }
    this.buttons.append(button("Fermer", this.file.name, () => {
      this.item.remove();
      this.field.focus();
    }));
    this.field.say(`« ${this.file.name} » : ${error.message}`);
  }

  async cancel() {
    this.cancelled = true;
    if (this.request) this.request.abort();
    const place = waiting.indexOf(this);
    if (place >= 0) waiting.splice(place, 1);
    this.item.remove();
    this.field.focus();
    this.field.say(`L’envoi de « ${this.file.name} » est annulé.`);
    if (this.url) {
      try {
        this.field.show(await ask("POST", `${this.url}annuler/`, form({ prefix: this.field.prefix })));
      } catch { /* It is swept up in a day. */ }
    }
  }
}

function start(job) {
  waiting.push(job);
  next();
}

function next() {
  while (running.size < AT_ONCE && waiting.length) {
    const job = waiting.shift();
    running.add(job);
    job.run().finally(() => {
      running.delete(job);
      next();
    });
  }
}

/* --- A field ------------------------------------------------------------------------------------------------------ */
class Field {
  constructor(box) {
    const { url, begin, prefix, large, limit, limitText, accept } = box.dataset;
    Object.assign(this, { box, url, begin, prefix, limitText, accept: accept.split(","), large: Number(large), limit: Number(limit), timer: 0, looks: 0, at: 0 });
    this.list = box.querySelector("[data-pieces-list]");
    this.add = box.querySelector("[data-pieces-add]");
    this.queue = box.querySelector("[data-pieces-queue]");
    this.status = box.querySelector("[data-pieces-status]");
    this.input = this.add.querySelector("input[type=file]");
    this.html = "";
    this.input.addEventListener("change", () => {
      this.take([...this.input.files]);
      this.input.value = "";
    });
    this.add.querySelector("[data-pieces-drop]").hidden = false;
    this.drop();
    this.dress();
  }

  drop() {
    const over = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    this.box.addEventListener("dragover", (event) => {
      if (!over(event)) return;
      event.preventDefault();
      this.add.classList.add("portal-pieces__add--over");
    });
    this.box.addEventListener("dragleave", (event) => {
      if (!this.box.contains(event.relatedTarget)) this.add.classList.remove("portal-pieces__add--over");
    });
    this.box.addEventListener("drop", (event) => {
      if (!over(event)) return;
      event.preventDefault();
      this.add.classList.remove("portal-pieces__add--over");
      this.take([...event.dataTransfer.files]);
    });
  }

  /* What the page came with, or the portal answered since, is given its buttons. */
  dress() {
    this.list.querySelectorAll("[data-piece-plain]").forEach((each) => each.remove());
    this.list.querySelectorAll("[data-piece-buttons], [data-pieces-stopped]").forEach((each) => { each.hidden = false; });
    this.list.querySelectorAll("[data-piece-replace]").forEach((each) => {
      each.addEventListener("click", () => {
        const picker = document.createElement("input");
        picker.type = "file";
        picker.accept = this.accept.join(",");
        picker.addEventListener("change", () => this.take([...picker.files], each.dataset.pieceReplace));
        picker.click();
      });
    });
    this.list.querySelectorAll("[data-piece-remove]").forEach((each) => {
      each.addEventListener("click", () => {
        if (window.confirm(`Retirer « ${each.dataset.name} » de ce dossier ?`)) this.act(each.dataset.pieceRemove);
      });
    });
    this.list.querySelectorAll("[data-upload-cancel]").forEach((each) => {
      each.addEventListener("click", () => this.act(each.dataset.uploadCancel));
    });
    const room = this.list.querySelector("[data-room]");
    this.room = room ? Number(room.dataset.room) : 0;
    this.add.hidden = this.room < 1;
    this.look();
  }

  async act(url) {
    try {
      const data = await ask("POST", url, form({ prefix: this.prefix }));
      this.show(data);
      this.say(data.message);
      this.focus();
    } catch (error) {
      this.say(error.message);
      this.tell(error.message);
    }
  }

  take(files, piece = "") {
    const messages = this.box.querySelector(".fr-messages-group");
    if (messages) messages.replaceChildren();
    const free = piece ? 1 : this.room - [...running, ...waiting].filter((job) => job.field === this && !job.piece).length;
    files.forEach((file, place) => {
      const job = new Job(this, file, piece);
      const extension = `.${file.name.split(".").pop().toLowerCase()}`;
      if (place >= free) job.fail(new Refused("C’est trop de fichiers pour ce champ.", false));
      else if (!this.accept.includes(extension)) job.fail(new Refused(`« ${extension} » n’est pas un type accepté.`, false));
      else if (!file.size) job.fail(new Refused("Ce fichier est vide (0 octet).", false));
      else if (file.size > this.limit) job.fail(new Refused(`Ce fichier est trop lourd. Maximum : ${this.limitText}.`, false));
      else start(job);
    });
  }

  /* The list as the portal gives it. */
  show(data) {
    // Answers to files sent at once may cross each other: an older one changes nothing.
    if (data.html === undefined || data.html === this.html || data.at < this.at) return this.look();
    this.at = data.at;
    const inside = this.list.contains(document.activeElement);
    this.html = data.html;
    this.list.innerHTML = data.html;
    this.dress();
    if (inside) this.focus();
    this.box.dispatchEvent(new CustomEvent("pieces:changed", { bubbles: true }));
    return undefined;
  }

  /* While the antivirus is at work: asked again, less and less often. */
  look() {
    clearTimeout(this.timer);
    if (!this.list.querySelector("[data-waits]")) {
      this.looks = 0;
      return;
    }
    const time = Math.min(2000 * 1.5 ** this.looks, 30_000);
    this.looks += 1;
    this.timer = setTimeout(async () => {
      try {
        const data = await ask("GET", `${this.url}?prefix=${this.prefix}`);
        if (!data.waits) this.say("L’antivirus a terminé son analyse.");
        this.show(data);
      } catch (error) {
        if (error.again) this.look();
      }
    }, time);
  }

  tell(message) {
    const messages = this.box.querySelector(".fr-messages-group");
    const line = document.createElement("p");
    line.className = "fr-message fr-message--error";
    line.textContent = message;
    if (messages) messages.replaceChildren(line);
  }

  say(message) {
    this.status.textContent = "";
    setTimeout(() => { this.status.textContent = message || ""; }, 50);
  }

  focus() {
    (this.add.hidden ? this.box : this.input).focus();
  }
}

document.querySelectorAll("[data-pieces]").forEach((box) => new Field(box));
window.addEventListener("beforeunload", (event) => {
  if (running.size || waiting.length) event.preventDefault();
});
