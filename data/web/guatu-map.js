/* Guatu.createMap(element, payload, callbacks): one map for the exported page, the notebook and the app. */
"use strict";
(() => {
  const Guatu = (globalThis.Guatu ??= {});
  const { el, facts, Features, Swarm, STANDING } = Guatu;
  const AREA = 2, URGENT = 5, MOST_ZOOM = 20, NEAR_ZOOM = 17;
  const SIGN_ZOOM = { toilets: 14, murals: 15, parks: 14, facilities: 15, projects: 14, sites: 14, parking: 17, lights: 19, drains: 18 };
  const FAINT = new Set(["housing_estates", "boundary", "former_grids"]);

  class GuatuMap {
    constructor(element, payload, callbacks) {
      this.callbacks = callbacks ?? {};
      this.state = { level: payload.first_level, shade: null, names: true, hidden: new Set(), asleep: new Set(), type: "", overlay: "", open: element.clientWidth > 720 };
      this.docs = new Map();
      this.selected = "";
      this.root = element;
      element.classList.add("guatu");
      this.stage = el("div", { className: "guatu-stage", tabIndex: 0 });
      this.panel = el("aside", { className: "guatu-panel" });
      this.hint = el("div", { className: "guatu-hint", hidden: true });
      this.heard = el("span", { className: "guatu-heard", role: "status" });
      this.cross = el("div", { className: "guatu-cross", "aria-hidden": "true" });
      element.replaceChildren(this.stage, this.cross, this.panel, this.hint, this.heard);
      this.leaflet = L.map(this.stage, { attributionControl: false, zoomControl: false, maxZoom: MOST_ZOOM, minZoom: 3, zoomSnap: 0.5, wheelPxPerZoomLevel: 90 });
      this.sheet = new Guatu.Sheet();
      this.sheet.on("paint", () => this.paint());
      this.use(payload);
      this.whole(false);
      this.leaflet.addLayer(this.sheet);
      this.leaflet.on("mousemove", (event) => this.point(event));
      this.leaflet.on("mouseout", () => this.point(null));
      this.leaflet.on("click", (event) => this.click(event));
      this.stage.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === this.stage) this.enter(); });
      for (const [kind, keys] of [["keydown", true], ["keyup", true], ["pointerdown", false]]) element.addEventListener(kind, () => element.classList.toggle("guatu-keys", keys), true);
      this.scale = L.control.scale({ imperial: false, maxWidth: 140 }).addTo(this.leaflet);
      document.fonts?.ready.then(() => { this.forget(); this.furnish(); this.sheet.soon(); });
      this.unseen = !element.clientWidth;
      new ResizeObserver(() => this.fit()).observe(element);
    }

    /* A map made inside a closed tab is laid out when it first gets a size. */
    fit() {
      if (!this.root.clientWidth) return;
      this.leaflet.invalidateSize({ pan: false });
      if (!this.unseen) return;
      this.unseen = false;
      this.set({ open: this.root.clientWidth > 720 });
      this.whole(false);
    }

    /* ---- data ---- */

    use(payload) {
      const before = this.payload;
      this.payload = payload;
      if (!before || before.lang !== payload.lang) { this.lang = payload.lang; this.leaflet.closePopup(); }
      this.voice = new Guatu.Voice(payload.words, this.lang);
      if (!before || before.first_level !== payload.first_level) this.state.level = payload.first_level;
      if (!before) for (const layer of payload.layers) if (!layer.on) this.state.hidden.add(layer.key);
      const shades = this.shades();
      if (!shades.some((s) => s.key === this.state.shade)) this.state.shade = payload.plain ? "" : shades[0]?.key ?? "";
      const wanted = (payload.overlays ?? []).find((one) => one.on)?.key ?? "";
      if (wanted !== this.wanted) { this.wanted = this.state.overlay = wanted; if (wanted) this.state.shade = ""; }
      this.lay();
      for (const part of [...payload.levels, ...payload.layers]) if (part.tiles) this.tile(part); else this.load(part);
      this.filter();
      this.furnish();
    }

    /* Documents come inside the payload or from an address, and are read once. */
    load(part) {
      const key = part.key ?? `level-${part.level}`;
      const known = this.docs.get(key);
      if (known && known.source === part.data) return;
      const entry = { source: part.data, features: null, failed: false };
      this.docs.set(key, entry);
      const read = (doc) => {
        entry.features = new Features(doc);
        if (key === "issues") entry.swarm = new Swarm(entry.features);
      };
      if (typeof part.data !== "string") { read(part.data); return; } // whoever uses the payload draws it when all of it is there
      fetch(part.data, { credentials: "same-origin" })
        .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
        .then((doc) => { read(doc); this.arrived(key); })
        .catch(() => { entry.failed = true; this.furnish(); });
    }

    /* Very large layers come as tiles and lie below the sheet. */
    tile(layer) {
      const known = this.docs.get(layer.key);
      if (known?.source === layer.tiles) return;
      known?.tiles?.remove();
      const shape = layer.shape === "line" ? new protomapsL.LineSymbolizer({ color: layer.colour, width: 1.2 })
        : layer.shape === "point" ? new protomapsL.CircleSymbolizer({ fill: layer.colour, radius: 2.5 })
        : new protomapsL.PolygonSymbolizer({ fill: layer.colour, perFeature: false });
      const tiles = protomapsL.leafletLayer({ url: layer.tiles, attribution: "", labelRules: [], paintRules: [{ dataLayer: layer.key, symbolizer: shape }], noWrap: true });
      this.docs.set(layer.key, { source: layer.tiles, features: null, tiles });
      if (!this.state.hidden.has(layer.key)) tiles.addTo(this.leaflet);
    }

    /* A raster lies below the sheet, as a picture that came with the payload. */
    lay() {
      const one = this.overlay(), known = this.picture;
      if (known?.image === one?.image) return;
      known?.layer.remove();
      this.picture = one && { image: one.image, layer: L.imageOverlay(one.image, one.bounds, { pane: "tilePane", opacity: one.opacity, className: "guatu-overlay" }).addTo(this.leaflet) };
    }

    overlay() { return (this.payload.overlays ?? []).find((one) => one.key === this.state.overlay); }

    arrived(key) {
      if (!this.sheet?.view) return;
      if (key === "issues") this.filter();
      this.furnish();
      this.sheet.soon();
      this.select();
    }

    forget() { for (const { swarm } of this.docs.values()) swarm?.stamps.made.clear(); }
    features(key) { return this.docs.get(key)?.features ?? null; }
    level() { return this.payload.levels.find((one) => one.level === this.state.level) ?? null; }
    grids() { return this.features(`level-${this.state.level}`); }
    layer(key) { return this.payload.layers.find((one) => one.key === key) ?? null; }
    shades() { return this.payload.shades.filter((shade) => shade.level === this.state.level); }
    shade() { return this.shades().find((shade) => shade.key === this.state.shade) ?? null; }
    shown(key) { return this.layer(key) && !this.state.hidden.has(key) && this.features(key); }
    column(features, key) { return features.columns.find((column) => column.key === key) ?? null; }

    /* Which issues are shown: by standing, by type, and by the rows the page asks for. */
    filter() {
      const entry = this.docs.get("issues");
      if (!entry?.swarm) return;
      const { features } = entry, type = this.column(features, "type"), { asleep } = this.state;
      const wanted = this.state.type === "" ? null : Number(this.state.type);
      const only = this.layer("issues")?.only;
      const bits = only ? Guatu.bytes(only) : null;
      entry.swarm.filter((row) =>
        !asleep.has(features.standing[row]) && (wanted === null || type.raw[row] === wanted) && (!bits || (bits[row >> 3] >> (row & 7)) & 1));
    }

    /* ---- painting ---- */

    paint() {
      const started = performance.now();
      const ctx = this.sheet.base.getContext("2d"), { view } = this.sheet;
      ctx.clearRect(0, 0, view.width, view.height);
      this.paintShade(ctx, view);
      for (const layer of this.payload.layers) if (layer.key !== "issues" && this.shown(layer.key)) this.paintGround(ctx, view, layer);
      this.paintGrids(ctx, view);
      this.marks = [];
      for (const layer of this.payload.layers) if (layer.key !== "issues" && this.shown(layer.key)) this.paintMarks(ctx, view, layer);
      this.paintIssues(ctx, view);
      this.paintNames(ctx, view);
      this.paintTop();
      this.painted = performance.now() - started;
    }

    paintShade(ctx, view) {
      const shade = this.shade(), grids = this.grids();
      if (!grids) return;
      if (!shade) { if (!this.overlay()) Guatu.areas(ctx, view, grids, { fill: "rgba(255,255,255,.75)" }); return; }
      shade.numbers ??= Guatu.bytes(shade.classes);
      Guatu.shade(ctx, view, grids, shade.numbers, shade.colours);
    }

    paintGround(ctx, view, layer) {
      const features = this.features(layer.key), faint = FAINT.has(layer.key);
      const far = view.zoom < 16;
      Guatu.areas(ctx, view, features, {
        fill: faint ? null : layer.colour + (layer.key === "buildings" ? "d9" : "80"),
        stroke: faint ? layer.colour : far ? null : layer.key === "buildings" ? "#7d6c57" : layer.colour,
        width: faint ? 1.5 : 0.8, dash: layer.key === "boundary" ? [8, 4] : null,
      });
      const wide = layer.key === "streets" ? Math.max(0.7, Math.min(4, (view.zoom - 12) * 0.6)) : 2;
      if (layer.shape !== "area" && layer.shape !== "point") Guatu.lines(ctx, view, features, { stroke: layer.colour, width: wide });
    }

    paintGrids(ctx, view) {
      const grids = this.grids();
      if (!grids) return;
      Guatu.areas(ctx, view, grids, { stroke: "rgba(54,62,68,.8)", width: view.zoom < 13 ? 0.8 : 1.4 });
      const parents = this.parents();
      if (parents) Guatu.areas(ctx, view, parents, { stroke: "rgba(34,39,43,.85)", width: 2.2 });
    }

    parents() {
      const above = this.payload.levels.filter((one) => one.level < this.state.level).pop();
      return above ? this.features(`level-${above.level}`) : null;
    }

    /* Names of the grids shown; from afar, where they do not fit, those of the level above. */
    paintNames(ctx, view) {
      const grids = this.grids();
      if (!grids?.name || !this.state.names || !grids.n) return;
      const widths = Float64Array.from({ length: grids.n }, (_, i) => grids.box[4 * i + 2] - grids.box[4 * i]).sort();
      const parents = this.parents();
      const shown = parents && widths[grids.n >> 1] * view.scale < 80 ? parents : grids;
      Guatu.names(ctx, view, shown, (i) => this.name(shown, i), this.bubbles);
    }

    paintMarks(ctx, view, layer) {
      if (layer.shape === "area" || layer.shape === "line") return;
      const near = SIGN_ZOOM[layer.key] ?? 16;
      const drawn = Guatu.markers(ctx, view, this.features(layer.key), { fill: layer.colour, near, glyph: this.voice.text(layer.glyph) });
      this.marks.push({ key: layer.key, drawn });
    }

    paintIssues(ctx, view) {
      this.bubbles = [];
      if (!this.shown("issues")) return;
      const { features, swarm } = this.docs.get("issues");
      const severity = this.column(features, "severity");
      const urgent = (row) => severity !== null && severity.at(row) === URGENT && features.standing[row] > 0;
      this.bubbles = swarm.paint(ctx, view, (n) => this.voice.number(n), urgent);
    }

    paintTop() {
      const ctx = this.sheet.top.getContext("2d"), { view } = this.sheet;
      ctx.clearRect(0, 0, view.width, view.height);
      for (const [thing, colour, width] of [[this.hover, "#22272b", 1.5], [this.chosen, "#0b5394", 3]]) {
        if (thing) Guatu.highlight(ctx, view, thing.features, thing.row, colour, width);
      }
    }

    /* ---- pointer ---- */

    /* What lies under a place of the container: issues before signs before areas before tiles before grids. */
    under(containerPoint, latlng = null) {
      const { view } = this.sheet, layerPoint = this.leaflet.containerPointToLayerPoint(containerPoint);
      const px = layerPoint.x - this.sheet._bounds.min.x, py = layerPoint.y - this.sheet._bounds.min.y;
      const nearest = (list, slack) => list.findLast((m) => (m.x - px) ** 2 + (m.y - py) ** 2 <= (m.r + slack) ** 2);
      const bubble = nearest(this.bubbles, 2);
      if (bubble) return { key: "issues", group: bubble.group, row: bubble.group.rows[0] };
      for (const { key, drawn } of [...this.marks].reverse()) {
        const mark = nearest(drawn, 3);
        if (mark) return { key, row: mark.row, features: this.features(key) };
      }
      const x = (px + view.ox) / view.scale, y = (py + view.oy) / view.scale;
      for (const layer of [...this.payload.layers].reverse()) {
        if (layer.key === "issues" || layer.shape === "point" || FAINT.has(layer.key) || !this.shown(layer.key)) continue;
        const row = this.hit(this.features(layer.key), x, y, 5 / view.scale);
        if (row >= 0) return { key: layer.key, row, features: this.features(layer.key) };
      }
      const tiled = latlng && this.inTiles(latlng);
      if (tiled) return tiled;
      const grids = this.grids(), row = grids ? this.hit(grids, x, y, 0) : -1;
      return row < 0 ? null : { key: "grids", row, features: grids };
    }

    /* A thing of a tiled layer: what its tile says of it is all there is. */
    inTiles(latlng) {
      for (const layer of [...this.payload.layers].reverse()) {
        const tiles = this.docs.get(layer.key)?.tiles;
        if (!tiles || this.state.hidden.has(layer.key)) continue;
        const found = [...tiles.queryTileFeaturesDebug(latlng.lng, latlng.lat, 6).values()].flat().at(-1);
        if (found) return { key: layer.key, said: found.feature.props };
      }
      return null;
    }

    hit(features, x, y, slack) {
      const { box } = features;
      for (let i = features.n - 1; i >= 0; i--) {
        if (x < box[4 * i] - slack || x > box[4 * i + 2] + slack || y < box[4 * i + 1] - slack || y > box[4 * i + 3] + slack) continue;
        if (features.kind(i) === AREA ? features.contains(i, x, y) : features.distance2(i, x, y) < slack * slack) return i;
      }
      return -1;
    }

    point(event) {
      this.pointer = event;
      if (this.pointing) return;
      this.pointing = requestAnimationFrame(() => {
        this.pointing = 0;
        const at = this.pointer?.containerPoint;
        const thing = at && this.sheet.view ? this.under(at) : null;
        const key = thing ? `${thing.key} ${thing.row}` : "";
        if (key !== this.pointed) {
          this.pointed = key;
          this.hover = thing?.features ? thing : null;
          this.stage.style.cursor = thing ? "pointer" : "";
          this.paintTop();
        }
        this.hint.hidden = !thing;
        if (!thing) return;
        this.hint.textContent = thing.group ? this.groupTitle(thing.group) : this.title(thing);
        const left = Math.min(at.x + 14, this.root.clientWidth - this.hint.offsetWidth - 8);
        this.hint.style.transform = `translate(${left}px,${at.y + 16}px)`;
      });
    }

    click(event) {
      const thing = this.under(event.containerPoint, event.latlng);
      this.pointer = null;
      this.hint.hidden = true;
      if (this.payload.pointing) { this.tellSpot(event.latlng); return; }
      if (!thing) return;
      if (this.payload.choosing) { if (thing.features) this.picked(thing.key, thing.features, thing.row); return; }
      if (thing.group && this.spread(thing.group)) return;
      this.open(thing, event.latlng);
    }

    /* On a map that asks where something is, a click says a place in degrees and opens nothing; on one that things are
       chosen on it says the thing and opens nothing. */
    tellSpot(spot) { this.callbacks.onPick?.({ kind: "spot", id: `${spot.lng.toFixed(7)},${spot.lat.toFixed(7)}` }); }

    /* Enter opens what lies at the cross in the middle, which arrow keys move; Leaflet itself pans and zooms. */
    enter() {
      const spot = this.leaflet.getCenter();
      this.click({ containerPoint: this.leaflet.latLngToContainerPoint(spot), latlng: spot });
    }

    /* A group that falls apart nearer by is zoomed into; one that does not is paged through. */
    spread(group) {
      const { rows } = group, { x, y } = this.features("issues"), zoom = this.leaflet.getZoom();
      if (rows.length < 2 || zoom >= NEAR_ZOOM + 1) return false;
      let w = 1, n = 1, e = 0, s = 0;
      for (const row of rows) { w = Math.min(w, x[row]); e = Math.max(e, x[row]); n = Math.min(n, y[row]); s = Math.max(s, y[row]); }
      if (Math.max(e - w, s - n) * 256 * 2 ** NEAR_ZOOM < 14) return false;
      const spot = this.place(group.x, group.y);
      const fit = this.leaflet.getBoundsZoom([this.place(w, s), this.place(e, n)]);
      this.leaflet.flyTo(spot, Math.min(NEAR_ZOOM + 1, Math.max(zoom + 2, fit)), { duration: 0.5 });
      return true;
    }

    /* ---- words about things ---- */

    place(x, y) {
      const scale = 256;
      return this.leaflet.unproject([x * scale, y * scale], 0);
    }

    name(features, row) {
      const found = features.name?.at(row);
      return found === null || found === undefined ? features.ids.at(row) : this.voice.text(found);
    }

    title(thing) {
      if (thing.key === "issues") return this.issueTitle(thing.row);
      if (thing.key === "grids") return this.name(thing.features, thing.row);
      const layer = this.voice.text(this.layer(thing.key).title), name = thing.features ? thing.features.name?.at(thing.row) : thing.said.name;
      return name ? `${layer} · ${this.voice.text(name)}` : layer;
    }

    issueTitle(row) {
      const type = this.column(this.features("issues"), "type")?.at(row);
      return type ? this.voice.text(type) : this.voice.say("unnamed");
    }

    groupTitle(group) {
      return group.rows.length === 1 ? this.issueTitle(group.rows[0]) : this.voice.say("cluster", { n: this.voice.number(group.rows.length) });
    }

    standingWords(features, row) {
      const voice = this.voice, said = voice.say(STANDING[features.standing[row]].key), late = features.late?.at(row);
      if (late === null || late === undefined) return said;
      const days = late === 0 ? voice.say("today_late") : late === 1 ? voice.say("day_late") : voice.say("days_late", { n: voice.number(late) });
      return `${said} · ${days}`;
    }

    rows(features, row, extra = []) {
      const pairs = [...extra, ...features.columns].filter((c) => c.key !== "name" && c.key !== "type");
      const type = this.column(features, "type"), said = type && this.voice.value(type, row);
      const again = (column, value) => column.key === "source_type" && value === said;
      return pairs.map((column) => [column, this.voice.value(column, row)])
        .filter(([column, value]) => !again(column, value))
        .map(([column, value]) => [this.voice.text(column.title), value]);
    }

    card(thing) {
      const { voice } = this, { features, row } = thing;
      const id = features && [voice.say("id"), features.ids.at(row)];
      if (thing.key === "grids") {
        const level = this.level(), extra = level.columns.map((code) => new Guatu.Column(code));
        return el("div", { className: "guatu-card" },
          el("h4", { textContent: this.name(features, row) }),
          el("p", { className: "guatu-kind", textContent: voice.text(level.title) }),
          facts(voice, [...this.rows(features, row, extra), id]));
      }
      const layer = this.layer(thing.key), name = features ? features.name?.at(row) : thing.said.name;
      if (!features) return el("div", { className: "guatu-card" },
        el("h4", { textContent: name || voice.text(layer.title) }),
        el("p", { className: "guatu-kind", textContent: voice.text(layer.title) }),
        facts(voice, Guatu.told(voice, layer.words ?? [], thing.said)));
      return el("div", { className: "guatu-card" },
        el("h4", { textContent: name ? voice.text(name) : voice.say("unnamed") }),
        el("p", { className: "guatu-kind", textContent: voice.text(layer.title) }),
        facts(voice, [...this.rows(features, row), id]));
    }

    issueCard(rows) {
      const { voice } = this, features = this.features("issues");
      const order = [...rows].sort((a, b) => features.standing[b] - features.standing[a] || b - a);
      const body = el("div", { "aria-live": "polite" });
      let at = 0;
      const show = () => {
        const row = order[at], lamp = Guatu.swatch((ctx, c) => Guatu.lamp(ctx, c, c, features.standing[row], false), 20);
        body.replaceChildren(
          el("h4", { textContent: this.issueTitle(row) }),
          el("p", { className: "guatu-kind" }, lamp, el("span", { textContent: this.standingWords(features, row) })),
          facts(voice, [...(this.payload.brief ? [] : this.rows(features, row)), [voice.say("id"), features.ids.at(row)]]));
        this.chosen = { features, row };
        this.paintTop();
        this.picked("issues", features, row);
      };
      const step = (by) => () => { at = (at + by + order.length) % order.length; show(); count.textContent = position(); };
      const position = () => voice.say("of", { i: voice.number(at + 1), n: voice.number(order.length) });
      const count = el("span", { textContent: position() });
      const pager = order.length < 2 ? null : el("div", { className: "guatu-pager" },
        el("button", { type: "button", textContent: voice.say("previous"), click: step(-1) }), count,
        el("button", { type: "button", textContent: voice.say("next"), click: step(1) }));
      show();
      return el("div", { className: "guatu-card" }, pager, body);
    }

    /* ---- choosing ---- */

    open(thing, latlng) {
      const isIssue = thing.key === "issues";
      this.heard.textContent = isIssue ? this.groupTitle(thing.group) : this.title(thing);
      const content = isIssue ? this.issueCard(thing.group.rows) : this.card(thing);
      const spot = isIssue ? this.place(thing.group.x, thing.group.y) : latlng;
      this.popup = L.popup({ maxWidth: 300, minWidth: 200, maxHeight: Math.max(160, this.root.clientHeight - 170), autoPanPadding: [12, 12], className: "guatu-popup" })
        .setLatLng(spot).setContent(content).openOn(this.leaflet);
      this.popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.voice.say("close"));
      this.opened = { thing, spot };
      this.popup.once("remove", () => { this.chosen = this.marked ?? null; this.opened = null; this.paintTop(); });
      if (isIssue) return;
      if (!thing.features) { this.callbacks.onPick?.({ kind: thing.key, id: thing.said.id }); return; }
      this.chosen = thing;
      this.paintTop();
      this.picked(thing.key, thing.features, thing.row);
    }

    picked(key, features, row) { this.callbacks.onPick?.({ kind: key, id: features.ids.at(row) }); }

    /* Marks what the page says is selected; moves there when it is new and out of sight. */
    select() {
      const wanted = this.payload.selected, key = wanted ? `${wanted.kind} ${wanted.id}` : "";
      const level = wanted?.kind === "grids" ? this.payload.levels.find((one) => (this.features(`level-${one.level}`)?.ids.indexOf(wanted.id, one.count) ?? -1) >= 0) : null;
      const features = wanted ? this.features(level ? `level-${level.level}` : wanted.kind) : null;
      const row = features ? features.ids.indexOf(wanted.id, features.n) : -1;
      this.marked = row < 0 ? null : { key: wanted.kind, features, row };
      const isNew = key !== this.selected && Boolean(features || !wanted);
      if (isNew && this.opened && !this.isOpen(wanted)) this.leaflet.closePopup();
      if (!this.opened) this.chosen = this.marked;
      if (this.sheet.view) this.paintTop();
      if (!isNew) return;
      this.selected = key;
      if (row < 0) return;
      if (level && level.level !== this.state.level) this.set({ level: level.level });
      const bounds = this.bounds(features, row);
      if (!this.leaflet.getBounds().contains(bounds)) this.leaflet.fitBounds(bounds, { maxZoom: 16, padding: [40, 40] });
    }

    isOpen(wanted) { return Boolean(wanted && this.chosen?.features) && this.chosen.features.ids.at(this.chosen.row) === wanted.id; }

    bounds(features, row) {
      const b = features.box;
      return L.latLngBounds(this.place(b[4 * row], b[4 * row + 3]), this.place(b[4 * row + 2], b[4 * row + 1]));
    }

    find(text) {
      const wanted = text.toLocaleLowerCase(), hits = [], { level } = this.state;
      for (const one of [...this.payload.levels].sort((a, b) => (b.level === level) - (a.level === level))) {
        const grids = this.features(`level-${one.level}`);
        for (let row = 0; grids && row < grids.n; row++) {
          const name = this.name(grids, row), id = grids.ids.at(row);
          if (!name.toLocaleLowerCase().includes(wanted) && !id.toLocaleLowerCase().includes(wanted)) continue;
          const detail = name === id ? this.voice.text(one.title) : `${this.voice.text(one.title)} ${id}`;
          hits.push({ label: name, detail, pick: () => this.goTo(one.level, grids, row) });
        }
      }
      return hits;
    }

    /* From the list to the map: the keyboard goes along, so that Escape closes the pop-up and arrows pan. */
    goTo(level, grids, row) {
      this.set({ level });
      this.narrow();
      this.stage.focus({ preventScroll: true });
      const bounds = this.bounds(grids, row);
      this.leaflet.fitBounds(bounds, { padding: [30, 30], maxZoom: 17, animate: false });
      this.open({ key: "grids", row, features: grids }, this.place(grids.labels.x[row], grids.labels.y[row]));
    }

    /* ---- furniture ---- */

    set(change) {
      Object.assign(this.state, change);
      if (!this.shades().some((s) => s.key === this.state.shade) && this.state.shade !== "") this.state.shade = this.shades()[0]?.key ?? this.state.shade;
      this.furnish();
      this.sheet.soon();
    }

    narrow() { if (this.root.clientWidth <= 720 && this.state.open) this.set({ open: false }); }

    whole(animate = true) {
      const { bounds } = this.payload;
      const wide = this.root.clientWidth > 720;
      const room = { paddingTopLeft: [wide ? 60 : 16, 16], paddingBottomRight: wide && this.state.open ? [324, 16] : [16, wide ? 16 : 84] };
      if (bounds) this.leaflet.fitBounds(bounds, { ...room, animate });
      else this.leaflet.setView([0, 0], 3);
    }

    speak(lang) {
      this.lang = lang;
      this.voice = new Guatu.Voice(this.payload.words, lang);
      this.furnish();
      this.sheet.soon();
      if (this.opened) this.open(this.opened.thing, this.opened.spot);
    }

    furnish() {
      const { voice, payload, state } = this, focus = this.root.getRootNode().activeElement?.dataset?.key;
      const scrolled = this.panel.scrollTop;
      this.root.lang = this.lang === "zh" ? "zh-CN" : "en";
      this.stage.setAttribute("aria-label", `${voice.say("map")}: ${voice.text(payload.title)}. ${voice.say("help")}`);
      this.stage.setAttribute("role", "application");
      this.panel.setAttribute("aria-label", voice.say("panel"));
      this.panel.classList.toggle("guatu-shut", !state.open);
      this.panel.replaceChildren(this.header(), ...(state.open ? this.sections() : []));
      this.panel.scrollTop = scrolled;
      if (focus) this.panel.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
      this.buttons();
    }

    header() {
      const { voice, payload, state } = this, other = this.lang === "zh" ? "en" : "zh";
      const fold = el("button", { type: "button", className: "guatu-fold", "data-key": "fold", "aria-expanded": String(state.open), "aria-label": voice.say(state.open ? "close" : "panel"), textContent: state.open ? "×" : "☰", click: () => this.set({ open: !state.open }) });
      const speak = payload.fixed_language ? null : el("button", { type: "button", className: "guatu-lang", "data-key": "lang", lang: other, title: voice.say("other_language_title"), textContent: voice.say("other_language"), click: () => this.speak(other) });
      return el("header", {}, el("h2", { textContent: voice.text(payload.title) }), speak, fold);
    }

    sections() {
      const { voice, payload } = this;
      return [
        payload.levels.length ? Guatu.search(voice, (text) => this.find(text)) : null,
        this.overlaySection(), this.gridSection(), this.issueSection(), this.layerSection(), this.footer(),
      ].filter(Boolean);
    }

    overlaySection() {
      const { voice, payload, state } = this, all = payload.overlays ?? [];
      if (!all.length) return null;
      const choices = [...all.map((one) => [one.key, voice.text(one.title)]), ["", voice.say("no_raster")]];
      return Guatu.section(voice.say("rasters"),
        Guatu.choose("overlay", voice.say("raster"), choices, state.overlay, (value) => { this.set({ overlay: value, shade: value ? "" : state.shade }); this.lay(); }),
        Guatu.colours(voice, this.overlay()));
    }

    gridSection() {
      const { voice, payload, state } = this;
      if (!payload.levels.length) return null;
      const levels = payload.levels.map((one) => [String(one.level), `${voice.text(one.title)} (${voice.number(one.count)})`]);
      const shades = [...this.shades().map((s) => [s.key, voice.text(s.title)]), ["", voice.say("no_shading")]];
      return Guatu.section(voice.say("grids"),
        levels.length > 1 ? Guatu.choose("level", voice.say("show_level"), levels, String(state.level), (value) => this.set({ level: Number(value) })) : null,
        shades.length > 1 ? Guatu.choose("shade", voice.say("shading"), shades, state.shade, (value) => this.set({ shade: value })) : null,
        Guatu.legend(voice, this.shade()),
        Guatu.tick("names", voice.say("labels"), state.names, (on) => this.set({ names: on })));
    }

    issueSection() {
      const { voice, payload, state } = this, layer = this.layer("issues");
      if (!layer) return payload.no_issues ? Guatu.section(voice.text(this.payload.issues_title), el("p", { className: "guatu-none", textContent: voice.text(payload.no_issues) })) : null;
      const features = this.features("issues"), count = el("span", { className: "guatu-count", textContent: voice.number(layer.count) });
      const head = el("h3", {}, this.layerTick(layer), count);
      if (!layer.count) return el("section", {}, head, el("p", { className: "guatu-none", textContent: voice.text(payload.no_issues) }));
      const rows = [2, 1, 0].map((n) => {
        const lamp = Guatu.swatch((ctx, c) => Guatu.lamp(ctx, c, c, n, false));
        const change = (on) => { if (on) state.asleep.delete(n); else state.asleep.add(n); this.filter(); this.sheet.soon(); };
        const row = Guatu.tick(`standing-${n}`, voice.say(STANDING[n].key), !state.asleep.has(n), change, lamp);
        row.append(el("span", { className: "guatu-count", textContent: voice.number(layer.standing[STANDING[n].key]) }));
        return row;
      });
      return el("section", {}, head, ...rows, features ? this.typeChoice(features) : el("p", { className: "guatu-note", textContent: voice.say(this.docs.get("issues").failed ? "failed" : "loading") }),
        el("p", { className: "guatu-note", textContent: voice.say("cluster_hint") }), ...this.notes(layer));
    }

    typeChoice(features) {
      const { voice, state } = this, type = this.column(features, "type");
      const counts = new Array(type.words.length + 1).fill(0);
      for (const number of type.raw) counts[number]++;
      const options = type.words.map((words, n) => [String(n + 1), `${voice.text(words)} (${voice.number(counts[n + 1])})`]);
      return Guatu.choose("type", voice.say("issue_type"), [["", voice.say("all_types")], ...options], state.type, (value) => { state.type = value; this.filter(); this.sheet.soon(); });
    }

    layerTick(layer) {
      const { voice, state } = this;
      return Guatu.tick(`layer-${layer.key}`, voice.text(layer.title), !state.hidden.has(layer.key), (on) => {
        if (on) state.hidden.delete(layer.key); else state.hidden.add(layer.key);
        const tiles = this.docs.get(layer.key)?.tiles;
        if (tiles && on) tiles.addTo(this.leaflet); else tiles?.remove();
        this.sheet.soon();
      }, layer.key === "issues" ? null : Guatu.layerSwatch(layer, voice.text(layer.glyph)));
    }

    layerSection() {
      const { voice, payload } = this, others = payload.layers.filter((layer) => layer.key !== "issues");
      if (!others.length) return null;
      return Guatu.section(voice.say("layers"), ...others.flatMap((layer) => {
        const row = this.layerTick(layer), { failed, features, tiles } = this.docs.get(layer.key);
        row.append(el("span", { className: "guatu-count", textContent: failed ? voice.say("failed") : features || tiles ? voice.number(layer.count) : voice.say("loading") }));
        const none = layer.count ? null : el("p", { className: "guatu-none", textContent: voice.say("empty") });
        return [row, ...(none ? [none] : []), ...this.notes(layer)];
      }));
    }

    notes(layer) { return layer.notes.map((note) => el("p", { className: "guatu-note", textContent: this.voice.text(note) })); }

    footer() {
      const { voice, payload } = this, day = voice.moment(payload.as_of % 1440 ? payload.as_of : payload.as_of / 1440, payload.as_of % 1440 ? "minute" : "day");
      const said = [voice.say("as_of", { day }), ...payload.notes.map((note) => voice.text(note)), voice.text(payload.credit)];
      return el("footer", {}, ...said.filter(Boolean).map((line) => el("p", { className: "guatu-note", textContent: line })));
    }

    buttons() {
      this.bar?.remove();
      const button = (key, sign, act) => el("button", { type: "button", textContent: sign, title: this.voice.say(key), "aria-label": this.voice.say(key), click: act });
      this.bar = el("div", { className: "guatu-bar" },
        button("zoom_in", "+", () => this.leaflet.zoomIn()), button("zoom_out", "−", () => this.leaflet.zoomOut()), button("whole", "⤢", () => this.whole()));
      this.root.append(this.bar);
    }

    /* ---- for the page around ---- */

    update(payload) {
      this.use(payload);
      this.select();
      this.sheet.soon();
    }
    remove() { this.leaflet.remove(); this.root.replaceChildren(); }
  }

  /** Makes a map in an element. `callbacks.onPick({kind, id})` is called when something is clicked. */
  Guatu.createMap = (element, payload, callbacks) => new GuatuMap(element, payload, callbacks);
})();
