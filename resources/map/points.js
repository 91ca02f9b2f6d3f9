/* Layers of points: reports with clusters, incidents, units, stations, conflicts. Markers are kept between
   refreshes, so that nothing flickers and the page never holds more than one view. */
"use strict";
(function () {
  const S = () => DeskMap.symbols;

  function KeyedMarkers(map, pane, make) {
    const kept = new Map();
    let visible = false;
    return {
      set(items) {
        const seen = new Set();
        for (const item of items) {
          seen.add(item.key);
          if (kept.has(item.key)) continue;
          const marker = make(item);
          marker.item = item;
          kept.set(item.key, marker);
          if (visible) marker.addTo(map);
        }
        for (const [key, marker] of kept) {
          if (!seen.has(key)) { marker.remove(); kept.delete(key); }
        }
      },
      show(on) {
        visible = on;
        kept.forEach((marker) => (on ? marker.addTo(map) : marker.remove()));
      },
      count: () => kept.size,
      boxes: (zoom, sides) => (visible ? [...kept.values()].flatMap((marker) => {
        const p = map.project(marker.getLatLng(), zoom);
        return sides(marker.item).map(([west, north, east, south]) =>
          ({ minX: p.x + west, minY: p.y + north, maxX: p.x + east, maxY: p.y + south }));
      }) : []),
    };
  }

  // What a symbol covers around its place, in px: map.css and symbols.js draw them so.
  const NAME_PX = 6.5;
  const covers = {
    reports(item) {
      if (!item.n) return [[-11, -11, 11, 11]];
      const r = S().radius(item.n) + 2;
      return item.critical ? [[-r, -r, r, r], [r * 0.3, -r - 6, r * 0.3 + 38, 12 - r]] : [[-r, -r, r, r]];
    },
    incidents: (near) => (item) => {
      const half = item.label.length * NAME_PX / 2;
      return near ? [[-20, -20, 20, 20], [-half, 18, half, 36]] : [[-15, -15, 15, 15]];
    },
    conflicts: () => [[-12, -11, 12, 11]],
    units: (item) => {
      const half = item.callSign.length * NAME_PX / 2 + 10;
      return [[-half, -30, half, 2]];
    },
    stations: (near) => (item) => (near
      ? [[-10, -10, 10, 10], [8, -9, 16 + item.name.length * NAME_PX, 9]] : [[-10, -10, 10, 10]]),
  };

  function marker(pane, at, icon, label, onClick) {
    const made = L.marker([at[1], at[0]], { pane, icon, keyboard: false, alt: label, title: label });
    made.on("click", (event) => { L.DomEvent.stopPropagation(event); onClick(event); });
    return made;
  }

  function boxOf(item) {
    return item.box ? L.latLngBounds([item.box[1], item.box[0]], [item.box[3], item.box[2]])
      : L.latLng(item.at[1], item.at[0]).toBounds(200);
  }

  // Zoom to where the reports of a cluster come apart; reports on one spot never do.
  function zoomInto(map, item, box) {
    const oneSpot = item.box && item.box[0] === item.box[2] && item.box[1] === item.box[3];
    const deepest = Math.min(oneSpot ? 17 : map.getMaxZoom(), map.getZoom() + 4);
    const wanted = Math.min(deepest, Math.max(map.getZoom() + 1, map.getBoundsZoom(box)));
    if (wanted > map.getZoom()) map.setView(box.getCenter(), wanted, { animate: false });
  }

  DeskMap.pointLayers = function (map, desk) {
    const tell = {
      clusterPicked: desk.clusterPicked,
      picked(layer, item) {
        if (DeskMap.onPicked) DeskMap.onPicked(layer, item.id, item.at);
        desk.picked(layer, item.id);
      },
    };
    const word = (key) => DeskMap.words[key] || "";
    const reports = KeyedMarkers(map, "reports", (item) => (item.n
      ? marker("reports", item.at, S().cluster(item.n, item.critical),
        `${item.n} ${word("cluster")}${item.critical ? `, ${item.critical} ${word("critical")}` : ""}`,
        () => {
          if (DeskMap.onCluster && DeskMap.onCluster(item)) return;
          const box = boxOf(item);
          tell.clusterPicked([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], item.n);
          zoomInto(map, item, box);
        })
      : marker("reports", item.at, S().report(item.severity), word(DeskMap.severities[item.severity]),
        () => tell.picked("reports", item))));
    const incidents = KeyedMarkers(map, "incidents", (item) => marker("incidents", item.at,
      S().incident(item.severity, item.label), item.label, () => tell.picked("incidents", item)));
    const units = KeyedMarkers(map, "units", (item) => marker("units", item.at,
      S().unit(item.callSign, item.status, item.stale), item.callSign,
      () => tell.picked("units", item)));
    const stations = KeyedMarkers(map, "stations", (item) => marker("stations", item.at,
      S().station(item.name), item.name, () => tell.picked("stations", item)));

    const conflicts = KeyedMarkers(map, "conflicts", (item) => marker("conflicts", item.at,
      S().conflict(), `${word("conflict")} ${item.label}`, () => tell.picked("conflicts", item)));

    const boxes = (zoom, near) => [
      ...reports.boxes(zoom, covers.reports), ...incidents.boxes(zoom, covers.incidents(near)),
      ...conflicts.boxes(zoom, covers.conflicts), ...units.boxes(zoom, covers.units), ...stations.boxes(zoom, covers.stations(near)),
    ];
    const keyed = (list, read) => list.map((row) => Object.assign(read(row), { key: row.join("|") }));
    return {
      boxes,
      reports: {
        set(data) {
          reports.set([
            ...keyed(data.cells || [], ([lon, lat, n, critical, ...box]) =>
              ({ at: [lon, lat], n, critical, box: box.length === 4 ? box : null })),
            ...keyed(data.points || [], ([id, lon, lat, severity]) => ({ id, at: [lon, lat], severity })),
          ]);
        },
        show: reports.show, count: reports.count,
      },
      incidents: {
        set: (data) => incidents.set(keyed(data.points, ([id, lon, lat, severity, label]) =>
          ({ id, at: [lon, lat], severity, label }))),
        show: incidents.show, count: incidents.count,
      },
      conflicts: {
        set: (data) => conflicts.set(keyed(data.points, ([id, lon, lat, label]) => ({ id, at: [lon, lat], label }))),
        show: conflicts.show, count: conflicts.count,
      },
      units: {
        set: (data) => units.set(keyed(data.points, ([id, lon, lat, callSign, kind, status, stale]) =>
          ({ id, at: [lon, lat], callSign, kind, status, stale }))),
        show: units.show, count: units.count,
      },
      stations: {
        set: (data) => stations.set(keyed(data.points, ([id, lon, lat, name]) => ({ id, at: [lon, lat], name }))),
        show: stations.show, count: stations.count,
      },
    };
  };
})();
