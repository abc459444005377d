/* Draws features on canvas over a Leaflet map. Holds no data of its own and no words. */
"use strict";
(() => {
  const Guatu = (globalThis.Guatu ??= {});
  const POINT = 0, LINE = 1, AREA = 2;
  const TAU = 2 * Math.PI;
  const INK = "#22272b", HALO = "rgba(255,255,255,.92)";
  const FONT = '"Noto Sans SC","Microsoft YaHei","PingFang SC","Noto Sans CJK SC","Hiragino Sans GB",system-ui,sans-serif';
  /* Okabe-Ito: apart in hue and lightness for every kind of colour vision, and each has its own shape. */
  const STANDING = [
    { key: "closed", colour: "#009e73", shape: "square", size: 4 },
    { key: "open", colour: "#f0b400", shape: "circle", size: 5.5 },
    { key: "overdue", colour: "#d55e00", shape: "diamond", size: 7 },
  ];
  const NO_CLASS = 255, TOO_FEW = 254; // grids without a class: not enough data, too few households to be ranked
  const BATCH = 8; // shapes in one path: large paths are slow to fill, single ones slow to begin
  const MOST_STAMPS = 4000;

  /* A pair of canvases that moves and scales with the map: `base` for the map, `top` for what is under the pointer. */
  const Sheet = L.Renderer.extend({
    options: { padding: 0.12 },
    _initContainer() {
      this._container = document.createElement("div");
      this.base = this._container.appendChild(document.createElement("canvas"));
      this.top = this._container.appendChild(document.createElement("canvas"));
      for (const canvas of [this.base, this.top]) canvas.className = "guatu-canvas";
    },
    _destroyContainer() {
      cancelAnimationFrame(this.frame);
      this._container.remove();
      delete this._container;
    },
    getEvents() {
      return { ...L.Renderer.prototype.getEvents.call(this), move: this.follow };
    },
    /* While dragging past the painted margin, paint again. */
    follow() {
      if (this._map._animatingZoom || this._map.getZoom() !== this._zoom) return;
      const size = this._map.getSize(), min = this._map.containerPointToLayerPoint([0, 0]);
      if (!this._bounds.contains(L.bounds(min, min.add(size)))) this.soon();
    },
    soon() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this._map && this._update());
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const bounds = this._bounds, size = bounds.getSize(), ratio = Math.min(window.devicePixelRatio || 1, 2);
      L.DomUtil.setPosition(this._container, bounds.min);
      for (const canvas of [this.base, this.top]) {
        canvas.width = size.x * ratio;
        canvas.height = size.y * ratio;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
        canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      const origin = this._map.getPixelOrigin().add(bounds.min), scale = 256 * 2 ** this._zoom;
      this.view = {
        zoom: this._zoom, scale, ox: origin.x, oy: origin.y, width: size.x, height: size.y,
        west: origin.x / scale, north: origin.y / scale,
        east: (origin.x + size.x) / scale, south: (origin.y + size.y) / scale,
      };
      this.fire("paint");
    },
  });

  const visible = (view, box, i) =>
    box[4 * i] <= view.east && box[4 * i + 2] >= view.west && box[4 * i + 1] <= view.south && box[4 * i + 3] >= view.north;

  /** Adds the outline of feature i to the current path, leaving out vertices closer than a pixel. */
  function trace(ctx, view, features, i, closed) {
    const { scale, ox, oy } = view, { x, y, path, vertex } = features;
    for (let p = path[i]; p < path[i + 1]; p++) {
      const from = vertex[p], to = vertex[p + 1];
      let px = x[from] * scale - ox, py = y[from] * scale - oy;
      ctx.moveTo(px, py);
      for (let v = from + 1; v < to; v++) {
        const qx = x[v] * scale - ox, qy = y[v] * scale - oy;
        if (v < to - 1 && Math.abs(qx - px) + Math.abs(qy - py) < 1) continue;
        ctx.lineTo(qx, qy);
        px = qx; py = qy;
      }
      if (closed) ctx.closePath();
    }
  }

  /** Fills and outlines the areas of a layer that are in view; specks become dots. */
  function areas(ctx, view, features, style) {
    const { box } = features;
    let pending = 0;
    const flush = () => {
      if (style.fill) { ctx.fillStyle = style.fill; ctx.fill("evenodd"); }
      if (style.stroke) { ctx.strokeStyle = style.stroke; ctx.lineWidth = style.width; ctx.setLineDash(style.dash ?? []); ctx.stroke(); }
      ctx.beginPath();
      pending = 0;
    };
    ctx.beginPath();
    for (let i = 0; i < features.n; i++) {
      if (features.kind(i) !== AREA || !visible(view, box, i)) continue;
      const w = (box[4 * i + 2] - box[4 * i]) * view.scale, h = (box[4 * i + 3] - box[4 * i + 1]) * view.scale;
      if (w < 2.5 && h < 2.5) {
        ctx.rect(box[4 * i] * view.scale - view.ox, box[4 * i + 1] * view.scale - view.oy, Math.max(w, 1), Math.max(h, 1));
      } else trace(ctx, view, features, i, true);
      if (++pending === BATCH) flush();
    }
    flush();
    ctx.setLineDash([]);
  }

  function lines(ctx, view, features, style) {
    ctx.lineJoin = "bevel";
    ctx.strokeStyle = style.stroke;
    ctx.lineWidth = style.width;
    let pending = 0;
    ctx.beginPath();
    for (let i = 0; i < features.n; i++) {
      if (features.kind(i) !== LINE || !visible(view, features.box, i)) continue;
      trace(ctx, view, features, i, false);
      if (++pending === BATCH) { ctx.stroke(); ctx.beginPath(); pending = 0; }
    }
    ctx.stroke();
  }

  const ROOM = 20;

  /** Markers of a point layer: dots, and near by signs where there is room. Gives what was drawn, for the pointer. */
  function markers(ctx, view, features, style) {
    const dots = [], signs = [], taken = new Set();
    const near = style.glyph && view.zoom >= style.near;
    for (let i = 0; i < features.n; i++) {
      if (features.kind(i) !== POINT || features.first(i) === features.end(i) || !visible(view, features.box, i)) continue;
      const v = features.first(i), x = features.x[v] * view.scale - view.ox, y = features.y[v] * view.scale - view.oy;
      const column = Math.round(x / ROOM), line = Math.round(y / ROOM);
      const free = near && ![-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => taken.has(`${column + dx} ${line + dy}`)));
      if (free) taken.add(`${column} ${line}`);
      (free ? signs : dots).push({ row: i, x, y, r: free ? 9 : view.zoom >= style.near - 1 ? 3.5 : 2.5 });
    }
    ctx.fillStyle = style.fill;
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = 1;
    for (const { x, y, r } of [...dots, ...signs]) {
      ctx.beginPath();
      ctx.roundRect(x - r, y - r, 2 * r, 2 * r, r > 5 ? 4 : 1);
      ctx.fill();
      ctx.stroke();
    }
    ctx.font = `600 11px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#fff";
    for (const { x, y } of signs) ctx.fillText(style.glyph, x, y + 0.5);
    return [...dots, ...signs];
  }

  /** One issue: its shape and colour say where it stands. */
  function lamp(ctx, x, y, standing, urgent) {
    const { colour, shape, size } = STANDING[standing];
    ctx.beginPath();
    if (shape === "circle") ctx.arc(x, y, size, 0, TAU);
    else if (shape === "square") ctx.rect(x - size, y - size, 2 * size, 2 * size);
    else { ctx.moveTo(x, y - size); ctx.lineTo(x + size, y); ctx.lineTo(x, y + size); ctx.lineTo(x - size, y); ctx.closePath(); }
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.lineWidth = urgent ? 2.5 : 1;
    ctx.strokeStyle = INK;
    ctx.stroke();
  }

  /** Several issues: how many, with a ring of their standing (clockwise: overdue, open, closed). */
  function bubble(ctx, x, y, r, counts, label) {
    const total = counts[0] + counts[1] + counts[2];
    ctx.beginPath();
    ctx.arc(x, y, r, 0, TAU);
    ctx.fillStyle = HALO;
    ctx.fill();
    let from = -TAU / 4;
    for (const standing of [2, 1, 0]) {
      if (!counts[standing]) continue;
      const to = from + (TAU * counts[standing]) / total;
      ctx.beginPath();
      ctx.arc(x, y, r - 2, from, to);
      ctx.lineWidth = 4;
      ctx.strokeStyle = STANDING[standing].colour;
      ctx.stroke();
      from = to;
    }
    ctx.beginPath();
    ctx.arc(x, y, r + 0.5, 0, TAU);
    ctx.lineWidth = 1;
    ctx.strokeStyle = "rgba(34,39,43,.75)";
    ctx.stroke();
    ctx.font = `600 ${r < 12 ? 10 : 11}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = INK;
    ctx.fillText(label, x, y + 0.5);
  }

  /** Draws small pictures once and stamps them from then on: five times faster than drawing each. */
  class Stamps {
    constructor() { this.made = new Map(); }
    stamp(ctx, key, x, y, r, draw) {
      const ratio = ctx.getTransform().a, name = `${ratio} ${key}`;
      let picture = this.made.get(name);
      if (!picture) {
        if (this.made.size > MOST_STAMPS) this.made.clear();
        picture = document.createElement("canvas");
        picture.width = picture.height = Math.ceil((2 * r + 4) * ratio);
        const pen = picture.getContext("2d");
        pen.scale(ratio, ratio);
        draw(pen, picture.width / ratio / 2);
        this.made.set(name, picture);
      }
      const size = picture.width / ratio;
      ctx.drawImage(picture, Math.round((x - size / 2) * ratio) / ratio, Math.round((y - size / 2) * ratio) / ratio, size, size);
    }
  }

  /** Issues grouped by screen cell; the groups of a zoom are kept until the filter changes. */
  class Swarm {
    constructor(features) {
      this.features = features;
      this.shown = new Uint8Array(features.n).fill(1);
      this.cache = new Map();
      this.stamps = new Stamps();
    }
    filter(keep) {
      for (let i = 0; i < this.features.n; i++) this.shown[i] = keep(i) ? 1 : 0;
      this.cache.clear();
    }
    groups(zoom) {
      if (!this.cache.has(zoom)) this.cache.set(zoom, this.group(zoom));
      return this.cache.get(zoom);
    }
    group(zoom) {
      const { x, y, n, standing } = this.features;
      const cell = zoom < 14 ? 84 : zoom < 16 ? 64 : zoom < 17 ? 44 : zoom < 18 ? 26 : 12;
      const fine = (256 * 2 ** zoom) / cell, found = new Map();
      for (let i = 0; i < n; i++) {
        if (!this.shown[i]) continue;
        const key = Math.floor(y[i] * fine) * 67108864 + Math.floor(x[i] * fine);
        let group = found.get(key);
        if (!group) found.set(key, (group = { x: 0, y: 0, counts: [0, 0, 0], rows: [] }));
        group.x += x[i];
        group.y += y[i];
        group.counts[standing[i]]++;
        group.rows.push(i);
      }
      const groups = [...found.values()];
      for (const g of groups) { g.x /= g.rows.length; g.y /= g.rows.length; }
      return groups;
    }
    paint(ctx, view, label, urgent) {
      const drawn = [], singles = [];
      for (const group of this.groups(view.zoom)) {
        const px = group.x * view.scale - view.ox, py = group.y * view.scale - view.oy;
        if (px < -30 || py < -30 || px > view.width + 30 || py > view.height + 30) continue;
        const many = group.rows.length;
        const entry = { group, x: px, y: py, r: many === 1 ? 7 : 8.5 + 3.6 * Math.log10(many) };
        (many === 1 ? singles : drawn).push(entry);
      }
      for (const { group, x, y } of singles) {
        const row = group.rows[0], standing = this.features.standing[row], loud = urgent(row);
        this.stamps.stamp(ctx, `${standing}${loud}`, x, y, 9, (pen, c) => lamp(pen, c, c, standing, loud));
      }
      drawn.sort((a, b) => a.group.rows.length - b.group.rows.length);
      for (const { group, x, y, r } of drawn) {
        const text = label(group.rows.length);
        this.stamps.stamp(ctx, `${group.counts} ${text}`, x, y, r, (pen, c) => bubble(pen, c, c, r, group.counts, text));
      }
      return [...singles, ...drawn];
    }
  }

  const SHIFTS = [0, 17, -17, 30, -30];

  /** Names of the grids in view: largest first, none on top of another or of a group of issues. */
  function names(ctx, view, features, text, bubbles) {
    const taken = bubbles.filter((b) => b.r > 8).map((b) => [b.x - b.r, b.y - b.r, b.x + b.r, b.y + b.r]);
    const candidates = [];
    for (let i = 0; i < features.n; i++) {
      if (!visible(view, features.box, i)) continue;
      const width = (features.box[4 * i + 2] - features.box[4 * i]) * view.scale;
      if (width > 26) candidates.push([width, (features.box[4 * i + 3] - features.box[4 * i + 1]) * view.scale, i]);
    }
    candidates.sort((a, b) => b[0] - a[0] || a[2] - b[2]);
    ctx.font = `600 12px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const [width, height, i] of candidates) {
      const label = text(i), wide = ctx.measureText(label).width;
      if (wide > width * 1.25 + 12) continue;
      const px = features.labels.x[i] * view.scale - view.ox, middle = features.labels.y[i] * view.scale - view.oy;
      for (const shift of SHIFTS) {
        const py = middle + shift, rect = [px - wide / 2 - 3, py - 8, px + wide / 2 + 3, py + 8];
        if (Math.abs(shift) > height / 3) continue;
        if (taken.some((t) => rect[0] < t[2] && rect[2] > t[0] && rect[1] < t[3] && rect[3] > t[1])) continue;
        taken.push(rect);
        ctx.lineWidth = 3.5;
        ctx.strokeStyle = HALO;
        ctx.strokeText(label, px, py);
        ctx.fillStyle = INK;
        ctx.fillText(label, px, py);
        break;
      }
    }
  }

  /** Grey lines for "not enough data", grey dots for "too few households". */
  function hatching(ctx, number) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = pen.fillStyle = "rgba(90,96,101,.55)";
    pen.lineWidth = 1;
    pen.beginPath();
    if (number === TOO_FEW) {
      for (const [x, y] of [[2, 2], [6, 6]]) { pen.moveTo(x, y); pen.arc(x, y, 1.2, 0, TAU); }
      pen.fill();
    } else {
      for (const shift of [-8, 0, 8]) { pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); }
      pen.stroke();
    }
    return ctx.createPattern(tile, "repeat");
  }

  function shade(ctx, view, features, numbers, colours) {
    const groups = new Map();
    for (let i = 0; i < features.n; i++) {
      if (!visible(view, features.box, i)) continue;
      if (!groups.has(numbers[i])) groups.set(numbers[i], []);
      groups.get(numbers[i]).push(i);
    }
    for (const [number, rows] of groups) {
      ctx.beginPath();
      for (const i of rows) trace(ctx, view, features, i, true);
      const none = number >= TOO_FEW;
      ctx.fillStyle = none ? hatching(ctx, number) : colours[number];
      ctx.globalAlpha = none ? 1 : 0.72;
      ctx.fill("evenodd");
      ctx.globalAlpha = 1;
    }
  }

  /** Outlines one feature on the top canvas. */
  function highlight(ctx, view, features, i, colour, width) {
    ctx.beginPath();
    if (features.kind(i) === POINT) {
      const v = features.first(i);
      ctx.arc(features.x[v] * view.scale - view.ox, features.y[v] * view.scale - view.oy, 12, 0, TAU);
    } else trace(ctx, view, features, i, features.kind(i) === AREA);
    ctx.lineJoin = "round";
    for (const [pen, wide] of [["#fff", width + 3], [colour, width]]) {
      ctx.strokeStyle = pen;
      ctx.lineWidth = wide;
      ctx.stroke();
    }
  }

  Object.assign(Guatu, { FONT, Sheet, Swarm, STANDING, NO_CLASS, areas, lines, markers, lamp, names, shade, highlight, visible });
})();
