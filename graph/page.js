// Layers and their order come with the data; here boxes get their places, which change as modules fold.
const { nodes, groups } = data;
const svg = byId('graph'), view = byId('view'), slider = byId('step');
const GAP = 22, LAYER_GAP = 30, MARGIN = 14, TITLE = 22, LINE = 16, MANY = 400;
const NODE = 0, GROUP = 1, BEND = 2;
const folded = new Set();

// ---- places
function withoutOverlap(wish, widths) {  // pool adjacent violators: nearest to the wishes, in order, apart
  const offsets = [], pools = [];
  let offset = 0;
  wish.forEach((x, i) => {
    if (i > 0) offset += (widths[i - 1] + widths[i]) / 2 + GAP;
    offsets.push(offset);
    pools.push({ sum: x - offset, count: 1 });
    while (pools.length > 1) {
      const last = pools[pools.length - 1], before = pools[pools.length - 2];
      if (before.sum / before.count <= last.sum / last.count) break;
      before.sum += last.sum;
      before.count += last.count;
      pools.pop();
    }
  });
  const places = [];
  for (const p of pools)
    for (let k = 0; k < p.count; ++k) places.push(p.sum / p.count + offsets[places.length]);
  return places;
}

function place(g) {
  const group = groups[g], items = group.items;
  if (folded.has(g)) {
    group.width = Math.max(70, 7.4 * group.name.length + 30);
    group.height = 2 * LINE + 10;
    return;
  }
  const near = items.map(() => []);
  for (const item of items) {
    item.x = 0;
    if (item.kind === GROUP) {
      place(item.of);
      item.width = groups[item.of].width;
      item.height = groups[item.of].height;
    } else if (item.kind === NODE) {
      item.width = nodes[item.of].width;
      item.height = nodes[item.of].height;
    } else {
      item.width = 8;
      item.height = 0;
    }
  }
  for (const [from, to] of group.links) {
    near[from].push(to);
    near[to].push(from);
  }
  const layers = group.layers;
  for (let sweep = -1; sweep < 8; ++sweep)
    for (let k = 0; k < layers.length; ++k) {
      const layer = layers[sweep % 2 === 0 ? layers.length - 1 - k : k];
      const wish = layer.map(i => sweep < 0 || !near[i].length ? items[i].x
        : near[i].reduce((sum, j) => sum + items[j].x, 0) / near[i].length);
      withoutOverlap(wish, layer.map(i => items[i].width)).forEach((x, i) => { items[layer[i]].x = x; });
    }
  let left = Infinity, right = -Infinity, y = g === 0 ? MARGIN : TITLE;
  for (const layer of layers) {
    let height = 0;
    for (const i of layer) {
      left = Math.min(left, items[i].x - items[i].width / 2);
      right = Math.max(right, items[i].x + items[i].width / 2);
      height = Math.max(height, items[i].height);
    }
    for (const i of layer) {
      if (items[i].kind === BEND) items[i].height = height;  // straight past its neighbours
      items[i].y = y + height - items[i].height;  // near to who reads it
    }
    if (height > 0) y += height + LAYER_GAP;
  }
  group.width = Math.max(right - left + 2 * MARGIN, 8 * group.name.length + 30);
  group.height = y - LAYER_GAP + MARGIN;
  const shift = (group.width - left - right) / 2;
  for (const item of items) item.x += shift;
  for (const i of layers[0]) items[i].y = 0;
  for (const i of layers[layers.length - 1]) items[i].y = group.height;
}

