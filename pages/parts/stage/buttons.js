// Buttons with icons, and the paths of the icons.

const ICON = {
  restart: "M4 4v6h6 M4.6 10a8 8 0 1 1-.5 4.5",
  episodeBack: "M11 6l-6 6 6 6 M19 6l-6 6 6 6",
  back: "M15 5l-7 7 7 7",
  play: "M8 5v14l11-7z",
  pause: "M7 5h3.4v14H7z M13.6 5H17v14h-3.4z",
  step: "M9 5l7 7-7 7",
  episodeForward: "M5 6l6 6-6 6 M13 6l6 6-6 6",
  seed: "M5 5h14v14H5z M9 9h.01 M15 9h.01 M12 12h.01 M9 15h.01 M15 15h.01",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3 M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7L12 17.7",
  close: "M6 6l12 12 M18 6L6 18",
};

function iconButton(name, help, onclick, kind = "round") {
  return el("button", { type: "button", class: kind, title: help, "aria-label": help, onclick }, icon(ICON[name]));
}

function textButton(text, help, onclick, kind = "flat") {
  return el("button", { type: "button", class: kind, title: help, onclick }, text);
}

/** A row of choices of which one is on; `choose` gets its key. */
class Choices {
  constructor(label, choose) {
    this.choose = choose;
    this.node = el("div", { class: "choices", role: "radiogroup", "aria-label": label });
    this.buttons = new Map();
  }

  /** Takes [key, text, help, disabled] for each choice. */
  load(items) {
    this.buttons = new Map(
      items.map(([key, text, help, disabled]) => [
        key,
        el(
          "button",
          {
            type: "button",
            role: "radio",
            title: help,
            disabled,
            onclick: () => this.choose(key),
          },
          text,
        ),
      ]),
    );
    this.node.replaceChildren(...this.buttons.values());
  }

  mark(chosen) {
    for (const [key, button] of this.buttons) button.setAttribute("aria-checked", String(key === chosen));
  }
}

/** Copies text, also where the clipboard interface is missing (a page served without https). */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const field = el("textarea", { style: "position:fixed;opacity:0" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
