// Puts everything in its place.

function fillFacts() {
  document.title = `${data.name} · Troupe`;
  byId('name').textContent = data.name;
  byId('state').textContent = data.state + (data.reason ? `: ${data.reason}` : '');
  const facts = [];
  if (data.best !== null)
    facts.push([`best ${data.metric}`, `${text(trials.value[data.best])}, trial ${idOf(data.best)}`]);
  if (data.objectives.length > 1)
    facts.push(['Pareto front', `${data.pareto.length} trials (${data.pareto.slice(0, 8).map(idOf).join(', ')}${data.pareto.length > 8 ? ', …' : ''})`]);
  const counts = data.states.map((name, i) => [name, trials.state.reduce((sum, s) => sum + (s === i), 0)])
    .filter(([, n]) => n).map(([name, n]) => `${n} ${name}`);
  facts.push(['trials', `${count}${counts.length ? ` (${counts.join(', ')})` : ''}`], ['time', duration(data.wall_s)]);
  if (data.best !== null)
    facts.push(['its parameters', data.parameters.map((p, i) => `${p.name} ${text(trials.parameters[i][data.best])}`).join(', ')]);
  for (const [name, words] of facts) {
    const dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = words;
    byId('facts').append(dt, dd);
  }
}

function fillShares() {
  const greatest = Math.max(...data.importance.map(([, share]) => share), 1e-9);
  for (const [name, share] of data.importance) {
    const line = document.createElement('div'), title = document.createElement('span');
    const bar = document.createElement('div'), number = document.createElement('span');
    line.className = 'share';
    title.textContent = name;
    bar.style.width = `${(100 * share) / greatest}%`;
    number.textContent = share.toFixed(3);
    line.append(title, bar, number);
    byId('shares').append(line);
  }
}

function fillFailures() {
  const groups = new Map();
  for (let n = 0; n < count; n++) {
    if (stateOf(n) !== 'failed') continue;
    const why = (data.reasons[trials.reason[n]] ?? '').split('\n')[0];
    groups.set(why, [...(groups.get(why) ?? []), n]);
  }
  for (const [why, who] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    const item = document.createElement('li');
    const names = who.slice(0, 8).map(idOf).join(', ') + (who.length > 8 ? ` and ${who.length - 8} more` : '');
    item.textContent = `${who.length} of ${count}: ${why} (${names})`;
    byId('failure-list').append(item);
  }
  byId('failures').hidden = groups.size === 0;
}

function makePair() {
  const first = data.importance.slice(0, 2).map(([name]) => axes.findIndex((axis) => axis.name === name));
  for (const [id, chosen] of [['pair-x', first[0] ?? 0], ['pair-y', first[1] ?? 1]]) {
    parameterAxes.forEach((axis, i) => byId(id).append(new Option(axis.name, i, false, i === chosen)));
  }
  const chart = addChart(byId('pair-chart'), 380, 'Values over two parameters; the table has the numbers', drawPair);
  for (const id of ['pair-x', 'pair-y']) byId(id).addEventListener('change', chart.paint);
  byId('pair').hidden = parameterAxes.length < 2;
}

function makeSlices() {
  for (const axis of parameterAxes) {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    byId('slice-charts').append(canvas);
    addChart(canvas, 200, `${data.metric} by ${axis.name}`, (c, w, h, t) => scatter(c, w, h, t, axis, valueAxis, new Set([data.best])).near);
  }
  byId('slices').hidden = parameterAxes.length < 1;
}

let due = 0;
function tell() {
  cancelAnimationFrame(due);
  due = requestAnimationFrame(() => { paintAll(); order.page = 0; fillTable(); });
}

fillFacts();
fillShares();
fillFailures();
byId('study-text').textContent = JSON.stringify(data.study, null, 2);
byId('importance').hidden = data.importance.length === 0;
byId('curves').hidden = data.curves.length === 0;
byId('timeline').hidden = data.spans.length === 0;
byId('pareto').hidden = data.objectives.length < 2;
byId('curve-note').textContent = data.curves_left_out ? `${data.curves_left_out} further curves are not drawn: the best and some of the others are.` : '';
const bestWords = data.best === null ? 'no trial has a value' : `the best is ${text(trials.value[data.best])}, of trial ${idOf(data.best)}`;
const bestChart = addChart(byId('best-chart'), 300, `Best ${data.metric} so far; ${bestWords}`, drawBest);
byId('best-axis').addEventListener('change', bestChart.paint);
if (data.curves.length) addChart(byId('curve-chart'), 340, `${data.metric} by iteration of ${data.curves.length} trials; ${bestWords}`, drawCurves);
if (data.objectives.length > 1) addChart(byId('pareto-chart'), 340, `${data.objectives.slice(0, 2).join(' and ')} of all trials`, drawPareto);
addChart(byId('parallel-chart'), 340, 'Parameters and values of all trials, a line each; the table has the numbers', drawParallel);
addBrushing(byId('parallel-chart'));
makeLimits();
makeSlices();
makePair();
if (data.spans.length) addChart(byId('timeline-chart'), 240, 'Which trial ran when, beside which others', drawTimeline);
makeTable();
fillLimits();
fillTable();
paintAll();
window.addEventListener('resize', tell);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
window.addEventListener('beforeprint', paintAll);
