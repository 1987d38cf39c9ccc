import uPlot from '../uplot/uPlot.esm.js';
import { clockMinutes, day, dayAndClock, isMidnight, none, write } from './format.js';

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

function erase(host) {
  sizes.unobserve(host);
  plots.delete(host.plot);
  host.plot.destroy();
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Values without a neighbour, of which a line would show nothing. */
const lonely = (plot, index) => plot.data[index].flatMap((value, i, row) =>
  (value != null && row[i - 1] == null && row[i + 1] == null ? [i] : []));

/** The time until now. span: how far back it goes; every: from one mark to the next; ago: a moment, x, as text. */
export const untilNow = (span, every, ago) => ({
  scale: { time: false, range: [-span, span / 120] }, axis: { incrs: [every] }, moment: ago, mark: ago,
});

/** The time between two moments, in seconds of Unix, which range() has. */
export const between = range => ({
  scale: { time: true, range }, axis: { space: 64 }, moment: dayAndClock,
  mark: seconds => (isMidnight(seconds) ? day(seconds) : clockMinutes(seconds)),
});

/**
 * A chart over time, with what it shows in words, and as a table for who asks for it.
 * @param figure the element, which has a caption already.
 * @param x untilNow(…) or between(…); text: one value as text.
 * @param isEmptyDrawn whether the axes are there without data too.
 */
export function timeChart(figure, { x, text, series: first, height = chartHeight, isEmptyDrawn = false }) {
  const host = element('div', 'plot');
  const nothing = element('p', 'nothing', 'No data yet.');
  nothing.hidden = isEmptyDrawn;
  const keys = element('p', 'keys');
  const details = element('details', 'as-table');
  const table = element('table', '');
  const scroll = element('div', 'scroll');
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', 'No data yet');
  host.style.height = `${height}px`;
  scroll.tabIndex = 0;
  scroll.append(table);
  details.append(element('summary', '', 'As a table'), scroll);
  figure.append(host, nothing, keys, details);

  const axis = {
    stroke: ink('--muted'), font: `12px ${theme('--sans')}`, ticks: { show: false },
    grid: { stroke: ink('--line'), width: 1 },
  };
  let shown, series, plot, values;

  function start(wanted) {
    series = wanted;
    values = series.map(({ label, color, dash }) => {
      const key = element('span', 'key', `${label} `);
      key.style.setProperty('--key', `var(${color})`);
      key.dataset.dashed = Boolean(dash);
      const value = element('b', '', none);
      key.append(value);
      return { key, value };
    });
    keys.replaceChildren(...values.map(({ key }) => key));
    if (plot) erase(host);
    plot = draw(host, {
      height,
      padding: [10, 18, 0, 0],
      scales: { x: x.scale, y: { range: (_, low, high) => [0, Math.max(1, high * 1.12)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 26, ...x.axis, values: (_, moments) => moments.map(x.mark) },
        { ...axis, size: 46, space: 44, incrs: wholeSteps, values: (_, ticks) => ticks.map(text) },
      ],
      series: [{}, ...series.map(({ color, fill, dash, width = 1.75 }) => ({
        stroke: ink(color), fill: fill ? tint(color) : undefined, width, dash,
        points: { show: false, filter: lonely, size: 5, fill: ink(color) },
      }))],
    }, [[], ...series.map(() => [])]);
  }

  function fillTable(data) {
    const [moments, ...rows] = data;
    const step = Math.max(1, Math.ceil(moments.length / 12));
    const head = element('tr', '');
    head.append(...['Time', ...series.map(one => one.label)]
      .map(label => Object.assign(element('th', '', label), { scope: 'col' })));
    const body = [];
    for (let i = moments.length - 1; i >= 0; i -= step) {
      const row = element('tr', '');
      row.append(element('td', '', x.moment(moments[i])), ...rows.map(row => element('td', '', text(row[i]))));
      body.push(row);
    }
    table.replaceChildren(head, ...body);
  }

  start(first);
  details.addEventListener('toggle', () => shown && fillTable(shown));

  /**
   * @param data [x, y of each series], null where there is none.
   * @param words what it amounts to.
   * @param wanted the series, [{ label, color, fill?, dash?, width?, value? }], colours being names of the theme's
   * variables, and value what its key says in place of the newest.
   */
  return function show(data, words, wanted = series) {
    const isSame = wanted.length === series.length
      && wanted.every((one, index) => one.label === series[index].label && one.color === series[index].color);
    if (!isSame) start(wanted);
    const isEmpty = !data.slice(1).some(row => row.some(value => value !== null));
    nothing.hidden = !isEmpty || isEmptyDrawn;
    host.style.visibility = isEmpty && !isEmptyDrawn ? 'hidden' : '';
    host.setAttribute('aria-label', isEmpty ? 'No data yet' : words);
    values.forEach(({ value }, index) => write(value, wanted[index].value ?? text(data[index + 1].at(-1))));
    shown = data;
    if (details.open) fillTable(data);
    if (!isEmpty || isEmptyDrawn) plot.setData(data);
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
    remove: () => erase(host),
  };
}
