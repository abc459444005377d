/* Two states of a place on one map: `payload` is the state after, `payload.before` the one before. Swiped or side by side. */
"use strict";
(() => {
  const Guatu = (globalThis.Guatu ??= {});
  const { el } = Guatu, single = Guatu.createMap;
  const STEP = 2; // percent of the width that an arrow key moves the divider

  class Swipe {
    constructor(element, payload, callbacks) {
      this.root = element;
      this.at = 50;
      this.side = false;
      element.classList.add("guatu-swipe");
      const half = (name) => el("div", { className: `guatu-half guatu-half-${name}` });
      this.halves = { before: half("before"), after: half("after") };
      this.line = el("div", { className: "guatu-curtain", role: "slider", tabIndex: 0, "aria-valuemin": "0", "aria-valuemax": "100" }, el("span", { textContent: "⇔", "aria-hidden": "true" }));
      this.tags = { before: el("div", { className: "guatu-tag guatu-tag-before" }), after: el("div", { className: "guatu-tag guatu-tag-after" }) };
      this.mode = el("button", { type: "button", className: "guatu-mode", click: () => this.arrange(!this.side) });
      element.replaceChildren(this.halves.before, this.halves.after, this.line, this.tags.before, this.tags.after, this.mode);
      this.before = single(this.halves.before, this.first(payload), callbacks);
      this.after = single(this.halves.after, payload, callbacks);
      this.leaflet = this.after.leaflet;
      this.before.state = this.after.state; // one panel serves both
      this.after.sheet.on("paint", () => this.before.sheet.soon());
      this.follow(this.after.leaflet, this.before.leaflet);
      this.follow(this.before.leaflet, this.after.leaflet);
      this.line.addEventListener("pointerdown", (event) => this.grab(event));
      this.line.addEventListener("keydown", (event) => this.key(event));
      this.say(payload);
      this.arrange(false);
    }

    first(payload) { return { ...payload.before, lang: payload.lang, fixed_language: true, brief: payload.brief }; }

    /* Both show the same place at the same scale, whichever is moved. */
    follow(one, other) {
      one.on("move zoomend", () => {
        if (this.busy) return;
        this.busy = true;
        other.setView(one.getCenter(), one.getZoom(), { animate: false });
        this.busy = false;
      });
    }

    say(payload) {
      const voice = new Guatu.Voice(payload.words, payload.lang), { words } = payload.swipe;
      this.words = { swipe: voice.text(words.swipe), side: voice.text(words.side) };
      this.line.setAttribute("aria-label", voice.text(words.divider));
      for (const name of ["before", "after"]) this.tags[name].textContent = voice.text(payload.swipe[name]);
      this.mode.textContent = this.side ? this.words.swipe : this.words.side;
    }

    arrange(side) {
      this.side = side;
      this.root.classList.toggle("guatu-side", side);
      this.mode.textContent = side ? this.words.swipe : this.words.side;
      this.draw(this.at);
      for (const half of [this.before, this.after]) half.leaflet.invalidateSize({ pan: false });
      if (side) this.after.set({ open: false });
      this.after.whole(false);
    }

    draw(percent) {
      this.at = Math.max(0, Math.min(100, percent));
      this.root.style.setProperty("--at", `${this.at}%`);
      this.line.setAttribute("aria-valuenow", String(Math.round(this.at)));
    }

    grab(event) {
      event.preventDefault();
      this.line.focus({ preventScroll: true });
      this.line.setPointerCapture(event.pointerId);
      const box = this.root.getBoundingClientRect();
      const move = (moved) => this.draw((100 * (moved.clientX - box.left)) / box.width);
      this.line.addEventListener("pointermove", move);
      this.line.addEventListener("lostpointercapture", () => this.line.removeEventListener("pointermove", move), { once: true });
    }

    key(event) {
      const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -100, End: 100 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.draw(this.at + by);
    }

    update(payload) {
      this.after.update(payload);
      this.before.update(this.first(payload));
      this.say(payload);
    }

    remove() {
      this.before.remove();
      this.after.remove();
      this.root.replaceChildren();
    }
  }

  Guatu.createMap = (element, payload, callbacks) => (payload.before ? new Swipe(element, payload, callbacks) : single(element, payload, callbacks));
})();
