/* Colours and sizes of the map, light and dark; the names are those of the desk's design. */
"use strict";
window.DeskMap = window.DeskMap || {};
DeskMap.themes = {
  light: {
    sea: "#C6D9EA", land: "#ECEFF2", block: "#E4E8EC", water: "#C6D9EA", waterLabel: "#3F6488",
    park: "#D7E6D6", parkLabel: "#4C6B4A", quiet: "#E3E8E6", building: "#DFE3E8",
    street: "#FFFFFF", casing: "#D5DBE2", main: "#FFFFFF", mainEdge: "#BFC8D2",
    motorway: "#FFFFFF", motorwayEdge: "#A9B4C1", path: "#DDE2E7", rail: "#B9C0C9",
    boundary: "#A8B2BE", label: "#4B5766", labelHalo: "#F4F6F8", placeLabel: "#3C4756",
    surface: "#FFFFFF", line: "#E1E5EA", line2: "#868F9C", text: "#16202C", text2: "#4C5765",
    hover: "#F3F5F8", accent: "#1B59CC", accentWeak: "#E6EEFC", onAccent: "#FFFFFF", ink: "#16202C",
    inkText: "#FFFFFF", critical: "#BE2424", conflict: "#6D3BD1", severe: "#BC3F06", moderate: "#7E5700",
    minor: "#36648F", ok: "#1B7A45", unitBusy: "#F0F2F5",
    ramp: ["#DCE7FA", "#A9C6F5", "#6E9CEB", "#3B72D6", "#1B489F"],
    rampText: ["#16202C", "#16202C", "#0B1526", "#FFFFFF", "#FFFFFF"],
  },
  dark: {
    sea: "#0B1C2E", land: "#12181F", block: "#151C24", water: "#0B1C2E", waterLabel: "#6C9AC6",
    park: "#14231E", parkLabel: "#7FA08C", quiet: "#161F24", building: "#1A222B",
    street: "#222C37", casing: "#12181F", main: "#33404E", mainEdge: "#12181F",
    motorway: "#465565", motorwayEdge: "#12181F", path: "#1B242E", rail: "#2C3743",
    boundary: "#4A5868", label: "#A5B0BE", labelHalo: "#10161C", placeLabel: "#C0C9D4",
    surface: "#161D25", line: "#2A3542", line2: "#6B7888", text: "#E8EDF3", text2: "#A9B4C2",
    hover: "#1C2631", accent: "#6EA2FF", accentWeak: "#1B2C4A", onAccent: "#08132A", ink: "#E8EDF3",
    inkText: "#0F141A", critical: "#FF7B7B", conflict: "#BE9CFA", severe: "#FFA94D", moderate: "#E9C46A",
    minor: "#8FB7E0", ok: "#6CCB93", unitBusy: "#1E2731",
    ramp: ["#1D3252", "#2A4C80", "#3A6BB5", "#5D93EC", "#B4CFFF"],
    rampText: ["#E8EDF3", "#E8EDF3", "#FFFFFF", "#08132A", "#08132A"],
  },
};
DeskMap.clusterSteps = [
  { from: 1, radius: 14 }, { from: 10, radius: 17 }, { from: 25, radius: 20 },
  { from: 60, radius: 24 }, { from: 120, radius: 28 },
];
DeskMap.applyColours = function (name) {
  const root = document.documentElement;
  for (const [token, value] of Object.entries(DeskMap.themes[name])) {
    if (Array.isArray(value)) value.forEach((v, i) => root.style.setProperty(`--${token}${i}`, v));
    else root.style.setProperty(`--${token}`, value);
  }
};
DeskMap.severities = ["", "minor", "moderate", "severe", "critical"];
