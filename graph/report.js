// Draws what the page's data hold: a card for each plot, spread, image and text.
const W = 480, H = 230, LEFT = 58, RIGHT = 12, TOP = 10, BOTTOM = 26, BARS = 74;

function element(name, attributes = {}, ...children) {
  const svg = ['svg', 'g', 'path', 'line', 'text', 'rect', 'circle'].includes(name);
  const e = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children);
  return e;
}

// At most four digits that matter.
function short(v) {
  if (v === null) return 'not finite';
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return v.toExponential(2).replace('-', '−').replace('+', '');
  return String(Number(v.toPrecision(4))).replace('-', '−');
}

// Round numbers that cut [low, high] into about `count` parts.
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(k => k * power).find(s => s >= rough * 0.7);
  const list = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k) list.push(k * step);
  return list;
}
function logTicks(low, high) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 1) return ticks(low, high, 4).filter(v => v > 0);
  const every = Math.ceil((last - first + 1) / 6), list = [];
  for (let e = first; e <= last; e += every) list.push(10 ** e);
  return list;
}

// A scale from values to pixels, with room for `margin` of them on both sides; one value alone gets room around it.
function scale(values, from, to, log, margin) {
  let low = Math.min(...values), high = Math.max(...values);
  if (low === high) {
    const room = log ? 0 : Math.abs(low) / 2 || 1;
    if (log) [low, high] = [low / 2, high * 2]; else [low, high] = [low - room, high + room];
  }
  const f = log ? Math.log10 : v => v, room = (to - from) * margin;
  const at = v => from + room + (f(v) - f(low)) / (f(high) - f(low)) * (to - from - 2 * room);
  at.ticks = count => log ? logTicks(low, high) : ticks(low, high, count);
  return at;
}

function axes(svg, steps, x, y, right) {
  for (const v of y.ticks(4)) {
    svg.append(element('line', { class: 'grid', x1: LEFT, x2: right, y1: y(v), y2: y(v) }));
    svg.append(element('text', { x: LEFT - 6, y: y(v) + 4, 'text-anchor': 'end' }, short(v)));
  }
  for (const v of steps.length > 1 ? x.ticks(5).filter(Number.isInteger) : steps)
    svg.append(element('text', { x: x(v), y: H - 8, 'text-anchor': 'middle' }, v >= 1e4 ? v / 1000 + 'k' : String(v)));
}

// Where there is no number, the line is broken.
function line(points, x, y) {
  let d = '', on = false;
  for (const [step, value] of points) {
    if (value === null || !Number.isFinite(y(value))) { on = false; continue; }
    d += (on ? 'L' : 'M') + x(step).toFixed(1) + ' ' + y(value).toFixed(1);
    on = true;
  }
  return d;
}

// A card with a plot, whose cursor goes along `steps`.
function card(kind, tag, steps, draw, show) {
  const figure = element('figure', { tabindex: 0, class: kind, role: 'group', 'aria-label': tag, 'aria-describedby': 'help' });
  const svg = element('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': tag });
  const caption = element('figcaption', { 'aria-live': 'polite' });
  const heading = element('h2', {}, tag);
  figure.append(heading, svg, caption);
  let at = steps.length - 1, log = false, x;
  const cursor = element('line', { class: 'cursor', y1: TOP, y2: H - BOTTOM });
  function move(to, visible = true) {
    at = Math.max(0, Math.min(steps.length - 1, to));
    cursor.setAttribute('visibility', visible ? 'visible' : 'hidden');
    for (const side of ['x1', 'x2']) cursor.setAttribute(side, x(steps[at]));
    show(at, caption, svg);
  }
  function redraw() {
    svg.replaceChildren();
    x = draw(svg, log);
    svg.append(cursor);
    heading.replaceChildren(tag, ...(log ? [element('small', {}, ' (logarithmic)')] : []));
    move(at, document.activeElement === figure);
  }
  figure.addEventListener('keydown', event => {
    const by = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: at - by, ArrowRight: at + by, Home: 0, End: steps.length - 1 }[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'l' || event.key === 'L') { log = !log; redraw(); }
    else return;
    event.preventDefault();
  });
  svg.addEventListener('pointermove', event => {
    const place = (event.clientX - svg.getBoundingClientRect().left) / svg.getBoundingClientRect().width * W;
    let low = 0, high = steps.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x(steps[middle]) < place) low = middle + 1; else high = middle;
    }
    move(low > 0 && place - x(steps[low - 1]) < x(steps[low]) - place ? low - 1 : low);
  });
  svg.addEventListener('pointerleave', () => move(steps.length - 1, document.activeElement === figure));
  figure.addEventListener('focus', () => move(at));
  figure.addEventListener('blur', () => move(at, false));
  redraw();
  return figure;
}

