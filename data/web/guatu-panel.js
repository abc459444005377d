/* The parts of the page around the map: panel, search, legend, pop-ups. Text goes in as text, never as HTML. */
"use strict";
(() => {
  const Guatu = (globalThis.Guatu ??= {});

  /** Makes an element; `props` are properties, or attributes when they hold a dash, or events when functions. */
  function el(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === null || value === undefined) continue;
      if (typeof value === "function") node.addEventListener(name, value);
      else if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value);
      else node[name] = value;
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  /** Says things in the language of the moment. */
  class Voice {
    constructor(words, lang) { this.words = words; this.lang = lang; }
    text(pair) { return Array.isArray(pair) ? pair[this.lang === "zh" ? 0 : 1] : (pair ?? ""); }
    say(key, values = {}) {
      let said = this.text(this.words[key]);
      for (const [name, value] of Object.entries(values)) said = said.split(`{${name}}`).join(value);
      return said;
    }
    number(value, digits = 2) {
      return new Intl.NumberFormat(this.lang === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: digits }).format(value);
    }
    /** Whole days or minutes since 1970, as local time of the workspace. */
    moment(value, form) {
      const when = new Date(value * (form === "day" ? 86400000 : 60000));
      const date = { year: "numeric", month: this.lang === "zh" ? "long" : "short", day: "numeric" };
      const clock = form === "day" ? {} : { hour: "2-digit", minute: "2-digit", hour12: false };
      return new Intl.DateTimeFormat(this.lang === "zh" ? "zh-CN" : "en-GB", { timeZone: "UTC", ...date, ...clock }).format(when);
    }
    value(column, row) {
      const found = column.at(row);
      if (found === null) return null;
      if (column.form === "words") return this.text(found);
      if (column.form !== "number") return this.moment(found, column.form);
      const year = column.key.endsWith("_year");
      return (year ? String(found) : this.number(found)) + (column.unit && !year ? `\u00a0${this.text(column.unit)}` : "");
    }
  }

  const fact = (title, value) => [el("dt", { textContent: title }), el("dd", { textContent: value })];

  function facts(voice, pairs) {
    return el("dl", { className: "guatu-facts" }, ...pairs.filter(([, value]) => value !== null).flatMap(([t, v]) => fact(t, v)));
  }

  /** What a tile says of a thing, as titles with words; `words` lists the columns with titles, units and codes. */
  function told(voice, words, said) {
    const value = ({ key, unit, codes }, found) => {
      if (codes[found]) return voice.text(codes[found]);
      if (key.endsWith("_year")) return String(found);
      return (typeof found === "number" ? voice.number(found) : String(found)) + (unit ? `\u00a0${voice.text(unit)}` : "");
    };
    return words.filter(({ key }) => key !== "name").map((one) => {
      const found = said[one.key];
      return [voice.text(one.title), found === undefined || found === null || found === "" ? null : value(one, found)];
    });
  }

  /** A swatch drawn like the map draws it. */
  function swatch(paint, size = 22) {
    const canvas = el("canvas", { className: "guatu-swatch", width: 2 * size, height: 2 * size, "aria-hidden": "true" });
    canvas.style.width = canvas.style.height = `${size}px`;
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    paint(ctx, size / 2);
    return canvas;
  }

  function layerSwatch(layer, glyph) {
    return swatch((ctx, c) => {
      ctx.fillStyle = ctx.strokeStyle = layer.colour;
      if (layer.shape === "line") { ctx.lineWidth = 3; ctx.beginPath(); ctx.moveTo(2, c + 4); ctx.lineTo(2 * c - 2, c - 4); ctx.stroke(); return; }
      ctx.beginPath();
      ctx.roundRect(c - 8, c - 8, 16, 16, layer.shape === "area" ? 1 : 4);
      ctx.fill();
      if (!glyph || layer.shape === "area") return;
      ctx.fillStyle = "#fff";
      ctx.font = `600 10px ${Guatu.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(glyph, c, c + 0.5);
    });
  }

  /** A labelled box that is ticked or not. */
  function tick(key, label, checked, change, ...extra) {
    const box = el("input", { type: "checkbox", checked, "data-key": key, change: () => change(box.checked) });
    return el("label", { className: "guatu-row" }, box, ...extra, el("span", { className: "guatu-label", textContent: label }));
  }

  function choose(key, label, options, value, change) {
    const select = el("select", { "data-key": key, "aria-label": label, change: () => change(select.value) });
    for (const [id, text] of options) select.append(el("option", { value: id, textContent: text, selected: id === value }));
    return el("label", { className: "guatu-choose" }, el("span", { textContent: label }), select);
  }

  const section = (title, ...children) =>
    el("section", {}, el("h3", { textContent: title }), ...children);

  /** Legend of a shading: limits with unit and how many grids. */
  function legend(voice, shade) {
    if (!shade) return null;
    const many = (n) => voice.say(n === 1 ? "grids_one" : "grids_many", { n: voice.number(n) });
    const rows = shade.limits.map((limit, n) => {
      const from = n ? shade.limits[n - 1] : shade.least;
      const range = n ? `> ${voice.number(from)} – ${voice.number(limit)}` : `${voice.number(from)} – ${voice.number(limit)}`;
      const said = shade.words ? voice.text(shade.words[n]) : from === limit ? voice.number(limit) : range;
      return [shade.colours[n], said, shade.counts[n]];
    }).reverse();
    const unit = voice.text(shade.unit);
    const head = el("p", { className: "guatu-unit", textContent: voice.text(shade.title) + (unit ? (voice.lang === "zh" ? `（${unit}）` : ` (${unit})`) : "") });
    const list = el("ul", { className: "guatu-classes" });
    for (const [colour, range, count] of rows) {
      const key = el("span", { className: "guatu-key", "aria-hidden": "true" });
      key.style.background = colour;
      list.append(el("li", {}, key, el("span", { className: "guatu-label", textContent: range }), el("span", { className: "guatu-count", textContent: many(count) })));
    }
    for (const [key, count] of [["few", shade.few], ["missing", shade.missing]]) {
      if (!count) continue;
      list.append(el("li", {}, el("span", { className: `guatu-key guatu-${key}`, "aria-hidden": "true" }),
        el("span", { className: "guatu-label", textContent: voice.say(key) }),
        el("span", { className: "guatu-count", textContent: many(count) })));
    }
    return el("div", { className: "guatu-legend" }, head, list);
  }

  const MOST_HITS = 8;

  /** Search box for grids; `find(text)` gives [{label, detail, pick}], for no text all. Arrow keys walk the list. */
  function search(voice, find) {
    const list = el("ul", { className: "guatu-found", hidden: true });
    const heard = el("span", { className: "guatu-heard", role: "status" });
    const input = el("input", {
      type: "search", autocomplete: "off", placeholder: voice.say("search"), title: voice.say("search_help"), "data-key": "search",
      "aria-label": `${voice.say("search")}. ${voice.say("search_help")}`,
      input: () => show(),
      keydown: (event) => {
        if (event.key === "Enter") list.querySelector("button")?.click();
        if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) show(true); list.querySelector("button")?.focus(); }
        if (event.key === "Escape") { input.value = ""; show(); }
      },
    });
    const walk = (event) => {
      const item = event.target.closest("li");
      const next = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling, Home: list.firstElementChild, End: list.lastElementChild }[event.key];
      if (event.key === "Escape") { list.hidden = true; input.focus(); }
      if (next === undefined) return;
      event.preventDefault();
      (next?.querySelector("button") ?? (event.key === "ArrowUp" ? input : item.querySelector("button"))).focus();
    };
    function show(all = false) {
      const text = input.value.trim();
      const hits = text || all ? find(text) : [];
      list.replaceChildren(...(all ? hits : hits.slice(0, MOST_HITS)).map((hit) =>
        el("li", {}, el("button", { type: "button", keydown: walk, click: () => { list.hidden = true; hit.pick(); } },
          el("span", { textContent: hit.label }), el("small", { textContent: hit.detail })))));
      if (text && !hits.length) list.append(el("li", { className: "guatu-none", textContent: voice.say("nothing_found") }));
      heard.textContent = hits.length ? voice.say("found", { n: voice.number(hits.length) }) : "";
      list.hidden = !text && !all;
    }
    return el("div", { className: "guatu-search", role: "search" }, input, heard, list);
  }

  Object.assign(Guatu, { el, Voice, facts, told, swatch, layerSwatch, tick, choose, section, legend, search });
})();
