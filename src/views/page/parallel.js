// Parallel coordinates, and the limits that choose which trials are shown.

const places = { xs: [], scales: [] };

function drawParallel(c, w, h, t) {
  const top = 26, bottom = h - 12, left = 40, right = w - 40;
  places.xs = axes.map((_, i) => (axes.length > 1 ? left + (i * (right - left)) / (axes.length - 1) : (left + right) / 2));
  places.scales = axes.map((axis) => axisScale(axis, bottom, top));
  const kept = new Set(shown), everyone = [...Array(count).keys()];
  const line = (n, colour) => {
    c.strokeStyle = colour;
    c.beginPath();
    let pen = false;
    axes.forEach((axis, i) => {
      const v = axis.at(n);
      if (v === null) { pen = false; return; }
      if (pen) c.lineTo(places.xs[i], places.scales[i](v)); else c.moveTo(places.xs[i], places.scales[i](v));
      pen = true;
    });
    c.stroke();
  };
  c.lineWidth = 1;
  if (shown.length < count)
    for (const n of thinned(everyone.filter((m) => !kept.has(m)), mostLines / 3)) line(n, 'rgba(128,128,128,0.12)');
  const worstFirst = thinned([...shown].sort((a, b) => (rankOf.get(b) ?? count) - (rankOf.get(a) ?? count)), mostLines);
  for (const n of worstFirst) line(n, valueColour(n, 0.55));
  axes.forEach((axis, i) => {
    const x = places.xs[i], scale = places.scales[i];
    c.strokeStyle = t.faint;
    c.beginPath();
    c.moveTo(x, top);
    c.lineTo(x, bottom);
    c.stroke();
    c.fillStyle = t.text;
    c.textAlign = i === 0 ? 'left' : i === axes.length - 1 ? 'right' : 'center';
    const room = axes.length > 1 ? (right - left) / (axes.length - 1) - 8 : w;
    c.fillText(clipped(c, axis.name, room), i === 0 ? 4 : i === axes.length - 1 ? w - 4 : x, 12);
    c.fillStyle = t.faint;
    c.textAlign = i === axes.length - 1 ? 'right' : 'left';
    for (const v of axisTicks(axis, scale, 5))
      c.fillText(clipped(c, axisText(axis, v), Math.max(room - 8, 24)), x + (i === axes.length - 1 ? -5 : 5), scale(v) + 4);
    if (!axis.brush) return;
    c.fillStyle = t.accent;
    c.globalAlpha = 0.3;
    const [a, b] = axis.brush.map((v) => Math.min(Math.max(scale(v), top), bottom));
    c.fillRect(x - 7, Math.min(a, b), 14, Math.max(Math.abs(a - b), 2));
    c.globalAlpha = 1;
  });
  return null;
}

function limit(axis, brush) {
  axis.brush = brush;
  choose();
  fillLimits();
  tell();
}

function addBrushing(canvas) {
  let begun = null;
  canvas.style.touchAction = 'pan-x';
  canvas.addEventListener('pointerdown', (e) => {
    const i = places.xs.findIndex((x) => Math.abs(x - e.offsetX) < 24);
    if (i < 0) return;
    begun = { i, y: e.offsetY };
    canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener('pointerup', (e) => {
    if (!begun) return;
    const { i, y } = begun;
    begun = null;
    if (Math.abs(e.offsetY - y) < 4) return limit(axes[i], null);
    const ends = [y, e.offsetY].map((pixel) => places.scales[i].back(pixel)).sort((a, b) => a - b);
    limit(axes[i], axes[i].names ? [ends[0], ends[1]] : ends.map((v) => Number(v.toPrecision(4))));
  });
}

function makeLimits() {
  const form = byId('limits');
  form.addEventListener('submit', (e) => e.preventDefault());
  axes.forEach((axis, i) => {
    if (axis.names) return;
    const set = document.createElement('fieldset'), legend = document.createElement('legend');
    legend.textContent = axis.name;
    set.append(legend);
    ['from', 'to'].forEach((word, end) => {
      const label = document.createElement('label'), input = document.createElement('input');
      Object.assign(input, { type: 'number', step: 'any', id: `limit-${i}-${end}` });
      label.append(`${word} `, input);
      input.addEventListener('change', () => {
        const given = [0, 1].map((k) => byId(`limit-${i}-${k}`).value);
        const brush = given.every((v) => v === '') ? null
          : [given[0] === '' ? -Infinity : Number(given[0]), given[1] === '' ? Infinity : Number(given[1])];
        limit(axis, brush);
      });
      set.append(label, ' ');
    });
    form.append(set);
  });
  byId('free').addEventListener('click', () => {
    axes.forEach((axis) => { axis.brush = null; });
    choose();
    fillLimits();
    tell();
  });
}

function fillLimits() {
  axes.forEach((axis, i) => [0, 1].forEach((end) => {
    const input = byId(`limit-${i}-${end}`);
    if (input) input.value = axis.brush && Number.isFinite(axis.brush[end]) ? axis.brush[end] : '';
  }));
  byId('shown').textContent = shown.length === count ? `all ${count} trials` : `${shown.length} of ${count} trials`;
}