const colour = i => `var(--c${i % 6})`;

function plotCard(plot) {
  const steps = [...new Set(plot.curves.flatMap(c => c.points.map(p => p[0])))].sort((a, b) => a - b);
  // The newest value of a curve at a step; curves may have steps of their own.
  const newest = (points, step) => points.filter(p => p[0] <= step).pop()?.[1];
  const draw = (svg, log) => {
    const all = plot.curves.flatMap(c => c.points.map(p => p[1])).filter(v => v !== null && (!log || v > 0));
    const values = all.length > 0 ? all : [1];
    const x = scale(steps, LEFT, W - RIGHT, false, 0), y = scale(values, H - BOTTOM, TOP, log, 0.04);
    axes(svg, steps, x, y, W - RIGHT);
    plot.curves.forEach((c, i) =>
      svg.append(element('path', { class: 'curve', style: `stroke: ${colour(i)}`, d: line(c.points, x, y) })));
    if (steps.length === 1)
      plot.curves.forEach((c, i) => svg.append(
        element('circle', { cx: x(steps[0]), cy: y(c.points[0][1] ?? values[0]), r: 3, style: `fill: ${colour(i)}` })));
    return x;
  };
  const show = (at, caption) => {
    caption.replaceChildren(element('span', {}, 'step ' + steps[at]), ...plot.curves.map((c, i) => {
      const value = newest(c.points, steps[at]);
      const text = (c.name ? c.name + ' ' : '') + (value === undefined ? '—' : short(value));
      return element('span', {}, element('span', { class: 'key', style: `background: ${colour(i)}` }), text);
    }));
  };
  return card('plot', plot.tag, steps, draw, show);
}

function spreadCard(spread) {
  const steps = spread.steps.map(s => s.step), right = W - RIGHT - BARS;
  let y;
  const draw = (svg, log) => {
    const values = spread.steps.flatMap(s => s.quantiles).filter(v => !log || v > 0);
    const x = scale(steps, LEFT, right, false, 0);
    y = scale(values.length > 0 ? values : [1], H - BOTTOM, TOP, log, 0.04);
    axes(svg, steps, x, y, right);
    const edge = k => spread.steps.map(s => [s.step, log && s.quantiles[k] <= 0 ? null : s.quantiles[k]]);
    for (let k = 0; k < 4; ++k) {
      const low = line(edge(k), x, y), high = line(edge(8 - k).reverse(), x, y);
      if (low && high) svg.append(element('path', { class: 'band', d: low + high.replace(/^M/, 'L') + 'Z' }));
    }
    svg.append(element('path', { class: 'middle', d: line(edge(4), x, y) }));
    svg.append(element('g', { class: 'bars' }));
    return x;
  };
  const show = (at, caption, svg) => {
    const { step, quantiles, bars } = spread.steps[at], most = Math.max(...bars);
    const low = quantiles[0], width = (quantiles[8] - low) / bars.length;
    svg.querySelector('.bars').replaceChildren(...bars.flatMap((count, i) => {
      const y1 = y(low + width * (i + 1)), y0 = y(low + width * i);
      if (count === 0 || !Number.isFinite(y0) || !Number.isFinite(y1)) return [];
      return [element('rect', { class: 'bar', x: right + 10, width: count / most * (BARS - 12), y: Math.min(y0, y1) - (width === 0 ? 2 : 0),
        height: width === 0 ? 4 : Math.max(0.8, Math.abs(y0 - y1) - 0.6) })];
    }));
    caption.replaceChildren(...[`step ${step}`, `least ${short(low)}`, `median ${short(quantiles[4])}`,
      `greatest ${short(quantiles[8])}`].map(text => element('span', {}, text)));
  };
  return card('spread', spread.tag, steps, draw, show);
}

function itemCard(kind, item, content) {
  const title = element('h2', {}, item.tag, ...(item.step === null ? [] : [element('small', {}, ` step ${item.step}`)]));
  return element('figure', { class: kind, tabindex: 0, 'aria-label': item.tag }, title, content);
}

byId('cards').append(
  ...data.plots.map(plotCard), ...data.spreads.map(spreadCard),
  ...data.images.map(i => itemCard('image', i, element('img', { alt: i.tag, src: 'data:image/png;base64,' + i.content }))),
  ...data.texts.map(t => itemCard('text', t, element('pre', {}, t.content))));
