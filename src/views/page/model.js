'use strict';
// What the page knows: the study's data, and which trials are shown.

const data = JSON.parse(document.getElementById('data').textContent);
const trials = data.trials;
const count = trials.state.length;
const sign = data.mode === 'min' ? 1 : -1;

const byId = (id) => document.getElementById(id);
const idOf = (n) => String(n).padStart(5, '0');
const stateOf = (n) => data.states[trials.state[n]];
const isNumber = Number.isFinite;
const notFinite = { nan: NaN, inf: Infinity, '-inf': -Infinity };

// What JSON has no numbers for.
for (const cells of [trials.value, ...trials.metrics])
  cells.forEach((v, i) => { if (typeof v === 'string') cells[i] = notFinite[v]; });

function text(v) {
  if (v === null || v === undefined) return '';
  if (typeof v === 'number' && !isNumber(v)) return Object.keys(notFinite).find((k) => Object.is(notFinite[k], v));
  if (!isNumber(v)) return typeof v === 'string' ? v : JSON.stringify(v);
  return Number.isInteger(v) ? String(v) : String(Number(v.toPrecision(6)));
}

function duration(s) {
  if (s < 60) return `${text(Math.round(s * 10) / 10)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`;
}

// At most so many of a list, at even distances.
function thinned(list, most) {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * (list.length - 1)) / (most - 1))]);
}

const isBetter = (a, b) => sign * a < sign * b;
const valued = [...Array(count).keys()].filter((n) => isNumber(trials.value[n]));
const ranked = [...valued].sort((a, b) => sign * (trials.value[a] - trials.value[b]));
const rankOf = new Map(ranked.map((n, i) => [n, i]));

// The least and the greatest number; 0 and 1 where there is none.
function bounds(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (!isNumber(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return low > high ? [0, 1] : [low, high];
}

// An axis for each parameter, and one for the value. Texts have places on it.
const axes = data.parameters.map((p, i) => makeAxis(p.name, p.log, trials.parameters[i]));
for (const name of data.objectives.slice(1)) axes.push(makeAxis(name, false, trials.metrics[data.metrics.indexOf(name)] ?? Array(count).fill(null)));
const parameterAxes = axes.slice(0, data.parameters.length);
const valueAxis = makeAxis(data.metric, false, trials.value);
axes.push(valueAxis);

function makeAxis(name, log, given) {
  const cells = given.map((v) => (typeof v === 'number' && !isNumber(v) ? null : v));
  const numeric = cells.every((v) => v === null || isNumber(v));
  const names = numeric ? null : [...new Set(cells.filter((v) => v !== null).map(text))].sort();
  const places = names && new Map(names.map((v, i) => [v, i]));
  const at = numeric ? (n) => cells[n] : (n) => (cells[n] === null ? null : places.get(text(cells[n])));
  const [low, high] = bounds(cells.map((_, n) => at(n)));
  return { name, log: log && low > 0, names, at, low, high, brush: null };
}

let shown = [...Array(count).keys()];

function choose() {
  const limited = axes.filter((a) => a.brush);
  shown = [...Array(count).keys()].filter((n) =>
    limited.every((a) => a.at(n) !== null && a.at(n) >= a.brush[0] && a.at(n) <= a.brush[1]));
}