// ---- drawing
function make(name, attributes, parent, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

let pieces = [];         // what can be out of sight, with its place in the whole
let paths = new Map();  // by the node whose value they carry

function border(item, source, bottom) {
  if (item.kind !== GROUP || folded.has(item.of)) return item.x;
  const inner = groups[item.of], layer = inner.layers[bottom ? inner.layers.length - 1 : 0];
  const bend = layer.find(i => inner.items[i].of === source);
  return bend === undefined ? item.x : item.x - item.width / 2 + inner.items[bend].x;
}

// By what number a node multiplies the gradient that it passes on; a sum, where it reads a value several times.
function factor(reader, from) {
  const numbers = nodes[reader].inputs.filter(input => input.node === from && input.passed).map(input => input.derivative);
  if (!numbers.length || !numbers.every(n => /^−?[\d.]+(e[-−+]?\d+)?$/.test(n))) return '';
  return '× ' + (numbers.length > 1 ? `(${numbers.join(' + ')})` : numbers[0].replace(/^−.*$/, '($&)'));
}

// The outer side of an edge that bends towards its reader.
function beside(x1, y1, x2, y2) {
  const side = x1 < x2 - 4 ? -1 : 1, bent = Math.abs(x1 - x2) > 4;
  return { x: (x1 + x2) / 2 + 7 * side, y: (y1 + y2) / 2 + (bent ? 10 : 3), 'text-anchor': side < 0 ? 'end' : 'start' };
}

function drawNode(i, item, parent, left, top) {
  const node = nodes[i], x = item.x, y = item.y;
  const g = make('g', { class: 'node ' + node.kind, id: 'n' + i, role: 'img', 'aria-label': spoken(node) }, parent);
  make('title', {}, g, spoken(node));
  make('rect', { x: x - item.width / 2, y, width: item.width, height: item.height, rx: node.kind === 'op' ? 5 : 14 }, g);
  let line = y + 1;
  make('text', { x, y: line += LINE }, g, node.label);
  if (node.caption) make('text', { x, y: line += LINE, class: 'value' }, g, node.caption);
  if (node.gradient) make('text', { x, y: line += LINE, class: 'gradient' }, g, node.gradient);
  for (const [at, text] of node.factors) make('text', { ...at, class: 'gradient factor' }, g, text);
  node.element = g;
  pieces.push({ element: g, left: left + x - item.width / 2, top: top + y, width: item.width, height: item.height });
  node.piece = pieces[pieces.length - 1];
}

const counted = n => n + (n === 1 ? ' node' : ' nodes');

// `left` and `top` are those of the parent in the whole.
function draw(g, parent, x, y, left, top) {
  const group = groups[g];
  left += x;
  top += y;
  const inner = make('g', { transform: `translate(${x} ${y})` }, parent);
  if (g > 0) {
    inner.setAttribute('class', 'module' + (folded.has(g) ? ' folded' : ''));
    inner.id = 'm' + g;
    make('rect', { width: group.width, height: group.height, rx: 10 }, inner);
    const title = make('g', { class: 'title', role: 'button', 'aria-expanded': !folded.has(g),
      'aria-label': `module ${group.path}, ${counted(group.count)}` }, inner);
    make('rect', { width: group.width, height: folded.has(g) ? group.height : TITLE }, title);
    make('text', { x: 8, y: 15 }, title, (folded.has(g) ? '▸ ' : '▾ ') + group.name);
    if (folded.has(g)) make('text', { x: 8, y: 31 }, title, counted(group.count));
    title.addEventListener('click', () => { if (!moved) toggle(g); });
  }
  if (folded.has(g)) return;
  for (const [from, to, source] of group.links) {
    const a = group.items[from], b = group.items[to];
    const x1 = border(a, source, true), y1 = a.y + a.height, x2 = border(b, source, false), y2 = b.y;
    const bow = Math.abs(y2 - y1) / 2;
    const path = make('path', { d: `M${x1} ${a.kind === BEND ? a.y : y1}V${y1}C${x1} ${y1 + bow} ${x2} ${y2 - bow} ${x2} ${y2}` }, inner);
    if (b.kind === NODE) path.classList.add('into');
    if (a.kind === NODE && b.kind === NODE)
      nodes[b.of].factors.push([beside(x1, y1, x2, y2), factor(b.of, a.of)]);
    if (!paths.has(source)) paths.set(source, []);
    paths.get(source).push(path);
  }
  for (const item of group.items) {
    if (item.kind === GROUP) draw(item.of, inner, item.x - item.width / 2, item.y, left, top);
    if (item.kind === NODE) drawNode(item.of, item, inner, left, top);
  }
}

function redraw() {
  for (const node of nodes) { node.element = null; node.factors = []; }
  paths = new Map();
  pieces = [];
  view.textContent = '';
  place(0);
  draw(0, view, 0, 0, 0, 0);
  cull();
  shown = 0;
  show(Number(slider.value));
}

// ---- steps: every node forward, then every node that gets a gradient, in the order of backward
const backward = [...nodes.keys()].reverse().filter(i => nodes[i].kind === 'op' && nodes[i].gradient)
  .concat([...nodes.keys()].filter(i => nodes[i].kind === 'leaf' && nodes[i].gradient));
const total = nodes.length + backward.length;
slider.max = total;
let shown = 0, selected = -1;

const at = step => step <= nodes.length ? step - 1 : backward[step - nodes.length - 1];
const mark = (step, on) => {
  const element = nodes[at(step)].element;
  if (element) element.classList.toggle(step <= nodes.length ? 'has-value' : 'has-gradient', on);
};

function show(step) {
  while (shown < step) mark(++shown, true);
  while (shown > step) mark(shown--, false);
  byId('phase').textContent = step === 0 ? 'Start' : step <= nodes.length ? `Forward ${step} of ${nodes.length}`
    : `Backward ${step - nodes.length} of ${backward.length}`;
  slider.setAttribute('aria-valuetext', byId('phase').textContent);
  select(step === 0 ? -1 : at(step));
}

function go(step) {
  slider.value = Math.max(0, Math.min(total, step));
  show(Number(slider.value));
}

// ---- details
const spoken = n => [n.label, n.module && 'in ' + n.module, n.type, n.value && 'value ' + n.value].filter(Boolean).join(', ');

function add(parent, name, text, kind) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  parent.appendChild(element);
  return element;
}

