import { clock, clockMinutes, day, dayAndClock, dwell, isMidnight, number, plural } from './format.js';

/** As many as the history's charts have lines. */
const mostDevices = 10;
const mostLanes = 4;
const mostRows = 50;
const marks = [0.25, 0.5, 0.75];
const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });

function shape(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function element(name, className, text = '') {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

const percent = value => `${(value * 100).toFixed(3)}%`;
const seconds = time => Date.parse(time) / 1000;

/** Who is there at the same time lies in lanes one below the other; who finds none free, in the last. */
function toLanes(visits) {
  const ends = [];
  const placed = [...visits].sort((a, b) => a.from - b.from).map(visit => {
    const free = ends.findIndex(end => end <= visit.from);
    const lane = free >= 0 ? free : Math.min(ends.length, mostLanes - 1);
    ends[lane] = Math.max(ends[lane] ?? -Infinity, visit.to);
    return { ...visit, lane };
  });
  return { placed, lanes: Math.max(1, ends.length) };
}

/** Visits as bars, a row for each device, with what it amounts to in words, and as a table for who asks for it. */
export class Timeline {
  #rows = element('div', 'rows');
  #axis = element('p', 'axis');
  #more = element('p', 'note');
  #details = element('details', 'as-table');
  #table = element('table', '');
  #answer = null;

  constructor(figure) {
    const scroll = element('div', 'scroll');
    this.#rows.setAttribute('role', 'img');
    this.#axis.setAttribute('aria-hidden', 'true');
    scroll.tabIndex = 0;
    scroll.append(this.#table);
    this.#details.append(element('summary', '', 'As a table'), scroll);
    this.#details.addEventListener('toggle', () => this.#fillTable());
    figure.append(this.#rows, this.#axis, this.#more, this.#details);
    this.show(null);
  }

  /** @param answer of GET /visits; null for none. */
  show(answer) {
    this.#answer = answer;
    const byDevice = Map.groupBy(answer?.items ?? [], item => item.device_id);
    const busiest = [...byDevice.keys()].sort((a, b) => byDevice.get(b).length - byDevice.get(a).length)
      .slice(0, mostDevices).sort(byName);
    this.#rows.replaceChildren(...(busiest.length
      ? busiest.map(id => this.#row(id, byDevice.get(id)))
      : [element('p', 'nothing', answer ? 'Nobody was there in this time.' : '')]));
    this.#rows.setAttribute('aria-label', this.#words(busiest, byDevice));
    this.#axis.replaceChildren(...(answer ? marks : []).map(mark => this.#mark(mark)));
    this.#more.textContent = this.#left(busiest.length, byDevice.size);
    this.#fillTable();
  }

  #range() {
    const [from, to] = [seconds(this.#answer.from), seconds(this.#answer.to)];
    return { from, to, at: time => Math.min(1, Math.max(0, (time - from) / (to - from || 1))) };
  }

  #row(id, items) {
    const { at, to } = this.#range();
    const row = element('div', 'row');
    const svg = shape('svg', { 'data-device': id, width: '100%', height: 26 });
    const { placed, lanes } = toLanes(items.map(item => (
      { item, from: seconds(item.started_at), to: item.ended ? seconds(item.last_seen_at) : to })));
    const height = 22 / lanes;
    svg.append(...marks.map(mark => shape('rect', { class: 'mark', x: percent(mark), width: 1, height: '100%' })));
    svg.append(...placed.map(({ item, from, to: until, lane }) => {
      const [left, right] = [at(from), at(until)];
      // So wide at least that the shortest is seen.
      return shape('rect', {
        class: 'visit', 'data-ended': item.ended, x: percent(left), y: 2 + lane * height,
        width: percent(Math.max(0.003, right - left)), height: Math.max(2, height - 1), rx: Math.min(3, height / 3),
      });
    }));
    row.append(element('span', 'device-name', id), svg);
    return row;
  }

  #mark(mark) {
    const { from, to } = this.#range();
    const time = from + mark * (to - from);
    const text = isMidnight(time) ? day(time) : to - from > 86_400 * 2 ? dayAndClock(time) : clockMinutes(time);
    const label = element('span', '', text);
    label.style.left = percent(mark);
    return label;
  }

  #words(ids, byDevice) {
    if (!ids.length) return this.#answer ? 'No visits' : 'Not known';
    const each = ids.map(id => {
      const open = byDevice.get(id).filter(item => !item.ended).length;
      return `${id} ${plural(byDevice.get(id).length, 'visit')}${open ? `, ${number(open)} still there` : ''}`;
    });
    return `Visits over time: ${each.join('; ')}.`;
  }

  #left(devices, all) {
    const { visits = 0, items = [] } = this.#answer ?? {};
    return [
      visits > items.length ? `The newest ${number(items.length)} of ${plural(visits, 'visit')} are drawn.` : '',
      all > devices ? `The ${number(devices)} devices with the most of them, of ${number(all)}.` : '',
    ].filter(Boolean).join(' ');
  }

  #fillTable() {
    if (!this.#details.open) return;
    const head = element('tr', '');
    head.append(...['From', 'Device', 'Track', 'Dwell', 'End'].map(text =>
      Object.assign(element('th', '', text), { scope: 'col' })));
    const rows = (this.#answer?.items ?? []).slice(0, mostRows).map(item => {
      const row = element('tr', '');
      const end = item.ended ? (item.reason ?? 'ended') : 'still there';
      const from = `${day(seconds(item.started_at))}, ${clock(item.started_at)}`;
      row.append(...[from, item.device_id, `#${item.track_id}`, dwell(item.dwell_seconds), end].map(text =>
        element('td', '', text)));
      return row;
    });
    this.#table.replaceChildren(head, ...rows);
  }
}
