/* The exported map: the same page, fed from what the file carries instead of the desk. */
"use strict";
(function () {
  DeskMap.carried = JSON.parse(document.getElementById("carried").textContent);
  const unpacked = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;

  // What protomaps-leaflet asks of a PMTiles archive.
  DeskMap.tiles = (kind, base) => ({
    getZxy: async (z, x, y) => {
      const text = DeskMap.carried.tiles[`${kind}/${base.name}/${z}/${x}/${y}`];
      return text ? { data: unpacked(text) } : undefined;
    },
  });

  function popup(lines) {
    const box = document.createElement("div");
    lines.forEach((line, i) => {
      const part = document.createElement(i ? "div" : "strong");
      part.textContent = line;
      box.append(part);
    });
    return box;
  }

  // Reports of one spot would hide each other: they are set in a ring around it.
  function apart(map, points, zoom) {
    const spots = new Map();
    points.forEach((point) => {
      const key = `${point[1].toFixed(5)},${point[2].toFixed(5)}`;
      spots.set(key, [...(spots.get(key) || []), point]);
    });
    return [...spots.values()].flatMap((spot) => spot.map(([id, lon, lat, severity], i) => {
      if (spot.length === 1) return [id, lon, lat, severity];
      const ring = Math.max(16, spot.length * 24 / (2 * Math.PI)), turn = (2 * Math.PI * i) / spot.length;
      const at = map.project([lat, lon], zoom).add([ring * Math.cos(turn), ring * Math.sin(turn)]);
      const moved = map.unproject(at, zoom);
      return [id, moved.lng, moved.lat, severity];
    }));
  }

  // A click on a cluster shows what it counts and opens it; a click on free ground closes it again.
  function opener(map, carried) {
    const whole = carried.layers.reports;
    const keyOf = (lon, lat) => `${lon.toFixed(6)},${lat.toFixed(6)}`;
    map.on("click", () => whole && DeskMap.setData("reports", whole));
    return (item) => {
      const inside = carried.clusters[keyOf(...item.at)];
      if (!inside) return false;
      const spots = inside.points;
      if (spots.length) {
        const box = L.latLngBounds(spots.map(([, lon, lat]) => [lat, lon]));
        const zoom = Math.max(map.getZoom(), Math.min(map.getBoundsZoom(box.pad(0.2)), 18));
        map.setView(box.getCenter(), zoom, { animate: false });
        const cells = whole.cells.filter(([lon, lat]) => keyOf(lon, lat) !== keyOf(...item.at));
        DeskMap.setData("reports", Object.assign({}, whole, {
          cells, points: [...whole.points, ...apart(map, spots, zoom)],
        }));
      }
      L.popup({ autoPan: false, offset: [0, -14] }).setLatLng(spots.length ? map.getCenter() : [item.at[1], item.at[0]])
        .setContent(popup(inside.lines)).openOn(map);
      return true;
    };
  }

  DeskMap.unpack = async function (map) {
    const c = DeskMap.carried;
    const layers = Object.keys(c.layers);
    DeskMap.setWords(c.words);
    DeskMap.setTheme(c.theme);
    await DeskMap.setBase(c.base);
    const [west, south, east, north] = c.bounds;
    DeskMap.setHome(west, south, east, north);
    DeskMap.setView((west + east) / 2, (south + north) / 2, c.zoom);
    map.setMaxBounds(L.latLngBounds([[south, west], [north, east]]).pad(1));
    map.setMinZoom(c.minZoom);
    DeskMap.setLayers(layers);
    layers.forEach((layer) => DeskMap.setData(layer, c.layers[layer]));
    const title = L.DomUtil.create("div", "title", map.getContainer());
    title.append(popup([c.title, ...c.subtitle]));
    DeskMap.onPicked = (layer, id, at) => {
      const lines = (c.details[layer] || {})[id];
      if (lines) L.popup({ offset: [0, -6] }).setLatLng([at[1], at[0]]).setContent(popup(lines)).openOn(map);
    };
    DeskMap.onCluster = opener(map, c);
    document.body.dataset.shown = "yes";
  };
})();
