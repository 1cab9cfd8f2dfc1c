/* « Copier le bloc », « Coller » in Wagtail's StreamField editor: from a page to another, from a tab to another.

   What is copied is what the block holds on the screen, saved or not, without its identifiers: a block pasted is a new
   one. It stays in this browser for half a day. Where the block's type is not one of the stream's, it is said, and
   nothing is pasted. The server judges what is pasted as it judges what is typed: media and pages one may not choose are
   refused when saving. */
(function () {
  var KEY = "portail-bloc";
  var LIFE = 12 * 3600 * 1000;
  var installed = false;

  function text(string) {
    return document.createTextNode(string);
  }

  /* What a block holds, in plain values. A rich text's state is an object of its editor: its value is the same text. */
  function valueOf(block) {
    if (!block) return null;
    if (block.childBlocks) {
      var found = {};
      Object.keys(block.childBlocks).forEach(function (name) {
        found[name] = valueOf(block.childBlocks[name]);
      });
      return found;
    }
    if (Array.isArray(block.children)) {
      return block.children.map(function (child) {
        var each = { value: valueOf(child.block) };
        if (child.type && block.blockDef.childBlockDefsByName) each.type = child.type;
        return each;
      });
    }
    if (!block.widget) return null;
    var state = block.getState();
    return state && typeof state.getCurrentContent === "function" ? block.getValue() : state;
  }

  /* The shape of a definition: two blocks of one name may hold different things in two streams. */
  function shapeOf(definition, depth) {
    if (depth > 8) return "…";
    if (definition.childBlockDefsByName) {
      return (
        "{" +
        Object.keys(definition.childBlockDefsByName)
          .sort()
          .map(function (name) {
            return name + ":" + shapeOf(definition.childBlockDefsByName[name], depth + 1);
          })
          .join() +
        "}"
      );
    }
    if (definition.childBlockDef) return "[" + shapeOf(definition.childBlockDef, depth + 1) + "]";
    return definition.widget ? "·" : "-";
  }

  function read() {
    try {
      var kept = JSON.parse(window.localStorage.getItem(KEY));
      if (!kept || typeof kept.type !== "string" || Date.now() - kept.at > LIFE) return null;
      return kept;
    } catch (error) {
      return null;
    }
  }

  function say(message) {
    var region = document.getElementById("portal-said");
    if (!region) return;
    region.textContent = "";
    window.setTimeout(function () {
      region.textContent = message;
      region.hidden = false;
    }, 30);
    window.clearTimeout(say.timer);
    say.timer = window.setTimeout(function () {
      region.textContent = "";
    }, 8000);
  }

  function copy(child) {
    var label = child.blockDef.meta.label || child.type;
    try {
      window.localStorage.setItem(
        KEY,
        JSON.stringify({
          type: child.type,
          label: label,
          shape: shapeOf(child.blockDef, 0),
          value: valueOf(child.block),
          at: Date.now(),
        })
      );
    } catch (error) {
      say("Ce bloc n’a pas pu être copié\u00a0: il est trop long pour ce navigateur.");
      return;
    }
    refresh();
    say("Bloc «\u00a0" + label + "\u00a0» copié. Collez-le dans cette page ou dans une autre.");
  }

  function paste(stream, index) {
    var kept = read();
    if (!kept) {
      refresh();
      say("Il n’y a plus rien à coller\u00a0: copiez un bloc.");
      return;
    }
    var label = "«\u00a0" + kept.label + "\u00a0»";
    var definition = stream.blockDef.childBlockDefsByName[kept.type];
    if (!definition || shapeOf(definition, 0) !== kept.shape) {
      say("Un bloc " + label + " ne peut pas être placé ici.");
      return;
    }
    if (isFull(stream, kept.type)) {
      say("Il y a déjà ici autant de blocs que possible\u00a0: " + label + " n’est pas collé.");
      return;
    }
    stream.insert({ type: kept.type, value: kept.value }, index, { animate: true, focus: true });
    // Wagtail watches for changes: what is pasted is one.
    stream.container[0].dispatchEvent(new Event("change", { bubbles: true }));
    say("Bloc " + label + " collé.");
  }

  function isFull(stream, type) {
    var most = stream.getBlockMax();
    var mostOfType = stream.getBlockMax(type);
    return (
      (typeof most === "number" && stream.getBlockCount() >= most) ||
      (typeof mostOfType === "number" && stream.getBlockCount(type) >= mostOfType)
    );
  }

  function button(label, icon, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button button--icon text-replace white";
    made.title = label;
    made.setAttribute("aria-label", label);
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon icon-" + icon);
    svg.setAttribute("aria-hidden", "true");
    var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#icon-" + icon);
    svg.appendChild(use);
    made.appendChild(svg);
    made.addEventListener("click", function (event) {
      event.preventDefault();
      act();
    });
    return made;
  }

  /* Buttons that paste are shown while there is something to paste. */
  function refresh() {
    var kept = read();
    document.querySelectorAll("[data-portal-paste]").forEach(function (each) {
      each.hidden = !kept;
    });
    document.querySelectorAll("[data-portal-paste-label]").forEach(function (each) {
      each.textContent = kept ? "Coller le bloc «\u00a0" + kept.label + "\u00a0»" : "";
    });
  }

  function equipChild(child) {
    var bar = child.actionsContainerElement;
    if (!bar) return;
    bar.appendChild(
      button("Copier le bloc", "clipboard-list", function () {
        copy(child);
      })
    );
    var below = button("Coller dessous", "download", function () {
      paste(child.sequence, child.index + 1);
    });
    below.setAttribute("data-portal-paste", "");
    below.hidden = !read();
    bar.appendChild(below);
  }

  function equipStream(stream) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small button-secondary portal-paste";
    made.setAttribute("data-portal-paste", "");
    var label = document.createElement("span");
    label.setAttribute("data-portal-paste-label", "");
    made.appendChild(label);
    made.addEventListener("click", function () {
      paste(stream, stream.children.length);
    });
    stream.container[0].appendChild(made);
    refresh();
  }

  function install() {
    var blocks = window.wagtailStreamField && window.wagtailStreamField.blocks;
    if (installed || !blocks || !blocks.StreamBlock) return;
    installed = true;
    var stream = blocks.StreamBlock.prototype;
    var createChild = stream._createChild;
    stream._createChild = function () {
      var child = createChild.apply(this, arguments);
      equipChild(child);
      return child;
    };
    var initDragNDrop = stream.initDragNDrop;
    stream.initDragNDrop = function () {
      initDragNDrop.apply(this, arguments);
      equipStream(this);
    };
  }

  function region() {
    var made = document.createElement("div");
    made.id = "portal-said";
    made.className = "portal-said";
    made.setAttribute("role", "status");
    made.appendChild(text(""));
    document.body.appendChild(made);
  }

  install();
  // Before Wagtail's own listener draws the editor, where its script came after this one.
  document.addEventListener("DOMContentLoaded", install, true);
  document.addEventListener("DOMContentLoaded", region);
  window.addEventListener("storage", function (event) {
    if (event.key === KEY || event.key === null) refresh();
  });
})();
