/* Layers of areas: wards, geofences and patrol areas. */
"use strict";
(function () {
  function styleOf(layer, theme) {
    const t = DeskMap.themes[theme];
    if (layer === "wards") {
      return () => ({ color: t.line2, weight: 1, dashArray: "2 4", fillColor: t.accent, fillOpacity: 0.0 });
    }
    return (feature) => {
      const patrol = feature.properties.kind === "patrol_area";
      return {
        color: patrol ? t.ok : t.accent, weight: 2, dashArray: patrol ? "8 5" : null,
        fillColor: patrol ? t.ok : t.accent, fillOpacity: 0.08,
      };
    };
  }

  function label(layer, feature, drawn) {
    const text = document.createElement("span");
    text.textContent = feature.properties.name;
    drawn.bindTooltip(text, {
      permanent: layer === "geofences", direction: "center", className: `area-name ${layer}`, opacity: 1,
      sticky: layer === "wards",
    });
  }

  DeskMap.shapeLayer = function (map, layer, tell) {
    let visible = false, data = null, told = "";
    const group = L.geoJSON(null, {
      pane: layer, style: (f) => styleOf(layer, DeskMap.theme)(f),
      onEachFeature: (feature, drawn) => {
        label(layer, feature, drawn);
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
        group.clearLayers();
        group.addData(next);
      },
      show(on) {
        visible = on;
        if (on) group.addTo(map); else group.remove();
      },
      restyle: () => group.setStyle(styleOf(layer, DeskMap.theme)),
      count: () => (visible && data ? data.features.length : 0),
    };
  };
})();
