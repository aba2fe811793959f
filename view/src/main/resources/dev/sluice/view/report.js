"use strict";
(() => {
  const NEVER = -1;
  const byId = id => document.getElementById(id);
  let facts = JSON.parse(byId("facts").textContent);

  // Elements, and what is written on them.
  const make = (space, name, attributes, children) => {
    const element = space ? document.createElementNS(space, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(key, value);
    element.append(...children.filter(child => child !== undefined && child !== null));
    return element;
  };
  const html = (name, attributes = {}, ...children) => make(null, name, attributes, children);
  const svg = (name, attributes = {}, ...children) => make("http://www.w3.org/2000/svg", name, attributes, children);
  const digits = (value, whole) => value.toFixed(whole ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  const bytes = count => {
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let value = count, unit = 0;
    while (value >= 999.5 && unit + 1 < units.length) { value /= 1024; unit++; }
    return `${digits(value, unit === 0)} ${units[unit]}`;
  };
  const time = micros => {
    const seconds = micros / 1e6;
    if (seconds < 1) return `${(micros / 1e3).toFixed(0)} ms`;
    if (seconds < 99.5) return `${digits(seconds)} s`;
    const whole = Math.round(seconds), minutes = Math.floor(whole / 60);
    return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  };
  const count = value => `${value}`;
  const times = value => `${digits(value / 100)} ×`;
  const units = { bytes, time, count, times };

  /** A number of the facts; its element says where in them it stands. */
  const number = (unit, places, before = "") => {
    const list = Array.isArray(places) ? places : [places];
    const value = list.reduce((sum, place) => sum + at(place), 0);
    return { text: before + units[unit](value), attributes: { "data-at": list.join(" "), "data-unit": unit }, value };
  };
  const at = place => place.split("/").slice(1).reduce((value, key) => value[key], facts);
  const shown = (name, figure, attributes = {}) => html(name, { ...figure.attributes, ...attributes }, figure.text);
  const plural = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
  const nameOf = file => file.path === "" ? "." : file.files > 1 ? `${folder(file.path)}… and more` : file.path;
  const folder = path => path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : path;
  const middle = (text, most) => text.length <= most ? text : `${text.slice(0, Math.ceil((most - 1) / 2))}…${text.slice(-Math.floor((most - 1) / 2))}`;

  // What is seen: a part of the time, some of the rows.
  let window_ = null, wanted = "", all = false, wholeRoute = false;
  const ends = () => window_ ?? [0, Math.max(1, facts.micros)];
  const matches = text => text.toLowerCase().includes(wanted);
  const touches = (file, step) => file.producers.includes(step) || file.consumers.includes(step) || file.shares.some(share => share.step === step);
  const MOST_ROWS = 30, MOST_LEGS = 8;

  const head = () => {
    document.title = `${facts.workflow}: Sluice run`;
    byId("title").textContent = facts.workflow;
    const manner = { "run": "steps at the same time", "serve": "steps that others started", "in turn": "steps one after the other" }[facts.manner] ?? facts.manner;
    byId("about").textContent = `${facts.directory} · ${manner} · began ${facts.begin.replace("T", " ").replace(/\.\d+Z$/, " UTC").replace("Z", " UTC")}`;
  };
  const tile = (figure, text, looks) => html("div", { class: "tile" }, shown("b", figure, { class: looks }), html("span", {}, text));
  const tiles = () => {
    const sums = facts.sums;
    const list = [tile(number("time", "/micros"), facts.state === "running" ? "so far" : facts.state, facts.state === "failed" ? "bad" : facts.state === "succeeded" ? "good" : undefined)];
    if (facts.manner !== "in turn" && facts.steps.length > 1) {
      const how = facts.alone.measured ? `one after the other, measured ${facts.alone.when.slice(0, 10)}` : "one after the other, estimated";
      list.push(tile(number("time", "/alone/micros"), how));
      if (facts.state !== "running") list.push(tile(number("times", "/alone/hundredths"), `as fast, ${facts.alone.measured ? "measured" : "estimated"}`));
    }
    list.push(tile(number("bytes", "/sums/written"), "written"), tile(number("bytes", "/sums/read"), "read"));
    list.push(tile(number("count", "/sums/complete"), `${sums.complete === 1 ? "file" : "files"} complete, of ${sums.made} made`));
    list.push(tile(number("time", "/sums/cpu"), `processor time, on ${plural(facts.processors, "processor")}`));
    if (sums.spilled > 0) list.push(tile(number("count", "/sums/spilled"), "partly on disk, since memory was short"));
    byId("tiles").replaceChildren(...list);
    byId("said").replaceChildren(...facts.said.map(text => html("p", {}, text)));
  };
  const better = () => {
    // From the beginning to the end; of many parts the first and the last ones.
    const legs = [...facts.route].reverse(), parts = [];
    const hidden = wholeRoute || legs.length <= MOST_LEGS ? [0, 0] : [MOST_LEGS / 2, legs.length - MOST_LEGS / 2];
    legs.forEach((leg, i) => {
      if (i === hidden[0] && hidden[1] > 0) {
        const button = html("button", { type: "button", "data-key": "route" }, `${hidden[1] - hidden[0]} more`);
        button.addEventListener("click", () => { wholeRoute = true; better(); });
        parts.push(button, html("span", { class: "via" }, "→"));
      }
      if (i >= hidden[0] && i < hidden[1]) return;
      parts.push(html("span", { class: "leg" }, html("b", {}, leg.step), ` ${time(leg.from)} to ${time(leg.to)}`));
      if (i + 1 < legs.length) parts.push(html("span", { class: "via" }, `→ ${leg.path === "" ? "" : middle(leg.path, 40)} →`));
    });
    if (parts.length > 0) parts.unshift(html("span", { class: "via" }, "critical path:"));
    byId("route").replaceChildren(...parts);
    byId("advice").replaceChildren(...facts.advice.map(one => html("li", {}, ...one.text.split(/(`[^`]+`)/).map(part => part.startsWith("`") ? html("code", {}, part.slice(1, -1)) : part))));
    byId("better").hidden = facts.route.length === 0 && facts.advice.length === 0;
  };

  // Time along a picture. Beside it are names and sums, for which a telephone has less room.
  let LEFT = 190, RIGHT = 96, isNarrow = false;
  const ticks = (from, to, most) => {
    const raw = (to - from) / most;
    let size = Math.pow(10, Math.floor(Math.log10(Math.max(1, raw))));
    for (const factor of [1, 2, 5, 10]) if (size * factor >= raw) { size *= factor; break; }
    const list = [];
    for (let t = Math.ceil(from / size) * size; t <= to; t += size) list.push(t);
    return list;
  };
  const moments = width => ticks(...ends(), Math.max(2, (width - LEFT - RIGHT) / (isNarrow ? 70 : 110)));
  const scale = (width, right) => {
    const [from, to] = ends(), room = width - LEFT - right;
    return t => LEFT + (t - from) / (to - from) * room;
  };
  const ruler = (width, right, height, labels) => {
    const [from, to] = ends(), x = scale(width, right);
    const group = svg("g");
    for (const t of moments(width)) {
      group.append(svg("line", { class: "grid", x1: x(t), x2: x(t), y1: labels ? 18 : 0, y2: height }));
      if (labels) group.append(svg("text", { class: "faint", x: x(t), y: 12, "text-anchor": "middle" }, axis(t, to - from)));
    }
    return group;
  };
  const axis = (micros, length) => length < 2e6 ? `${Math.round(micros / 1e3)} ms` : length < 2e8 ? `${+(micros / 1e6).toFixed(2)} s` : time(micros);
  const widthOf = element => {
    isNarrow = element.clientWidth < 600;
    [LEFT, RIGHT] = isNarrow ? [108, 66] : [190, 96];
    return Math.max(320, element.clientWidth);
  };

  const critical = () => new Set(facts.route.map(leg => leg.step));
  const stepRows = () => facts.steps.map((step, i) => ({ step, i })).filter(({ step }) => step.state !== "left out")
    .filter(({ step }) => wanted === "" || matches(step.name));
  const fileRows = () => {
    const list = facts.files.map((file, i) => ({ file, i })).filter(({ file }) => file.kind !== "directory" || file.committed !== NEVER);
    const hits = wanted === "" ? list : list.filter(({ file }) => matches(nameOf(file)) || facts.steps.some(step => matches(step.name) && touches(file, step.name)));
    const few = all || hits.length <= MOST_ROWS ? hits : [...hits].sort((a, b) => b.file.bytes - a.file.bytes).slice(0, MOST_ROWS);
    const begin = file => file.created === NEVER ? Number.MAX_VALUE : file.created;
    return { rows: [...few].sort((a, b) => begin(a.file) - begin(b.file) || a.i - b.i), hits: hits.length };
  };
  const row = (key, y, height, width, name, value, tip, isCritical) => {
    const group = svg("g", { class: isCritical ? "row critical" : "row", tabindex: 0, "data-key": key, role: "img", "aria-label": tip });
    group.append(svg("rect", { class: "hit", x: 0, y, width, height, rx: 4 }));
    group.append(svg("text", { class: "name", x: 6, y: y + height / 2 + 4.5 }, middle(name, isNarrow ? 14 : 26)));
    group.append(svg("text", { class: "value", x: width - 6, y: y + height / 2 + 4, ...value.attributes }, value.text));
    group.dataset.tip = tip;
    return group;
  };
  const reasons = { bytes: "bytes", commit: "commit", room: "room in memory" };
  const tipOfStep = step => {
    const lines = [`${step.name}: ${step.state}${step.waitsFor === undefined ? "" : ` for ${step.waitsFor === "" ? "." : step.waitsFor}`}`,
      `${time(step.taken)}, of which it waited ${time(step.waited)}; ${time(step.cpu)} of processor time`,
      `read ${readSign(step)}${bytes(step.read)}, wrote ${writeSign(step)}${bytes(step.written)}`];
    if (step.started > 1) lines.push(`${step.started} runs of ${step.expected}${step.failed > 0 ? `, ${step.failed} failed` : ""}`);
    const waits = new Map();
    for (const run of step.runs) for (const pause of run.pauses) {
      const key = `${pause.file < 0 ? "?" : nameOf(facts.files[pause.file])} (${reasons[pause.reason]})`;
      waits.set(key, (waits.get(key) ?? 0) + pause.waited);
    }
    for (const [key, waited] of [...waits].sort((a, b) => b[1] - a[1]).slice(0, 4)) lines.push(`waited ${time(waited)} for ${key}`);
    return lines.join("\n");
  };
  const readSign = one => one.readAssumed ? "≤ " : "";
  const writeSign = one => one.writeAssumed ? "≈ " : "";
  const tipOfFile = file => {
    const when = (what, moment) => moment === NEVER ? [] : [`${what} at ${time(moment)}`];
    const lines = [`${nameOf(file)}: ${file.state}${file.files > 1 ? `, ${file.files} files` : ""}, ${bytes(file.bytes)}`];
    if (file.kind === "stream") lines.push(`${file.commit}, ${file.fire}`);
    lines.push([...when("created", file.created), ...when("first byte", file.written), ...when(file.state === "failed" ? "failed" : "complete", file.committed), ...when("first read", file.read)].join(", "));
    for (const share of file.shares) {
      if (share.written > 0) lines.push(`${share.step} wrote ${writeSign(share)}${bytes(share.written)}`);
      if (share.read > 0) lines.push(`${share.step} read ${readSign(share)}${bytes(share.read)}`);
    }
    return lines.filter(line => line !== "").join("\n");
  };

  const timeline = () => {
    const place = byId("timeline"), width = widthOf(place), lanes = stepRows(), STEP = lanes.length > 20 ? 20 : 26, FILE = 20, TOP = 24;
    const { rows, hits } = fileRows(), onPath = critical();
    const height = TOP + lanes.length * STEP + (rows.length > 0 ? 14 : 0) + rows.length * FILE + 8;
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Timeline of steps and files" });
    picture.append(svg("defs", {}, svg("clipPath", { id: "inside" }, svg("rect", { x: LEFT, y: 0, width: Math.max(0, width - LEFT - RIGHT), height }))));
    const rowsLayer = svg("g");
    let y = TOP;
    const x = scale(width, RIGHT);
    const [from, to] = ends();
    const seen = (a, b) => b >= from && a <= to;
    for (const { step, i } of lanes) {
      const group = row(`step ${step.name}`, y, STEP, width, step.name, number("time", `/steps/${i}/taken`), tipOfStep(step), onPath.has(step.name));
      const inside = svg("g", { "clip-path": "url(#inside)" });
      const many = Math.max(1, Math.min(6, step.runs.length)), tall = (STEP - 8) / many;
      step.runs.forEach((run, n) => {
        const end = run.end === NEVER ? facts.micros : run.end;
        if (!seen(run.begin, end)) return;
        const top = y + 4 + n % many * tall;
        inside.append(svg("rect", { class: run.failed ? "run failed" : "run", x: x(run.begin), y: top, width: Math.max(1.5, x(end) - x(run.begin)), height: Math.max(2, tall - (many > 1 ? 1 : 0)), rx: 2, opacity: step.runs.length > 12 ? .5 : 1 }));
        for (const pause of run.pauses) {
          if (!seen(pause.from, pause.to)) continue;
          const part = pause.waited / Math.max(1, pause.to - pause.from);
          // As high as the part of the time that it waited.
          const high = Math.max(1.5, (tall - (many > 1 ? 1 : 0)) * Math.min(1, part));
          inside.append(svg("rect", { class: pause.reason, x: x(pause.from), y: top, width: Math.max(.8, x(pause.to) - x(pause.from)), height: high }));
        }
      });
      group.append(inside);
      rowsLayer.append(group);
      y += STEP;
    }
    if (rows.length > 0) { rowsLayer.append(svg("line", { class: "axis", x1: 0, x2: width, y1: y + 7, y2: y + 7 })); y += 14; }
    for (const { file, i } of rows) {
      const group = row(`file ${file.path}`, y, FILE, width, nameOf(file), number("bytes", `/files/${i}/bytes`), tipOfFile(file), false);
      const inside = svg("g", { "clip-path": "url(#inside)" }), middleY = y + FILE / 2;
      const begin = file.created !== NEVER ? file.created : file.read;
      const end = Math.max(file.committed, file.read, file.closed, begin);
      if (begin !== NEVER) {
        if (file.growth.length > 0 && file.bytes > 0) inside.append(growth(file, x, y + 3, FILE - 6));
        inside.append(svg("line", { class: file.committed === NEVER && file.created !== NEVER ? "span open" : "span", x1: x(begin), x2: x(file.committed === NEVER && file.created !== NEVER ? facts.micros : end), y1: middleY, y2: middleY }));
        if (file.created !== NEVER) inside.append(svg("circle", { class: "mark", cx: x(file.created), cy: middleY, r: 3.5 }));
        if (file.written !== NEVER) inside.append(svg("line", { class: "mark", x1: x(file.written), x2: x(file.written), y1: middleY - 5.5, y2: middleY + 5.5 }));
        if (file.committed !== NEVER) inside.append(svg("path", { class: file.state === "failed" ? "mark lost" : "mark solid", d: `M${x(file.committed)} ${middleY - 4.5} l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 z` }));
        if (file.read !== NEVER) inside.append(svg("path", { class: "mark read", d: `M${x(file.read) - 3} ${middleY - 4} l7 4 l-7 4 z` }));
      }
      group.append(inside);
      rowsLayer.append(group);
      y += FILE;
    }
    picture.append(ruler(width, RIGHT, height, true), rowsLayer);
    place.replaceChildren(picture);
    const more = byId("more");
    more.hidden = hits <= MOST_ROWS;
    more.textContent = all ? `Show the ${MOST_ROWS} largest files` : `Show all ${hits} files (${MOST_ROWS} largest are shown)`;
  };
  const growth = (file, x, top, tall) => {
    const most = Math.max(...file.growth, file.bytes, 1), gap = facts.tick * file.every;
    const end = file.committed !== NEVER ? file.committed : facts.micros;
    const points = [[file.created === NEVER ? 0 : file.created, 0]];
    file.growth.forEach((size, n) => { const t = (n + 1) * gap; if (t > points[0][0] && t < end) points.push([t, size]); });
    points.push([end, file.bytes]);
    const line = points.map(([t, size]) => `${x(t)} ${top + tall - size / most * tall}`).join(" L");
    return svg("path", { class: "growth", d: `M${line} L${x(end)} ${top + tall} L${x(points[0][0])} ${top + tall} Z` });
  };
  const legend = () => {
    const box = looks => svg("svg", { width: 16, height: 10 }, svg("rect", { class: looks, width: 16, height: 10, rx: 2 }));
    const sign = (...parts) => svg("svg", { width: 14, height: 12 }, ...parts);
    const item = (picture, text) => html("span", {}, picture, text);
    byId("legend").replaceChildren(
      item(box("run"), "works"), item(box("bytes"), "waits for bytes"), item(box("commit"), "waits for a commit"), item(box("room"), "waits for room in memory"),
      item(sign(svg("circle", { class: "mark", cx: 7, cy: 6, r: 3.5 })), "created"), item(sign(svg("line", { class: "mark", x1: 7, x2: 7, y1: 1, y2: 11 })), "first byte"),
      item(sign(svg("path", { class: "mark solid", d: "M7 1.5 l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 z" })), "complete"), item(sign(svg("path", { class: "mark read", d: "M4 2 l7 4 l-7 4 z" })), "first read"),
      html("span", {}, "bold: on the critical path"));
    byId("speed-legend").replaceChildren(
      item(box("area read line"), "read"), item(box("area write line"), "written"), item(box("area cpu line"), "processors at work"));
  };

  // How fast, over time.
  const rates = field => {
    const length = Math.max(0, ...facts.steps.map(step => step.course[field].length));
    const sums = Array.from({ length }, (_, n) => facts.steps.reduce((sum, step) => sum + (step.course[field][n] ?? step.course[field].at(-1) ?? 0), 0));
    const last = { read: facts.sums.read, written: facts.sums.written, cpu: facts.sums.cpu }[field];
    const rest = facts.micros - length * facts.tick;
    const list = sums.map((value, n) => ({ from: n * facts.tick, to: (n + 1) * facts.tick, rate: Math.max(0, value - (sums[n - 1] ?? 0)) / (facts.tick / 1e6) }));
    if (rest > facts.tick / 4) list.push({ from: length * facts.tick, to: facts.micros, rate: Math.max(0, last - (sums.at(-1) ?? 0)) / (rest / 1e6) });
    return list;
  };
  const chart = (width, height, fields, label, limit) => {
    const x = scale(width, RIGHT), TOP = 8, BOTTOM = limit ? 22 : 6;
    const series = fields.map(([field, looks]) => [rates(field), looks]);
    const most = Math.max(limit ?? 0, ...series.flatMap(([list]) => list.map(point => point.rate)), 1e-9) * 1.08;
    const y = rate => height - BOTTOM - rate / most * (height - TOP - BOTTOM);
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label(most).title });
    picture.append(ruler(width, RIGHT, height - (limit ? 18 : 0), false));
    const { marks, title } = label(most);
    picture.append(svg("text", { class: "faint", ...(isNarrow ? { x: LEFT + 6, y: 28 } : { x: 6, y: 18 }) }, title));
    for (const [value, text] of marks) {
      picture.append(svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
      picture.append(svg("text", { class: "faint", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, text));
    }
    if (limit) picture.append(svg("line", { class: "full", x1: LEFT, x2: width - RIGHT, y1: y(limit), y2: y(limit) }));
    const inside = svg("g", { "clip-path": "url(#inside-chart)" });
    for (const [list, looks] of series) {
      if (list.length === 0) continue;
      const line = list.map(point => `${x(point.from)} ${y(point.rate)} L${x(point.to)} ${y(point.rate)}`).join(" L");
      inside.append(svg("path", { class: `area ${looks}`, d: `M${x(list[0].from)} ${y(0)} L${line} L${x(list.at(-1).to)} ${y(0)} Z` }), svg("path", { class: `line ${looks}`, d: `M${line}` }));
    }
    picture.append(svg("defs", {}, svg("clipPath", { id: "inside-chart" }, svg("rect", { x: LEFT, y: 0, width: Math.max(0, width - LEFT - RIGHT), height }))), inside);
    picture.append(svg("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: y(0), y2: y(0) }));
    if (limit) for (const t of moments(width)) picture.append(svg("text", { class: "faint", x: x(t), y: height - 5, "text-anchor": "middle" }, axis(t, ends()[1] - ends()[0])));
    return picture;
  };
  const nice = (most, parts, base) => {
    const raw = most / parts;
    let size = base ? Math.pow(base, Math.floor(Math.log(Math.max(1, raw)) / Math.log(base))) : 1;
    for (const factor of [1, 2, 5, 10, 20, 50, 100, 200, 500]) if (size * factor >= raw) { size *= factor; break; }
    return Array.from({ length: Math.floor(most / size) }, (_, n) => (n + 1) * size);
  };
  const speed = () => {
    const place = byId("speed"), width = widthOf(place);
    const moved = chart(width, 150, [["written", "write"], ["read", "read"]], most => ({ title: "bytes per second", marks: nice(most, 3, 1024).map(value => [value, `${bytes(value)}/s`]) }));
    const busy = chart(width, 110, [["cpu", "cpu"]], most => ({ title: "processors at work", marks: nice(most / 1e6, 2, 0).map(value => [value * 1e6, `${value}`]) }), facts.processors * 1e6);
    place.replaceChildren(moved, busy);
  };

  // Who hands what to whom: in layers from left to right.
  const flow = () => {
    const nodes = new Map(), edges = [];
    const node = (id, name, more, looks) => { if (!nodes.has(id)) nodes.set(id, { id, name, more, looks, into: [], out: [] }); return nodes.get(id); };
    const active = facts.steps.filter(step => step.state !== "left out");
    for (const step of active) node(`s ${step.name}`, step.name, "", "step");
    const sheets = new Map();
    facts.files.forEach((file, i) => {
      if (file.kind === "directory") return;
      const writers = [...new Set([...file.shares.filter(share => share.written > 0).map(share => share.step), ...file.producers])].filter(name => nodes.has(`s ${name}`)).sort();
      const readers = [...new Set([...file.shares.filter(share => share.read > 0).map(share => share.step), ...file.consumers])].filter(name => nodes.has(`s ${name}`) && !writers.includes(name)).sort();
      if (writers.length + readers.length === 0) return;
      const key = JSON.stringify([writers, readers, file.fire]);
      if (!sheets.has(key)) sheets.set(key, { writers, readers, files: [] });
      sheets.get(key).files.push(i);
    });
    for (const [key, sheet] of sheets) {
      const files = sheet.files.map(i => facts.files[i]), total = files.reduce((sum, file) => sum + file.files, 0);
      const name = total === 1 ? files[0].path : plural(total, "file");
      const more = total === 1 ? files[0].fire === "no_update" ? "as bytes come" : files[0].producers.length > 0 ? "when complete" : "" : common(files.map(file => file.path));
      const here = node(`f ${key}`, name, more, "sheet");
      here.tip = files.slice(0, 12).map(file => nameOf(file)).join("\n") + (files.length > 12 ? `\nand ${files.length - 12} more` : "");
      const streams = files[0].fire === "no_update";
      const places = (step, field) => sheet.files.flatMap(i => facts.files[i].shares.flatMap((share, n) => share.step === step ? [`/files/${i}/shares/${n}/${field}`] : []));
      for (const step of sheet.writers) edges.push({ from: nodes.get(`s ${step}`), to: here, places: places(step, "written"), streams });
      for (const step of sheet.readers) edges.push({ from: here, to: nodes.get(`s ${step}`), places: places(step, "read"), streams });
    }
    for (const edge of edges) { edge.from.out.push(edge); edge.to.into.push(edge); edge.value = edge.places.reduce((sum, place) => sum + at(place), 0); }
    const layers = layered([...nodes.values()]);
    draw(layers, edges);
  };
  const common = paths => {
    let start = paths[0] ?? "";
    for (const path of paths) while (!path.startsWith(start)) start = start.slice(0, -1);
    return start === "" ? "" : `${middle(start, 20)}…`;
  };
  /** Each behind all that lead to it; within a layer near to those it hangs together with. */
  const layered = nodes => {
    const depth = new Map();
    const deep = (node, open) => {
      if (depth.has(node)) return depth.get(node);
      if (open.has(node)) return 0;
      open.add(node);
      const value = node.into.reduce((most, edge) => Math.max(most, deep(edge.from, open) + 1), 0);
      open.delete(node);
      depth.set(node, value);
      return value;
    };
    nodes.forEach(node => deep(node, new Set()));
    const layers = [];
    // What is there before goes right before who reads it first.
    for (const node of nodes) {
      const first = node.into.length === 0 && node.out.length > 0 ? Math.min(...node.out.map(edge => depth.get(edge.to))) - 1 : depth.get(node);
      node.layer = Math.max(0, first);
      (layers[node.layer] ??= []).push(node);
    }
    const filled = layers.filter(layer => layer !== undefined);
    filled.forEach((layer, n) => layer.forEach((node, i) => { node.layer = n; node.order = i; }));
    for (let sweep = 0; sweep < 8; sweep++) {
      const forward = sweep % 2 === 0;
      for (const layer of forward ? filled : [...filled].reverse()) {
        for (const node of layer) {
          const near = forward ? node.into.map(edge => edge.from.order) : node.out.map(edge => edge.to.order);
          node.pull = near.length === 0 ? node.order : near.reduce((a, b) => a + b, 0) / near.length;
        }
        layer.sort((a, b) => a.pull - b.pull).forEach((node, i) => { node.order = i; });
      }
    }
    return filled;
  };
  const draw = (layers, edges) => {
    const WIDE = 150, TALL = 40, ACROSS = 92, DOWN = 22, EDGE = 24;
    const tallest = Math.max(0, ...layers.map(layer => layer.length)), height = Math.max(1, tallest) * (TALL + DOWN) - DOWN + 2 * EDGE;
    const width = layers.length * (WIDE + ACROSS) - ACROSS + 2 * EDGE;
    layers.forEach((layer, n) => layer.forEach((node, i) => {
      node.x = EDGE + n * (WIDE + ACROSS);
      node.y = height / 2 + (i - (layer.length - 1) / 2) * (TALL + DOWN) - TALL / 2;
    }));
    const most = Math.max(1, ...edges.map(edge => edge.value)), onPath = critical(), lines = svg("g"), texts = svg("g"), boxes = svg("g");
    const spread = (list, edge) => ((list.indexOf(edge) + .5) / list.length - .5) * Math.min(TALL - 8, list.length * 7);
    for (const edge of edges) {
      edge.from.out.sort((a, b) => a.to.y - b.to.y);
      edge.to.into.sort((a, b) => a.from.y - b.from.y);
      const back = edge.to.layer <= edge.from.layer;
      const x1 = edge.from.x + WIDE, y1 = edge.from.y + TALL / 2 + spread(edge.from.out, edge), x2 = edge.to.x, y2 = edge.to.y + TALL / 2 + spread(edge.to.into, edge);
      const bend = back ? 120 : Math.max(40, (x2 - x1) / 2);
      const isCritical = (edge.from.looks !== "step" || onPath.has(edge.from.name)) && (edge.to.looks !== "step" || onPath.has(edge.to.name)) && facts.route.some(leg => leg.path !== "" && (edge.from.name === leg.path || edge.to.name === leg.path));
      const thick = 1.5 + 6 * Math.sqrt(edge.value / most);
      lines.append(svg("path", { class: `edge${edge.streams ? " streams" : ""}${isCritical ? " critical" : ""}`, "stroke-width": thick, "marker-end": "url(#tip-of-arrow)", d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 7} ${y2}` }));
      if (edge.places.length > 0) {
        const figure = number("bytes", edge.places);
        // Near the end that has fewer arrows, so that numbers do not meet.
        const fewer = edge.from.out.length - edge.to.into.length || (edge.from.looks === "step" ? 1 : -1);
        const near = fewer > 0 ? .62 : .38, nearY = y1 + (y2 - y1) * (near < .5 ? .3 : .7);
        texts.append(svg("text", { class: "bytes", x: x1 + (x2 - x1) * near, y: nearY - 3 - thick / 2, ...figure.attributes }, figure.text));
      }
    }
    for (const layer of layers) for (const node of layer) {
      const group = svg("g", { class: node.looks });
      if (node.tip) group.append(svg("title", {}, node.tip));
      group.append(svg("rect", { x: node.x, y: node.y, width: WIDE, height: TALL, rx: node.looks === "step" ? 12 : 3 }));
      group.append(svg("text", { x: node.x + WIDE / 2, y: node.y + (node.more ? 17 : TALL / 2 + 4), "text-anchor": "middle" }, middle(node.name, 19)));
      if (node.more) group.append(svg("text", { class: "faint", x: node.x + WIDE / 2, y: node.y + 32, "text-anchor": "middle" }, node.more));
      boxes.append(group);
    }
    const place = byId("flow"), fit = Math.min(1, Math.max(.62, (place.clientWidth - 4) / width));
    const left = place.scrollLeft, top = place.scrollTop;
    place.replaceChildren(svg("svg", { width: width * fit, height: height * fit, viewBox: `0 0 ${width} ${height}` },
      svg("defs", {}, svg("marker", { id: "tip-of-arrow", viewBox: "0 0 8 8", refX: 4, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0 L8 4 L0 8 z", fill: "context-stroke" }))),
      lines, boxes, texts));
    place.scrollLeft = left;
    place.scrollTop = top;
  };

  // All numbers.
  const cell = figure => shown("td", figure, { class: "n" });
  const moment = place => at(place) === NEVER ? html("td", { class: "n" }, "–") : cell(number("time", place));
  const headRow = (...names) => html("thead", {}, html("tr", {}, ...names.map(name => html("th", { class: name.startsWith("#") ? "n" : undefined, scope: "col" }, name.replace("#", "")))));
  const stepTable = () => {
    const rows = stepRows().map(({ step, i }) => {
      const place = `/steps/${i}/`;
      return html("tr", {}, html("td", { class: "path" }, step.name), html("td", { class: step.state === "failed" ? "bad" : undefined }, step.state), cell(number("count", `${place}started`)),
        moment(`${place}begin`), moment(`${place}end`), cell(number("time", `${place}taken`)), cell(number("time", `${place}waited`)), cell(number("time", `${place}cpu`)),
        cell(number("bytes", `${place}read`, readSign(step))), cell(number("bytes", `${place}written`, writeSign(step))));
    });
    byId("steps").replaceChildren(headRow("step", "state", "#runs", "#begin", "#end", "#taken", "#waited", "#processors", "#read", "#written"), html("tbody", {}, ...rows));
  };
  const fileTable = () => {
    const rows = fileRows().rows.map(({ file, i }) => {
      const place = `/files/${i}/`, by = field => file.shares.filter(share => share[field] > 0).map(share => share.step).join(", ");
      return html("tr", {}, html("td", { class: "path mono" }, nameOf(file)), html("td", { class: file.state === "failed" ? "bad" : undefined }, file.state), cell(number("count", `${place}files`)), cell(number("bytes", `${place}bytes`)),
        html("td", {}, by("written") || file.producers.join(", ")), html("td", {}, by("read") || file.consumers.join(", ")), moment(`${place}created`), moment(`${place}written`), moment(`${place}committed`), moment(`${place}read`));
    });
    byId("files").replaceChildren(headRow("file", "state", "#files", "#bytes", "written by", "read by", "#created", "#first byte", "#complete", "#first read"), html("tbody", {}, ...rows));
  };

  const render = () => {
    const focused = document.activeElement?.dataset?.key;
    head(); tiles(); better(); timeline(); speed(); flow(); stepTable(); fileTable();
    if (focused !== undefined) [...document.querySelectorAll("[data-key]")].find(one => one.dataset.key === focused)?.focus({ preventScroll: true });
  };
  const inTime = () => { timeline(); speed(); };

  // Mouse and keys.
  const zoom = factor => {
    const [from, to] = ends(), centre = (from + to) / 2, half = Math.min(facts.micros, (to - from) * factor) / 2;
    if (half < 500) return;
    const first = Math.max(0, Math.min(centre - half, facts.micros - 2 * half));
    window_ = 2 * half >= facts.micros ? null : [first, first + 2 * half];
    inTime();
  };
  const move = part => {
    const [from, to] = ends(), by = Math.max(-from, Math.min((to - from) * part, facts.micros - to));
    if (window_ !== null) { window_ = [from + by, to + by]; inTime(); }
  };
  const whole = () => { window_ = null; inTime(); };
  const filter = byId("filter");
  const narrow = () => { wanted = filter.value.trim().toLowerCase(); timeline(); stepTable(); fileTable(); };
  filter.addEventListener("input", narrow);
  filter.addEventListener("keydown", event => { if (event.key === "Escape") { filter.value = ""; narrow(); filter.blur(); } });
  byId("in").addEventListener("click", () => zoom(.5));
  byId("out").addEventListener("click", () => zoom(2));
  byId("all").addEventListener("click", whole);
  byId("more").addEventListener("click", () => { all = !all; timeline(); fileTable(); });
  const keys = { "+": () => zoom(.5), "=": () => zoom(.5), "-": () => zoom(2), "0": whole, "ArrowLeft": () => move(-.25), "ArrowRight": () => move(.25), "/": () => filter.focus(), "Escape": () => hide() };
  addEventListener("keydown", event => {
    if (event.target === filter || byId("flow").contains(event.target) && event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const tip = byId("tip");
  const tell = (target, x, y) => {
    tip.textContent = target.dataset.tip;
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? Math.max(8, y - tip.offsetHeight - 12) : y + 18}px`;
  };
  const hide = () => { tip.hidden = true; };
  const timelinePlace = byId("timeline");
  timelinePlace.addEventListener("pointermove", event => { const over = event.target.closest("[data-tip]"); if (over) tell(over, event.clientX, event.clientY); else hide(); });
  timelinePlace.addEventListener("pointerleave", hide);
  timelinePlace.addEventListener("focusin", event => { const box = event.target.getBoundingClientRect(); if (event.target.matches("[data-tip]:focus-visible")) tell(event.target, box.left + LEFT, box.top); });
  timelinePlace.addEventListener("focusout", hide);
  timelinePlace.addEventListener("wheel", event => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : .8); } }, { passive: false });
  let last = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== last) { last = innerWidth; render(); } });

  legend();
  render();

  // What comes while the run goes on.
  if (document.body.dataset.live) {
    const state = byId("live"), events = new EventSource(`/events${location.search}`);
    const say = (text, on) => { state.textContent = text; state.classList.toggle("on", on); };
    say("live", true);
    const take = event => { facts = JSON.parse(event.data); render(); };
    events.addEventListener("facts", event => { take(event); say("live", true); });
    events.addEventListener("end", event => { take(event); events.close(); say("the run has ended", false); });
    events.addEventListener("error", () => { if (events.readyState !== 2) say("connection lost, trying again", false); });
  }
})();
