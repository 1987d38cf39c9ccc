import { between, timeChart } from './charts.js';
import { number, rate, write } from './format.js';
import { each, fromAddress, refreshMs, toAddress, together, toQuery, whatIsWrong } from './history-query.js';
import { busiest, toCharts } from './history-series.js';
import { ask } from './server.js';

const failedPauseMs = 5000;
const chartHeight = 220;
const dayMs = 86_400_000;
const nothingYet = [
  { label: 'Average', color: '--accent', fill: true }, { label: 'Maximum', color: '--muted', width: 1 },
];
const byId = id => document.getElementById(id);

/** As an input has it: a time of this browser's zone. */
const toLocal = ms => {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** The part of the page that shows what was counted, in a time and of devices that are chosen there. */
export class HistorySection {
  #asked = fromAddress(location.search);
  #range = [Date.now() / 1000 - 3600, Date.now() / 1000];
  #persons;
  #peaks;
  #shownOf = null;
  #most = null;
  #asking = null;
  #timer = null;
  #ids = null;
  #onAsked;

  /** @param onAsked(asked) when something else is to be shown: { range, device, from, to }. */
  constructor(onAsked) {
    this.#onAsked = onAsked;
    const x = between(() => this.#range);
    this.#persons = timeChart(
      byId('chart-history'), { series: nothingYet, x, text: rate, height: chartHeight, isEmptyDrawn: true });
    this.#peaks = timeChart(
      byId('chart-peaks'), { series: nothingYet, x, text: number, height: chartHeight, isEmptyDrawn: true });
    this.#clear();
    this.#showForm();
    this.showDevices([]);
    document.querySelector(`#history [value="${this.#asked.range}"]`).checked = true;
    for (const radio of document.querySelectorAll('#history [name="range"]'))
      radio.addEventListener('change', () => this.#chooseRange(radio.value));
    byId('history-devices').addEventListener('change', event => this.#ask({ device: event.target.value }));
    byId('history-custom').addEventListener('submit', event => {
      event.preventDefault();
      this.#chooseTimes();
    });
    byId('history-retry').addEventListener('click', () => this.#load());
    document.addEventListener('visibilitychange', () => this.#refresh());
    onAsked(this.#asked);
    this.#load();
  }

  /** @param ids those that can be chosen. */
  showDevices(ids) {
    const { device } = this.#asked;
    const isOne = device !== together && device !== each;
    const wanted = [...new Set(isOne ? [...ids, device] : ids)]
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    if (this.#ids?.join() === wanted.join()) return;
    this.#ids = wanted;
    const select = byId('history-devices');
    select.replaceChildren(...[...select.children].slice(0, 2), ...wanted.map(id => new Option(id, id)));
    select.value = device;
  }

  #chooseRange(range) {
    if (range !== 'custom') {
      this.#ask({ range });
      return;
    }
    const [from, to] = [this.#range[0] * 1000, Math.min(this.#range[1] * 1000, Date.now())];
    this.#ask(whatIsWrong(from, to) ? { range, from: Date.now() - dayMs, to: Date.now() } : { range, from, to });
  }

  #chooseTimes() {
    const [from, to] = ['history-from', 'history-to'].map(id => Date.parse(byId(id).value));
    const wrong = whatIsWrong(from, to);
    for (const field of ['from', 'to']) {
      const isWrong = wrong?.field === field;
      byId(`history-${field}`).setAttribute('aria-invalid', String(isWrong));
      write(byId(`history-${field}-wrong`), isWrong ? wrong.text : '');
    }
    if (wrong) byId(`history-${wrong.field}`).focus();
    else this.#ask({ from, to });
  }

  #ask(change) {
    this.#asked = { ...this.#asked, ...change };
    // The address is the state: a reload shows the same.
    history.replaceState(null, '', `${location.pathname}${toAddress(this.#asked)}${location.hash}`);
    this.#showForm();
    this.#onAsked(this.#asked);
    this.#load();
  }

  #showForm() {
    const { range, from, to } = this.#asked;
    byId('history-custom').hidden = range !== 'custom';
    if (range !== 'custom') return;
    byId('history-from').value = toLocal(from);
    byId('history-to').value = toLocal(to);
  }

  #refresh() {
    if (!document.hidden && refreshMs(this.#asked) < Infinity) this.#load(true);
  }

  /** @param isQuiet whether what is shown stays until there is something newer. */
  async #load(isQuiet = false) {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const asked = this.#asked;
    const isByDevice = asked.device === each;
    byId('history-csv').href = `history?${toQuery(asked)}&format=csv`;
    if (!isQuiet) this.#say('loading', 'Loading …');
    let pauseMs = refreshMs(asked);
    try {
      // Which devices it is stays until something else is asked for.
      if (this.#shownOf !== asked) this.#most = isByDevice ? await most(asked, asking.signal) : null;
      const answer = await ask('history', toQuery(asked, this.#most?.ids), asking.signal);
      this.#draw(answer, isByDevice);
      this.#shownOf = asked;
    } catch (error) {
      if (asking.signal.aborted) return;
      const isOfThis = this.#shownOf === asked;
      if (!isOfThis) this.#clear();
      this.#say('failed', `${error.message}${isOfThis ? ' What you see is the last that came.' : ''}`);
      pauseMs = error.isFinal ? Infinity : failedPauseMs;
    }
    if (pauseMs < Infinity) this.#timer = setTimeout(() => !document.hidden && this.#load(true), pauseMs);
  }

  #draw(answer, isByDevice) {
    const { range, persons, peaks, said } = toCharts(answer, isByDevice, this.#most?.count);
    this.#range = range;
    if (answer.buckets.length === 0) {
      this.#clear();
      this.#say('empty', 'No frames in this time.');
      return;
    }
    this.#persons(persons.data, persons.words, persons.series);
    byId('chart-peaks').hidden = !peaks;
    if (peaks) this.#peaks(peaks.data, peaks.words, peaks.series);
    this.#say('shown', said);
  }

  #clear() {
    this.#shownOf = null;
    byId('chart-peaks').hidden = true;
    this.#persons([this.#range, [null, null], [null, null]], '', nothingYet);
  }

  #say(state, text) {
    const retry = byId('history-retry');
    if (state !== 'failed' && state !== 'loading' && document.activeElement === retry)
      document.querySelector('#history [name="range"]:checked').focus();
    byId('history').dataset.state = state;
    for (const id of ['chart-history', 'chart-peaks'])
      byId(id).setAttribute('aria-busy', String(state === 'loading'));
    retry.hidden = state !== 'failed' && !(state === 'loading' && document.activeElement === retry);
    write(byId('history-status'), text);
  }
}

/** The busiest devices of a time, when there are more than a chart shows. */
async function most(asked, signal) {
  const query = toQuery(asked);
  query.set('bucket', ['hour', 'day'].includes(asked.range) ? '1h' : '1d');
  const { ids, count } = busiest(await ask('history', query, signal));
  return count > ids.length ? { ids, count } : null;
}
