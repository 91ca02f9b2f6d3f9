/* Joins the parts and speaks with Qt through the channel object `desk`. */
"use strict";
(function () {
  const LAYERS = ["wards", "patrols", "geofences", "heat", "hotspots", "stations", "reports", "incidents", "units", "conflicts"];
  const FAR = 13, CLEAR_MS = 40; // names of symbols are shown from that zoom on
  const PANES = { wards: 405, patrols: 407, geofences: 410, heat: 415, hotspots: 420, stations: 590, reports: 600, incidents: 620, units: 630, conflicts: 635, ring: 595, ranks: 610, tools: 640 };
  DeskMap.words = {};
  DeskMap.theme = "light";
  DeskMap.language = "";

  function connect(then) {
    const silent = new Proxy({}, { get: () => () => undefined });
    if (!window.QWebChannel || !window.qt) { then(silent); return; }
    new window.QWebChannel(window.qt.webChannelTransport, (channel) => then(channel.objects.desk || silent));
  }

  function teller(desk) {
    return {
      picked: (layer, id) => desk.picked(layer, String(id)),
      clusterPicked: (bounds, n) => desk.clusterPicked(JSON.stringify(bounds), n),
      drawn: (geometry, id) => desk.drawn(geometry, id),
      measured: (metres) => desk.measured(metres),
      toolStarted: (name) => desk.toolStarted(name),
      toolEnded: (name, said) => desk.toolEnded(name, said),
    };
  }

  function fetcher(map, desk, parts) {
    const waiting = {}, shown = new Set();
    let filter = "";

    function address(layer) {
      const size = map.getSize(), margin = 40;
      const box = L.latLngBounds(map.containerPointToLatLng([-margin, size.y + margin]),
        map.containerPointToLatLng([size.x + margin, -margin]));
      const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((v) => v.toFixed(6));
      return `desk://map/layer/${layer}?bbox=${edges.join(",")}&zoom=${Math.round(map.getZoom())}${filter}`;
    }

    async function load(layer) {
      if (DeskMap.carried) return;
      if (waiting[layer]) waiting[layer].abort();
      const stop = waiting[layer] = new AbortController();
      try {
        const answer = await fetch(address(layer), { signal: stop.signal });
        if (!answer.ok) { desk.layerFailed(layer, answer.status); return; }
        const data = await answer.json();
        if (stop.signal.aborted) return;
        parts[layer].set(data);
        DeskMap.clearSoon();
        if (layer === "reports") DeskMap.estimated(data.oneIn || 1);
        desk.layerShown(layer, parts[layer].count(), data.total === undefined ? -1 : data.total);
      } catch (fault) {
        if (fault.name !== "AbortError") desk.layerFailed(layer, 0);
      }
    }

    return {
      load: (layers) => (layers || [...shown]).filter((l) => shown.has(l)).forEach(load),
      show(layers) {
        for (const layer of LAYERS) {
          const on = layers.includes(layer), was = shown.has(layer);
          if (on === was) continue;
          if (on) { shown.add(layer); load(layer); } else { shown.delete(layer); }
          parts[layer].show(on);
        }
        DeskMap.clearSoon();
      },
      filter(next) {
        filter = Object.entries(next).filter(([, v]) => v !== null && v !== "" && v.length !== 0)
          .map(([k, v]) => `&${encodeURIComponent(k)}=${encodeURIComponent(Array.isArray(v) ? v.join(",") : v)}`).join("");
      },
    };
  }

  // Shortly after symbols have come or gone, the base map's names step out of their way.
  function clearer(map, boxes, settle) {
    let soon = 0;
    return () => {
      clearTimeout(soon);
      soon = setTimeout(() => {
        const zoom = map.getZoom();
        settle();
        DeskMap.clearNames(map, boxes(zoom, zoom >= FAR));
      }, CLEAR_MS);
    };
  }

  function api(map, desk, parts, data, chrome, tools) {
    let bases = [], baseName = "world", ring = null;
    const rebase = () => { DeskMap.showBase(map, bases, baseName, DeskMap.theme); DeskMap.clearSoon(); };
    Object.assign(DeskMap, {
      setWords(words) { DeskMap.words = words; DeskMap.language = words.language || ""; chrome.words(); },
      setTheme(theme) {
        DeskMap.theme = theme;
        DeskMap.applyColours(theme);
        if (bases.length) rebase();
        LAYERS.forEach((l) => parts[l].restyle && parts[l].restyle());
        tools.redraw();
      },
      setTextScale(percent) { document.documentElement.style.fontSize = `${16 * percent / 100}px`; },
      async setBase(name) {
        bases = DeskMap.carried ? DeskMap.carried.bases : await (await fetch("desk://map/base")).json();
        baseName = bases.some((b) => b.name === name) ? name : bases[0].name;
        rebase();
      },
      setView(lon, lat, zoom) { map.setView([lat, lon], zoom, { animate: false }); },
      fitBounds(west, south, east, north) {
        map.fitBounds([[south, west], [north, east]], { animate: false, maxZoom: 17, padding: [24, 24] });
      },
      setHome(west, south, east, north) { DeskMap.home = [west, south, east, north]; },
      setLayers: (layers) => data.show(layers),
      setFilter(filter) { data.filter(filter); data.load(); },
      refresh: (layers) => data.load(layers),
      setData(layer, told) { parts[layer].set(told); DeskMap.clearSoon(); },
      setLegend: (on) => chrome.legend(on),
      select(lon, lat) {
        if (ring) ring.remove();
        ring = null;
        if (lon === null || lon === undefined) return;
        ring = L.marker([lat, lon], { icon: DeskMap.symbols.ring(), pane: "ring", interactive: false, keyboard: false }).addTo(map);
        if (!map.getBounds().pad(-0.06).contains([lat, lon])) map.panTo([lat, lon]);
      },
      startTool: (name, options) => tools.start(name, options),
      addPoint: () => tools.addHere(), undoPoint: () => tools.undo(),
      focusMap: () => map.getContainer().focus({ preventScroll: true }),
      panBy: (x, y) => map.panBy([x, y], { animate: false }),
      cancelTool: () => tools.cancel(), finishTool: () => tools.finish(),
      zoomBy: (steps) => map.setZoom(map.getZoom() + steps),
      toolRunning: () => tools.running(),
    });
  }

  function mover(map, desk) {
    return () => {
      const b = map.getBounds();
      desk.moved(JSON.stringify([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]), map.getZoom());
    };
  }

  DeskMap.start = function (map) {
    for (const [name, z] of Object.entries(PANES)) map.createPane(name).style.zIndex = z;
    DeskMap.applyColours(DeskMap.theme);
    map.getContainer().setAttribute("role", "application");
    connect(async (desk) => {
      const tell = teller(desk);
      const parts = Object.assign(DeskMap.pointLayers(map, tell), {
        wards: DeskMap.shapeLayer(map, "wards", tell), geofences: DeskMap.shapeLayer(map, "geofences", tell),
        patrols: DeskMap.shapeLayer(map, "patrols", tell), heat: DeskMap.heatLayer(map),
      });
      parts.hotspots = DeskMap.hotspotLayer(map, (zoom) => parts.boxes(zoom, zoom >= FAR));
      const boxes = (zoom, near) => [...parts.boxes(zoom, near), ...parts.hotspots.boxes(zoom), ...(near ? [...parts.geofences.boxes(zoom), ...parts.patrols.boxes(zoom)] : [])];
      DeskMap.clearSoon = clearer(map, boxes, parts.hotspots.settle);
      const tools = DeskMap.tools(map, tell);
      const data = fetcher(map, desk, parts);
      const toggle = (name) => () => (tools.running() === name ? tools.cancel() : tools.start(name));
      const chrome = DeskMap.chrome(map, {
        zoomIn: () => map.zoomIn(), zoomOut: () => map.zoomOut(),
        fit: () => (DeskMap.home ? DeskMap.fitBounds(...DeskMap.home) : map.fitWorld()),
        measure: toggle("measure"), draw: toggle("draw"),
      });
      api(map, desk, parts, data, chrome, tools);
      // From afar names would lie on each other: only the symbols are shown.
      const far = () => map.getContainer().classList.toggle("far", map.getZoom() < FAR);
      map.on("zoomend", far);
      far();
      map.on("moveend", () => { data.load(); mover(map, desk)(); });
      map.on("click", (e) => { if (!tools.running()) desk.placePicked(e.latlng.lng, e.latlng.lat); });
      map.on("contextmenu", (e) => desk.placeAsked(e.latlng.lng, e.latlng.lat));
      document.addEventListener("securitypolicyviolation", (e) => desk.requestBlocked(e.blockedURI));
      await Promise.all(["400", "500", "600"].map((w) => document.fonts.load(`${w} 12px Inter`)));
      desk.ready();
      if (DeskMap.carried) DeskMap.unpack(map);
    });
  };
})();
