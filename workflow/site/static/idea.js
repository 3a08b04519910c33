// The drawing of the idea: its columns are dragged, or moved by arrow keys.  The same formulas as fragility.report.idea.
(() => {
  const svg = document.getElementById("idea");
  if (!svg) return;
  const SCALE = 28, MIDDLE = 200, FAR = 60, LARGEST = 6.5;
  const presets = JSON.parse(svg.dataset.presets);
  let other = presets.strong[0], feature = presets.strong[1];
  const hypot = (v) => Math.hypot(v[0], v[1]), dot = (v, w) => v[0] * w[0] + v[1] * w[1];
  const det = (a, b) => a[0] * b[1] - a[1] * b[0];
  const plus = (a, b, s) => [b[0] + s * a[0], b[1] + s * a[1]];
  const place = (p) => `${(MIDDLE + SCALE * p[0]).toFixed(1)},${(MIDDLE - SCALE * p[1]).toFixed(1)}`;

  function numbers(a, b) {
    const weights = [-a[1] / det(a, b), a[0] / det(a, b)];
    return {
      phi: Math.abs(det(a, b)) / hypot(a) / hypot(b),
      cos_theta_1: Math.abs(dot(weights, b)) / hypot(weights) / hypot(b),
      network: 1 / hypot(weights),
      optimal: Math.min(...[-1, 0, 1].map((s) => hypot(plus(a, b, s)))),
    };
  }
  function points(a, b) {
    const mixed = dot(a, b), far = FAR * hypot(a), d = det(a, b);
    const optimal = [[-far, -mixed], [-Math.abs(mixed), -mixed], [Math.abs(mixed), mixed], [far, mixed]]
      .map(([v, u]) => [(v * b[1] - u * a[1]) / d, (u * a[0] - v * b[0]) / d]);
    const sign = [0, -1, 1].reduce((best, s) => hypot(plus(a, b, s)) < hypot(plus(a, b, best)) ? s : best);
    const start = plus(a, b, sign === 0 ? 1 : sign), half = plus(a, b, sign);
    const first = plus(a, b, 1), share = dot(first, a) / hypot(a) ** 2;
    const corner = (s, t) => place([s * a[0] + t * b[0], s * a[1] + t * b[1]]);
    const line = (list) => list.map(place).join(" ");
    return {
      "point-pp": corner(1, 1), "point-mp": corner(-1, 1), "point-pm": corner(1, -1), "point-mm": corner(-1, -1),
      "optimal-line": line(optimal),
      "network-line": line([-1, 1].map((s) => a.map((x) => (s * FAR * x) / hypot(a)))),
      "optimal-step": line([start, [start[0] - half[0], start[1] - half[1]]]),
      "network-step": line([first, [share * a[0], share * a[1]]]),
      "arrow-other": line([[0, 0], a]), "arrow-feature": line([[0, 0], b]),
    };
  }
  function show() {
    for (const [id, where] of Object.entries(points(other, feature))) {
      const part = document.getElementById(id);
      if (part.tagName === "polyline") part.setAttribute("points", where);
      else part.setAttribute("transform", `translate(${where})`);
    }
    for (const [name, column] of [["other", other], ["feature", feature]]) {
      const handle = document.getElementById(`handle-${name}`);
      handle.setAttribute("transform", `translate(${place(column)})`);
      handle.setAttribute("aria-valuetext", column.map((x) => x.toFixed(1)).join(", "));
    }
    const told = numbers(other, feature);
    for (const [name, value] of Object.entries(told)) document.getElementById(`idea-${name}`).textContent = value.toFixed(2);
  }
  function set(name, column) {
    const [a, b] = name === "other" ? [column, feature] : [other, column];
    const limited = column.every((x) => Math.abs(x) <= LARGEST) && hypot(column) > 0.3;
    if (!limited || Math.abs(det(a, b)) < 0.02 * hypot(a) * hypot(b)) return; // no inverse there
    [other, feature] = [a, b];
    show();
  }
  for (const name of ["other", "feature"]) {
    const handle = document.getElementById(`handle-${name}`);
    handle.addEventListener("pointerdown", (e) => { handle.setPointerCapture(e.pointerId); e.preventDefault(); handle.focus(); });
    handle.addEventListener("pointermove", (e) => {
      if (!handle.hasPointerCapture(e.pointerId)) return;
      const box = svg.getBoundingClientRect(), unit = box.width / 400;
      set(name, [((e.clientX - box.left) / unit - MIDDLE) / SCALE, (MIDDLE - (e.clientY - box.top) / unit) / SCALE]);
    });
    handle.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[e.key];
      if (!step) return;
      e.preventDefault();
      const now = name === "other" ? other : feature;
      set(name, [now[0] + step[0], now[1] + step[1]]);
    });
  }
  for (const button of document.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => { [other, feature] = presets[button.dataset.preset]; show(); });
  }
  document.querySelectorAll(".idea [hidden]").forEach((part) => (part.hidden = false)); // of use with this script only
  window.idea = { numbers, points, set: (a, b) => { [other, feature] = [a, b]; show(); } };
  show();
})();
