// Runs axe on what is new of the page: () => {violations, known}, given what was seen.
//
// A part is as one that was seen when its elements, their attributes and their computed
// looks are the same; texts and addresses may differ, but none may be missing. Only
// plain parts are passed over (rows, items of lists, paragraphs): never a heading, a
// landmark, a field or what another element refers to.
async (seen) => {
  const NEVER =
    "[id],[name],[for],[role],[tabindex],[aria-labelledby],[aria-describedby]," +
    "[aria-controls],h1,h2,h3,h4,h5,h6,main,nav,header,footer,aside,section,form," +
    "dialog,iframe,svg,img,label,input,select,textarea,button,summary,table,body,html";
  const WORDS = ["href", "src", "title", "alt", "value", "content", "datetime"];
  const LOOKS = [
    "color", "background-color", "font-size", "font-weight", "display", "visibility",
    "opacity", "text-decoration-line", "padding-block-start",
  ];
  const known = new Set(seen);
  const hash = (text) => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  const says = ({ name, value }) =>
    WORDS.includes(name) || name.startsWith("data-") || name === "aria-label"
      ? `${name}:${value.trim() !== ""}`
      : `${name}=${value}`;
  const own = (element) => {
    const looks = getComputedStyle(element);
    return [
      element.localName,
      ...[...element.attributes].map(says).sort(),
      ...LOOKS.map((name) => looks.getPropertyValue(name)),
    ].join(" ");
  };
  const keys = new Map();
  const key = (element) => {
    const parts = [];
    for (const child of element.childNodes) {
      const part =
        child.nodeType === Node.ELEMENT_NODE
          ? key(child)
          : child.nodeType === Node.TEXT_NODE && child.data.trim() ? "text" : null;
      // Of parts that are alike and follow each other one stands for all.
      if (part !== null && part !== parts.at(-1)) parts.push(part);
    }
    keys.set(element, hash(`${own(element)}(${parts.join(",")})`));
    return keys.get(element);
  };
  const page = key(document.documentElement);
  if (known.has(page)) return { violations: [], known: [] };
  const fresh = new Set([page]), exclude = [];
  const walk = (element, above) => {
    const name = hash(`${above} ${keys.get(element)}`);
    const plain = !element.matches(NEVER) && !element.querySelector(NEVER);
    if (plain && (known.has(name) || fresh.has(name))) {
      exclude.push(element);
      return;
    }
    if (plain) fresh.add(name);
    const below = hash(`${above} ${own(element)}`);
    for (const child of element.children) walk(child, below);
  };
  walk(document.body, "");
  // Not preload: of a stylesheet that imports another it would write an inline one,
  // which the policy refuses. No rule that is on by default needs it.
  const options = { preload: false, resultTypes: ["violations"] };
  const where = exclude.length ? { include: [document], exclude } : document;
  const { violations } = await axe.run(where, options);
  return { violations, known: [...fresh] };
}
