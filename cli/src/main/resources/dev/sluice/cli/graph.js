"use strict";
(() => {
  const picture = document.getElementById("picture");
  const about = document.getElementById("about");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const boxes = [...picture.querySelectorAll("a.box")];
  const arrows = [...picture.querySelectorAll("g.arrow[data-from]")];
  const whole = picture.viewBox.baseVal;
  const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...all };
  document.documentElement.classList.add("lively");
  picture.removeAttribute("width");
  picture.removeAttribute("height");

  // What is seen.
  const show = () => picture.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const scale = () => Math.min(picture.clientWidth / view.width, picture.clientHeight / view.height) || 1;
  const fit = () => {
    // Small pictures are not blown up beyond half as large again.
    const grown = Math.min(picture.clientWidth / all.width, picture.clientHeight / all.height) > 1.5
      ? { width: picture.clientWidth / 1.5, height: picture.clientHeight / 1.5 }
      : { width: all.width, height: all.height };
    view = { x: all.x - (grown.width - all.width) / 2, y: all.y - (grown.height - all.height) / 2, ...grown };
    show();
  };
  const zoom = (factor, at) => {
    const now = scale();
    if (now * factor > 8 || now * factor < Math.min(0.02, now)) return;
    const box = picture.getBoundingClientRect();
    const x = at ? at.x - box.left - box.width / 2 : 0;
    const y = at ? at.y - box.top - box.height / 2 : 0;
    const middle = { x: view.x + view.width / 2 + x / now, y: view.y + view.height / 2 + y / now };
    view.width /= factor;
    view.height /= factor;
    view.x = middle.x - x / (now * factor) - view.width / 2;
    view.y = middle.y - y / (now * factor) - view.height / 2;
    show();
  };
  const move = (x, y) => { view.x -= x / scale(); view.y -= y / scale(); show(); };
  const reveal = box => {
    const inner = box.getBBox(), matrix = box.getCTM().multiply(picture.getCTM().inverse());
    const x = matrix.e + inner.x, y = matrix.f + inner.y;
    const frame = picture.getBoundingClientRect(), on = box.getBoundingClientRect();
    if (on.left < frame.left || on.right > frame.right || on.top < frame.top || on.bottom > frame.bottom) {
      const middle = { x: on.left + on.width / 2 - frame.left - frame.width / 2, y: on.top + on.height / 2 - frame.top - frame.height / 2 };
      move(-middle.x, -middle.y);
    }
    return { x, y };
  };

  // What belongs together.
  const select = id => {
    picture.classList.add("selecting");
    const near = new Set([id]);
    const reach = forward => {
      // By way of a part as well: what is written as a name and read as a pattern.
      const open = [id];
      while (open.length) {
        const at = open.pop();
        for (const arrow of arrows) {
          const here = forward ? arrow.dataset.from : arrow.dataset.to;
          const there = forward ? arrow.dataset.to : arrow.dataset.from;
          if (here !== at) continue;
          arrow.classList.add("near");
          if (arrow.classList.contains("part") && !near.has(there)) open.push(there);
          near.add(there);
        }
      }
    };
    arrows.forEach(arrow => arrow.classList.remove("near"));
    reach(true);
    reach(false);
    boxes.forEach(box => box.classList.toggle("near", near.has(box.dataset.id)));
  };
  const release = () => {
    picture.classList.remove("selecting");
    const focused = document.activeElement;
    if (focused && focused.matches("a.box:focus-visible")) select(focused.dataset.id);
  };

  // What is said of one of them.
  let opener = null;
  const open = id => {
    for (const article of about.querySelectorAll("article")) article.hidden = article.id !== "about-" + id;
    for (const box of boxes) box.classList.toggle("chosen", box.dataset.id === id);
    about.hidden = false;
    about.scrollTop = 0;
    about.querySelector(".shut").focus({ preventScroll: true });
    // Not behind what is said of it.
    const frame = picture.getBoundingClientRect(), free = about.getBoundingClientRect().left;
    const on = boxes.find(box => box.dataset.id === id).getBoundingClientRect();
    if (on.right > free && on.width < free - frame.left) move(free - 24 - on.right, 0);
    touched = true;
  };
  const shut = () => {
    about.hidden = true;
    boxes.forEach(box => box.classList.remove("chosen"));
    if (opener) opener.focus({ preventScroll: true });
    opener = null;
  };
  about.hidden = true;
  about.querySelector(".shut").addEventListener("click", shut);
  about.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#about-']");
    if (!link) return;
    event.preventDefault();
    const id = link.getAttribute("href").slice("#about-".length);
    const box = boxes.find(one => one.dataset.id === id);
    if (box) { reveal(box); opener = box; open(id); }
  });

  let dragged = false;
  for (const box of boxes) {
    box.addEventListener("pointerenter", () => select(box.dataset.id));
    box.addEventListener("pointerleave", release);
    box.addEventListener("focus", () => {
      if (box.matches(":focus-visible")) { reveal(box); select(box.dataset.id); }
    });
    box.addEventListener("blur", () => picture.classList.remove("selecting"));
    box.addEventListener("click", event => {
      event.preventDefault();
      if (!dragged || event.detail === 0) { opener = box; open(box.dataset.id); } // 0: by a key
    });
    box.addEventListener("dragstart", event => event.preventDefault());
  }

  // Search, over everything that is said of a box.
  const texts = new Map(boxes.map(box => [box, document.getElementById("about-" + box.dataset.id).dataset.names.toLowerCase()]));
  let hits = [], next = 0;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    hits = wanted ? boxes.filter(box => texts.get(box).includes(wanted)) : [];
    next = 0;
    picture.classList.toggle("searching", wanted !== "");
    boxes.forEach(box => box.classList.toggle("hit", hits.includes(box)));
    found.textContent = !wanted ? "" : hits.length === 0 ? "nothing found" : `${hits.length} of ${boxes.length} boxes`;
  });
  search.addEventListener("keydown", event => {
    if (event.key === "Enter" && hits.length) {
      reveal(hits[next % hits.length]);
      found.textContent = `${next % hits.length + 1} of ${hits.length}`;
      next++;
    } else if (event.key === "Escape") {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      search.blur();
    }
  });

  // Mouse, fingers, keys.
  picture.addEventListener("wheel", event => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    zoom(Math.exp(-event.deltaY * lines * 0.0015), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  const fingers = new Map();
  const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
  picture.addEventListener("pointerdown", event => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
  });
  addEventListener("pointermove", event => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const x = event.clientX - last.x, y = event.clientY - last.y;
    if (fingers.size === 1) {
      if (!dragged && Math.hypot(x, y) < 4) return;
      move(x, y);
    } else if (fingers.size === 2) {
      const before = spread();
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (before > 0) zoom(spread() / before, { x: event.clientX, y: event.clientY });
    }
    dragged = true;
    picture.classList.add("dragged");
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  const lift = event => { fingers.delete(event.pointerId); picture.classList.remove("dragged"); };
  addEventListener("pointerup", lift);
  addEventListener("pointercancel", lift);
  const keys = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": fit,
    "ArrowLeft": () => move(60, 0), "ArrowRight": () => move(-60, 0),
    "ArrowUp": () => move(0, 60), "ArrowDown": () => move(0, -60),
    "/": () => search.focus(), "Escape": shut,
  };
  addEventListener("keydown", event => {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    if (event.key.startsWith("Arrow") && about.contains(event.target)) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("larger").addEventListener("click", () => zoom(1.25));
  document.getElementById("smaller").addEventListener("click", () => zoom(0.8));
  document.getElementById("fit").addEventListener("click", fit);
  let touched = false;
  picture.addEventListener("wheel", () => { touched = true; }, { passive: true });
  picture.addEventListener("pointerdown", () => { touched = true; });
  addEventListener("resize", () => { if (!touched) begin(); });
  const begin = () => {
    fit();
    // Too much to be read at once: its beginning, in a size that can be read.
    if (scale() < 0.45) {
      const fitting = Math.max(picture.clientWidth / all.width, picture.clientHeight / all.height);
      const size = Math.min(1, Math.max(0.6, fitting));
      view = { x: all.x, y: all.y, width: picture.clientWidth / size, height: picture.clientHeight / size };
      if (all.width < view.width) view.x -= (view.width - all.width) / 2;
      if (all.height < view.height) view.y -= (view.height - all.height) / 2;
      show();
    }
  };
  begin();
})();
