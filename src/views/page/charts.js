// The charts.

const mostDots = 5000, mostLines = 1500;

const range = (name, values) => {
  const [low, high] = bounds(values);
  return { name, low, high };
};

function drawBest(c, w, h, t) {
  const overTime = byId('best-axis').value === 'time';
  const order = shown.filter((n) => isNumber(trials.value[n]));
  if (overTime) order.sort((a, b) => trials.ended_s[a] - trials.ended_s[b]);
  const at = (n) => (overTime ? trials.ended_s[n] : n);
  const { x, y } = frame(c, w, h, t, range(overTime ? 'seconds' : 'trial', order.map(at)),
    range(data.metric, order.map((n) => trials.value[n])));
  const points = thinned(order, mostDots).map((n) => [x(at(n)), y(trials.value[n]), n]);
  for (const [px, py, n] of points) dot(c, px, py, 2.5, valueColour(n, 0.7));
  c.strokeStyle = t.good;
  c.lineWidth = 2;
  c.beginPath();
  let best = null;
  for (const n of order) {
    if (best !== null && !isBetter(trials.value[n], best)) continue;
    if (best !== null) c.lineTo(x(at(n)), y(best));
    best = trials.value[n];
    c.lineTo(x(at(n)), y(best));
  }
  if (order.length) c.lineTo(x(at(order[order.length - 1])), y(best));
  c.stroke();
  return nearest(points);
}

function drawCurves(c, w, h, t) {
  const kept = new Set(shown), drawn = data.curves.filter((one) => kept.has(one.trial));
  const { x, y } = frame(c, w, h, t, range('iteration', drawn.flatMap((one) => one.x)),
    range(data.metric, drawn.flatMap((one) => one.y)));
  const points = [];
  for (const one of [...drawn].reverse()) {
    c.strokeStyle = one.trial === data.best ? t.good : valueColour(one.trial, 0.55);
    c.lineWidth = one.trial === data.best ? 3 : 1.2;
    c.beginPath();
    let pen = false;
    one.x.forEach((iteration, i) => {
      if (one.y[i] === null) { pen = false; return; }
      const [px, py] = [x(iteration), y(one.y[i])];
      if (pen) c.lineTo(px, py); else c.moveTo(px, py);
      pen = true;
      points.push([px, py, one.trial]);
    });
    c.stroke();
    const last = one.x.length - 1;
    if (one.y[last] !== null && stateOf(one.trial) !== 'completed')
      dot(c, x(one.x[last]), y(one.y[last]), 2.5, stateColour(t, one.trial));
  }
  return nearest(points);
}

function scatter(c, w, h, t, xAxis, yAxis, highlighted = new Set()) {
  const { x, y } = frame(c, w, h, t, xAxis, yAxis);
  const points = thinned(shown.filter((n) => xAxis.at(n) !== null && yAxis.at(n) !== null), mostDots)
    .map((n) => [x(xAxis.at(n)), y(yAxis.at(n)), n]);
  for (const [px, py, n] of points) dot(c, px, py, highlighted.has(n) ? 4.5 : 3, highlighted.has(n) ? t.good : valueColour(n, 0.75));
  return { x, y, near: nearest(points), points };
}

// The first two objectives; trials that have not both are not on it.
function drawPareto(c, w, h, t) {
  return scatter(c, w, h, t, valueAxis, axes[data.parameters.length], new Set(data.pareto)).near;
}

// Values between trials are means of those around, the nearer the heavier.
function drawPair(c, w, h, t) {
  const [xAxis, yAxis] = [parameterAxes[byId('pair-x').value], parameterAxes[byId('pair-y').value]];
  if (!xAxis || !yAxis) return null;
  const { left, right, top, bottom } = edges(w, h);
  const x = axisScale(xAxis, left, right), y = axisScale(yAxis, bottom, top);
  const known = thinned(shown.filter((n) => rankOf.has(n) && xAxis.at(n) !== null && yAxis.at(n) !== null), 400)
    .map((n) => [x(xAxis.at(n)), y(yAxis.at(n)), rankOf.get(n)]);
  const cell = 12;
  for (let px = left; known.length > 2 && px < right; px += cell)
    for (let py = top; py < bottom; py += cell) {
      let sum = 0, weights = 0;
      for (const [kx, ky, rank] of known) {
        const weight = 1 / ((kx - px - cell / 2) ** 2 + (ky - py - cell / 2) ** 2 + 60) ** 1.5;
        sum += weight * rank;
        weights += weight;
      }
      c.fillStyle = valueColour(ranked[Math.round(sum / weights)], 0.35);
      c.fillRect(px, py, Math.min(cell, right - px), Math.min(cell, bottom - py));
    }
  return scatter(c, w, h, t, xAxis, yAxis, new Set([data.best])).near;
}

function drawTimeline(c, w, h, t) {
  const spans = data.spans, slots = spans.reduce((most, s) => Math.max(most, s[1] + 1), 1);
  const last = spans.reduce((most, s) => Math.max(most, s[3]), 0);
  const { x, y } = frame(c, w, h, t, { name: 'seconds', low: 0, high: last || 1 }, { name: 'slot', low: 0, high: slots, names: null });
  const height = Math.max(1, Math.abs(y(0) - y(1)) - (slots > 60 ? 0 : 2));
  for (const [n, slot, begin, end] of spans) {
    c.fillStyle = stateColour(t, n);
    c.globalAlpha = n % 2 ? 0.6 : 0.85;
    c.fillRect(x(begin), y(slot + 1), Math.max(x(end) - x(begin), 0.7), height);
  }
  c.globalAlpha = 1;
  return (px, py) => {
    const [when, slot] = [x.back(px), Math.floor(y.back(py))];
    const found = spans.find((s) => s[1] === slot && s[2] <= when && when <= s[3]);
    return found ? about(found[0]) : null;
  };
}