function describe(i) {
  const details = byId('details');
  details.textContent = '';
  if (i < 0) {
    add(details, 'p', 'Step forward: every op computes its value from those above it. Then backward: every op gets the ' +
      'gradient of the result with respect to its value, and passes it on, times its local derivative.');
    if (backward.length && !backward.some(i => nodes[i].kind === 'op'))
      add(details, 'p', 'Only leaves have gradients here: backward had freed what the ops kept before the picture was made. ' +
        'Make it before backward(), or call backward with retain_graph.');
    if (data.rule) add(details, 'h2', 'The chain rule');
    for (const line of (data.rule || '').split('\n')) if (line) add(details, 'p', line, 'rule');
    return;
  }
  const node = nodes[i], hasValue = i < shown || shown > nodes.length;
  const hasGradient = node.gradient && backward.indexOf(i) < shown - nodes.length;
  add(details, 'h2', node.label + (node.name && node.name !== node.label ? ' — ' + node.name : ''));
  const list = add(details, 'dl');
  const row = (term, text, kind) => {
    if (!text) return;
    add(list, 'dt', term);
    add(list, 'dd', text, kind);
  };
  row('module', node.module);
  row('type', node.type);
  row('is', node.expression);
  if (hasValue) row('value', node.value, 'v');
  if (hasGradient) row('gradient', node.arrived, 'g');
  row('keeps', node.saved);
  for (const input of node.inputs) {
    const p = add(details, 'p', undefined, hasGradient && input.passed ? 'pass' : '');
    const to = input.node >= 0 ? nodes[input.node].label : input.number;
    add(p, 'strong', input.name + ': ');
    add(p, 'span', to || '?');
    if (!hasGradient || !input.passed) continue;
    add(p, 'br');
    if (input.derivative) {
      add(p, 'span', `local derivative ${input.math} = ${input.derivative}`);
      add(p, 'br');
      add(p, 'span', `${node.arrived} · ${input.derivative.replace(/^(−.*)$/, '($1)')} = `, 'g');
    } else if (input.formula) {
      add(p, 'span', input.formula + ' = ', 'g');
    }
    add(p, 'span', input.passed, 'g');
  }
}

function select(i) {
  if (selected >= 0) {
    if (nodes[selected].element) nodes[selected].element.classList.remove('selected');
    for (const near of [selected, ...nodes[selected].inputs.map(input => input.node)])
      for (const path of paths.get(near) || []) path.classList.remove('near');
  }
  selected = i;
  describe(i);
  if (i < 0) return;
  if (nodes[i].element) nodes[i].element.classList.add('selected');
  for (const near of [i, ...nodes[i].inputs.map(input => input.node)])
    for (const path of paths.get(near) || []) path.classList.add('near');
  reveal(i);
}

// ---- view
let scale = 1, left = 0, top_ = 0, moved = false;
let box = svg.getBoundingClientRect();

// What is out of sight takes no time; nor does text that is too small to read.
function cull() {
  view.classList.toggle('far', scale < 0.12);
  for (const p of pieces) {
    const x = left + p.left * scale, y = top_ + p.top * scale;
    const hidden = x > box.width || y > box.height || x + p.width * scale < 0 || y + p.height * scale < 0;
    if (hidden !== p.hidden) p.element.style.display = (p.hidden = hidden) ? 'none' : '';
  }
}

function apply() {
  view.setAttribute('transform', `translate(${left} ${top_}) scale(${scale})`);
  cull();
}

