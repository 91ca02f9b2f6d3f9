/* Symbols as inline SVG: severity shapes, clusters, incidents, units, stations, conflicts, the ring. */
"use strict";
(function () {
  const shapes = {
    critical: (r) => `<path d="M0 ${-r} L${r} ${0.78 * r} L${-r} ${0.78 * r} Z"/>`,
    severe: (r) => `<path d="M0 ${-r} L${r} 0 L0 ${r} L${-r} 0 Z"/>`,
    moderate: (r) => `<circle r="${0.86 * r}"/>`,
    minor: (r) => `<circle r="${0.7 * r}" class="hollow"/>`,
  };
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  function step(n) {
    let at = 0;
    DeskMap.clusterSteps.forEach((s, i) => { if (n >= s.from) at = i; });
    return at;
  }

  function short(n) {
    if (n < 10000) return String(n);
    return n < 1e6 ? `${Math.floor(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`;
  }

  function svg(size, body, extra) {
    const h = size / 2;
    return `<svg width="${size}" height="${size}" viewBox="${-h} ${-h} ${size} ${size}" ` +
      `aria-hidden="true" class="${extra || ""}">${body}</svg>`;
  }

  function shape(severity, r) {
    const word = DeskMap.severities[severity] || "minor";
    return `<g class="shape ${word}">${shapes[word](r)}</g>`;
  }

  function icon(html, size, anchor) {
    return L.divIcon({
      html, className: "symbol", iconSize: [size, size], iconAnchor: anchor || [size / 2, size / 2],
    });
  }

  DeskMap.symbols = {
    escape, short, step, radius: (n) => DeskMap.clusterSteps[step(n)].radius,
    legendShape: (severity) => svg(18, shape(severity, 7), "shape-box"),
    legendCluster: (at) => svg(20, `<circle r="${6 + at}" class="cluster ramp${at}"/>`),
    legendHotspot: (sure) => svg(20, `<circle r="8" class="hotspot-ring${sure ? "" : " maybe"}"/>`),
    legendShade: (at) => svg(16, `<rect x="-7" y="-7" width="14" height="14" rx="2" class="cluster ramp${at}"/>`),
    report: (severity) => icon(svg(28, `<circle r="13" class="hit"/>` +
      `<g class="halo">${shape(severity, severity >= 3 ? 9 : 8)}</g>${shape(severity, severity >= 3 ? 9 : 8)}`,
    "shape-box"), 28),
    cluster(n, critical) {
      const at = step(n), r = DeskMap.clusterSteps[at].radius, size = 2 * r + 6;
      const pill = critical
        ? `<span class="pill"><svg width="9" height="9" viewBox="-5 -5 10 10" aria-hidden="true">` +
          `${shape(4, 4.6)}</svg>${short(critical)}</span>` : "";
      return icon(svg(size, `<circle r="${r}" class="cluster ramp${at}"/>` +
        `<text class="count ramp-text${at}" dy="0.36em">${short(n)}</text>`) + pill, size);
    },
    incident: (severity, label) => icon(
      svg(44, `<circle r="19" class="incident-disc"/>${shape(severity, severity >= 3 ? 10 : 8)}`,
        "shape-box") + `<span class="incident-name">${escape(label)}</span>`, 44),
    unit: (callSign, status, stale) => L.divIcon({
      html: `<span class="unit ${escape(status)}${stale ? " stale" : ""}">${escape(callSign)}</span>`,
      className: "symbol unit-symbol", iconSize: null,
    }),
    station: (name) => L.divIcon({
      html: `<span class="station"><i></i><b>${escape(name)}</b></span>`,
      className: "symbol", iconSize: [14, 14],
    }),
    conflict: () => icon(svg(28, `<circle r="13" class="hit"/>` +
      `<path d="M-1.2 -9 L-10 0 L-1.2 9 Z M1.2 -9 L10 0 L1.2 9 Z"/>`, "conflict"), 28),
    ring: () => icon(svg(52, `<circle r="21" class="ring-back"/><circle r="21" class="ring"/>`), 52),
  };
})();
