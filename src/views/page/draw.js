// Canvases that follow their size, and what is drawn on all of them.

const charts = [];

function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    text: colour('--text'), faint: colour('--faint'), line: colour('--line'), accent: colour('--accent'),
    good: colour('--good'), stopped: colour('--stopped'), failed: colour('--failed'), back: colour('--panel'),
  };
}

function stateColour(t, n) {
  const state = stateOf(n);
  if (state === 'failed') return t.failed;
  if (state === 'stopped' || state === 'interrupted') return t.stopped;
  return state === 'completed' ? t.good : t.accent;
}

// From the worst value to the best.
function valueColour(n, alpha = 1) {
  const rank = rankOf.get(n);
  if (rank === undefined) return `rgba(128,128,128,${alpha})`;
  const part = ranked.length > 1 ? 1 - rank / (ranked.length - 1) : 1;
  return `hsla(${250 - 110 * part},${45 + 30 * part}%,${62 - 12 * part}%,${alpha})`;
}

// `draw(context, width, height, theme)` returns what a pointer is near to: (x, y) => text or null.
function addChart(canvas, height, label, draw) {
  const chart = { canvas, near: null };
  chart.paint = () => {
    const width = Math.max(canvas.clientWidth, 120), ratio = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const c = canvas.getContext('2d');
    c.scale(ratio, ratio);
    c.font = '12px system-ui, sans-serif';
    chart.near = draw(c, width, height, theme()) || null;
  };
  canvas.setAttribute('aria-label', label);
  canvas.addEventListener('pointermove', (e) => {
    const words = chart.near && chart.near(e.offsetX, e.offsetY);
    const hint = byId('hint');
    hint.hidden = !words;
    if (!words) return;
    hint.textContent = words;
    hint.style.left = `${Math.min(e.clientX + 14, window.innerWidth - 350)}px`;
    hint.style.top = `${Math.min(e.clientY + 14, window.innerHeight - 120)}px`;
  });
  canvas.addEventListener('pointerleave', () => { byId('hint').hidden = true; });
  charts.push(chart);
  return chart;
}

const paintAll = () => charts.forEach((chart) => chart.paint());

// A scale from values to pixels.
function makeScale(low, high, from, to, log = false) {
  if (!(high > low)) {
    const room = Math.abs(low) * 0.1 || 1;
    [low, high, log] = [low - room, high + room, false];
  }
  const f = log ? Math.log10 : (v) => v;
  const [a, b] = [f(low), f(high)];
  const scale = (v) => from + ((f(v) - a) / (b - a)) * (to - from);
  scale.back = (pixel) => {
    const v = a + ((pixel - from) / (to - from)) * (b - a);
    return log ? 10 ** v : v;
  };
  scale.ticks = (most) => (log ? logTicks(a, b, most) : evenTicks(low, high, most));
  return scale;
}

function evenTicks(low, high, most) {
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9 && ticks.length < 100; v += step)
    ticks.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return ticks;
}

function logTicks(a, b, most) {
  const every = Math.max(1, Math.ceil((b - a) / most)), ticks = [];
  for (let e = Math.ceil(a - 1e-9); e <= b + 1e-9; e += every) ticks.push(10 ** e);
  return ticks.length > 1 ? ticks : [10 ** a, 10 ** b];
}

const axisScale = (axis, from, to) => {
  const room = axis.names ? 0.5 : 0;
  return makeScale(axis.low - room, axis.high + room, from, to, axis.log);
};

const axisTicks = (axis, scale, most) =>
  axis.names ? thinned(axis.names.map((_, i) => i), most) : scale.ticks(most);

const axisText = (axis, v) => (axis.names ? axis.names[Math.round(v)] ?? '' : text(v));

function clipped(c, words, room) {
  if (c.measureText(words).width <= room) return words;
  let end = words.length;
  while (end > 1 && c.measureText(`${words.slice(0, end)}…`).width > room) end--;
  return `${words.slice(0, end)}…`;
}

const edges = (w, h) => ({ left: 62, right: w - 12, top: 24, bottom: h - 34 });

// A frame with two axes; returns the scales.
function frame(c, w, h, t, xAxis, yAxis) {
  const { left, right, top, bottom } = edges(w, h);
  const x = axisScale(xAxis, left, right), y = axisScale(yAxis, bottom, top);
  c.strokeStyle = t.line;
  c.fillStyle = t.faint;
  c.lineWidth = 1;
  for (const v of axisTicks(yAxis, y, 6)) {
    c.beginPath();
    c.moveTo(left, y(v));
    c.lineTo(right, y(v));
    c.stroke();
    c.textAlign = 'right';
    c.fillText(clipped(c, axisText(yAxis, v), left - 8), left - 6, y(v) + 4);
  }
  for (const v of axisTicks(xAxis, x, Math.max(2, Math.floor(w / 90)))) {
    c.textAlign = 'center';
    c.fillText(clipped(c, axisText(xAxis, v), 80), x(v), bottom + 15);
  }
  c.textAlign = 'right';
  c.fillText(clipped(c, xAxis.name, w - 20), right, h - 4);
  c.textAlign = 'left';
  c.fillText(clipped(c, yAxis.name, w - 20), 4, 13);
  return { x, y };
}

function dot(c, x, y, r, colour) {
  c.fillStyle = colour;
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fill();
}

function about(n) {
  const lines = [`trial ${idOf(n)}${trials.name[n] ? ` ${trials.name[n]}` : ''}: ${stateOf(n)}`];
  if (isNumber(trials.value[n])) lines.push(`${data.metric} ${text(trials.value[n])}`);
  data.parameters.forEach((p, i) => {
    if (trials.parameters[i][n] !== null) lines.push(`${p.name} ${text(trials.parameters[i][n])}`);
  });
  return lines.slice(0, 12).join('\n');
}

// What of a list of [x, y, trial] is nearest, within some pixels.
function nearest(points) {
  return (x, y) => {
    let found = null, least = 12 * 12;
    for (const [px, py, n] of points) {
      const d = (px - x) ** 2 + (py - y) ** 2;
      if (d < least) [least, found] = [d, n];
    }
    return found === null ? null : about(found);
  };
}
