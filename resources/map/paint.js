/* Paint and label rules for the base map, from the theme and the pack's own layer names. */
"use strict";
(function () {
  const P = () => window.protomapsL;
  const MAIN = ["trunk", "primary"];
  const FONT = '"Inter", "Noto Sans Tamil", "Noto Sans Devanagari", "DejaVu Sans", sans-serif';

  function reader(base) {
    const { layers, classes } = base.schema;
    return {
      layer: (role) => (layers[role] || [""])[0],
      word: (role, f) => {
        const raw = f.props[(layers[role] || ["", "class"])[1]] || f.props.kind || f.props.class || "";
        return classes[raw] || raw;
      },
    };
  }

  const widths = (stops) => P().exp(1.5, stops);

  function roads(source, read, t) {
    const classOf = (f) => read.word("road", f);
    const kinds = [
      // class test, first zoom, fill, edge, widths of the fill, edge in px
      [(c) => c === "path", 15, t.path, null, [[15, 0.8], [18, 2.5]], 0],
      [(c) => c === "service", 14, t.street, t.casing, [[14, 0.8], [16, 2.6], [18, 7]], 0.6],
      [(c) => c === "minor", 13, t.street, t.casing, [[13, 0.9], [14, 1.7], [16, 5], [18, 12]], 0.7],
      [(c) => c === "tertiary", 12, t.street, t.casing, [[12, 1], [14, 2.8], [16, 7], [18, 15]], 0.7],
      [(c) => c === "secondary", 10, t.main, t.mainEdge, [[10, 0.8], [12, 2], [14, 4.2], [16, 9], [18, 17]], 0.9],
      [(c) => MAIN.includes(c), 7, t.main, t.mainEdge, [[7, 0.8], [10, 1.6], [12, 3], [14, 5.8], [16, 12], [18, 20]], 1.1],
      [(c) => c === "motorway", 5, t.motorway, t.motorwayEdge, [[5, 0.8], [8, 1.6], [12, 3.6], [14, 6], [16, 12], [18, 22]], 1],
    ];
    const rules = [];
    const rule = (test, minzoom, symbolizer) => ({
      dataSource: source, dataLayer: read.layer("road"), minzoom, symbolizer,
      filter: (_z, f) => test(classOf(f)),
    });
    for (const [test, zoom, , edge, stops, edgePx] of kinds) {
      if (!edge) continue;
      rules.push(rule(test, zoom, new (P().LineSymbolizer)({
        color: edge, lineCap: "round", lineJoin: "round",
        width: (z) => widths(stops)(z) + 2 * edgePx,
      })));
    }
    for (const [test, zoom, fill, , stops] of kinds) {
      rules.push(rule(test, zoom, new (P().LineSymbolizer)({
        color: fill, lineCap: "round", lineJoin: "round", width: widths(stops),
      })));
    }
    return rules;
  }

  function rails(source, read, t) {
    const rail = (symbolizer, minzoom) => ({
      dataSource: source, dataLayer: read.layer("rail"), minzoom, symbolizer,
      filter: (_z, f) => ["rail", "tram", "subway"].includes(read.word("rail", f)),
    });
    return [
      rail(new (P().LineSymbolizer)({ color: t.rail, width: widths([[9, 0.8], [14, 1.6], [18, 3]]) }), 8),
      rail(new (P().LineSymbolizer)({
        color: t.rail, width: widths([[13, 3.5], [16, 5.5], [18, 8]]), dash: [1.5, 9],
      }), 13),
    ];
  }

  DeskMap.paintRules = function (base, source, t) {
    const read = reader(base);
    const fill = (role, color, minzoom, filter) => ({
      dataSource: source, dataLayer: read.layer(role), minzoom, filter,
      symbolizer: new (P().PolygonSymbolizer)({ fill: color }),
    });
    const isClass = (...words) => (_z, f) => words.includes(read.word("green", f));
    const rules = [
      fill("green", t.quiet, 10, isClass("campus", "industrial", "airfield", "farm")),
      fill("green", t.park, 8, isClass("park", "forest", "golf_course")),
      fill("water", t.water, 0),
      {
        dataSource: source, dataLayer: read.layer("waterway"), minzoom: 8,
        symbolizer: new (P().LineSymbolizer)({
          color: t.water, lineCap: "round",
          width: (z, f) => widths([[8, 0.6], [12, 1.4], [16, 4]])(z) *
            (["river", "canal"].includes(read.word("waterway", f)) ? 1.5 : 0.8),
        }),
      },
      fill("building", t.building, 15),
      ...rails(source, read, t),
      ...roads(source, read, t),
      {
        dataSource: source, dataLayer: read.layer("boundary"), minzoom: 4,
        symbolizer: new (P().LineSymbolizer)({ color: t.boundary, width: 0.8, dash: [5, 3] }),
      },
    ];
    return rules.filter((rule) => rule.dataLayer);
  };

  DeskMap.worldRules = function (t) {
    return [{
      dataSource: "world", dataLayer: "sea", symbolizer: new (P().PolygonSymbolizer)({ fill: t.sea }),
    }, {
      dataSource: "world", dataLayer: "land",
      symbolizer: new (P().PolygonSymbolizer)({
        fill: t.land, stroke: t.boundary, width: (z) => (z < 8 ? 0.6 : 0), perFeature: true,
      }),
    }];
  };

  function names() {
    const own = DeskMap.language ? [`name:${DeskMap.language}`] : [];
    return [...own, "name", "name:en"];
  }

  DeskMap.labelRules = function (base, source, t) {
    const read = reader(base);
    const place = (words, minzoom, font, options) => ({
      dataSource: source, dataLayer: read.layer("place"), minzoom,
      maxzoom: (options || {}).maxzoom,
      filter: (_z, f) => words.includes(read.word("place", f)),
      symbolizer: new DeskMap.PlaceName(Object.assign({
        labelProps: names(), font: `${font} ${FONT}`, fill: t.placeLabel, stroke: t.labelHalo,
        width: 3, lineHeight: 1.5, maxLineChars: 16,
      }, options || {})),
      sort: (a, b) => (a.rank || 9) - (b.rank || 9),
    });
    // A pack has its streets' names on a layer of their own, ways joined, or else on the roads.
    const road = (words, minzoom, font, repeat) => ["road_name", "road"].map((role) => ({
      dataSource: source, dataLayer: read.layer(role), minzoom,
      filter: (_z, f) => words.includes(read.word("road", f)),
      symbolizer: new DeskMap.StreetName({
        names: names(), font: `${font} ${FONT}`, fill: t.label, stroke: t.labelHalo, width: 3, repeat,
      }),
    }));
    const rules = [
      place(["country"], 2, "600 12px", { maxzoom: 6 }),
      place(["city"], 4, "600 15px", { maxzoom: 12 }),
      place(["town"], 7, "600 13px", { maxzoom: 15 }),
      place(["suburb", "village"], 11, "600 13px", { maxzoom: 17 }),
      place(["locality"], 14, "500 12px", { maxzoom: 18 }),
      ...road(["motorway", "trunk", "primary"], 12, "500 12px", 360),
      ...road(["secondary", "tertiary"], 14, "500 11px", 320),
      place(["station"], 14, "500 11px", { fill: t.label }),
      place(["lake"], 13, "italic 500 12px", { fill: t.waterLabel }),
      place(["green"], 15, "500 11px", { fill: t.parkLabel }),
      ...road(["minor"], 16, "500 11px", 300),
      ...road(["service", "path"], 17, "400 11px", 300),
      {
        dataSource: source, dataLayer: read.layer("waterway"), minzoom: 12,
        symbolizer: new DeskMap.StreetName({
          names: names(), font: `italic 500 12px ${FONT}`, fill: t.waterLabel, stroke: t.labelHalo,
          width: 2, repeat: 500,
        }),
      },
    ];
    return rules.filter((rule) => rule.dataLayer);
  };
})();
