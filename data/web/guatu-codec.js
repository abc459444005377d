/* Reads what reports/webmap/encode.py and columns.py write. Knows nothing of maps or pages. */
"use strict";
(() => {
  const Guatu = (globalThis.Guatu ??= {});

  function bytes(base64) {
    const raw = atob(base64);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }

  /** Numbers >= 0, seven bits a byte, low bits first; exact up to 2^53. */
  function varints(base64) {
    const data = bytes(base64);
    let count = 0;
    for (let i = 0; i < data.length; i++) if (data[i] < 128) count++;
    const out = new Float64Array(count);
    let at = 0, value = 0, unit = 1;
    for (let i = 0; i < data.length; i++) {
      value += (data[i] & 127) * unit;
      if (data[i] < 128) { out[at++] = value; value = 0; unit = 1; } else unit *= 128;
    }
    return out;
  }

  const signed = (folded) => (folded % 2 ? -(folded + 1) / 2 : folded / 2);

  function numbers(code) {
    const out = varints(code.data);
    if (!code.steps) return out;
    let sum = 0;
    for (let i = 0; i < out.length; i++) out[i] = sum += signed(out[i]);
    return out;
  }

  /** A column: `at(row)` gives its value or null, `words` its texts; decoded when first asked. */
  class Column {
    constructor(code) {
      this.code = code;
      this.key = code.key;
      this.title = code.title;
      this.unit = code.unit ?? "";
      this.form = code.form;
      this.words = code.words ?? [];
    }
    get raw() { return (this.decoded ??= numbers(this.code)); }
    at(row) {
      const raw = this.raw[row];
      if (!raw) return null;
      if (this.form === "words") return this.words[raw - 1];
      const value = raw - 1 + this.code.base;
      return this.code.decimals ? value / 10 ** this.code.decimals : value;
    }
  }

  class Ids {
    constructor(code) { this.code = code; }
    at(row) {
      if (this.code.words) return this.code.words[row];
      this.decoded ??= numbers(this.code);
      return this.code.head + String(this.decoded[row]).padStart(this.code.width, "0");
    }
    indexOf(id, count) {
      for (let row = 0; row < count; row++) if (this.at(row) === id) return row;
      return -1;
    }
  }

  function starts(sizes, count) {
    const out = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) out[i + 1] = out[i] + (sizes ? sizes[i] : 1);
    return out;
  }

  /** Vertices as web-mercator fractions of the world: x to the east, y to the south, both 0 to 1. */
  function world(base64, quantum) {
    const steps = varints(base64);
    const count = steps.length / 2;
    const x = new Float64Array(count), y = new Float64Array(count);
    let lon = 0, lat = 0;
    for (let i = 0; i < count; i++) {
      lon += signed(steps[2 * i]);
      lat += signed(steps[2 * i + 1]);
      x[i] = (lon * quantum) / 360 + 0.5;
      const s = Math.sin((lat * quantum * Math.PI) / 180);
      y[i] = 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
    }
    return { x, y };
  }

  /** A document of a layer or a grid level. Feature i has paths path[i]..path[i+1], path p vertices vertex[p]..vertex[p+1]. */
  class Features {
    constructor(doc) {
      this.n = doc.n;
      this.kinds = typeof doc.kind === "string" ? bytes(doc.kind) : null;
      this.oneKind = this.kinds ? 0 : doc.kind;
      this.path = starts(doc.paths && varints(doc.paths), doc.n);
      const paths = this.path[doc.n];
      this.vertex = starts(doc.sizes && varints(doc.sizes), paths);
      Object.assign(this, world(doc.xy, doc.quantum));
      this.ids = new Ids(doc.ids);
      this.columns = (doc.columns ?? []).map((code) => new Column(code));
      this.name = this.columns.find((c) => c.key === "name") ?? null;
      if (doc.labels) this.labels = world(doc.labels, 1e-6);
      if (doc.standing) this.standing = bytes(doc.standing);
      if (doc.late) this.late = new Column(doc.late);
      this.box = this.boxes();
    }
    kind(i) { return this.kinds ? this.kinds[i] : this.oneKind; }
    first(i) { return this.vertex[this.path[i]]; }
    end(i) { return this.vertex[this.path[i + 1]]; }
    boxes() {
      const box = new Float64Array(4 * this.n);
      for (let i = 0; i < this.n; i++) {
        let w = Infinity, n = Infinity, e = -Infinity, s = -Infinity;
        for (let v = this.first(i), end = this.end(i); v < end; v++) {
          if (this.x[v] < w) w = this.x[v];
          if (this.x[v] > e) e = this.x[v];
          if (this.y[v] < n) n = this.y[v];
          if (this.y[v] > s) s = this.y[v];
        }
        box.set([w, n, e, s], 4 * i);
      }
      return box;
    }
    /** Whether a place lies in area i (even-odd over all its rings). */
    contains(i, x, y) {
      const b = this.box;
      if (x < b[4 * i] || x > b[4 * i + 2] || y < b[4 * i + 1] || y > b[4 * i + 3]) return false;
      let inside = false;
      for (let p = this.path[i]; p < this.path[i + 1]; p++) {
        const from = this.vertex[p], to = this.vertex[p + 1];
        for (let v = from, u = to - 1; v < to; u = v++) {
          if (this.y[v] > y !== this.y[u] > y &&
              x < ((this.x[u] - this.x[v]) * (y - this.y[v])) / (this.y[u] - this.y[v]) + this.x[v]) inside = !inside;
        }
      }
      return inside;
    }
    /** Squared distance from a place to line or point i. */
    distance2(i, x, y) {
      let best = Infinity;
      for (let p = this.path[i]; p < this.path[i + 1]; p++) {
        const from = this.vertex[p], to = this.vertex[p + 1];
        if (to - from === 1) best = Math.min(best, (this.x[from] - x) ** 2 + (this.y[from] - y) ** 2);
        for (let v = from + 1; v < to; v++) {
          const dx = this.x[v] - this.x[v - 1], dy = this.y[v] - this.y[v - 1];
          const along = ((x - this.x[v - 1]) * dx + (y - this.y[v - 1]) * dy) / (dx * dx + dy * dy || 1);
          const t = Math.max(0, Math.min(1, along));
          best = Math.min(best, (this.x[v - 1] + t * dx - x) ** 2 + (this.y[v - 1] + t * dy - y) ** 2);
        }
      }
      return best;
    }
  }

  Object.assign(Guatu, { bytes, varints, numbers, Column, Ids, Features });
})();
