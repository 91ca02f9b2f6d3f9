/* What lies over the map: buttons, scale, legend, credit. Every word comes from Qt. */
"use strict";
(function () {
  const BUTTONS = [
    ["zoomIn", "plus"], ["zoomOut", "minus"], ["fit", "maximize"], ["measure", "ruler"], ["draw", "pentagon"],
  ];

  function element(tag, className, parent) {
    return L.DomUtil.create(tag, className, parent);
  }

  DeskMap.chrome = function (map, act) {
    const box = map.getContainer();
    const bar = element("div", "bar", box);
    const buttons = {};
    bar.setAttribute("role", "toolbar");
    for (const [name, icon] of BUTTONS) {
      const button = element("button", `icon-button ${icon}`, bar);
      button.type = "button";
      button.addEventListener("click", () => act[name]());
      buttons[name] = button;
    }
    L.DomEvent.disableClickPropagation(bar);

    const foot = element("div", "foot", box);
    const estimated = element("span", "estimated", foot);
    const sketch = element("span", "sketch", foot);
    const credit = element("span", "credit", foot);
    const legend = element("section", "legend", box);
    L.DomEvent.disableClickPropagation(legend);
    const scale = element("div", "scale", box);
    scale.dir = "auto"; // a number and its unit keep their order in a mirrored page

    function drawScale() {
      const y = map.getSize().y - 30;
      const across = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y]));
      if (!(across > 0)) return;
      const power = 10 ** Math.floor(Math.log10(across));
      const nice = [5, 2, 1].map((n) => n * power).find((n) => n <= across);
      scale.style.width = `${Math.round(100 * nice / across)}px`;
      scale.textContent = nice < 1000
        ? `${nice} ${DeskMap.words.m || "m"}` : `${nice / 1000} ${DeskMap.words.km || "km"}`;
    }
    map.on("zoomend moveend resize", drawScale);

    DeskMap.credit = (base) => {
      credit.textContent = base && !base.sketch ? base.attribution : "";
      sketch.hidden = !(base && base.sketch);
      sketch.textContent = DeskMap.words.sketch || (base ? base.attribution : "");
      DeskMap.base = base;
    };
    DeskMap.estimated = (oneIn) => {
      estimated.textContent = oneIn > 1 ? (DeskMap.words.estimated || "").replace("{n}", oneIn) : "";
      estimated.hidden = oneIn <= 1;
    };
    DeskMap.estimated(1);
    let shades = null;
    const shaded = element("ul", "shades", legend);
    function drawShades() {
      const S = DeskMap.symbols, item = (body) => `<li>${body}</li>`;
      shaded.hidden = !(shades && shades.steps.length);
      shaded.innerHTML = shaded.hidden ? "" : `<li class="head"><span>${S.escape(shades.title)}</span></li>` +
        shades.steps.map((told, at) => item(`${S.legendShade(at)}<span>${S.escape(told)}</span>`)).join("");
      legend.appendChild(shaded);
    }
    let hasHotspots = false;
    const hotspots = element("ul", "hotspot-legend", legend);
    function drawHotspots() {
      const S = DeskMap.symbols, w = DeskMap.words, item = (symbol, word) => `<li>${symbol}<span>${S.escape(word || "")}</span></li>`;
      hotspots.hidden = !hasHotspots;
      hotspots.innerHTML = hasHotspots ? item(S.legendHotspot(true), w.hotspot) + item(S.legendHotspot(false), w.hotspotMaybe) : "";
      legend.appendChild(hotspots);
    }
    DeskMap.hotspotLegend = (on) => { hasHotspots = on; drawHotspots(); };
    DeskMap.shadeLegend = (told) => { shades = told; drawShades(); };
    DeskMap.toolChanged = (name) => {
      for (const tool of ["measure", "draw"]) {
        buttons[tool].classList.toggle("on", tool === name);
        buttons[tool].setAttribute("aria-pressed", String(tool === name));
      }
    };

    return {
      words() {
        const w = DeskMap.words, S = DeskMap.symbols;
        for (const [name] of BUTTONS) {
          buttons[name].title = w[name] || "";
          buttons[name].setAttribute("aria-label", w[name] || "");
        }
        box.setAttribute("aria-label", w.map || "");
        document.documentElement.dir = w.dir || "ltr";
        const text = (word) => `<span>${S.escape(word || "")}</span>`;
        const steps = DeskMap.clusterSteps.map((s, i, all) => {
          const range = i === all.length - 1 ? `${s.from}+` : i === 0 ? `<${all[1].from}` : `${s.from}–${all[i + 1].from - 1}`;
          return `<li>${S.legendCluster(i)}<span dir="ltr">${S.escape(range)}</span></li>`;
        }).join("");
        const shapes = [4, 3, 2, 1].map((n) =>
          `<li>${S.legendShape(n)}${text(w[DeskMap.severities[n]])}</li>`).join("");
        legend.setAttribute("aria-label", w.legend || "");
        legend.innerHTML = `<ul><li class="head">${text(w.reports)}</li>${steps}</ul><ul>${shapes}</ul>`;
        drawShades();
        drawHotspots();
        DeskMap.credit(DeskMap.base);
        drawScale();
      },
      legend: (on) => { legend.hidden = !on; },
    };
  };
})();
