// The table of trials.

const pageSize = 100;
const order = { column: 0, descending: false, page: 0 };

const columns = [
  { name: 'trial', cell: idOf, isText: true },
  { name: 'state', cell: stateOf, isText: true },
  ...(trials.name.some(Boolean) ? [{ name: 'name', cell: (n) => trials.name[n], isText: true }] : []),
  ...data.parameters.map((p, i) => ({ name: p.name, cell: (n) => trials.parameters[i][n] })),
  ...data.metrics.map((name, i) => ({ name, cell: (n) => trials.metrics[i][n] })),
  { name: 'iterations', cell: (n) => trials.iterations[n] },
  { name: 'seconds', cell: (n) => trials.wall_s[n] },
  { name: 'reason', cell: (n) => data.reasons[trials.reason[n]] ?? '', isText: true, isLong: true },
];

function rows() {
  const state = byId('table-state').value, words = byId('table-text').value.toLowerCase();
  const fits = (n) => (!state || stateOf(n) === state) &&
    (!words || columns.some((column) => text(column.cell(n)).toLowerCase().includes(words)));
  const found = shown.filter(fits), { cell } = columns[order.column];
  const before = (a, b) => {
    const [x, y] = [cell(a), cell(b)];
    if (x === y) return a - b;
    if (x === null || x === '') return 1;
    if (y === null || y === '') return -1;
    const less = isNumber(x) && isNumber(y) ? x - y : text(x) < text(y) ? -1 : 1;
    return order.descending ? -less : less;
  };
  return found.sort(before);
}

function fillHead() {
  const line = document.createElement('tr');
  columns.forEach((column, i) => {
    const th = document.createElement('th'), button = document.createElement('button');
    button.type = 'button';
    button.textContent = column.name + (i === order.column ? (order.descending ? ' ▼' : ' ▲') : '');
    button.addEventListener('click', () => {
      order.descending = i === order.column && !order.descending;
      order.column = i;
      order.page = 0;
      fillHead();
      fillTable();
      byId('table').tHead.rows[0].cells[i].firstChild.focus();
    });
    th.scope = 'col';
    if (column.isText) th.className = 'text';
    if (i === order.column) th.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
    th.append(button);
    line.append(th);
  });
  byId('table').tHead.replaceChildren(line);
}

function fillTable() {
  const all = rows(), first = order.page * pageSize, page = all.slice(first, first + pageSize);
  byId('table').tBodies[0].replaceChildren(...page.map((n) => {
    const line = document.createElement('tr');
    if (n === data.best) line.className = 'best';
    for (const column of columns) {
      const td = document.createElement('td');
      td.textContent = text(column.cell(n));
      td.className = `${column.isText ? 'text' : ''} ${column.isLong ? 'long' : ''}`.trim();
      if (column.isLong) td.title = td.textContent;
      line.append(td);
    }
    return line;
  }));
  byId('table-count').textContent = all.length
    ? `${first + 1} to ${first + page.length} of ${all.length} trials` : 'no trials';
  byId('table-back').disabled = order.page === 0;
  byId('table-on').disabled = first + page.length >= all.length;
}

function makeTable() {
  const state = byId('table-state');
  state.append(new Option('any', ''));
  data.states.forEach((name, i) => { if (trials.state.includes(i)) state.append(new Option(name, name)); });
  const again = () => { order.page = 0; fillTable(); };
  state.addEventListener('change', again);
  byId('table-text').addEventListener('input', again);
  byId('table-back').addEventListener('click', () => { order.page--; fillTable(); });
  byId('table-on').addEventListener('click', () => { order.page++; fillTable(); });
  fillHead();
}
