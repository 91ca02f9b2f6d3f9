/* Names that keep clear: of each other, and of the symbols that lie over the map. A street's name
   follows its street and slides along it to where there is room; a place's name steps aside. */
"use strict";
(function () {
  const BEND = 0.5, TURN = 1.3; // radians: between neighbouring letters, and in all
  const ASIDE = [0, -22, 22, -38, 38];
  const AHEAD = [0, 0.5, -0.5, 1, -1, 1.6, -1.6]; // of the name's own width
  const measured = new Map();

  function textOf(feature, names) {
    for (const name of names) {
      const text = feature.props[name];
      if (text) return String(text);
    }
    return "";
  }

  // Where each letter starts; scripts whose letters join are kept in one piece.
  function lettersOf(pen, font, text) {
    const key = `${font}|${text}`;
    let found = measured.get(key);
    if (found) return found;
    pen.font = font;
    const joined = /[^\u0020-\u024f\u0370-\u052f\u1e00-\u1eff\u2010-\u2027]/.test(text);
    const letters = joined ? [text] : [...text];
    let before = "", from = 0;
    found = letters.map((letter) => {
      before += letter;
      const to = pen.measureText(before).width;
      const told = { letter, at: (from + to) / 2, width: to - from };
      from = to;
      return told;
    });
    if (measured.size > 4000) measured.clear();
    measured.set(key, found);
    return found;
  }

  // A walk along a line: the point at a length, found from where the last one was.
  function walkOf(line) {
    const ends = [0];
    for (let i = 1; i < line.length; i += 1) {
      ends.push(ends[i - 1] + Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y));
    }
    const length = ends[ends.length - 1];
    return {
      length,
      at(s) {
        const wanted = Math.max(0, Math.min(length, s));
        let low = 1, high = ends.length - 1;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ends[middle] < wanted) low = middle + 1; else high = middle;
        }
        const a = line[low - 1], b = line[low], part = ends[low] - ends[low - 1];
        const t = part ? (wanted - ends[low - 1]) / part : 0;
        return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
      },
    };
  }

  const turn = (a, b) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

  // The letters' places along a walk, or null where it bends too much to be read.
  function placed(walk, letters, middle, width) {
    const start = middle - width / 2;
    const first = walk.at(start), last = walk.at(start + width);
    const backwards = last.x < first.x;
    const set = [];
    for (const { letter, at, width: own } of letters) {
      const s = backwards ? start + width - at : start + at;
      const half = Math.max(own, 7) / 2;
      const a = walk.at(s - half), b = walk.at(s + half), c = walk.at(s);
      const angle = backwards ? Math.atan2(a.y - b.y, a.x - b.x) : Math.atan2(b.y - a.y, b.x - a.x);
      const before = set[set.length - 1];
      if (before && turn(before.angle, angle) > BEND) return null;
      if (set.length && turn(set[0].angle, angle) > TURN) return null;
      set.push({ letter, angle, x: c.x, y: c.y, own });
    }
    if (letters.length === 1) {
      const far = (q) => {
        const p = walk.at(start + width * q), t = q;
        return Math.hypot(p.x - first.x - (last.x - first.x) * t, p.y - first.y - (last.y - first.y) * t);
      };
      if (far(0.5) > 5 || far(0.25) > 5 || far(0.75) > 5) return null;
      const [only] = set;
      only.x = (first.x + last.x) / 2; only.y = (first.y + last.y) / 2;
      only.angle = backwards ? Math.atan2(first.y - last.y, first.x - last.x) : Math.atan2(last.y - first.y, last.x - first.x);
    }
    return set;
  }

  function boxesOf(set, size) {
    const boxes = [], half = size * 0.62;
    for (const { x, y, own, angle } of set) {
      const steps = Math.max(1, Math.ceil(own / (2 * size))); // a whole word takes several boxes
      for (let i = 0; i < steps; i += 1) {
        const along = ((i + 0.5) / steps - 0.5) * own;
        const cx = x + along * Math.cos(angle), cy = y + along * Math.sin(angle);
        const wide = Math.max(half, own / steps / 2);
        boxes.push({ minX: cx - wide, minY: cy - half, maxX: cx + wide, maxY: cy + half });
      }
    }
    return boxes;
  }

  class StreetName {
    constructor({ names, font, fill, stroke, width, repeat }) {
      Object.assign(this, { names, font, fill, stroke, width, repeat });
      this.size = Number(/(\d+)px/.exec(font)[1]);
    }

    place(layout, geometry, feature) {
      const text = textOf(feature, this.names);
      if (!text) return undefined;
      const letters = lettersOf(layout.scratch, this.font, text);
      const last = letters[letters.length - 1], width = last.at + last.width / 2;
      const found = [];
      for (const line of geometry) {
        if (line.length < 2) continue;
        const walk = walkOf(line);
        const often = Math.max(1, Math.floor(walk.length / this.repeat));
        if (walk.length < width + 4) continue;
        for (let i = 0; i < often; i += 1) {
          const label = this.settle(layout, walk, letters, width, ((i + 0.5) * walk.length) / often);
          if (label) found.push(Object.assign(label, { deduplicationKey: text, deduplicationDistance: this.repeat }));
        }
      }
      return found.length ? found : undefined;
    }

    settle(layout, walk, letters, width, wanted) {
      for (const step of AHEAD) {
        const middle = wanted + step * width;
        if (middle < width / 2 || middle > walk.length - width / 2) continue;
        const set = placed(walk, letters, middle, width);
        if (!set) continue;
        const at = walk.at(middle);
        const label = {
          anchor: new L.Point(at.x, at.y), bboxes: boxesOf(set, this.size),
          draw: (pen) => this.draw(pen, set, at),
        };
        label.anchor.dist = label.anchor.distanceTo;
        if (!layout.index.labelCollides(label, layout.order)) return label;
      }
      return null;
    }

    draw(pen, set, at) {
      pen.font = this.font;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = this.width;
      pen.strokeStyle = this.stroke;
      pen.fillStyle = this.fill;
      for (const act of ["strokeText", "fillText"]) {
        for (const { letter, angle, x, y } of set) {
          pen.save();
          pen.translate(x - at.x, y - at.y);
          pen.rotate(angle);
          pen[act](letter, 0, 1);
          pen.restore();
        }
      }
    }
  }

  // A name at a point with air around it; it steps up or down where something lies on its place.
  class PlaceName {
    constructor(options) {
      this.text = new window.protomapsL.CenteredTextSymbolizer(options);
      this.names = options.labelProps;
    }

    place(layout, geometry, feature) {
      const labels = this.text.place(layout, geometry, feature);
      if (!labels) return undefined;
      // Two tiles may hold one place: it must not step aside for itself.
      const once = { deduplicationKey: textOf(feature, this.names), deduplicationDistance: 100 };
      return labels.map((told) => {
        const label = Object.assign(told, once);
        const moved = ASIDE.map((dy) => shifted(label, dy));
        return moved.find((each) => !layout.index.labelCollides(each, layout.order)) || moved[0];
      });
    }
  }

  function shifted(label, dy) {
    const anchor = label.anchor.clone();
    anchor.y += dy;
    const bboxes = label.bboxes.map((b) =>
      ({ minX: b.minX - 5, minY: b.minY + dy - 3, maxX: b.maxX + 5, maxY: b.maxY + dy + 3 }));
    return Object.assign({}, label, { anchor, bboxes });
  }

  // Puts boxes into a layout before any name: nothing is ever set upon them.
  function reserve(labelers, zoom, boxes) {
    labelers.add(zoom, new Map());
    const { tree } = labelers.getIndex(zoom);
    boxes.forEach((box) => tree.insert(Object.assign({
      indexedLabel: { order: -1, anchor: { dist: () => Infinity }, bboxes: [box], draw: () => undefined },
    }, box)));
  }

  function seen(index, x, y) {
    if (!index) return "";
    const box = { minX: 256 * x - 16, minY: 256 * y - 16, maxX: 256 * x + 272, maxY: 256 * y + 272 };
    return [...index.searchBbox(box, Infinity)].filter((l) => l.order >= 0)
      .map((l) => `${l.order} ${l.anchor.x.toFixed()} ${l.anchor.y.toFixed()}`).sort().join("|");
  }

  // Lays all names out anew around the boxes and draws only those tiles again whose names changed.
  DeskMap.keepClear = function (layer, zoom, boxes) {
    const told = zoom + JSON.stringify(boxes.map((b) => [b.minX, b.minY].map(Math.round)));
    if (layer.kept === told || (!boxes.length && layer.kept === undefined)) return Promise.resolve();
    layer.kept = told;
    return relabel(layer, zoom, boxes, told);
  };

  async function relabel(layer, zoom, boxes, told) {
    const before = layer.labelers.getIndex(zoom);
    const order = before ? [...before.keys()] : [];
    const fresh = new layer.labelers.constructor(layer.scratch, layer.labelRules, 16, layer.onTilesInvalidated);
    reserve(fresh, zoom, boxes);
    const tiles = Object.keys(layer._tiles).map((key) => layer._wrapCoords(layer._keyToTileCoords(key)))
      .filter((at) => at.z === zoom);
    const found = [];
    for (const at of tiles) {
      const data = new Map();
      for (const [name, view] of layer.views) {
        try { data.set(name, [await view.getDisplayTile(at)]); } catch { continue; }
      }
      found.push({ at, data });
    }
    if (layer.kept !== told || !layer._map || layer._map.getZoom() !== zoom) return;
    const rank = ({ data }) => Math.min(...[...data].map(([name, [tile]]) => {
      const { x, y, z } = tile.dataTile, place = order.indexOf(`${x}:${y}:${z}:${name}`);
      return place < 0 ? Infinity : place;
    }));
    found.map((each) => [rank(each), each]).sort((a, b) => a[0] - b[0] || 0)
      .forEach(([, { data }]) => fresh.add(zoom, data));
    layer.labelers = fresh;
    for (const { at } of found) {
      if (seen(before, at.x, at.y) !== seen(fresh.getIndex(zoom), at.x, at.y)) {
        layer.rerenderTile(layer._tileCoordsToKey(at));
      }
    }
  }

  Object.assign(DeskMap, { StreetName, PlaceName });
})();
