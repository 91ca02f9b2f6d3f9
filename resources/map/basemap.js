/* The base map: one canvas layer over the pack and the world behind it. */
"use strict";
(function () {
  let shown = null;

  // An exported map replaces this by the tiles it carries inside.
  DeskMap.tiles = (kind, base) => `desk://map/${kind}/${base.name}/{z}/{x}/{y}.mvt`;

  function layer(bases, name, theme) {
    const sources = {}, paint = [], label = [];
    const world = bases.find((base) => base.name === "world");
    const base = bases.find((b) => b.name === name);
    if (world) {
      sources.world = { url: DeskMap.tiles("tile", world), maxDataZoom: world.maxZoom };
      paint.push(...DeskMap.worldRules(theme));
      label.push(...DeskMap.labelRules(world, "world", theme));
    }
    if (base && base !== world) {
      sources[base.name] = { url: DeskMap.tiles("tile", base), maxDataZoom: base.maxZoom };
      // The coarse coast of the world must not cut through a city: a pack brings its own ground.
      sources.ground = { url: DeskMap.tiles("ground", base), maxDataZoom: base.maxZoom };
      paint.push({ dataSource: "ground", dataLayer: "land", minzoom: 9, symbolizer:
        new window.protomapsL.PolygonSymbolizer({ fill: theme.land }) });
      paint.push(...DeskMap.paintRules(base, base.name, theme));
      label.unshift(...DeskMap.labelRules(base, base.name, theme));
    }
    return window.protomapsL.leafletLayer({
      sources, paintRules: paint, labelRules: label, attribution: "", pane: "tilePane",
    });
  }

  // Names keep clear of what lies over the map, given as boxes in pixels of the present zoom.
  DeskMap.clearNames = (map, boxes) => (shown ? DeskMap.keepClear(shown, map.getZoom(), boxes) : null);

  // Whether every tile of the present view is drawn.
  DeskMap.isDrawn = () => Boolean(shown) && !shown.isLoading();

  DeskMap.showBase = function (map, bases, name, themeName) {
    const theme = DeskMap.themes[themeName];
    map.getContainer().style.backgroundColor = theme.land; // until the tiles are here
    const next = layer(bases, name, theme);
    const before = shown;
    shown = next.addTo(map);
    if (before) map.removeLayer(before);
    DeskMap.credit(bases.find((b) => b.name === name));
    return next;
  };
})();
