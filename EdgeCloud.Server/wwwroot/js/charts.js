import uPlot from '../uplot/uPlot.esm.js';
import { none } from './format.js';

const chartHeight = 168;
const sparkHeight = 34;
const dark = matchMedia('(prefers-color-scheme: dark)');
const wholeSteps = [1, 2, 5].flatMap(step => Array.from({ length: 9 }, (_, zeros) => step * 10 ** zeros))
  .sort((a, b) => a - b);
const plots = new Set();

const theme = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ink = name => () => theme(name);
const tint = name => () => `color-mix(in srgb, ${theme(name)} 16%, transparent)`;

// A canvas keeps the colours it was drawn with, and the size.
dark.addEventListener('change', () => plots.forEach(plot => plot.redraw()));
const sizes = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) {
    if (contentRect.width > 0)
      target.plot?.setSize({ width: Math.floor(contentRect.width), height: target.plot.height });
  }
});

function draw(host, options, data) {
  const width = Math.floor(host.getBoundingClientRect().width) || 240;
  host.plot = new uPlot(
    { width, cursor: { show: false }, legend: { show: false }, select: { show: false }, ...options }, data, host);
  plots.add(host.plot);
  sizes.observe(host);
  return host.plot;
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * A chart over the time until now, with what it shows in words, and as a table for who asks for it.
 * @param figure the element, which has a caption already.
 * @param series [{ label, color, bars?, fill? }], colours being names of the theme's variables.
 * @param span how far back it goes; every: from one mark of its axis to the next.
 * @param text one value as text; ago: a moment, x, as text.
 */
export function timeChart(figure, { series, span, every, text, ago }) {
  const host = element('div', 'plot');
  const nothing = element('p', 'nothing', 'No data yet.');
  const keys = element('p', 'keys');
  const details = element('details', 'as-table');
  const table = element('table', '');
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', 'No data yet');
  details.append(element('summary', '', 'As a table'), table);
  figure.append(host, nothing, keys, details);
  const values = series.map((one, index) => {
    const key = element('span', 'key', `${one.label} `);
    key.dataset.series = index;
    const value = element('b', '', none);
    key.append(value);
    keys.append(key);
    return value;
  });

  const axis = {
    stroke: ink('--muted'), font: `12px ${theme('--sans')}`, ticks: { show: false },
    grid: { stroke: ink('--line'), width: 1 },
  };
  const plot = draw(host, {
    height: chartHeight,
    padding: [10, 18, 0, 0],
    scales: {
      x: { time: false, range: [-span, span / 120] }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.12 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 26, incrs: [every], values: (_, moments) => moments.map(ago) },
      { ...axis, size: 46, space: 44, incrs: wholeSteps, values: (_, ticks) => ticks.map(text) },
    ],
    series: [{}, ...series.map(one => ({
      stroke: ink(one.color), fill: one.fill ? tint(one.color) : undefined,
      width: one.bars ? 0 : 1.75, points: { show: false },
      ...(one.bars && { fill: ink(one.color), paths: uPlot.paths.bars({ size: [0.72, 14], radius: 0.2 }) }),
    }))],
  }, [[], ...series.map(() => [])]);

  function fillTable(data) {
    const [moments, ...rows] = data;
    const step = Math.max(1, Math.ceil(moments.length / 12));
    const head = element('tr', '');
    head.append(...['Time', ...series.map(one => one.label)]
      .map(label => Object.assign(element('th', '', label), { scope: 'col' })));
    const body = [];
    for (let i = moments.length - 1; i >= 0; i -= step) {
      const row = element('tr', '');
      row.append(element('td', '', ago(moments[i])), ...rows.map(row => element('td', '', text(row[i]))));
      body.push(row);
    }
    table.replaceChildren(head, ...body);
  }

  let shown;
  details.addEventListener('toggle', () => shown && fillTable(shown));

  /** data: [x, y of each series]; words: what it amounts to. */
  return function show(data, words) {
    const isEmpty = !data.slice(1).some(row => row.some(value => value !== null));
    nothing.hidden = !isEmpty;
    host.style.visibility = isEmpty ? 'hidden' : '';
    host.setAttribute('aria-label', isEmpty ? 'No data yet' : words);
    values.forEach((value, index) => (value.textContent = text(data[index + 1].at(-1))));
    shown = data;
    if (details.open) fillTable(data);
    if (!isEmpty) plot.setData(data);
  };
}

/** A line without axes, for a card whose text says the number. */
export function sparkline(host, length) {
  const moments = Array.from({ length }, (_, index) => index);
  const plot = draw(host, {
    height: sparkHeight,
    padding: [3, 1, 3, 1],
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [{ show: false }, { show: false }],
    series: [{},
      { stroke: ink('--accent'), fill: tint('--accent'), width: 1.5, spanGaps: true, points: { show: false } }],
  }, [moments, Array(length).fill(null)]);
  return {
    show: values => plot.setData([moments, values]),
    remove() {
      sizes.unobserve(host);
      plots.delete(plot);
      plot.destroy();
    },
  };
}
