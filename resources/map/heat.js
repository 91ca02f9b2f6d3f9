/* The heat layer: a density drawn from cells on one canvas, in the one blue ramp of the clusters. */
"use strict";
(function () {
  const SCALE = 0.5; // half the pixels: the picture is soft anyway

  function palette(theme) {
    const stops = DeskMap.themes[theme].ramp;
    const canvas = document.createElement("canvas");
    canvas.width = 256; canvas.height = 1;
    const pen = canvas.getContext("2d");
    const gradient = pen.createLinearGradient(0, 0, 256, 0);
    stops.forEach((colour, i) => gradient.addColorStop(i / (stops.length - 1), colour));
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 256, 1);
    return pen.getImageData(0, 0, 256, 1).data;
  }

  DeskMap.heatLayer = function (map) {
    let cells = [], visible = false;
    const canvas = L.DomUtil.create("canvas", "heat leaflet-zoom-hide");
    map.getPane("heat").appendChild(canvas);

    function spots(pen, size, radius) {
      const most = Math.max(1, ...cells.map((c) => c[2]));
      for (const [lon, lat, n] of cells) {
        const p = map.latLngToContainerPoint([lat, lon]).multiplyBy(SCALE);
        if (p.x < -radius || p.y < -radius || p.x > size.x + radius || p.y > size.y + radius) continue;
        const light = pen.createRadialGradient(p.x, p.y, 0, p.x, p.y, radius);
        const strength = 0.03 + 0.32 * (n / most);
        light.addColorStop(0, `rgba(0,0,0,${strength})`);
        light.addColorStop(1, "rgba(0,0,0,0)");
        pen.fillStyle = light;
        pen.fillRect(p.x - radius, p.y - radius, 2 * radius, 2 * radius);
      }
    }

    function draw() {
      if (!visible) return;
      const size = map.getSize().multiplyBy(SCALE)._round();
      canvas.width = size.x; canvas.height = size.y;
      canvas.style.width = `${map.getSize().x}px`; canvas.style.height = `${map.getSize().y}px`;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      if (!cells.length || !size.x || !size.y) return;
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      spots(pen, size, 44 * SCALE);
      const colours = palette(DeskMap.theme), image = pen.getImageData(0, 0, size.x, size.y);
      let peak = 1;
      for (let i = 3; i < image.data.length; i += 4) peak = Math.max(peak, image.data[i]);
      for (let i = 0; i < image.data.length; i += 4) {
        const alpha = Math.round(image.data[i + 3] * 255 / peak);
        if (!alpha) continue;
        image.data.set(colours.subarray(alpha * 4, alpha * 4 + 3), i);
        image.data[i + 3] = alpha < 48 ? alpha * 2 : Math.min(205, 72 + alpha / 2);
      }
      pen.putImageData(image, 0, 0);
    }

    map.on("moveend resize", draw);
    return {
      set(data) { cells = data.cells || []; draw(); },
      show(on) { visible = on; canvas.style.display = on ? "" : "none"; draw(); },
      restyle: draw,
      count: () => cells.length,
    };
  };
})();
