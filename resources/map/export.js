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
      if (lines) L.popup().setLatLng([at[1], at[0]]).setContent(popup(lines)).openOn(map);
    };
    document.body.dataset.shown = "yes";
  };
})();
