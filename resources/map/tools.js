/* Measuring and drawing areas, by mouse and by keyboard: arrows move the map under the cross,
   Space sets a point there, Backspace takes the last one back, Enter finishes, Escape gives up.
   In an area that is there, a new corner goes into the nearest side, and Backspace takes the corner
   nearest to the cross; with the mouse corners are dragged, and taken by the other button. */
"use strict";
(function () {
  const SAME_PX = 6; // so near to a corner a click means that corner
  DeskMap.tools = function (map, tell) {
    let tool = null, editing = null, points = [], handles = [], line = null, dynamic = null;
    const cross = L.DomUtil.create("div", "cross", map.getContainer());
    const banner = L.DomUtil.create("div", "tool-hint", map.getContainer());
    banner.setAttribute("role", "status");

    const length = () => points.reduce((sum, p, i) => (i ? sum + map.distance(points[i - 1], p) : 0), 0);
    const handle = () => L.divIcon({ className: "handle", iconSize: [14, 14] });

    DeskMap.formatDistance = (metres) => (metres < 1000
      ? `${Math.round(metres)} ${DeskMap.words.m || "m"}`
      : `${(metres / 1000).toFixed(metres < 10000 ? 2 : 1)} ${DeskMap.words.km || "km"}`);

    function redraw() {
      const t = DeskMap.themes[DeskMap.theme];
      if (line) line.remove();
      const style = { pane: "tools", color: tool === "measure" ? t.ink : t.accent, weight: 2.4, interactive: false };
      line = tool === "draw"
        ? L.polygon(points, Object.assign(style, { fillColor: t.accent, fillOpacity: 0.12 }))
        : L.polyline(points, style);
      line.addTo(map);
      handles.forEach((h) => h.remove());
      handles = points.map((p, i) => {
        const h = L.marker(p, { pane: "tools", icon: handle(), draggable: true, keyboard: false });
        h.on("drag", (e) => { points[i] = e.latlng; line.setLatLngs(points); label(); });
        h.on("contextmenu", (e) => { L.DomEvent.stop(e); if (editing) take(i); });
        h.on("click", (e) => {
          L.DomEvent.stopPropagation(e);
          if (tool === "draw" && i === 0 && points.length > 2) finish();
        });
        return h.addTo(map);
      });
      label();
    }

    function label() {
      if (dynamic) { dynamic.remove(); dynamic = null; }
      if (tool !== "measure" || points.length < 2) return;
      dynamic = L.tooltip({ permanent: true, direction: "top", className: "measure-label", pane: "tools", offset: [0, -12] })
        .setLatLng(points[points.length - 1]).setContent(DeskMap.formatDistance(length())).addTo(map);
      tell.measured(length());
    }

    const pixels = (at) => map.latLngToLayerPoint(at);

    // The side of the area that a place lies nearest to, by the corner it begins at.
    function nearestSide(latlng) {
      const at = pixels(latlng);
      const away = points.map((p, i) =>
        L.LineUtil.pointToSegmentDistance(at, pixels(p), pixels(points[(i + 1) % points.length])));
      return away.indexOf(Math.min(...away));
    }

    function nearestCorner(latlng) {
      const away = points.map((p) => pixels(p).distanceTo(pixels(latlng)));
      const nearest = Math.min(...away);
      return { i: away.indexOf(nearest), away: nearest };
    }

    function take(i) {
      if (points.length > 3) points.splice(i, 1);
      redraw();
    }

    function add(latlng) {
      if (!editing) points.push(latlng);
      else if (nearestCorner(latlng).away > SAME_PX) points.splice(nearestSide(latlng) + 1, 0, latlng);
      redraw();
    }

    function undo() {
      if (editing) take(nearestCorner(map.getCenter()).i);
      else { points.pop(); redraw(); }
    }

    function clear() {
      [line, dynamic, ...handles].forEach((layer) => layer && layer.remove());
      line = dynamic = null; handles = []; points = [];
    }

    function stop(said) {
      const was = tool;
      if (!was) return;
      if (said === "finished") { // what was measured or drawn stays in sight until it is put away
        handles.forEach((h) => was === "draw" && h.remove());
      } else clear();
      tool = null; editing = null;
      map.getContainer().classList.remove("tool-on");
      map.doubleClickZoom.enable();
      banner.textContent = "";
      DeskMap.toolChanged("");
      tell.toolEnded(was, said);
    }

    function finish() {
      if (tool === "draw") {
        if (points.length < 3) return;
        const ring = [...points, points[0]].map((p) => [Number(p.lng.toFixed(6)), Number(p.lat.toFixed(6))]);
        tell.drawn(JSON.stringify({ type: "Polygon", coordinates: [ring] }), editing || "");
      }
      stop("finished");
    }

    map.on("click", (e) => { if (tool) add(e.latlng); });
    map.on("dblclick", (e) => {
      if (!tool) return;
      L.DomEvent.stop(e);
      if (!editing) points.pop(); // the second click of the two
      redraw();
      finish();
    });
    document.addEventListener("keydown", (e) => {
      if (!tool) return;
      const act = { " ": () => add(map.getCenter()), Backspace: undo, Enter: finish, Escape: () => stop("cancelled") }[e.key];
      if (act && !(e.target.tagName === "BUTTON" && (e.key === "Enter" || e.key === " "))) {
        e.preventDefault(); e.stopPropagation(); act();
      }
    }, true);

    return {
      start(name, options) {
        stop("cancelled");
        clear();
        tool = name; editing = (options || {}).id || null;
        const given = (options || {}).geometry;
        if (given) points = given.coordinates[0].slice(0, -1).map(([lon, lat]) => L.latLng(lat, lon));
        map.getContainer().classList.add("tool-on");
        map.doubleClickZoom.disable();
        const hint = name === "measure" ? "measureHint" : editing ? "shapeHint" : "drawHint";
        banner.textContent = DeskMap.words[hint] || "";
        DeskMap.toolChanged(name);
        tell.toolStarted(name);
        map.getContainer().focus();
        redraw();
      },
      cancel: () => { stop("cancelled"); clear(); },
      addHere: () => { if (tool) add(map.getCenter()); },
      finish, undo, redraw: () => { if (points.length) redraw(); },
      running: () => tool,
    };
  };
})();