function fit() {
  scale = Math.min(1.6, box.width / groups[0].width, box.height / groups[0].height);
  left = (box.width - groups[0].width * scale) / 2;
  top_ = Math.max(0, (box.height - groups[0].height * scale) / 2);
  apply();
}

function zoom(factor, x, y) {
  const to = Math.max(0.02, Math.min(4, scale * factor));
  left = x - (x - left) * to / scale;
  top_ = y - (y - top_) * to / scale;
  scale = to;
  apply();
}

// Moves the picture only when the node is out of sight.
function reveal(i) {
  const p = nodes[i].element && nodes[i].piece;
  if (!p) return;
  const x = left + p.left * scale, y = top_ + p.top * scale;
  if (x >= 0 && y >= 0 && x + p.width * scale <= box.width && y + p.height * scale <= box.height) return;
  left += box.width / 2 - x - p.width * scale / 2;
  top_ += box.height / 2 - y - p.height * scale / 2;
  apply();
}

function toggle(g) {
  if (!folded.delete(g)) folded.add(g);
  redraw();
}

function foldAll(on) {
  folded.clear();
  if (on) groups.forEach((group, g) => { if (g > 0) folded.add(g); });
  place(0);
  fit();
  redraw();
}

let grip = null;
svg.addEventListener('pointerdown', e => { grip = [e.clientX, e.clientY, left, top_]; moved = false; });
addEventListener('pointermove', e => {
  if (!grip) return;
  const dx = e.clientX - grip[0], dy = e.clientY - grip[1];
  if (Math.abs(dx) + Math.abs(dy) > 4) moved = true;
  if (moved) { left = grip[2] + dx; top_ = grip[3] + dy; apply(); }
});
addEventListener('pointerup', () => { grip = null; });
svg.addEventListener('wheel', e => {
  e.preventDefault();
  zoom(Math.exp(-e.deltaY / 400), e.clientX - box.left, e.clientY - box.top);
}, { passive: false });
const nodeAt = target => {
  const element = target.closest('.node');
  return element ? Number(element.id.slice(1)) : -1;
};
svg.addEventListener('click', e => {
  const i = nodeAt(e.target);
  if (i >= 0 && !moved) select(i);
});
svg.addEventListener('pointerover', e => { const i = nodeAt(e.target); if (i >= 0 && !grip) describe(i); });
svg.addEventListener('pointerout', e => { if (nodeAt(e.target) >= 0) describe(selected); });

const groupOf = new Map();
groups.forEach((group, g) => group.items.forEach(item => { if (item.kind === NODE) groupOf.set(item.of, g); }));
svg.addEventListener('keydown', e => {
  const i = Math.max(selected, 0);
  const readers = () => nodes.findIndex(n => n.inputs.some(input => input.node === i));
  const keys = {
    ArrowUp: () => { const from = nodes[i].inputs.find(input => input.node >= 0); if (from) select(from.node); },
    ArrowDown: () => { const to = readers(); if (to >= 0) select(to); },
    ArrowLeft: () => select(Math.max(0, i - 1)),
    ArrowRight: () => select(Math.min(nodes.length - 1, selected + 1)),
    Enter: () => { if (groupOf.get(i) > 0) toggle(groupOf.get(i)); },
    '+': () => zoom(1.25, box.width / 2, box.height / 2),
    '-': () => zoom(0.8, box.width / 2, box.height / 2),
    0: fit,
  };
  if (!keys[e.key]) return;
  e.preventDefault();
  keys[e.key]();
});

slider.addEventListener('input', () => show(Number(slider.value)));
byId('first').onclick = () => go(0);
byId('back').onclick = () => go(shown - 1);
byId('next').onclick = () => go(shown + 1);
byId('last').onclick = () => go(total);
byId('fit').onclick = fit;
byId('fold').onclick = () => foldAll(true);
byId('unfold').onclick = () => foldAll(false);
addEventListener('resize', () => { box = svg.getBoundingClientRect(); cull(); });
if (groups.length === 1) byId('fold').hidden = byId('unfold').hidden = true;

// `#step=7` opens at a step.
if (nodes.length > MANY) groups.forEach((group, g) => { if (g > 0) folded.add(g); });
const asked = /step=(\d+)/.exec(location.hash);
slider.value = asked ? Number(asked[1]) : total;
redraw(), fit();
if (!asked) select(-1);
if (scale < 0.7) { zoom(0.9 / scale, box.width / 2, 0); reveal(0); }  // readable, from its top
