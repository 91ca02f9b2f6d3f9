/* Layers of areas: wards, geofences and patrol areas, and the patrol plan's shades. */
"use strict";
(function () {
  function styleOf(layer, theme) {
    const t = DeskMap.themes[theme];
    if (layer === "wards") {
      return () => ({ color: t.line2, weight: 1, dashArray: "2 4", fillColor: t.accent, fillOpacity: 0.0 });
    }
    if (layer === "patrols") {
      return (feature) => ({ color: t.ramp[4], weight: 1.5, fillColor: t.ramp[Number(feature.properties.kind)], fillOpacity: 0.55 });
    }
    return (feature) => {
      const patrol = feature.properties.kind === "patrol_area";
      return {
        color: patrol ? t.ok : t.accent, weight: 2, dashArray: patrol ? "8 5" : null,
        fillColor: patrol ? t.ok : t.accent, fillOpacity: 0.08,
      };
    };
  }

  const NAME_PX = 7;

  function wordsOf(feature) {
    const text = document.createElement("span");
    text.textContent = feature.properties.name;
    return text;
  }

  // A drawn area is named over its upper edge, where it covers least of what lies inside.
  function nameOver(layer, feature, drawn) {
    const box = drawn.getBounds();
    return L.tooltip({ permanent: true, direction: "top", className: `area-name ${layer}`, opacity: 1, offset: [0, 4] })
      .setLatLng([box.getNorth(), box.getCenter().lng]).setContent(wordsOf(feature));
  }

  DeskMap.shapeLayer = function (map, layer, tell) {
    let visible = false, data = null, told = "", named = [];
    const group = L.geoJSON(null, {
      pane: layer, interactive: layer !== "patrols", style: (f) => styleOf(layer, DeskMap.theme)(f),
      onEachFeature: (feature, drawn) => {
        if (layer !== "wards") named.push(nameOver(layer, feature, drawn));
        else drawn.bindTooltip(wordsOf(feature), { sticky: true, className: `area-name ${layer}`, opacity: 1 });
        drawn.on("click", (event) => {
          if (DeskMap.toolRunning && DeskMap.toolRunning()) return;
          L.DomEvent.stopPropagation(event);
          tell.picked(layer, feature.id);
        });
      },
    });
    return {
      set(next) {
        // What stays the same stays drawn: nothing flickers when the map is moved.
        const fresh = JSON.stringify(next);
        if (fresh === told) return;
        told = fresh;
        data = next;
        named = [];
        group.clearLayers();
        group.addData(next);
        named.forEach((name) => group.addLayer(name));
        if (next.legend && visible) DeskMap.shadeLegend(next.legend);
      },
      show(on) {
        visible = on;
        if (on) group.addTo(map); else group.remove();
        if (layer === "patrols") DeskMap.shadeLegend(on && data ? data.legend : null);
      },
      boxes: (zoom) => (visible ? named.map((name) => {
        const p = map.project(name.getLatLng(), zoom);
        const half = name.getContent().textContent.length * NAME_PX / 2 + 6;
        return { minX: p.x - half, minY: p.y - 24, maxX: p.x + half, maxY: p.y + 2 };
      }) : []),
      restyle: () => group.setStyle((f) => (f ? styleOf(layer, DeskMap.theme)(f) : {})),
      count: () => (visible && data ? data.features.length : 0),
    };
  };
})();
