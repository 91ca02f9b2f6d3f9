/* The hotspot layer: circles of their true size, dashed in ink, each with its rank on the ring. Neutral on
   purpose: a hotspot is a place, not a severity. */
"use strict";
(function () {
  const FIRST_TURN = 218, TURNS = 12, HALF = 13; // degrees clockwise from north; half a rank's square, px

  function rank(spot) {
    const extra = spot.sure ? "" : " maybe";
    return L.divIcon({ className: "symbol hotspot-symbol", iconSize: [24, 22],
      html: `<span class="hotspot-rank${extra}">${DeskMap.symbols.escape(String(spot.rank))}</span>` });
  }

  const touches = (p, box) => p.x + HALF > box.minX && p.x - HALF < box.maxX && p.y + HALF > box.minY && p.y - HALF < box.maxY;

  // `boxes` tells what lies on the map already; a rank goes round its ring until it touches nothing.
  DeskMap.hotspotLayer = function (map, boxes) {
    let spots = [], radius = 0, visible = false, told = "";
    const group = L.layerGroup();

    function onRing(spot, turn) {
      const angle = turn * Math.PI / 180, north = radius / 111195;
      const east = north / Math.max(Math.cos(spot.at[1] * Math.PI / 180), 1e-6);
      return L.latLng(spot.at[1] + north * Math.cos(angle), spot.at[0] + east * Math.sin(angle));
    }

    function place(spot, taken, zoom) {
      const ways = Array.from({ length: TURNS }, (_, i) => FIRST_TURN + i * 360 / TURNS).map((turn) => onRing(spot, turn));
      return ways.find((at) => !taken.some((box) => touches(map.project(at, zoom), box))) || ways[0];
    }

    function setRanks() {
      if (!visible || !spots.length) return;
      const zoom = map.getZoom(), taken = boxes(zoom);
      for (const spot of spots) {
        const at = place(spot, taken, zoom), p = map.project(at, zoom);
        spot.mark.setLatLng(at);
        taken.push({ minX: p.x - HALF, minY: p.y - HALF, maxX: p.x + HALF, maxY: p.y + HALF });
      }
    }

    function style(spot) {
      const ink = DeskMap.themes[DeskMap.theme].ink;
      return { color: ink, weight: 1.8, opacity: spot.sure ? 1 : 0.55, dashArray: spot.sure ? "6 4" : "2 5",
        fillColor: ink, fillOpacity: spot.sure ? 0.1 : 0.05 };
    }

    function draw() {
      group.clearLayers();
      for (const spot of spots) {
        spot.ring = L.circle([spot.at[1], spot.at[0]], { pane: "hotspots", radius, interactive: false, ...style(spot) });
        spot.mark = L.marker([spot.at[1], spot.at[0]], { pane: "ranks", icon: rank(spot), keyboard: false, alt: spot.words, title: spot.words });
        group.addLayer(spot.ring).addLayer(spot.mark);
      }
      setRanks();
    }

    map.on("zoomend", setRanks);
    return {
      set(data) {
        const fresh = JSON.stringify(data);
        if (fresh === told) { setRanks(); return; }
        told = fresh;
        radius = data.radius;
        spots = data.points.map(([n, lon, lat, words, sure]) => ({ rank: n, at: [lon, lat], words, sure: Boolean(sure) }));
        draw();
      },
      show(on) {
        visible = on;
        if (on) group.addTo(map); else group.remove();
        if (on) setRanks();
        if (DeskMap.hotspotLegend) DeskMap.hotspotLegend(on);
      },
      settle: setRanks,
      restyle: () => spots.forEach((spot) => spot.ring && spot.ring.setStyle(style(spot))),
      boxes: (zoom) => (visible ? spots.map((spot) => {
        const p = map.project(spot.mark.getLatLng(), zoom);
        return { minX: p.x - HALF, minY: p.y - HALF, maxX: p.x + HALF, maxY: p.y + HALF };
      }) : []),
      count: () => (visible ? spots.length : 0),
    };
  };
})();
