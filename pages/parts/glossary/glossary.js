// The glossary: cards that a search narrows down while it is typed. Everything is set as text, nothing as HTML.

const simple = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[-–\s]+/g, " ").trim();

function make(kind, name, text, parent) {
  const node = document.createElement(kind);
  node.className = name;
  node.textContent = text ?? "";
  parent?.append(node);
  return node;
}

function link(name, text, href, parent) {
  const node = make("a", name, text, parent);
  Object.assign(node, { href, target: "_blank", rel: "noopener" });
  return node;
}

function button(name, text, press, parent) {
  const node = make("button", name, text, parent);
  node.type = "button";
  node.addEventListener("click", press);
  return node;
}

class Glossary {
  constructor(parent, terms) {
    this.root = make("div", "glossary", "", parent);
    this.names = new Map(terms.map((term) => [term.slug, term.name]));
    this.bar(terms);
    this.count = make("p", "count", "", this.root);
    this.count.setAttribute("role", "status");
    this.list = make("div", "terms", "", this.root);
    this.cards = terms.map((term) => this.card(term));
    this.letters(terms);
    this.narrow("");
  }

  bar(terms) {
    const bar = make("div", "bar", "", this.root);
    this.search = make("input", "search", "", bar);
    this.search.type = "search";
    this.search.placeholder = `Search ${terms.length} terms`;
    this.search.setAttribute("aria-label", "Search the glossary");
    this.search.addEventListener("input", () => this.narrow(this.search.value));
    this.jumps = make("nav", "letters", "", bar);
    this.jumps.setAttribute("aria-label", "Jump to a letter");
  }

  letters(terms) {
    for (const letter of new Set(terms.map((term) => term.slug[0].toUpperCase()))) {
      button("letter", letter, () => this.jump(letter), this.jumps).setAttribute("aria-label", `Terms with ${letter}`);
    }
  }

  jump(letter) {
    this.clear();
    const first = this.cards.find(({ term }) => term.slug.startsWith(letter.toLowerCase()));
    first.node.scrollIntoView({ block: "start" });
    first.node.focus({ preventScroll: true });
  }

  card(term) {
    const node = make("article", "term", "", null);
    node.tabIndex = -1;
    const head = make("h3", "name", term.name, node);
    if (term.symbol) make("span", "symbol", term.symbol, head);
    make("p", "says", term.says, node);
    const foot = make("p", "foot", "", node);
    if (term.page) link("seen", `See it: ${term.page.title}`, term.page.href, foot);
    for (const slug of term.see) button("see", this.names.get(slug), () => this.open(slug), foot);
    if (term.source) make("span", "source", term.source, foot);
    const names = [term.name, term.symbol, ...term.also].map(simple);
    return { term, node, names, text: simple(term.says) };
  }

  /** Shows the terms a search finds: by a name first, then by a word of the sentence. */
  narrow(words) {
    const wanted = simple(words);
    const named = this.cards.filter(({ names }) => names.some((name) => name.includes(wanted)));
    const said = this.cards.filter((card) => card.text.includes(wanted) && !named.includes(card));
    const found = [...named, ...said];
    this.list.replaceChildren(...found.map(({ node }) => node));
    this.jumps.hidden = wanted !== "";
    this.count.textContent = wanted === "" ? "" : found.length === 1 ? "1 term" : `${found.length} terms`;
    this.count.hidden = wanted === "";
    if (!found.length) this.count.textContent = "No term has these words. Try fewer letters.";
  }

  clear() {
    this.search.value = "";
    this.narrow("");
    this.mark(null);
  }

  mark(chosen) {
    for (const { term, node } of this.cards) node.classList.toggle("chosen", term.slug === chosen);
  }

  /** Brings a term into sight, among all the others. */
  open(slug) {
    this.clear();
    this.mark(slug);
    const { node } = this.cards.find(({ term }) => term.slug === slug);
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    this.address(slug);
  }

  /** Opens a term that an address asks for: before all others. */
  first(slug) {
    this.mark(slug);
    this.list.prepend(this.cards.find(({ term }) => term.slug === slug).node);
  }

  find(words) {
    this.search.value = words;
    this.narrow(words);
  }

  address(slug) {
    const url = new URL(location.href);
    url.searchParams.set("term", slug);
    history.replaceState(history.state, "", url);
  }
}

const shown = new WeakMap(); // what a place on the page holds, so that drawing it again keeps search and scroll

export default function ({ data, parentElement }) {
  if (shown.has(parentElement)) return;
  const glossary = new Glossary(parentElement, data.terms);
  shown.set(parentElement, glossary);
  if (data.term) glossary.first(data.term);
  else if (data.search) glossary.find(data.search);
}
